"""A call as seats and the API show it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import WithJsonSchema

from callcenter.devices.callers import Match
from callcenter.hotline.call import Call, Direction, HeardBy, Role, State
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.numbers import Caller


def _named(enum: type[StrEnum]) -> WithJsonSchema:
    """Its words where they stand: other packages have states and roles of their own."""
    return WithJsonSchema({"type": "string", "enum": [each.value for each in enum]})


@dataclass(frozen=True, slots=True, kw_only=True)
class LegShown:
    """One telephone in it."""

    id: str
    role: Annotated[str, _named(Role)]
    user_id: int | None
    number: str
    is_up: bool
    heard_by: Annotated[str, _named(HeardBy)]
    """Of who listens in: nobody (""), the operator (whisper), everybody (all)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallShown:
    id: UUID
    version: int
    direction: Annotated[str, _named(Direction)]
    kind: LineKind
    line: str
    line_name: str
    line_name_en: str
    region_id: int
    caller: Caller
    state: Annotated[str, _named(State)]
    offered_at: datetime
    wanted: int | None
    taken_by: int | None
    answered_at: datetime | None
    answered_by: int | None
    ended_at: datetime | None
    cause: int | None
    wrapped_up_at: datetime | None
    incident_id: UUID | None
    matches: Sequence[Match]
    attached: Match | None
    call_back_wanted: bool
    given_away: bool
    """Nobody was at a seat: the duty phones ring, and nobody here can take it."""
    simulated: bool
    """Nobody real has rung, and nothing is heard."""
    legs: Sequence[LegShown]


def shown(call: Call, line_of: Callable[[str], Line], *, simulated: bool = False) -> CallShown:
    line = line_of(call.line)
    return CallShown(
        id=call.id,
        version=call.version,
        direction=call.direction,
        kind=call.kind,
        line=call.line,
        line_name=line.name,
        line_name_en=line.name_en or line.name,
        region_id=call.region_id,
        caller=call.caller,
        state=call.state,
        offered_at=call.offered_at,
        wanted=call.wanted,
        taken_by=call.taken_by,
        answered_at=call.answered_at,
        answered_by=call.answered_by,
        ended_at=call.ended_at,
        cause=call.cause,
        wrapped_up_at=call.wrapped_up_at,
        incident_id=call.incident_id,
        matches=call.matches,
        attached=call.attached,
        call_back_wanted=call.call_back_wanted,
        given_away=call.given_away,
        simulated=simulated,
        legs=[
            LegShown(
                id=each.id, role=each.role, user_id=each.user_id, number=each.number, is_up=each.is_up, heard_by=each.heard_by
            )
            for each in call.legs.values()
        ],
    )  # fmt: skip
