"""How much consoles may say: each has buckets of its own, and one that is nearly empty is told of in the log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from callcenter.core.fullness import Fullness
from callcenter.seats.allowance import Allowance


@dataclass(frozen=True, slots=True)
class TalkBounds:
    """Of one console. At its busiest it says some twenty things a second: one that says a hundred times as much is out of order."""

    frames_per_s: float = 2_000.0
    frames_at_once: int = 10_000
    claims_per_s: float = 2_000.0
    claims_at_once: int = 20_000
    """Proofs it may claim that are not known yet: two for each incident of a board of 10,000 at once."""


class Talk:
    """Gives each console its allowances."""

    def __init__(
        self, bounds: TalkBounds = TalkBounds(), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bounds = bounds
        self._frames = Fullness("seats.frames_at_once", bounds.frames_at_once, clock)
        self._claims = Fullness("seats.claims_at_once", bounds.claims_at_once, clock)

    def frames(self) -> Allowance:
        """For what comes in on its socket."""
        bounds = self._bounds
        return Allowance(bounds.frames_per_s, bounds.frames_at_once, self._frames.note)

    def claims(self) -> Allowance:
        """For what it says to show or sound."""
        bounds = self._bounds
        return Allowance(bounds.claims_per_s, bounds.claims_at_once, self._claims.note)
