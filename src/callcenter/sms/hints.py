"""The hint that texts look different now, for the processes that show them. What has changed stands in the rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from callcenter.core.clock import Clock

CHANNEL: Final = "texts"
NAME: Final = "sms_hints"
PACE_S: Final = 0.1
"""Least time between two hints."""


class Hints:
    """The processor `sms_hints`: however many texts change, one hint in 100 ms, and the last change is never without one."""

    name: Final = NAME
    interval_s: Final = 1.0

    def __init__(
        self,
        notify: Callable[[str], Awaitable[None]],
        wake: Callable[[], None],
        clock: Clock,
        *,
        pace_s: float = PACE_S,
    ) -> None:
        self._notify = notify
        self._wake = wake
        self._clock = clock
        self._pace_s = pace_s
        self._due = False
        self._last = float("-inf")

    async def tell_changed(self) -> None:
        """Texts have changed, and it is committed. Returns at once and never fails."""
        self._due = True
        self._wake()

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - the pace is of the monotonic clock
        """Gives the hint if there is one to give."""
        if not self._due:
            return 0
        pause = self._last + self._pace_s - self._clock.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        self._due = False
        self._last = self._clock.monotonic()
        await self._notify(CHANNEL)
        return 0
