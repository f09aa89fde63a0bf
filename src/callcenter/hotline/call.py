"""One call and its state machine. Everything that decides about its state lives in this file; it does no I/O. Pure.

A call arrives and rings; the server picks it up before the exchange gives the server up, and it waits. An operator takes it, their
telephone is called, and the two speak. An operator whose telephone fails or is lost gives it back to the front of those that wait.
It ends when whoever rang is gone, or an operator ends it. A red call has its incident from its first moment, whatever becomes of it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from callcenter.core.errors import Conflict
from callcenter.devices.callers import Match
from callcenter.telephony.line import LineKind
from callcenter.telephony.numbers import Caller


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    """Rung by somebody of the centre."""
    AUTOMATIC = "automatic"
    """Rung by the centre itself, to say something and hear a key."""


class State(StrEnum):
    RINGING = "ringing"
    WAITING = "waiting"
    CONNECTING = "connecting"
    """Somebody has taken it, and their telephone, or that of whom they ring, is not up yet."""
    TALKING = "talking"
    HELD = "held"
    ENDED = "ended"


class Event(StrEnum):
    PICK_UP = "pick_up"  # by the server, with a prompt and music
    TAKE = "take"
    UP = "up"  # all telephones that it takes are up
    FAIL = "fail"  # the operator's telephone is not
    LOSE_SEAT = "lose_seat"  # it was, and is gone without a word
    HOLD = "hold"
    RESUME = "resume"
    PASS_ON = "pass_on"  # noqa: S105 - to another seat or to the queue, without speaking first
    GO_ELSEWHERE = "go_elsewhere"  # another centre has answered in our stead
    END = "end"


TRANSITIONS: Final[Mapping[State, Mapping[Event, State]]] = MappingProxyType(
    {
        State.RINGING: {
            Event.PICK_UP: State.WAITING,
            Event.TAKE: State.CONNECTING,
            Event.END: State.ENDED,
        },
        State.WAITING: {
            Event.TAKE: State.CONNECTING,
            Event.GO_ELSEWHERE: State.TALKING,
            Event.END: State.ENDED,
        },
        State.CONNECTING: {
            Event.UP: State.TALKING,
            Event.FAIL: State.WAITING,
            Event.PASS_ON: State.WAITING,
            Event.END: State.ENDED,
        },
        State.TALKING: {
            Event.HOLD: State.HELD,
            Event.LOSE_SEAT: State.WAITING,
            Event.PASS_ON: State.WAITING,
            Event.END: State.ENDED,
        },
        State.HELD: {
            Event.RESUME: State.TALKING,
            Event.LOSE_SEAT: State.WAITING,
            Event.PASS_ON: State.WAITING,
            Event.END: State.ENDED,
        },
        State.ENDED: {},
    }
)
SOUGHT: Final = frozenset({State.RINGING, State.WAITING})
"""Whoever rang speaks with nobody yet."""
GONE_MEANWHILE: Final = 127
"""Q.850 "interworking": nobody saw how it ended."""


def apply(state: State, event: Event) -> State:
    """The state that follows. Raises Conflict `wrong_state`."""
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise Conflict(
            f"A call that is {state} cannot {event}.", code="wrong_state", state=state, event=event
        )
    return following


class Role(StrEnum):
    """Of a telephone within a call."""

    CALLER = "caller"
    OPERATOR = "operator"
    OTHER = "other"
    """A contact, an ambulance, a helper: whoever was rung and joined in."""
    COLLEAGUE = "colleague"
    """Asked first, before the call is passed on to them."""
    LISTENER = "listener"


class HeardBy(StrEnum):
    """Who hears somebody who listens in."""

    NOBODY = ""
    OPERATOR = "whisper"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Leg:
    """One telephone. `user_id` for seats, `number` for others; the times are those of this server."""

    id: str
    role: Role
    user_id: int | None = None
    number: str = ""
    is_up: bool = False
    since: datetime | None = None
    heard_by: HeardBy = HeardBy.NOBODY
    """Of a listener."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """As seats see it."""

    id: UUID
    version: int = 1
    pbx: str
    pbx_call: str
    """The exchange's name of it, by which its log and recordings are found."""
    direction: Direction = Direction.IN
    kind: LineKind
    line: str
    """The number that was called."""
    region_id: int
    caller: Caller
    state: State = State.RINGING
    offered_at: datetime
    wanted: int | None = None
    """The user it was passed on to, or who is asked first."""
    front: bool = False
    """It has been with somebody already, and waits before all of its kind."""
    taken_by: int | None = None
    answered_at: datetime | None = None
    """When somebody of the centre first spoke with them."""
    answered_by: int | None = None
    ended_at: datetime | None = None
    cause: int | None = None
    wrapped_up_at: datetime | None = None
    """When whoever spoke last had written down what there was; told once more after the end."""
    incident_id: UUID | None = None
    matches: tuple[Match, ...] = ()
    """Everybody who has this number."""
    attached: Match | None = None
    """Who it is: the only one who has the number, or whom an operator has chosen."""
    call_back_wanted: bool = False
    """They have pressed 1 while they waited, and want to be rung."""
    given_away: bool = False
    """Nobody was at a seat: the exchange rings the duty phones with it."""
    legs: Mapping[str, Leg] = field(default_factory=dict)

    @property
    def is_red(self) -> bool:
        """An alarm."""
        return self.kind is LineKind.RED

    def after(self, event: Event, **changes: object) -> Call:
        """In the state that follows. Raises Conflict `wrong_state`."""
        return self.but(state=apply(self.state, event), **changes)

    def but(self, **changes: object) -> Call:
        """The next version of it, in which this is otherwise."""
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]

    def with_leg(self, leg: Leg) -> Call:
        return self.but(legs={**self.legs, leg.id: leg})

    def without_leg(self, leg: str) -> Call:
        left = {id_: each for id_, each in self.legs.items() if id_ != leg}
        return self.but(legs=left)
