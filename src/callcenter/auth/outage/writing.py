"""Keeps who may sit at a seat in memory while the database is there, and writes what was kept when it is back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

import asyncpg
import structlog

from callcenter.audit.trail import Entry, record_many_raw
from callcenter.auth.outage.door import SeatDoor
from callcenter.auth.outage.records import Begun, Ended, Failed, Record
from callcenter.auth.outage.seated import AT_SEATS, SEATED
from callcenter.auth.outage.tries import TRIED
from callcenter.auth.sessions import Sessions
from callcenter.auth.walls.screens import KeptScreens
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections

log = structlog.get_logger(__name__)

SEATED_PEOPLE: Final = "seated_people"


class RawConnection(Protocol):
    """The part of an asyncpg connection that is asked here."""

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """All rows of a query."""


async def learn(door: SeatDoor, connection: RawConnection) -> None:
    """What a log-in needs, as the database says it now."""
    people, tried = await connection.fetch(SEATED), await connection.fetch(TRIED)
    door.people.learn(people)
    door.tries.learn(tried)


class LearnSeated:
    """The processor `seated_people`, which knows the screens across the room as well: on a changed account at once, else as often as
    wrong tries should be known.
    """

    name = SEATED_PEOPLE
    interval_s = 10.0

    def __init__(self, door: SeatDoor, screens: KeptScreens, database: Database) -> None:
        self._door = door
        self._screens = screens
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - the database says when it was seen
        """Zero always; while the database is away nobody asks it."""
        if not self._door.is_away():
            async with self.connections.use() as connection:
                await learn(self._door, connection)
                await self._screens.learn(connection)
        return 0


class WriteLogIns:
    """The processor `kept_log_ins`. `changed` is called when seats are to be looked at anew."""

    name = "kept_log_ins"
    interval_s = 0.5

    def __init__(
        self, door: SeatDoor, sessions: Sessions, database: Database, changed: Callable[[], None]
    ) -> None:
        self._door = door
        self._sessions = sessions
        self._changed = changed
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """How many were written."""
        kept = self._door.kept
        if self._door.is_away():
            await kept.sync()
            return 0
        waiting = kept.waiting
        for record in waiting:
            async with self.connections.use() as connection:
                goes_on = await _write(connection, record, now)
            kept.entered(record)
            if not isinstance(record, Failed):
                self._sessions.written(record.session_hash, goes_on=goes_on)
        if waiting:
            log.warning("log_ins_written", records=len(waiting))
            self._changed()
        return 0


async def _write(connection: asyncpg.Connection, record: Record, now: datetime) -> bool:
    """Its row and its entry, once however often it is tried; whether the session goes on."""
    async with connection.transaction():
        match record:
            case Begun():
                return await _begun(connection, record, now)
            case Ended():
                ended = await connection.fetchval(_END, record.session_hash, record.at)
                if ended is not None:
                    await _enter(connection, record, "logged_out", {})
            case Failed():
                if not await connection.fetchval(_IS_ENTERED, record.id):
                    untold = {"untold": record.untold} if record.untold else {}
                    await _enter(
                        connection, record, "login_failed", {"kept": str(record.id), **untold}
                    )
    return False


async def _begun(connection: asyncpg.Connection, record: Begun, now: datetime) -> bool:
    row = await connection.fetchrow(
        _BEGIN,
        record.session_hash,
        record.user_id,
        record.csrf_token,
        record.at,
        record.expires_at,
        record.address,
        record.browser,
        record.password,
        now,
        sorted(AT_SEATS),
    )
    if row is None:  # it was written before this process began, or the account is gone
        return True
    goes_on: bool = row["goes_on"]
    await _enter(connection, record, "logged_in", {} if goes_on else {"ended": "account_changed"})
    return goes_on


async def _enter(
    connection: asyncpg.Connection, record: Record, action: str, detail: dict[str, object]
) -> None:
    regions = await connection.fetch(_REGIONS, record.user_id)
    subject = f"user:{record.user_id}" if record.user_id is not None else "user:unknown"
    entry = Entry(
        record.at,
        record.user_id,
        action,
        subject,
        [row["id"] for row in regions],
        record.address,
        {"without_database": True, **detail},
    )
    await record_many_raw(connection, [entry])


_BEGIN = """
INSERT INTO login_session (token_hash, user_id, csrf_token, created_at, expires_at, address, browser, revoked_at)
SELECT $1, u.id, $3, $4, $5, $6, $7, CASE WHEN
    u.active AND sha256(convert_to(u.password_hash, 'UTF8')) = $8
    AND EXISTS (SELECT FROM role_grant g WHERE g.user_id = u.id AND g.role = ANY($10::text[]) AND (g.until_at IS NULL OR g.until_at > $9))
    THEN NULL ELSE $9::timestamptz END
FROM app_user u WHERE u.id = $2
ON CONFLICT DO NOTHING
RETURNING revoked_at IS NULL AS goes_on
"""
"""It goes on where the account is still as it was looked at."""

_END = "UPDATE login_session SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL RETURNING user_id"

_IS_ENTERED = """
SELECT EXISTS (SELECT FROM audit_entry WHERE action = 'login_failed' AND id > $1::uuid AND detail ->> 'kept' = $1::uuid::text)
"""

"""Its entry has a later id than it has itself."""

_REGIONS = """
SELECT DISTINCT step AS id FROM role_grant g JOIN region r ON r.id = g.region_id CROSS JOIN LATERAL unnest(r.path) AS step
WHERE g.user_id = $1 ORDER BY step
"""
