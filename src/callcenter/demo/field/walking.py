"""Somebody on their way: straight ahead with a little noise, on foot or by car. Pure; the dice are an argument."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, radians
from random import Random
from typing import Final

from callcenter.dispatch.choosing import Spot

WALKS_M_PER_S: Final = 1.3
DRIVES_M_PER_S: Final = 7.0
THERE_M: Final = 15.0
"""Nearer than that they are at the door."""
NOISE_M: Final = 4.0
"""What a telephone in a pocket makes of where it is."""
_M_PER_DEGREE: Final = 111_195.0


@dataclass(frozen=True, slots=True)
class Walker:
    """Where somebody is, truly. `to` None: they wait."""

    at: Spot
    to: Spot | None
    m_per_s: float

    def after(self, seconds: float) -> Walker:
        """Where they are then; they stop where they wanted to go."""
        if self.to is None:
            return self
        left = metres(self.at, self.to)
        gone = self.m_per_s * seconds
        if gone >= left:
            return Walker(self.to, None, self.m_per_s)
        share = gone / left
        lat = self.at.lat + (self.to.lat - self.at.lat) * share
        lng = self.at.lng + (self.to.lng - self.at.lng) * share
        return Walker(Spot(lat, lng), self.to, self.m_per_s)

    def going(self, to: Spot) -> Walker:
        """On the way to somewhere else."""
        return Walker(self.at, to, self.m_per_s)

    def is_at(self, spot: Spot) -> bool:
        """Whether they stand at the door."""
        return metres(self.at, spot) <= THERE_M

    def seen(self, dice: Random) -> Spot:
        """What their telephone says."""
        return moved(self.at, dice.gauss(0, NOISE_M), dice.gauss(0, NOISE_M))


def moved(spot: Spot, north_m: float, east_m: float) -> Spot:
    """So many metres away."""
    lng = spot.lng + east_m / (_M_PER_DEGREE * cos(radians(spot.lat)))
    return Spot(spot.lat + north_m / _M_PER_DEGREE, lng)


def metres(one: Spot, other: Spot) -> float:
    """Between two places of one town, as if it were flat."""
    east = (other.lng - one.lng) * cos(radians(one.lat))
    return hypot(other.lat - one.lat, east) * _M_PER_DEGREE
