"""One round of the watchdog: its legs in order, and what each means. Shared by the watchdog and the server. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field


class Leg(StrEnum):
    """In the order in which an alarm passes them."""

    SEAT = "seat"
    """The virtual seat is connected and hears the beat."""
    DEVICE = "device"
    """The device port acknowledges the press."""
    SHOWN = "shown"
    """The seat gets the incident."""
    JOURNAL = "journal"
    """The press stands in the journal; on the spool alone while the database is away."""
    PROOF = "proof"
    """`seen` and `sounding` of the seat are kept."""
    TEXT = "text"
    """The row of its text has its end."""
    CLOSED = "closed"
    """The incident is closed again."""


class LegState(StrEnum):
    OK = "ok"
    KEPT = "kept"
    """The database is away: it rings from memory, and this is not written yet."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """A leg before it failed."""


class LegResult(BaseModel):
    """`ms` since the press."""

    leg: Leg
    state: LegState
    ms: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    detail: Annotated[str, Field(max_length=300)] = ""


class Circle(BaseModel):
    """`pressed_at` by the watchdog's clock."""

    pressed_at: datetime
    legs: Annotated[list[LegResult], Field(max_length=len(Leg))]

    @property
    def failed(self) -> LegResult | None:
        """The first leg that did not hold; none: an alarm gets through."""
        return next((leg for leg in self.legs if leg.state is LegState.FAILED), None)

    @property
    def kept(self) -> bool:
        """Whether it held from memory alone."""
        return any(leg.state is LegState.KEPT for leg in self.legs)


def legs_after(done: list[LegResult]) -> list[LegResult]:
    """All legs: those that were not come to are skipped."""
    known = {result.leg for result in done}
    return [*done, *(LegResult(leg=leg, state=LegState.SKIPPED) for leg in Leg if leg not in known)]
