"""How many were in time, against a target: one measure for alarms that are taken, in drills too, and for somebody who is there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

from callcenter.alerts.shown import SHOWN


@dataclass(frozen=True, slots=True)
class Target:
    """So many of a thousand are in time within so many seconds."""

    seconds: int
    permille: int


@dataclass(frozen=True, slots=True)
class Level:
    """Of `decided` ones `met` were in time, within `seconds`; the target is `permille` of a thousand. `reached` None: none is decided yet."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    seconds: int
    permille: int
    decided: int
    met: int
    reached: bool | None


def level_of(target: Target, decided: int, met: int) -> Level:
    """In whole numbers, so that the target itself is reached."""
    reached = None if decided == 0 else met * 1_000 >= target.permille * decided
    return Level(target.seconds, target.permille, decided, met, reached)
