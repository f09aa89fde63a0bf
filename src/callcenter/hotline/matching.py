"""Who rings, by their number: everybody who has it, from memory, so that a seat sees them before anybody has answered. Pure over a port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Final, Protocol

from callcenter.devices.callers import Holder
from callcenter.hotline.match import Match, Whose
from callcenter.telephony.numbers import Caller, Presentation

MOST: Final = 20
"""The number of an institution may stand at hundreds of people: nobody reads more of them while it rings."""
_SAME: Final = tuple(each.name for each in fields(Match) if each.name != "whose")


class Numbers(Protocol):
    """Port: whose number it is. `devices.registry.Registry` fulfils it."""

    def holders(self, e164: str, now: datetime) -> Sequence[Holder]: ...


def matches_of(caller: Caller, numbers: Numbers, now: datetime) -> Sequence[Match]:
    """The surest first: a key's own SIM before people, people before those who ring for them. A number that is withheld, or none, is nobody's."""
    if caller.presentation is not Presentation.SHOWN or caller.e164 is None:
        return ()
    return [match_of(each) for each in numbers.holders(caller.e164, now)[:MOST]]


def match_of(holder: Holder) -> Match:
    return Match(
        whose=Whose(holder.capacity.value), **{name: getattr(holder, name) for name in _SAME}
    )
