"""What a flush would meet now, tried out while there is none: locked tables, a read-only database, a log that is not written.

Without it a database that stopped writing would be noticed by the next alarm, and by nobody before.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

import asyncpg

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.store_health import StoreHealth

EVERY_S: Final = 0.5
ANSWER_S: Final = 0.75
"""Longer than a slow disk takes for a commit; seats are to know within a second or two."""

TABLES: Final = "journal, signal_dedup, incident, timeline_entry, incident_timer, sms_message"
"""Written by the statement that opens an incident."""

_FAULTS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable, OSError)


async def tables_are_locked(connection: asyncpg.Connection) -> bool:
    """Whether somebody holds a whole table of the alarm path, and not only a row of it."""
    try:
        await connection.execute(f"DO $$ BEGIN {_LOCK} NOWAIT; END $$")
    except asyncpg.LockNotAvailableError:
        return True
    return False


class Rehearsal:
    """A processor that fails only into `health`."""

    name = "store_rehearsal"
    interval_s = EVERY_S

    def __init__(self, health: StoreHealth, database: Database, clock: Clock) -> None:
        self._health = health
        self._clock = clock
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - durations count
        """Nothing to do while flushes work."""
        before = self._health.trouble(self._clock.monotonic())
        if before is None and self._health.age(self._clock.monotonic()) < EVERY_S:
            return 0
        writes = self._health.flush_failed_last
        try:
            async with asyncio.timeout(ANSWER_S), self.connections.use() as connection:
                await connection.execute(_REHEARSE_A_ROW if writes else _REHEARSE)
        except _FAULTS as error:  # a TimeoutError is an OSError
            reason = str(error) or f"no answer within {ANSWER_S:g} s"
            self._health.rehearsal_failed(self._clock.monotonic(), reason)
        else:
            self._health.rehearsal_worked(self._clock.monotonic(), wrote=writes)
        return 0


_LOCK = f"LOCK TABLE {TABLES} IN ROW EXCLUSIVE MODE"

_TO_THE_LOG = f"""
    IF current_setting('transaction_read_only') = 'on' THEN
        RAISE read_only_sql_transaction USING MESSAGE = 'the database is read-only';
    END IF;
    {_LOCK};
    PERFORM pg_logical_emit_message(true, 'callcenter', '');
"""
"""The message is a record of the log that nobody reads: its commit waits for the disk as that of an alarm does."""

_REHEARSE = f"DO $$ BEGIN {_TO_THE_LOG} END $$"

_REHEARSE_A_ROW = f"""
DO $$ BEGIN
    {_TO_THE_LOG}
    BEGIN
        INSERT INTO journal (id, source, outcome, received_at, stored_at, raw)
        VALUES (gen_random_uuid(), 'rehearsal', 'undecodable', clock_timestamp(), clock_timestamp(), '');
        RAISE SQLSTATE 'CC000';
    EXCEPTION WHEN SQLSTATE 'CC000' THEN NULL;
    END;
END $$
"""  # noqa: S608 constant parts
