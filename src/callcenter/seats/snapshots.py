"""What a console gets when it connects: read and encoded once for all that ask for the same at about the same time.

A reading serves the seats that were registered before it began, so that what changes meanwhile follows it. Whoever comes
later shares the next one. Readings queue for one connection; nobody is refused because others wait too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import asyncpg

from callcenter.alerts.change import Change
from callcenter.alerts.open_incidents import OpenIncidents
from callcenter.audit.kept_looks import AT_ONCE, KeptLooks
from callcenter.audit.trail import Entry, record_many_raw
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.seats.board import Scope, Shown, encode, visible
from callcenter.seats.feeds import Feed
from callcenter.seats.frames import fragments
from callcenter.seats.seat import Seat
from callcenter.seats.sweep import read_rows
from callcenter.seats.tables import INCIDENTS, shown_incident

SLICE: Final = 100
"""Rows read and encoded at a time, and sent in one fragment."""

Scopes = tuple[Scope, ...]
"""What the user of a seat sees of each table."""


@dataclass(slots=True)
class _Reading:
    """One snapshot and those who wait for it."""

    scopes: Scopes
    looks: list[Entry] = field(default_factory=list)
    frames: Sequence[bytes] = ()
    failure: Exception | None = None


class Snapshots:
    """`rest` makes the fields of the message that are in memory; `open_incidents` and `stores` say what is open while the database
    is away, and whether it is not.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        database: Database,
        rest: Callable[[Scope], dict[str, Any]],
        open_incidents: OpenIncidents | None = None,
        stores: Callable[[], bool] = lambda: True,
    ) -> None:
        self._open = OpenIncidents() if open_incidents is None else open_incidents
        self._stores = stores
        self._feeds = [feed for feed in feeds if feed.on_board is not None]
        self._rest = rest
        self.connections = HeldConnections(database, "seat-snapshots", 1)
        self._turn = asyncio.Lock()
        self._gathering: dict[Scopes, _Reading] = {}
        self._looks_of_outage = KeptLooks()

    async def of(self, seat: Seat, look: Entry) -> Sequence[bytes]:
        """The message for this seat, which is registered, as frames; `look` is in the trail by then, with the homes seen. While the
        database is away it is what this process knows, and the look is written when it is back.

        Raises Unavailable when the database is away and not known to be.
        """
        if not self._stores():
            return self._from_memory(seat, look)
        if self._looks_of_outage:
            await self._looks_of_outage.write(self.connections)
        reading = self._join(seat, look)
        async with self._turn:
            if not reading.frames and reading.failure is None:
                await self._read(reading)
        if reading.failure is not None:
            raise reading.failure
        return reading.frames

    def _from_memory(self, seat: Seat, look: Entry) -> Sequence[bytes]:
        seen = [
            shown_incident(Change(held.incident, (), held.subject))
            for held in self._open
            if visible(seat.scope, held.incident.region_path)
        ]
        parts = [b'{"type":"snapshot"']
        for feed in self._feeds:
            rows = seen if feed is INCIDENTS else ()
            parts.append(f',"{feed.layout.rows}":['.encode() + b",".join(row.body for row in rows))
            parts.append(b"]")
        parts.append(b"," + encode(self._rest(seat.scope))[1:])
        self._looks_of_outage.keep(replace(look, detail={"home_ids": sorted(_homes(seen))}))
        return fragments(parts)

    def _join(self, seat: Seat, look: Entry) -> _Reading:
        scopes = tuple(seat.scope_for(feed.audience) for feed in self._feeds)
        reading = self._gathering.get(scopes)
        if reading is None:
            reading = self._gathering[scopes] = _Reading(scopes)
        reading.looks.append(look)
        return reading

    async def _read(self, reading: _Reading) -> None:
        """By whoever of those that wait has the turn first; if that one is cancelled, by the next."""
        if self._gathering.get(reading.scopes) is reading:
            del self._gathering[reading.scopes]
        try:
            async with self.connections.use() as connection:
                parts = [b'{"type":"snapshot"']
                homes: set[int] = set()
                for feed, scope in zip(self._feeds, reading.scopes, strict=True):
                    parts += await _table(connection, feed, scope, homes)
                parts.append(b"," + encode(self._rest(reading.scopes[0]))[1:])
                await _write_looks(connection, reading.looks, homes)
        except Exception as error:  # noqa: BLE001 - all who wait for it get it
            reading.failure = error
        else:
            reading.frames = fragments(parts)


async def _table(
    connection: asyncpg.Connection, feed: Feed, scope: Scope, homes: set[int]
) -> list[bytes]:
    """Its field of the message, in parts; `homes` gets those that were shown."""
    parts = [f',"{feed.layout.rows}":['.encode()]
    keys = [tuple(row) for row in await connection.fetch(feed.snapshot, list(scope))]
    for start in range(0, len(keys), SLICE):
        rows = await read_rows(connection, feed, keys[start : start + SLICE])
        shown = [row for row in rows if visible(scope, row.path)]  # it may have moved meanwhile
        homes.update(_homes(shown))
        if shown:
            parts.append((b"," if len(parts) > 1 else b"") + b",".join(row.body for row in shown))
        await asyncio.sleep(0)
    return [*parts, b"]"]


async def _write_looks(
    connection: asyncpg.Connection, looks: Sequence[Entry], homes: set[int]
) -> None:
    seen = {"home_ids": sorted(homes)}
    for start in range(0, len(looks), AT_ONCE):
        some = [replace(look, detail=seen) for look in looks[start : start + AT_ONCE]]
        await record_many_raw(connection, some)


def _homes(rows: Sequence[Shown]) -> set[int]:
    found = (row.look.get("home_id") for row in rows if row.look is not None)
    return {home for home in found if isinstance(home, int)}
