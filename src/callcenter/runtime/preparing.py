"""How a process comes to know what it must know before it serves: from the database; where that does not answer, from what was kept of
its answers, and from the database as soon as it does.

A process that keeps nothing waits for the database, and so does one whose snapshot is of no use: nobody could log in to hear what it
would ring, and a device that is not answered goes on to its other receiver.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from random import uniform
from typing import Final, cast

import asyncpg
import structlog

from callcenter.core.database import assert_durable
from callcenter.core.errors import Unavailable
from callcenter.core.held import LOST
from callcenter.core.migrating import assert_latest
from callcenter.core.snapshot_file import Unusable
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part

log = structlog.get_logger(__name__)

PATIENCE_S: Final = 2.0
"""A database that has not told all that is needed by then is not waited for, where there is something else to start with."""
LITTLE_S: Final = 0.3
"""One that was away a moment ago."""
EVERY_S: Final = 0.5
ANSWER_S: Final = 10.0
AWAY: Final = (*LOST, asyncpg.PostgresError)
"""It cannot be reached, says nothing (a TimeoutError is an OSError), or refuses what a start asks and writes."""


async def prepare(ground: Ground, parts: Sequence[Part]) -> None:
    """Everything of this process is known afterwards. Raises Unavailable, Misconfigured."""
    if not ground.keeps_answers:
        await _from_database(ground, parts, None)
        return
    patience_s = LITTLE_S if ground.waits_little else PATIENCE_S
    try:
        async with asyncio.timeout(patience_s):
            await _from_database(ground, parts, patience_s)
    except AWAY as error:
        log.warning("database_not_there_at_start", reason=str(error) or repr(error))
        await _from_what_was_kept(ground, parts)


async def _from_database(ground: Ground, parts: Sequence[Part], answer_s: float | None) -> None:
    connection = await ground.database.connect("start", answer_s=answer_s)
    try:
        if ground.tables_may_be_old:
            await assert_latest(connection)
        await assert_durable(connection)
        await _prepare_each(parts, connection)
    except BaseException:
        connection.terminate()  # it may never say good-bye
        raise
    await connection.close()
    ground.loaded.set()


async def _from_what_was_kept(ground: Ground, parts: Sequence[Part]) -> None:
    """Without a file that can be used the database is waited for after all, by whoever needs one."""
    try:
        found = await ground.recalled()
        needing = [part for part in parts if not part.waits]
        await _prepare_each(needing, cast("asyncpg.Connection", found.answers))
    except Unusable as error:
        log.error("snapshot_not_used", reason=str(error))  # noqa: TRY400 - the reason is all there is
        if ground.needs_answers:
            await _from_database(ground, parts, None)
        return
    for part in parts:
        if part.without_database is not None:
            part.without_database(found.as_of)
    log.error("started_without_database", as_of=found.as_of.isoformat())


async def _prepare_each(parts: Sequence[Part], connection: asyncpg.Connection) -> None:
    for part in parts:
        if part.prepare is not None:
            await part.prepare(connection)


class CatchingUp:
    """The processor of a process that has started without the database: prepares everything anew once that is there, with its tables as
    this release knows them; then it has nothing to do.
    """

    name: Final = "catching_up"

    def __init__(self, ground: Ground, parts: Sequence[Part]) -> None:
        self.interval_s = EVERY_S * uniform(0.8, 1.2)  # noqa: S311 - several servers shall not come at once
        self._ground = ground
        self._parts = parts
        self._told = ""

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - it waits for the database, not for a time
        """Zero always. What keeps it from the database is told once."""
        if self._ground.loaded.is_set():
            return 0
        try:
            async with asyncio.timeout(ANSWER_S):
                connection = await self._ground.database.connect("start", answer_s=ANSWER_S)
                try:
                    await assert_latest(connection)
                    await assert_durable(connection)
                    await _prepare_each(self._parts, connection)
                finally:
                    connection.terminate()
        except (*AWAY, Unavailable) as error:
            self._tell(str(error) or repr(error))
            return 0
        self._ground.loaded.set()
        log.warning("loaded_from_database")
        return 0

    def _tell(self, reason: str) -> None:
        if reason != self._told:
            self._told = reason
            log.info("database_waited_for", reason=reason)
