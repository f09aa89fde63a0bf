"""When the centre itself was not there: the gaps between the times in which it could store alarms. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SHORTEST: Final = timedelta(minutes=1)
"""A device repeats for about this long: what is shorter has lost nothing."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which alarms may not have come in. `source`: of this listener alone; None: of all."""

    since: datetime
    until: datetime
    source: str | None = None

    @property
    def length(self) -> timedelta:
        """Of the window."""
        return self.until - self.since


def gaps(spans: Iterable[tuple[datetime, datetime]], now: datetime) -> list[Window]:
    """Windows in which no server said that it stores alarms, the newest first. Before the first word nothing is known."""
    found: list[Window] = []
    heard: datetime | None = None
    for since, until in sorted(spans):
        if heard is not None and since - heard >= SHORTEST:
            found.append(Window(heard, since))
        heard = until if heard is None else max(heard, until)
    if heard is not None and now - heard >= SHORTEST:
        found.append(Window(heard, now))
    return found[::-1]
