"""How a text fits what the field has asked its sender, and what of it is carried out. Pure.

Who reads it is `sms/whose.py`. What the field cannot read goes to whoever reads for incidents, where an unknown word becomes a call in
the queue: nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from callcenter.dispatch.said import Job, Said, Text, may_mean, meant, understood
from callcenter.dispatch.task import HELD, SEEKING
from callcenter.sms.whose import Asker, Claim, Fit

_DUTY: Final = frozenset({Said.ON_DUTY, Said.OFF_DUTY})
_OF_THE_FIELD_ALONE: Final = frozenset({Said.THERE, Said.DONE, Said.HELP})
"""No family is asked anything that these answer."""


@dataclass(frozen=True, slots=True)
class FieldQuestion:
    """A job that the sender was texted about, or has. `asked_at`: when last; None: never by text."""

    task_id: UUID
    staff_id: int
    job: Job
    asked_at: datetime | None = None
    was_theirs: bool = False
    """They have done it."""


@dataclass(frozen=True, slots=True)
class IncidentQuestion:
    """An open incident that the sender was texted about. `code`: of its texts, `number`: of the incident."""

    code: int
    number: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What the sender could be answering. `staff_id` None: they are nobody of the staff. `again`: the same words came from them less
    than a minute before.
    """

    staff_id: int | None = None
    questions: Sequence[FieldQuestion] = ()
    """The newest last."""
    incidents: Sequence[IncidentQuestion] = ()
    again: bool = False


NOBODY: Final = Known()


class Deed(StrEnum):
    """What is done with a text of the field."""

    DUTY = "duty"
    DO = "do"
    """Carried out on the job it is about."""
    LOST = "lost"
    """To what somebody else has, or nobody wants any more: whoever would take it, or has gone there, is told so."""
    SAID_BEFORE = "said_before"
    """It is done and they said so: told again that it is noted."""
    ASK_BACK = "ask_back"
    """It could be about several."""
    NOTE = "note"
    """Nobody understands it: it stands at the job, for the dispatcher."""
    HAND_OVER = "hand_over"
    """It is not the field's after all."""


@dataclass(frozen=True, slots=True)
class Reading:
    deed: Deed
    text: Text | None = None
    about: FieldQuestion | None = None
    """None of DUTY, ASK_BACK and HAND_OVER."""
    choices: tuple[FieldQuestion, ...] = ()
    """Of ASK_BACK: the jobs it may be about."""


def claims_of(words: str, known: Known) -> list[Claim]:
    """How a text fits what its sender was asked of incidents that are open and of the field."""
    said = understood(words)
    claims = [_of_incident(said, each) for each in known.incidents]
    of_field = _of_field(said, known) if known.staff_id is not None else None
    return claims if of_field is None else [*claims, of_field]


def _of_incident(said: Text | None, asked: IncidentQuestion) -> Claim:
    is_named = said is not None and said.code in (asked.code, asked.number)
    return Claim(Asker.INCIDENT, Fit.CODE if is_named else Fit.OPEN, asked.asked_at)


def _of_field(said: Text | None, known: Known) -> Claim | None:
    if said is None:
        is_on = any(map(_is_on, known.questions))
        return Claim(Asker.FIELD, Fit.UNREAD) if is_on else None
    if said.said in _DUTY:
        return Claim(Asker.FIELD, Fit.ALONE)
    if not known.questions:
        return None
    if any(said.code == each.job.code for each in known.questions):
        return Claim(Asker.FIELD, Fit.CODE)
    if said.code is not None or said.said in _OF_THE_FIELD_ALONE:
        return Claim(Asker.FIELD, Fit.ALONE)
    return _by_question(said, known)


def _by_question(said: Text, known: Known) -> Claim:
    """While an alarm waits for an answer, a job that is over is a question as well: the 1 may have been for it."""
    fitting = [each for each in known.questions if may_mean(said.said, each.job)]
    asked = [each.asked_at for each in fitting or known.questions if each.asked_at is not None]
    waits = bool(known.incidents) or any(map(_is_on, known.questions))
    fit = Fit.OPEN if waits else Fit.EVERYDAY
    return Claim(Asker.FIELD, fit, max(asked, default=None))


def reading(words: str, known: Known) -> Reading:
    """What is done with a text that is the field's, as its sender stands when it is read."""
    said = understood(words)
    if said is not None and said.said in _DUTY:
        return Reading(Deed.DUTY, said)
    if not known.questions:
        return Reading(Deed.HAND_OVER, said)
    if said is None:
        on = any(map(_is_on, known.questions))
        return (
            Reading(Deed.NOTE, None, _at_hand(known.questions)) if on else Reading(Deed.HAND_OVER)
        )
    by_job = {id(each.job): each for each in known.questions}
    job = meant(said, [each.job for each in known.questions], again=known.again)
    if job is not None:
        return _of(said, by_job[id(job)])
    return _unclear(said, known.questions)


def _of(said: Text, about: FieldQuestion) -> Reading:
    if may_mean(said.said, about.job) or said.said is Said.HELP:
        return Reading(Deed.DO, said, about)
    if about.was_theirs and said.said in {Said.THERE, Said.DONE}:
        return Reading(Deed.SAID_BEFORE, said, about)
    return Reading(Deed.LOST, said, about)


def _unclear(said: Text, questions: Sequence[FieldQuestion]) -> Reading:
    if said.said is Said.HELP:  # never asked back, never a mere note
        return Reading(Deed.DO, said, _at_hand(questions))
    open_ones = tuple(each for each in questions if _is_open(said, each))
    if open_ones:
        return Reading(Deed.ASK_BACK, said, choices=open_ones)
    done = [each for each in questions if each.was_theirs]
    if said.said in {Said.THERE, Said.DONE} and done and said.code is None:
        return Reading(Deed.SAID_BEFORE, said, done[-1])
    if said.code is None:
        return Reading(Deed.LOST, said, questions[-1])
    return Reading(Deed.NOTE, said, _at_hand(questions))


def _is_open(said: Text, question: FieldQuestion) -> bool:
    """With a wrong code everything that the sender could mean is offered; 3 and 4 of what nobody has taken yet, too."""
    return may_mean(said.said, question.job) or may_mean(Said.TAKE, question.job)


def _is_on(question: FieldQuestion) -> bool:
    """They have it, or could still take it."""
    return question.job.has or question.job.state in SEEKING


def _at_hand(questions: Sequence[FieldQuestion]) -> FieldQuestion:
    """The job that the sender has, else the last that they could take, else the last they were asked about."""
    held = [each for each in questions if each.job.has and each.job.state in HELD]
    return (held or list(filter(_is_on, questions)) or list(questions))[-1]
