"""Presence rows: every process writes the seats it holds, with a lease by the database's clock, and reads the others'."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from callcenter.core.supervisor import wait_for_any
from callcenter.seats.hub import Hub, RemoteSeat, Seat

INTERVAL_S = 2.0
LEASE_S = 6.0


class Presence:
    """Keeps this process's rows and the hub's view of the other processes."""

    def __init__(self, hub: Hub, process_id: UUID) -> None:
        self._hub = hub
        self._process_id = process_id

    async def cycle(self, connection: asyncpg.Connection) -> bool:
        """Renew, read the others, count; True when who is there has changed elsewhere."""
        self._hub.presence_changed.clear()
        await self._write(connection, list(self._hub.seats.values()))
        rows = await connection.fetch(_READ, self._process_id)
        remote = [
            RemoteSeat(
                row["user_id"],
                row["name"],
                row["name_en"],
                frozenset(row["region_ids"]),
                row["armed"],
            )
            for row in rows
        ]
        changed = remote != list(self._hub.remote)
        self._hub.remote = remote
        self._hub.recount()
        return changed

    async def leave(self, connection: asyncpg.Connection) -> None:
        """At a clean stop: nobody waits for the lease to run out."""
        await connection.execute(_LEAVE, self._process_id)

    async def wait(self) -> None:
        """Until the next cycle is due, or somebody came, went, or armed."""
        await wait_for_any([self._hub.presence_changed], timeout_s=INTERVAL_S)
        await asyncio.sleep(0.02)  # a crowd that logs in together is written together

    async def _write(self, connection: asyncpg.Connection, seats: Sequence[Seat]) -> None:
        rows = [
            (
                seat.seat_id,
                seat.principal.user_id,
                "{" + ",".join(map(str, seat.scope)) + "}",
                self._hub.is_manned(seat),
                seat.connected_at,
            )
            for seat in seats
        ]
        columns = list(zip(*rows, strict=True)) if rows else [()] * 5
        async with connection.transaction():
            await connection.execute(_DROP, self._process_id, [seat.seat_id for seat in seats])
            if rows:
                await connection.execute(_WRITE, self._process_id, LEASE_S, *columns)


_DROP = "DELETE FROM seat_presence WHERE process_id = $1 AND seat_id <> ALL($2::uuid[])"

_LEAVE = "DELETE FROM seat_presence WHERE process_id = $1"

# A user who was deleted a moment ago is joined away, so that the others are still written.
_WRITE = """
INSERT INTO seat_presence (seat_id, process_id, user_id, region_ids, armed, connected_at, lease_until)
SELECT s.seat_id, $1, s.user_id, s.region_ids::bigint[], s.armed, s.connected_at,
       clock_timestamp() + $2 * interval '1 second'
FROM unnest($3::uuid[], $4::bigint[], $5::text[], $6::boolean[], $7::timestamptz[])
     AS s(seat_id, user_id, region_ids, armed, connected_at)
JOIN app_user ON app_user.id = s.user_id
ON CONFLICT (seat_id) DO UPDATE SET
    armed = excluded.armed, region_ids = excluded.region_ids, lease_until = excluded.lease_until
"""

_READ = """
SELECT seat_presence.user_id, seat_presence.region_ids, seat_presence.armed, app_user.name, app_user.name_en
FROM seat_presence JOIN app_user ON app_user.id = seat_presence.user_id
WHERE process_id <> $1 AND lease_until > clock_timestamp() ORDER BY seat_id
"""
