"""What can be set for a listener of DC-09: how far a device's clock may be off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callcenter.devices.codec import FormatOptions

CLOCK_BEHIND_S = 40.0
CLOCK_AHEAD_S = 20.0
"""How far an encrypted message may lie before or after our time (DC-09, 5.5.1.9)."""

Seconds = Annotated[float, Field(gt=0, le=86400)]


class Dc09Options(FormatOptions):
    """The window for the time inside an encrypted message."""

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
    accept_clear_polls: bool = Field(
        False,
        description="Count polls in clear of devices that have a key; false: anybody could send them, so they prove no life.",
    )
