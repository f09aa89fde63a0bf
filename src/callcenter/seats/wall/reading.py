"""What all screens of a region show, read at most once a second for all of them, by a connection that no alarm waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final

from pydantic import ConfigDict

from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident, State
from callcenter.alerts.live.figures import LiveFigures, figures
from callcenter.alerts.live.reading import LiveReading
from callcenter.alerts.shown import SHOWN
from callcenter.alerts.storm_shown import STORM_COLUMNS, STORM_JOINED, StormView, storm_view
from callcenter.auth.permissions import WallShows
from callcenter.auth.walls.screens import Screen
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.seats.ageing import Ageing
from callcenter.seats.beat import NO_OUTAGE, Outage
from callcenter.seats.hub import Hub
from callcenter.seats.messages import Ages
from callcenter.seats.silence import SilentHomes
from callcenter.seats.wall.shown import on_the_wall

READ_EVERY_S: Final = 1.0
MOST: Final = 300
"""Incidents; whoever waits is among them, the most urgent first."""
MOST_REGIONS: Final = 200


@dataclass(frozen=True, slots=True)
class WallView:
    """Everything on a screen across the room but the ground of its map."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    name: str
    region_id: int
    now: datetime
    timezone: str
    incidents: Sequence[Incident]
    storms: Sequence[StormView]
    """Without who has ordered what."""
    seats_manned: int
    silent_homes: Sequence[int]
    figures: LiveFigures | None
    """None: nobody can count now."""
    ages: Ages
    away_since: datetime | None = None
    """Since when the database does not answer: the queue is what this server has in memory, as its seats have it."""
    disk: bool = True
    """Whether what rings meanwhile is safe from a power cut."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the tables say of a region, and when they were read (s, monotonic)."""

    at: float
    incidents: Sequence[Incident] = ()
    storms: Sequence[StormView] = ()


_NEVER = _Read(-READ_EVERY_S)


class WallReading:
    """Port of the API."""

    def __init__(  # noqa: PLR0913 - a composition
        self,
        database: Database,
        clock: Clock,
        hub: Hub,
        silent: SilentHomes,
        ageing: Ageing,
        live: LiveReading,
        *,
        stores: Callable[[], bool] = lambda: True,
        outage: Callable[[], Outage] = lambda: NO_OUTAGE,
    ) -> None:
        self._stores = stores
        self._outage = outage
        self.connections = HeldConnections(database, "wall", 1)
        self._clock = clock
        self._hub = hub
        self._silent = silent
        self._ageing = ageing
        self._live = live
        self._held: dict[tuple[int, WallShows], _Read] = {}

    async def of(self, screen: Screen) -> Mapping[str, Any]:
        """The fields of WallView, ready for JSON. While the database is away what is open is what this process knows."""
        if not self._stores():
            return self._remembered(screen)
        try:
            return await self._read(screen)
        except Unavailable:
            return self._remembered(screen)

    def _remembered(self, screen: Screen) -> Mapping[str, Any]:
        outage, now = self._outage(), self._clock.now()
        held = self._held.get((screen.region_id, screen.shows), _NEVER)
        return {
            "name": screen.name,
            "region_id": screen.region_id,
            "now": now,
            "timezone": self._live.timezone,
            "incidents": self._open_in_memory(screen),
            "storms": held.storms,
            "seats_manned": len(self._hub.manning(screen.region_path).users),
            "silent_homes": self._silent.seen_by(frozenset({screen.region_id})),
            "figures": None,
            "ages": self._ageing.shown(),
            "away_since": outage.since or now,
            "disk": outage.disk,
        }

    def _open_in_memory(self, screen: Screen) -> list[Incident]:
        found = [
            held.incident
            for held in self._hub.open_incidents
            if screen.region_id in held.incident.region_path
        ]
        return [on_the_wall(one, screen.shows) for one in sorted(found, key=_urgency)[:MOST]]

    async def _read(self, screen: Screen) -> Mapping[str, Any]:
        scope = frozenset({screen.region_id})
        read = await self._live.latest()
        open_there = await self._open(screen.region_id, screen.shows)
        return {
            "name": screen.name,
            "region_id": screen.region_id,
            "now": self._clock.now(),
            "timezone": read.timezone,
            "incidents": open_there.incidents,
            "storms": open_there.storms,
            "seats_manned": len(self._hub.manning(screen.region_path).users),
            "silent_homes": self._silent.seen_by(scope),
            "figures": figures(read, scope),
            "ages": self._ageing.shown(),
            "away_since": None,
            "disk": True,
        }

    async def _open(self, region_id: int, shows: WallShows) -> _Read:
        held = self._held.get((region_id, shows), _NEVER)
        now = self._clock.monotonic()
        if now - held.at < READ_EVERY_S:
            return held
        async with self.connections.use() as connection:
            rows = await connection.fetch(_OPEN, region_id, MOST)
            storms = await connection.fetch(_STORMS, region_id)
        if len(self._held) >= MOST_REGIONS:
            self._held.clear()
        read = _Read(
            now,
            [on_the_wall(Incident.of(row), shows) for row in rows],
            [replace(storm_view(row), order=None) for row in storms],
        )
        self._held[region_id, shows] = read
        return read


def _urgency(incident: Incident) -> tuple[bool, bool, int, datetime]:
    """As `_OPEN` orders them."""
    is_alarm, waits = incident.signal_class == "alarm", incident.state is State.WAITING
    return (not is_alarm, not waits, incident.priority, incident.opened_at)


_OPEN = f"""
SELECT {INCIDENT_COLUMNS} FROM incident WHERE state <> 'closed' AND region_path @> ARRAY[$1::bigint]
ORDER BY class = 'alarm' DESC, state = 'waiting' DESC, priority, opened_at LIMIT $2
"""  # noqa: S608 constant columns

_STORMS = f"SELECT {STORM_COLUMNS} FROM storm {STORM_JOINED} WHERE settled_at IS NULL AND reaches @> ARRAY[$1::bigint] ORDER BY since"  # noqa: S608 likewise
