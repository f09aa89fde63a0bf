"""Presence rows: every process writes the seats it holds, with a lease by the database's clock, and reads the others'."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.core.database import Database
from callcenter.core.encoding import encode_text
from callcenter.core.held import HeldConnections
from callcenter.seats.hub import Hub
from callcenter.seats.seat import RemoteSeat, Seat
from callcenter.seats.session import SeatState, Session
from callcenter.seats.workload import HELD

PRESENCE: Final = "presence"
"""Its name: woken when somebody came, went or armed."""
LEASE_S: Final = 6.0
GATHER_S: Final = 0.02
"""A crowd that logs in together is written together."""


class Presence:
    """Keeps this process's rows and the hub's view of the other processes; tells the seats who is there. A processor."""

    name = PRESENCE
    interval_s = 2.0

    def __init__(self, hub: Hub, process_id: UUID, database: Database) -> None:
        self._hub = hub
        self._process_id = process_id
        self.connections = HeldConnections(database, self.name, 1)
        self._colleagues: list[dict[str, Any]] = []

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - leases go by the database's clock
        """Renew, note what has changed, read the others, count."""
        await asyncio.sleep(GATHER_S)
        async with self.connections.use() as connection:
            self._hub.refresh()
            await self._write(
                connection, [seat for seat in self._hub.seats.values() if not seat.watches]
            )
            await self._note(connection)
            rows = await connection.fetch(_READ, self._process_id, LEASE_S)
            self._hub.workload.begin()
            self._hub.workload.read(await connection.fetch(HELD))
            users = [*{seat.user_id for seat in self._hub.seats.values()}]
            skilled = await connection.fetch(_SKILLS, users)
        self._hub.remote = [
            RemoteSeat(
                row["user_id"],
                row["name"],
                row["name_en"],
                frozenset(row["region_ids"]),
                row["armed"],
                frozenset(row["supervised_ids"]),
                Session(SeatState(row["state"]), row["since"], row["pause"]),
            )
            for row in rows
        ]
        self._hub.skills = {row["id"]: frozenset(row["skills"]) for row in (*skilled, *rows)}
        self._hub.recount()
        await self._tell_colleagues()
        return 0

    async def _tell_colleagues(self) -> None:
        colleagues = self._hub.colleagues()
        if colleagues != self._colleagues:
            self._colleagues = colleagues
            await self._hub.tell_all({"type": "seats", "seats": colleagues})

    async def _note(self, connection: asyncpg.Connection) -> None:
        """Who came, went, paused or fell silent since the last look: what is decided about alarms goes by it."""
        changes = list(self._hub.sittings.waiting)
        if changes:
            rows = encode_text([change.row() for change in changes])
            await connection.execute(_CHANGES, self._process_id, rows)
            self._hub.sittings.written(changes)

    async def leave(self, now: datetime) -> None:
        """At a clean stop: nobody waits for the lease to run out."""
        async with self.connections.use() as connection:
            await connection.execute(_LEAVE, self._process_id)
            self._hub.sittings.all_go(now)
            await self._note(connection)

    async def _write(self, connection: asyncpg.Connection, seats: Sequence[Seat]) -> None:
        rows = [
            (
                seat.seat_id,
                seat.user_id,
                "{" + ",".join(map(str, seat.scope)) + "}",
                self._hub.is_manned(seat),
                seat.connected_at,
                "{" + ",".join(map(str, seat.supervised)) + "}",
                session.state.value,
                session.reason,
                session.since,
            )
            for seat in seats
            for session in (self._hub.session_of(seat),)
        ]
        columns = list(zip(*rows, strict=True))
        async with connection.transaction():
            await connection.execute(_DROP, self._process_id, [seat.seat_id for seat in seats])
            if rows:
                await connection.execute(_WRITE, self._process_id, LEASE_S, *columns)


_DROP = "DELETE FROM seat_presence WHERE process_id = $1 AND seat_id <> ALL($2::uuid[])"

_LEAVE = "DELETE FROM seat_presence WHERE process_id = $1"

# A user who was deleted a moment ago is joined away, so that the others are still written.
_WRITE = """
INSERT INTO seat_presence (seat_id, process_id, user_id, region_ids, armed, connected_at, supervised_ids, state, pause, since,
                           lease_until)
SELECT s.seat_id, $1, s.user_id, s.region_ids::bigint[], s.armed, s.connected_at, s.supervised_ids::bigint[],
       s.state, s.pause, s.since, clock_timestamp() + $2 * interval '1 second'
FROM unnest($3::uuid[], $4::bigint[], $5::text[], $6::boolean[], $7::timestamptz[], $8::text[],
            $9::text[], $10::text[], $11::timestamptz[])
     AS s(seat_id, user_id, region_ids, armed, connected_at, supervised_ids, state, pause, since)
JOIN app_user ON app_user.id = s.user_id
ON CONFLICT (seat_id) DO UPDATE SET
    armed = excluded.armed, region_ids = excluded.region_ids, supervised_ids = excluded.supervised_ids,
    state = excluded.state, pause = excluded.pause, since = excluded.since, lease_until = excluded.lease_until
"""

_CHANGES = """
INSERT INTO seat_change (at, process_id, seat_id, user_id, region_ids, supervised_ids, armed, state, pause, since, heard_at, gone)
SELECT at, $1, seat_id, user_id, region_ids, supervised_ids, armed, state, pause, since, heard_at, gone
FROM json_to_recordset($2::text::json) AS s(
    at timestamptz, seat_id uuid, user_id bigint, region_ids bigint[], supervised_ids bigint[], armed boolean, state text, pause text,
    since timestamptz, heard_at timestamptz, gone boolean
)
"""

_READ = """
SELECT seat_presence.user_id, seat_presence.region_ids, seat_presence.armed, seat_presence.supervised_ids, seat_presence.state,
       seat_presence.pause, seat_presence.since, app_user.id, app_user.skills, app_user.name, app_user.name_en
FROM seat_presence JOIN app_user ON app_user.id = seat_presence.user_id
WHERE process_id <> $1 AND lease_until > clock_timestamp()
  AND lease_until <= clock_timestamp() + 2 * $2::float8 * interval '1 second' ORDER BY seat_id
"""
"""A lease that is longer than any is of a clock that was set back since: who lives renews it."""

_SKILLS = "SELECT id, skills FROM app_user WHERE id = ANY($1::bigint[]) AND skills <> '{}'"
