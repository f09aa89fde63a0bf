"""Who rings, by their number: everybody who has it, from memory, so that a seat sees them before anybody has answered. Pure over a port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from callcenter.devices.callers import Match
from callcenter.telephony.numbers import Caller, Presentation

MOST: Final = 20
"""The number of an institution may stand at hundreds of people: nobody reads more of them while it rings."""


class Numbers(Protocol):
    """Port: whose number it is. `devices.registry.Registry` fulfils it."""

    def holders(self, e164: str, now: datetime) -> Sequence[Match]: ...


def matches_of(caller: Caller, numbers: Numbers, now: datetime) -> Sequence[Match]:
    """The surest first: a key's own SIM before people, people before those who ring for them. A number that is withheld, or none, is nobody's."""
    if caller.presentation is not Presentation.SHOWN or caller.e164 is None:
        return ()
    return numbers.holders(caller.e164, now)[:MOST]
