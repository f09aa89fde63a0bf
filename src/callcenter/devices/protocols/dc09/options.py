"""What can be set for a listener of DC-09: how far a device's clock may be off, and in which zone it is."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from callcenter.devices.codec import FormatOptions

CLOCK_BEHIND_S = 40.0
CLOCK_AHEAD_S = 20.0
"""How far an encrypted message may lie before or after our time (DC-09, 5.5.1.9)."""

Seconds = Annotated[float, Field(gt=0, le=86400)]


def _known_zone(name: str) -> str:
    """Raises ValueError for a name that no zone has."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error
    return name


class Dc09Options(FormatOptions):
    """The window for the time inside an encrypted message, and what else panels do in ways of their own."""

    clock_ahead_s: Seconds = Field(
        CLOCK_AHEAD_S, description="How far a device's clock may run ahead, in seconds (DC-09: 20)."
    )
    clock_behind_s: Seconds = Field(
        CLOCK_BEHIND_S,
        description="How far a device's clock may run behind, in seconds (DC-09: 40).",
    )
    accept_wrong_clock: bool = Field(
        False,
        description="Acknowledge and flag encrypted frames with a wrong clock; false: store them, answer NAK with our time.",
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC",
        description="Zone of the times that devices write (DC-09: UTC); some panels write local time, such as Asia/Shanghai.",
    )
    accept_clear_polls: bool = Field(
        False,
        description="Count polls in clear of devices that have a key; false: anybody could send them, so they prove no life.",
    )
