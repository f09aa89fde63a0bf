"""The field as the tables have it, read at most twice a second for all who look, by a connection that nobody else waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

import orjson
from pydantic import BaseModel

from callcenter.auth.permissions import WallShows
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.encoding import encode
from callcenter.core.held import HeldConnections
from callcenter.dispatch.positions.shown import Dot, Field

READ_EVERY_S: Final = 0.5
SOON: Final = "15 minutes"
"""A task that was accepted is somebody's job from so long before it begins; earlier they are free."""


class FieldDot(BaseModel):
    """Somebody on duty. `at` null: nobody knows where they are. `task_kind` null: they have nothing to do now; `since` is when the
    task came into its state. `name` is empty on a screen that shows no names.
    """

    staff_id: int
    name: str
    kinds: list[str]
    region_id: int
    at: datetime | None
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    source: str | None
    task_id: str | None
    task_kind: str | None
    task_state: str | None
    since: datetime | None


class FieldDots(BaseModel):
    """What has changed since `since`; give `cursor` as `since` next. `whole`: everybody is among `dots`, and whoever is not has gone.
    Ages are counted from `now`, the clock of the server when the tables were read.
    """

    cursor: str
    now: datetime
    whole: bool
    dots: list[FieldDot]
    gone: list[int]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: of which regions, and whether with names."""

    regions: frozenset[int]
    names: bool = True

    @classmethod
    def of_screen(cls, region_id: int, shows: WallShows) -> Reader:
        """A screen across the room, which says as much of people as it was set to."""
        return cls(frozenset({region_id}), shows is WallShows.NAMES)

    def marks(self) -> str:
        """Another view is another series: its cursor says nothing in this one."""
        regions = ".".join(map(str, sorted(self.regions)))
        return ("n" if self.names else "-") + sha256(regions.encode()).hexdigest()[:12]


class FieldReading:
    """Port of the API."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.connections = HeldConnections(database, "field_dots", 1)
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._series = uuid4().hex[:12]
        """A server that was started anew counts from the beginning."""
        self._field = Field()
        self._written_dots: dict[bool, dict[int, tuple[Dot, orjson.Fragment]]] = {
            True: {},
            False: {},
        }
        self._read_at: float | None = None
        self._now = clock.now()

    async def since(self, cursor: str, reader: Reader) -> dict[str, Any]:
        """The fields of FieldDots, ready for JSON. Raises Unavailable while the database is away: what is not known is not said."""
        await self._latest()
        changes = self._field.since(self._revision_in(cursor, reader), reader.regions)
        return {
            "cursor": f"{self._series}:{reader.marks()}:{changes.revision}",
            "now": self._now,
            "whole": changes.whole,
            "dots": [self._written(dot, reader.names) for dot in changes.dots],
            "gone": changes.gone,
        }

    def _written(self, dot: Dot, names: bool) -> orjson.Fragment:
        """Each dot becomes JSON once, however many look."""
        of = self._written_dots[names]
        known = of.get(dot.staff_id)
        if known is None or known[0] is not dot:
            known = of[dot.staff_id] = (dot, orjson.Fragment(encode(_shown(dot, names))))
        return known[1]

    async def _latest(self) -> None:
        async with self._one_at_a_time:
            at = self._clock.monotonic()
            if self._read_at is not None and at - self._read_at < READ_EVERY_S:
                return
            now = self._clock.now()
            async with self.connections.use() as connection:
                rows = await connection.fetch(_DOTS, now)
            self._field = self._field.next(_dot(row) for row in rows)
            self._forget_gone()
            self._read_at, self._now = at, now

    def _forget_gone(self) -> None:
        for of in self._written_dots.values():
            for staff_id in of.keys() - self._field.dots.keys():
                del of[staff_id]

    def _revision_in(self, cursor: str, reader: Reader) -> int | None:
        series, _, rest = cursor.partition(":")
        marks, _, revision = rest.rpartition(":")
        if series != self._series or marks != reader.marks() or not revision.isdecimal():
            return None
        return int(revision)


def _dot(row: Any) -> Dot:
    return Dot(*row.values())


def _shown(dot: Dot, names: bool) -> dict[str, Any]:
    shown = {name: getattr(dot, name) for name in _FIELDS}
    return shown if names else shown | {"name": ""}


_FIELDS: Final[Sequence[str]] = tuple(FieldDot.model_fields)

_DOTS = f"""
WITH job AS (
    SELECT DISTINCT ON (staff_id) staff_id, id, kind, state,
           CASE state WHEN 'arrived' THEN arrived_at WHEN 'under_way' THEN set_out_at ELSE accepted_at END AS since
    FROM task
    WHERE ended_at IS NULL AND state IN ('accepted', 'under_way', 'arrived') AND (state <> 'accepted' OR begins_at <= $1::timestamptz + interval '{SOON}')
    ORDER BY staff_id, state = 'arrived' DESC, state = 'under_way' DESC, begins_at, id
)
SELECT staff.id, staff.name, staff.kinds, staff.region_id, region.path,
       seen.at, seen.lat, seen.lng, seen.accuracy_m, seen.source, job.id::text, job.kind, job.state, job.since
FROM duty
JOIN staff ON staff.id = duty.staff_id
JOIN region ON region.id = staff.region_id
LEFT JOIN staff_position AS seen ON seen.staff_id = duty.staff_id
LEFT JOIN job ON job.staff_id = duty.staff_id
WHERE duty.ended_at IS NULL
ORDER BY staff.id
"""  # noqa: S608 - a constant
