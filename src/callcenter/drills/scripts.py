"""Ready-made drills: what is pressed, and how long after the beginning. The homes are drawn from the region. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from callcenter.devices.signals import Kind


class Script(StrEnum):
    """Their names; what they are called stands in the console."""

    ONE_AT_NIGHT = "one_at_night"
    """One operator: three presses that do not wait for each other."""
    STORM_AND_FALL = "storm_and_fall"
    """Many at once, and a fall among them."""
    NOBODY_TAKES_IT = "nobody_takes_it"
    """One press that is left to ring, so that the duty list comes into it."""
    SMOKE = "smoke"
    """A smoke alarm, and its neighbours."""
    PRESSED_AGAIN = "pressed_again"
    """Somebody presses again while they are worked on."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A press at the home of this place in the draw, counted from 0."""

    home: int
    kind: Kind
    after_s: int


SCRIPTS: Mapping[Script, Sequence[Planned]] = MappingProxyType(
    {
        Script.ONE_AT_NIGHT: (
            Planned(0, Kind.SOS, 10),
            Planned(1, Kind.FALL, 60),
            Planned(2, Kind.SOS, 120),
        ),
        Script.STORM_AND_FALL: (
            *(Planned(n, Kind.SOS, 10 + n) for n in range(8)),
            Planned(8, Kind.FALL, 16),
            Planned(9, Kind.INACTIVITY, 90),
        ),
        Script.NOBODY_TAKES_IT: (Planned(0, Kind.SOS, 10),),
        Script.SMOKE: (
            Planned(0, Kind.SMOKE, 10),
            Planned(1, Kind.SOS, 40),
            Planned(2, Kind.SMOKE, 70),
        ),
        Script.PRESSED_AGAIN: (
            Planned(0, Kind.SOS, 10),
            Planned(1, Kind.MEDICAL, 45),
            Planned(0, Kind.SOS, 75),
        ),
    }
)


def homes_needed(script: Script) -> int:
    """Different homes, as far as the region has so many."""
    return 1 + max(each.home for each in SCRIPTS[script])
