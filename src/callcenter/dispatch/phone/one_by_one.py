"""What a phone sends comes in batches: each thing is answered for itself, and one that makes no sense costs that one and no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import structlog
from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from callcenter.core.errors import CallCenterError, Conflict, Invalid
from callcenter.core.written import Written
from callcenter.dispatch.faults import OF_THE_ROW
from callcenter.dispatch.phone.commands import Answer, Told

log = structlog.get_logger(__name__)

MOST_COMMANDS: Final = 100
_LARGEST_CLOCK_ERROR_S: Final = 100 * 366 * 86_400.0
ClockErrorS = Annotated[float, Field(ge=-_LARGEST_CLOCK_ERROR_S, le=_LARGEST_CLOCK_ERROR_S)]
"""How far a clock was ahead: no clock is off by more than a century."""
YEARS_OF_PHONES: Final = range(1970, 2200)
"""A clock that has lost its time begins in 1970; beyond them the times of the database end soon."""


def _readable(said: object, handler: ValidatorFunctionWrapHandler) -> datetime | None:
    """None for what is no time of a phone, so that it costs the one command it stands in."""
    try:
        found: datetime | None = handler(said)
    except ValidationError:
        return None
    return found if found is not None and found.year in YEARS_OF_PHONES else None


SaidAt = Annotated[AwareDatetime | None, WrapValidator(_readable)]
"""When somebody did it, by the clock of their phone."""


def demand_time(said_at: datetime | None) -> datetime:
    """Raises Invalid `said_at_impossible`."""
    if said_at is None:
        first, last = YEARS_OF_PHONES[0], YEARS_OF_PHONES[-1]
        raise Invalid(
            f"said_at is a time with its offset, of the years {first} to {last}.",
            code="said_at_impossible",
        )
    return said_at


NOT_POSSIBLE: Final = Told(Answer.REFUSED, "not_possible")


class SaidByPhone(Written):
    """One thing that somebody did. `id` is made by the phone: sent twice it counts once. `said_at` is by the phone's clock, which was
    `clock_error_s` ahead when that was measured last.
    """

    id: UUID
    name: Annotated[str, Field(max_length=40)]
    said_at: SaidAt
    clock_error_s: ClockErrorS | None = None
    body: dict[str, Any] = Field(default_factory=dict)

    @property
    def clock_error(self) -> timedelta | None:
        """None: never measured."""
        return None if self.clock_error_s is None else timedelta(seconds=self.clock_error_s)


class PhoneAnswerView(BaseModel):
    """What became of a command. `answer`: done, otherwise, refused (these stand), too_early (send it again)."""

    id: UUID
    answer: str
    code: str
    params: dict[str, Any]


class PhoneBatchView(BaseModel):
    now: datetime
    answers: list[PhoneAnswerView]


async def told_of(
    name: str, carry_out: Callable[[], Awaitable[Told]], conflict: Answer = Answer.OTHERWISE
) -> Told:
    """What one command is told: what it says of itself, or why it was not carried out. `carry_out` leaves nothing behind where it
    raises. Raises Unavailable: then it was not the command's fault.
    """
    try:
        return await carry_out()
    except Conflict as error:
        return Told(conflict, error.code, error.params)
    except CallCenterError as error:
        if error.status_code >= 500:
            raise
        return Told(Answer.REFUSED, error.code, error.params)
    except OF_THE_ROW as error:
        log.warning("phone_command_not_stored", command=name, error=str(error.orig))
        return NOT_POSSIBLE


def batch_view(
    now: datetime, commands: Sequence[SaidByPhone], told: Sequence[Told]
) -> PhoneBatchView:
    """In the order in which they came."""
    answers = [
        PhoneAnswerView(id=command.id, answer=said.answer, code=said.code, params=dict(said.params))
        for command, said in zip(commands, told, strict=True)
    ]
    return PhoneBatchView(now=now, answers=answers)
