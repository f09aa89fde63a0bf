"""Calls that an earlier start of this server has put through: they go on with whoever speaks in them. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from callcenter.hotline.call import Call, Leg, Role, State
from callcenter.telephony.pbx import Connected

_OPERATOR: Final = re.compile(r"operator-(\d{1,18})-.+", re.ASCII)
_OTHER: Final = re.compile(r"other-.+", re.ASCII)
_CALLED: Final = re.compile(r"(?:operator|other|colleague|listener|spy)-.+", re.ASCII)


def ours(leg: str) -> bool:
    """Whether the switchboard has called this telephone, of somebody who speaks in a call."""
    return bool(_OPERATOR.fullmatch(leg) or _OTHER.fullmatch(leg))


def called(leg: str) -> bool:
    """Whether the switchboard has made this leg, whatever for."""
    return bool(_CALLED.fullmatch(leg))


def adopted(call: Call, caller: str, found: Connected, now: datetime) -> Call:
    """A call that has just been found, as it stands at the exchange: an operator's telephone carries whose it is."""
    if not found.legs[caller].is_up:
        return call
    up = replace(call.legs[caller], is_up=True)
    talk = found.talks.get(f"talk-{call.id}", frozenset())
    legs = [_leg(each, now) for each in sorted(talk) if each != caller and each in found.legs]
    inside = [each for each in legs if each is not None]
    operator = next((each for each in inside if each.role is Role.OPERATOR), None)
    if operator is None:
        return replace(call, state=State.WAITING, front=True, legs={caller: up})
    return replace(
        call,
        state=State.TALKING if caller in talk else State.HELD,
        taken_by=operator.user_id,
        answered_by=operator.user_id,
        answered_at=now,
        legs={caller: up, **{each.id: each for each in inside}},
    )


def _leg(leg: str, now: datetime) -> Leg | None:
    if found := _OPERATOR.fullmatch(leg):
        return Leg(leg, Role.OPERATOR, user_id=int(found[1]), is_up=True, since=now)
    if _OTHER.fullmatch(leg):
        return Leg(leg, Role.OTHER, is_up=True, since=now)
    return None
