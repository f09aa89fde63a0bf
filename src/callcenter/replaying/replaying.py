"""A night from its file through an empty system, at a pace, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from callcenter.replaying.night import Night
from callcenter.replaying.scratch import Place
from callcenter.replaying.walking import walk_on


@dataclass(frozen=True, slots=True)
class Came:
    """`said`: the canonical form; `refused`: commands that were carried out then and are refused now."""

    said: Sequence[str]
    refused: Sequence[str]
    events: int
    looks: int
    took_s: float


async def go_through(
    night: Night,
    place: Place,
    *,
    speed: float | None = None,
    tell: Callable[[str], None] = lambda _line: None,
) -> Came:
    """`speed`: seconds of the night in a second, None: as fast as it goes; `tell` hears of the time that it is."""
    began, pace = time.monotonic(), Pace(night.since, speed, tell)
    async with walk_on(night, place.dsn, place.admin_dsn) as walk:
        await walk.through(pace)
        said = await walk.came_of_it()
        return Came(said, walk.refused, walk.done, walk.looks, time.monotonic() - began)


class Pace:
    """Waits until it is so late in the night."""

    def __init__(self, since: datetime, speed: float | None, tell: Callable[[str], None]) -> None:
        self._since, self._speed, self._tell = since, speed, tell
        self._began = time.monotonic()
        self._told: str | None = None

    async def __call__(self, at: datetime) -> None:
        minute = at.strftime("%Y-%m-%d %H:%MZ")
        if minute != self._told:
            self._told = minute
            self._tell(minute)
        if self._speed is None:
            return
        due = self._began + (at - self._since).total_seconds() / self._speed
        await asyncio.sleep(max(due - time.monotonic(), 0.0))
