"""What a worker's text means: 1 take, 2 no, 3 there, 4 done, 0 help, with a code where several jobs are open; on and off duty in
words. Pure.

A text that could mean two things means none: it is answered with what it was about, and shown to the dispatcher.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.dispatch.task import HELD, SEEKING, TaskState


class Said(StrEnum):
    TAKE = "take"
    NO = "no"
    THERE = "there"
    DONE = "done"
    HELP = "help"
    ON_DUTY = "on_duty"
    OFF_DUTY = "off_duty"


_DIGITS: Final[Mapping[str, Said]] = MappingProxyType(
    {"1": Said.TAKE, "2": Said.NO, "3": Said.THERE, "4": Said.DONE, "0": Said.HELP}
)
_WORDS: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "上班": Said.ON_DUTY,
        "上岗": Said.ON_DUTY,
        "onduty": Said.ON_DUTY,
        "on": Said.ON_DUTY,
        "下班": Said.OFF_DUTY,
        "下岗": Said.OFF_DUTY,
        "offduty": Said.OFF_DUTY,
        "off": Said.OFF_DUTY,
        "接": Said.TAKE,
        "接单": Said.TAKE,
        "take": Said.TAKE,
        "不接": Said.NO,
        "no": Said.NO,
        "到": Said.THERE,
        "到了": Said.THERE,
        "已到": Said.THERE,
        "there": Said.THERE,
        "完成": Said.DONE,
        "好了": Said.DONE,
        "done": Said.DONE,
        "求助": Said.HELP,
        "救命": Said.HELP,
        "help": Said.HELP,
    }
)
_LONGEST: Final = 200
_DIGIT = re.compile(
    r"(?:回复|回覆|reply)?([0-4])(?:(?:[ ,;/#+-]+(?:编号|ref|no|#)?[ .:#]*|编号|#)?(\d{3}))?"
)
_AT_THE_DOOR = re.compile(
    r"(?:回复|回覆|reply)?([34])(?:[ ,;/#+-]+(\d{3}))?"
    r"(?:[ ,;/#+-]+(\d{4,8})|[ ,;/#+-]*(?:门牌码|门牌|门|door|卡|card)[ .:#]*([0-9a-z-]{2,20}))"
)
"""With what stands at the door or on the card: a number of three digits is a job's."""
_CODE_FIRST = re.compile(r"(\d{3})[ ,;/#+-]+([0-4])")
_ENDING = re.compile(r"[\s。.!！,，、;；~]+$")


@dataclass(frozen=True, slots=True)
class Text:
    said: Said
    code: int | None = None
    """Of the job that is meant."""
    door: str | None = None
    """What the sender has read at the door or on the card, which shows that they are there."""


def understood(text: str) -> Text | None:
    """None: it is shown to a person. Reads "1", "１", "1。", "回复1", "1 482", "1482", "1编号482", "482 1", "到了", "On duty", "3 4711", "3 482 4711",
    "3门牌A12" (there, and what stands at the door); a question never means anything.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).strip().lower()
    if "?" in plain:
        return None
    plain = _ENDING.sub("", plain)
    if match := _DIGIT.fullmatch(plain):
        return Text(_DIGITS[match[1]], int(match[2]) if match[2] else None)
    if match := _AT_THE_DOOR.fullmatch(plain):
        job = int(match[2]) if match[2] else None
        return Text(_DIGITS[match[1]], job, match[3] or match[4])
    if match := _CODE_FIRST.fullmatch(plain):
        return Text(_DIGITS[match[2]], int(match[1]))
    said = _WORDS.get(plain.replace(" ", ""))
    return None if said is None else Text(said)


@dataclass(frozen=True, slots=True)
class Job:
    """A task that the sender was offered, or has. `code`: of the text about it, 100 to 999."""

    task_id: object
    code: int
    state: TaskState
    has: bool
    """The sender has it."""


def may_mean(said: Said, job: Job) -> bool:
    """Whether this can be said of that job as it stands."""
    if said is Said.TAKE:
        return job.state in SEEKING or job.has
    if said is Said.NO:
        return job.has or job.state in SEEKING
    return job.has and job.state in HELD


def meant(text: Text, jobs: Sequence[Job], *, again: bool = False) -> Job | None:
    """The job a text is about: the one with its code, else the only one it can be about. None: it must be asked back. For help every
    job of the sender will do: the one they have, the newest of them last.

    Whoever has a job and is offered another takes the other by a yes; whoever is there goes on to the next. `again`: the same words
    came just before, so that this may be a modem that repeats itself: then nothing is taken for granted.
    """
    if text.code is not None:
        return next((each for each in jobs if each.code == text.code), None)
    fitting = [each for each in jobs if may_mean(text.said, each)]
    if text.said is Said.HELP:
        return fitting[-1] if fitting else None
    if len(fitting) > 1 and not again:
        fitting = [each for each in fitting if _is_next(text.said, each)]
    return fitting[0] if len(fitting) == 1 else None


def _is_next(said: Said, job: Job) -> bool:
    """Whether it is what comes next with this job, not what was said of it already."""
    if said is Said.TAKE:
        return job.state in SEEKING
    if said is Said.THERE:
        return job.state is not TaskState.ARRIVED
    return said is Said.NO or job.state is TaskState.ARRIVED
