"""What the switchboard holds against what stands in the exchange, looked at every few seconds while all is quiet. Pure.

What was said meanwhile is in neither of the two yet, so that only what differs in two looks one after the other differs: a word that was
lost, or never said, keeps no call at a seat whose caller is gone, and no telephone in a talk that is over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from callcenter.hotline.adopting import called
from callcenter.telephony.pbx import Arrived, Connected

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Differing:
    """`gone`: held, and not in the exchange. `missed`: calls that came. `left`: telephones of ours that belong to nothing."""

    gone: frozenset[str] = _NOBODY
    missed: tuple[Arrived, ...] = ()
    left: frozenset[str] = _NOBODY


@dataclass(slots=True)
class Looks:
    """Of one connection: whoever is connected anew looks afresh. `before`: what stood in the exchange then and belongs to an earlier start of
    this server, or to nobody; it is left alone.
    """

    before: frozenset[str] = field(default=_NOBODY)
    _not_there: frozenset[str] = field(default=_NOBODY)
    _not_held: frozenset[str] = field(default=_NOBODY)

    def look(self, held: Collection[str], rung: Iterable[str], found: Connected) -> Differing:
        """`held`: all legs of calls and what joins them; `rung`: those of them that were to be there by now."""
        not_there = frozenset(rung) - found.legs.keys()
        arrived = {leg: each.arrived for leg, each in found.legs.items() if each.arrived}
        of_ours = frozenset(leg for leg in found.legs if called(leg)) - self.before
        not_held = of_ours.union(arrived).difference(held)
        twice = not_held & self._not_held
        differing = Differing(
            gone=not_there & self._not_there,
            missed=tuple(come for leg, come in arrived.items() if come and leg in twice),
            left=twice.difference(arrived),
        )
        self._not_there, self._not_held = not_there, not_held
        return differing
