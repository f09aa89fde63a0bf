"""Who is in a call, and who hears whom in it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from callcenter.core.errors import Conflict
from callcenter.hotline.call import Call, Direction, Event, HeardBy, Leg, Role, State
from callcenter.hotline.deeds import Deed, Join, Wait
from callcenter.telephony.pbx import Shown

_FOREIGN: Final = frozenset({Role.CALLER, Role.OTHER})
_INSIDE: Final = frozenset({Role.COLLEAGUE, Role.LISTENER})
MOST_LEGS: Final = 12
"""In one call: whoever adds more has fallen asleep on the key."""


def leg_of(call: Call, role: Role) -> Leg | None:
    """The first telephone of that role."""
    return next((each for each in call.legs.values() if each.role is role), None)


def operator_of(call: Call) -> Leg:
    """The telephone of whoever has taken it."""
    leg = leg_of(call, Role.OPERATOR)
    assert leg is not None  # noqa: S101 - a call that is somebody's has their telephone
    return leg


def outside(call: Call) -> Sequence[Leg]:
    """Everybody who is not of the centre, and is there."""
    there = [each for each in call.legs.values() if each.role in _FOREIGN]
    return [each for each in there if each.is_up or each.role is Role.CALLER]


def beside(call: Call) -> Sequence[Leg]:
    """Whoever is of the centre, and is in it for its operator alone."""
    return [each for each in call.legs.values() if each.role in _INSIDE]


def dials_later(call: Call, leg: Leg) -> bool:
    """Whether this telephone is rung only when the operator's own is up."""
    own = leg_of(call, Role.OPERATOR)
    waits = call.direction is Direction.OUT and own is not None and not own.is_up
    return waits and leg.role is Role.OTHER


def is_anybody_left(call: Call) -> bool:
    """Whether anybody is there to speak with: where whoever rang has gone, those who were rung for them (an ambulance)."""
    others = [each for each in call.legs.values() if each.role in _FOREIGN]
    if call.direction is Direction.IN and call.taken_by is None:
        return any(each.role is Role.CALLER or each.is_up for each in others) and (
            call.state is not State.TALKING or any(each.role is Role.CALLER for each in others)
        )
    return bool(others)


def require_room(call: Call) -> None:
    """For one telephone more. Raises Conflict `too_many_telephones`."""
    if len(call.legs) >= MOST_LEGS:
        raise Conflict(
            f"There are {len(call.legs)} telephones in this call already.",
            code="too_many_telephones",
        )


def talk_of(call: Call) -> str:
    """Where everybody in it hears each other."""
    return f"talk-{call.id}"


def aside_of(call: Call) -> str:
    """Where its operator speaks with a colleague alone."""
    return f"aside-{call.id}"


def joined(call: Call) -> Join:
    """Whoever speaks in it hears each other: neither a colleague who is asked apart, nor who only listens."""
    speak = [each.id for each in call.legs.values() if each.is_up and _speaks(each)]
    return Join(talk_of(call), speak)


def _speaks(leg: Leg) -> bool:
    if leg.role is Role.LISTENER:
        return leg.heard_by is HeardBy.ALL
    return leg.role is not Role.COLLEAGUE


def wait_outside(call: Call) -> Sequence[Deed]:
    """Whoever is not of the centre hears music."""
    return [waits(call, each.id) for each in outside(call)]


def waits(call: Call, leg: str) -> Wait:
    """In an emergency without music: a speaker at home that plays lets nothing through of what is said there, nor to the recording."""
    return Wait(leg, music=not call.is_red)


def as_it_stands(call: Call) -> Sequence[Deed]:
    """Who hears whom in it, ordered anew: an order may have been lost with the way."""
    match call.state:
        case _ if call.given_away:
            return ()
        case State.TALKING:
            return (joined(call),)
        case State.WAITING | State.HELD:
            return wait_outside(call)
        case _:
            return ()


def spoken_with(call: Call, user_id: int | None, now: datetime) -> Call:
    """Somebody of the centre speaks with them from now on."""
    return call.after(
        Event.UP, answered_at=call.answered_at or now, answered_by=call.answered_by or user_id
    )


def shown_caller(call: Call) -> Shown:
    """What a telephone that rings for it shows: who rang."""
    return Shown(call.caller.e164 or call.caller.raw or call.line)
