"""What a phone asks for, whether its turn has come, and what has been decided otherwise while it had no line. Pure.

A phone writes down what its owner does, with an id of its own and the id of what they did before for the same job, and sends that as
soon as it has a line. A line that breaks makes the same command come twice, or a later one before an earlier one: each is carried out
once, and none before the one it follows, so that whatever way they come the end is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from callcenter.dispatch.proof import CLOCK_MAY_BE_OFF, put_right
from callcenter.dispatch.task import HELD, SEEKING, TaskState


class CommandName(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    SET_OUT = "set_out"
    ARRIVE = "arrive"
    DEPART = "depart"
    HELP = "help"
    REPORT = "report"
    WISH = "wish"
    """One of theirs is fulfilled."""
    ON_DUTY = "on_duty"
    OFF_DUTY = "off_duty"
    HELP_ALONE = "help_alone"


OF_NO_TASK: Final = frozenset({CommandName.ON_DUTY, CommandName.OFF_DUTY, CommandName.HELP_ALONE})
CRIES: Final = frozenset({CommandName.HELP, CommandName.HELP_ALONE})
"""Heard whatever the clock of the phone says."""
CHECK_INS: Final = frozenset({CommandName.ARRIVE, CommandName.DEPART})
"""What somebody says that they did, which stands as a word even where the job is no longer theirs."""


class Answer(StrEnum):
    DONE = "done"
    OTHERWISE = "otherwise"
    """Decided otherwise meanwhile: `code` says how."""
    REFUSED = "refused"
    """It could never have been done: `code` says why."""
    TOO_EARLY = "too_early"
    """What it follows has not come yet: nothing was written, send it again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a command is answered with, now and whenever it comes again."""

    answer: Answer
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


DONE: Final = Told(Answer.DONE)
NO_SUCH_TASK: Final = Told(Answer.REFUSED, "no_such_task")
"""Also of a job of somebody else: ids tell nothing."""


class Turn(StrEnum):
    NOW = "now"
    REPEAT = "repeat"
    TOO_EARLY = "too_early"
    NOT_YOURS = "not_yours"


def turn_of(command_id: UUID, after: UUID | None, staff_id: int, known: Mapping[UUID, int]) -> Turn:
    """Whether a command is carried out now; `known`: whose commands were carried out, by their ids."""
    if command_id in known:
        return Turn.REPEAT if known[command_id] == staff_id else Turn.NOT_YOURS
    if after is not None and known.get(after) != staff_id:
        return Turn.TOO_EARLY
    return Turn.NOW


@dataclass(frozen=True, slots=True)
class Standing:
    """A job as it stands for whoever has sent a command. `asked`: it was offered to them once, or they had it."""

    state: TaskState
    has: bool
    asked: bool
    other: str = ""
    """Who has it, if somebody else."""
    reason: str = ""


def meanwhile(name: CommandName, job: Standing) -> Told | None:
    """What a command is told without anything being done; None: it is carried out."""
    if not (job.asked or job.has):
        return NO_SUCH_TASK
    if name in (CommandName.HELP, CommandName.REPORT) or (name is CommandName.WISH and job.has):
        return None
    if job.state in _ENDED:
        return _ended(name, job)
    return _of_holder(name, job.state) if job.has else _of_another(name, job)


_ENDED: Final[Mapping[TaskState, str]] = MappingProxyType(
    {TaskState.DONE: "already_done", TaskState.CANCELLED: "called_off"}
)


def _ended(name: CommandName, job: Standing) -> Told:
    if name is CommandName.DECLINE and not job.has:
        return DONE
    params = {"reason": job.reason} if job.reason else {}
    return Told(Answer.OTHERWISE, _ENDED[job.state], params)


def _of_holder(name: CommandName, state: TaskState) -> Told | None:
    if name is CommandName.ACCEPT:
        return DONE
    if name is CommandName.SET_OUT and state is TaskState.ARRIVED:
        return DONE
    return None


def _of_another(name: CommandName, job: Standing) -> Told | None:
    if name is CommandName.DECLINE:
        return None if job.state in SEEKING else DONE
    if name is CommandName.ACCEPT and job.state in SEEKING:
        return None
    if job.state in HELD:
        return Told(Answer.OTHERWISE, "given_to_another", {"name": job.other})
    return Told(Answer.OTHERWISE, "taken_back")


SAID_LONG_AGO: Final = timedelta(days=40)
"""No phone keeps a command longer: its log-in has ended before."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened by the server's clock, and the error of the phone's clock that was taken off (None: never measured)."""

    at: datetime
    clock_error: timedelta | None


def moment_of(
    said_at: datetime, clock_error: timedelta | None, not_before: datetime, received_at: datetime
) -> Moment:
    """A clock that nobody measured, or that was set in between, can say what cannot be: before the job was there, or after this was
    received. Then the time of receipt stands, and the difference is shown as the error of the clock.
    """
    at = put_right(said_at, clock_error, received_at)
    impossible = at < not_before - CLOCK_MAY_BE_OFF or received_at - at > SAID_LONG_AGO
    if not impossible:
        ahead = said_at - received_at
        unmeasured = ahead if clock_error is None and ahead > timedelta() else None
        return Moment(at, clock_error if clock_error is not None else unmeasured)
    return Moment(received_at, said_at - received_at)
