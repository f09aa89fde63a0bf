"""The sweep: every two seconds, or on a hint, what the tables say and the seats do not have yet (design 6b.10).

`xmin` is taken before the rows are read: whatever a transaction that was still running then commits later carries a
transaction id at or above it and is found by the next sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.change import Change
from callcenter.alerts.entries import ENTRY_COLUMNS, Entry
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import still_valid_sessions
from callcenter.seats.board import Pushed, frame
from callcenter.seats.hub import Hub
from callcenter.sms import views as sms_views
from callcenter.sms.views import sms_view

log = structlog.get_logger(__name__)

INTERVAL_S = 2.0
SESSION_ENDED = 4401
"""Close code: log in again."""
MISSED_HEARTBEATS = 3

RegionPath = Callable[[int], Sequence[int]]


class Sweep:
    """What one process has read so far."""

    def __init__(self, hub: Hub, region_path: RegionPath) -> None:
        self._hub = hub
        self._region_path = region_path
        self._xmin: int | None = None
        self._sms_pushed = Pushed()
        self._silent: list[tuple[int, tuple[int, ...]]] = []

    async def incidents(self, connection: asyncpg.Connection) -> int:
        """Push incidents that changed since the last sweep in versions this process has not pushed.

        A sweep that fails on the way is made again from where it began: `_xmin` moves on at the end.
        """
        xmin = await connection.fetchval(_XMIN)
        pushed = 0 if self._xmin is None else await self._push_since(connection, self._xmin)
        self._xmin = xmin
        return pushed

    async def _push_since(self, connection: asyncpg.Connection, xmin: int) -> int:
        stale = [
            row["id"]
            for row in await connection.fetch(_CHANGED, xmin)
            if row["version"] > self._hub.pushed.version(row["id"])
        ]
        if stale:
            self._hub.publish(await self._read(connection, stale))
        await self.texts(
            connection,
            [
                row["id"]
                for row in await connection.fetch(_CHANGED_SMS, xmin)
                if row["version"] > self._sms_pushed.version(row["id"])
            ],
        )
        return len(stale)

    async def _read(self, connection: asyncpg.Connection, ids: Sequence[UUID]) -> list[Change]:
        incidents = await connection.fetch(_BY_IDS, ids)
        known = {row["id"]: self._hub.pushed.version(row["id"]) for row in incidents}
        entries = await connection.fetch(_ENTRIES_AFTER, list(known), [known[id_] for id_ in known])
        return [
            Change(
                Incident.of(row),
                [Entry.of(entry) for entry in entries if entry["incident_id"] == row["id"]],
            )
            for row in incidents
        ]

    async def texts(self, connection: asyncpg.Connection, ids: Sequence[UUID]) -> None:
        """Push the state of these texts."""
        if not ids:
            return
        found = await sms_views.by_ids(connection, ids)
        paths = await self._paths(connection, {row.region_id for row in found})
        rows = []
        for row in found:
            self._sms_pushed.note(row.id, row.version)
            rows.append((paths.get(row.region_id, ()), sms_view(row)))
        await self._hub.tell_scoped("sms", "messages", rows)

    async def _paths(
        self, connection: asyncpg.Connection, region_ids: Collection[int]
    ) -> dict[int, Sequence[int]]:
        """From the copy in memory; a region that was made a moment ago is asked for."""
        paths: dict[int, Sequence[int]] = {}
        unknown = []
        for region_id in region_ids:
            try:
                paths[region_id] = self._region_path(region_id)
            except KeyError:
                unknown.append(region_id)
        if unknown:
            rows = await connection.fetch(_PATHS, unknown)
            paths.update({row["id"]: row["path"] for row in rows})
        return paths

    async def sessions(self, connection: asyncpg.Connection, now: datetime) -> None:
        """Cut the seats whose log-in has ended or whose regions have changed."""
        seats = list(self._hub.seats.values())
        if not seats:
            return
        hashes = [seat.principal.session_hash for seat in seats]
        valid = await still_valid_sessions(connection, hashes, now)
        self._hub.cut(
            [
                seat
                for seat in seats
                if (held := valid.get(seat.principal.session_hash)) is None
                or held.regions(Action.SEE_INCIDENTS) != seat.scope
            ],
            SESSION_ENDED,
        )

    async def silent_homes(self, connection: asyncpg.Connection, now: datetime) -> None:
        """Homes with a device that has missed its life signs; pushed when the list changes."""
        rows = await connection.fetch(_SILENT, now, MISSED_HEARTBEATS)
        paths = await self._paths(connection, {row["region_id"] for row in rows})
        silent = [(row["home_id"], tuple(paths.get(row["region_id"], ()))) for row in rows]
        if silent == self._silent:
            return
        self._silent = silent
        for seat in list(self._hub.seats.values()):
            seat.link.offer(silent_frame(self.silent_for(seat.scope)))

    def silent_for(self, scope: frozenset[int]) -> list[int]:
        """Those of the silent homes that this scope sees."""
        return [home for home, path in self._silent if not scope.isdisjoint(path)]

    def turn(self) -> None:
        """Forget versions nobody asks for any more."""
        self._hub.pushed.turn()
        self._sms_pushed.turn()


def silent_frame(home_ids: list[int]) -> bytes:
    """The frame of `silent_homes`."""
    return frame({"type": "silent_homes", "home_ids": home_ids})


_XMIN = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

_CHANGED = "SELECT id, version FROM incident WHERE changed_xid >= $1::bigint::text::xid8"

_CHANGED_SMS = """
SELECT id, version FROM sms_message WHERE changed_xid >= $1::bigint::text::xid8 AND reference IS NOT NULL
"""

_PATHS = "SELECT id, path FROM region WHERE id = ANY($1::bigint[])"

_BY_IDS = f"SELECT {INCIDENT_COLUMNS} FROM incident WHERE id = ANY($1::uuid[])"  # noqa: S608 constant columns

_ENTRIES_AFTER = f"""
SELECT {ENTRY_COLUMNS} FROM timeline_entry
JOIN unnest($1::uuid[], $2::bigint[]) AS known(id, version) ON incident_id = known.id
WHERE number > known.version ORDER BY incident_id, number
"""  # noqa: S608 constant columns

_SILENT = """
SELECT DISTINCT home.id AS home_id, home.region_id
FROM device
JOIN device_last_seen ON device_last_seen.device_id = device.id
JOIN device_assignment ON device_assignment.device_id = device.id
     AND valid_from <= $1 AND (valid_until IS NULL OR valid_until > $1)
JOIN home ON home.id = device_assignment.home_id
WHERE heartbeat_s IS NOT NULL AND seen_at < $1::timestamptz - $2 * heartbeat_s * interval '1 second'
ORDER BY home.id
"""
