"""The office keeps what the alarm process would need to start without a database (kept_answers): two processors.

The board is written when something has changed on it, the directory when something in it has changed, and each the less often the
longer it takes: neither costs more than a few hundredths of a processor, however large the site is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg
import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.data_folder import board_file, directory_file
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.snapshot_file import Sealing, SnapshotWriter
from callcenter.devices.registry import changes
from callcenter.hotline.known_lines import CHANNEL
from callcenter.runtime.ground import Ground
from callcenter.runtime.kept_answers import (
    BOARD_FORM,
    DIRECTORY_FORM,
    board_answers,
    directory_answers,
)
from callcenter.runtime.part import Part

log = structlog.get_logger(__name__)

BOARD: Final = "board_snapshot"
DIRECTORY: Final = "directory_snapshot"
SHARE: Final = 20
"""After a writing that took a second nothing is written for so many."""
GATHER_S: Final = 0.5


class DirectorySnapshot:
    """The processor that writes who calls, when that has changed since it was written; `true_at` tells up to when it is known to be true."""

    name = DIRECTORY
    interval_s = 60.0

    def __init__(
        self,
        data_dir: Path,
        sealing: Sealing,
        database: Database,
        clock: Clock,
        written: Callable[[], None] = lambda: None,
    ) -> None:
        self._tell = written
        self._path = directory_file(data_dir)
        self._sealing = sealing
        self._clock = clock
        self.connections = HeldConnections(database, self.name, 1)
        self._written: changes.Marks | None = None
        self._not_before = 0.0
        self.true_at: datetime | None = None

    async def run_once(self, now: datetime) -> int:
        """Zero always."""
        async with self.connections.use() as connection:
            if self._written is not None and await changes.none_since(connection, self._written):
                self.true_at = now
            elif self._clock.monotonic() >= self._not_before:
                await self._write(connection, now)
        return 0

    async def _write(self, connection: asyncpg.Connection, now: datetime) -> None:
        began = self._clock.monotonic()
        with SnapshotWriter(self._path, self._sealing, DIRECTORY_FORM) as writer:
            # One moment for all of it: nobody moves from a page that is not read yet to one that was.
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                marks = await changes.marks(connection)
                async for record in directory_answers(connection, now):
                    writer.add(record)
                    await asyncio.sleep(0)
            size = await asyncio.to_thread(writer.finish)
        took = self._clock.monotonic() - began
        self._written, self.true_at, self._not_before = marks, now, began + took * SHARE
        metrics.SNAPSHOT_BYTES.labels("directory").set(size)
        self._tell()
        log.debug("snapshot_written", file="directory", bytes=size, seconds=round(took, 3))


class BoardSnapshot:
    """The processor that writes what is open and who is logged in: on a hint, else every ten seconds. `codes`: of regions that
    listeners name.
    """

    name = BOARD
    interval_s = 10.0

    def __init__(
        self,
        directory: DirectorySnapshot,
        data_dir: Path,
        sealing: Sealing,
        database: Database,
        codes: Sequence[str],
        clock: Clock,
    ) -> None:
        self._directory = directory
        self._path = board_file(data_dir)
        self._sealing = sealing
        self._codes = codes
        self._clock = clock
        self._pause_s = 0.0
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Zero always."""
        true_at = self._directory.true_at
        if true_at is None:
            return 0
        await asyncio.sleep(max(GATHER_S, self._pause_s))
        began = self._clock.monotonic()
        async with self.connections.use() as connection:
            made = await board_answers(connection, self._codes, self._clock.now(), true_at)
        with SnapshotWriter(self._path, self._sealing, BOARD_FORM) as writer:
            for record in made:
                writer.add(record)
            size = await asyncio.to_thread(writer.finish)
        self._pause_s = SHARE * (self._clock.monotonic() - began)
        metrics.SNAPSHOT_BYTES.labels("board").set(size)
        metrics.SNAPSHOT_WRITTEN_AT.set(now.timestamp())
        return 0


def remembering_part(ground: Ground) -> Part:
    """Of the office."""
    settings, clock = ground.settings, ground.clock
    codes = [each.region for each in settings.listeners if each.region is not None]
    where = settings.data_dir, ground.seal, ground.database
    directory = DirectorySnapshot(*where, clock, lambda: ground.wakeups.wake(BOARD))
    board = BoardSnapshot(directory, *where, codes, clock)

    def wake(_payload: str) -> None:
        ground.wakeups.wake(BOARD)

    async def stop() -> None:
        await directory.connections.close()
        await board.connections.close()

    return Part(
        processors=[directory, board],
        listens={"incidents": wake, "grants": wake, CHANNEL: wake},
        stop=stop,
    )
