"""Takes what is older than it is kept: once a night, a small batch every few seconds, and one entry of the audit trail a run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

import asyncpg
import structlog

from callcenter.adjustable.current import Site
from callcenter.audit.trail import record_raw
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.directory.jobs import ImportJobs
from callcenter.upkeep.kinds import Cutoff, KeptKind, cutoff, is_due, setting_for
from callcenter.upkeep.old_rows import OLD_ROWS

log = structlog.get_logger(__name__)

BATCH: Final = 500


def cutoff_of(kind: KeptKind, site: Site, now: datetime) -> Cutoff | None:
    """Before which it goes as the site has it now; None: it stays."""
    setting = setting_for(kind)
    return None if setting is None else cutoff(setting, site.number(setting.name), now)


class Retention:
    """The processor `retention` of the office. The rows decide: a second server waits, and whoever starts again goes on."""

    name = "retention"
    interval_s = 5.0

    def __init__(self, database: Database, site: Site, imports: ImportJobs, zone: tzinfo) -> None:
        self._site = site
        self._imports = imports
        self._zone = zone
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """One batch. Zero always: the next one comes after a pause, so that nobody feels it."""
        async with self.connections.use() as connection, connection.transaction():
            if await connection.fetchval(_ALONE):
                await connection.execute(_CALENDAR, str(self._zone))
                run = await self._run(connection, now)
                if run is not None and not await self._take_some(connection, run["id"], now):
                    await self._end(connection, run["id"], now)
        return 0

    async def _run(self, connection: asyncpg.Connection, now: datetime) -> Mapping[str, Any] | None:
        """The one that goes on or begins now."""
        last = await connection.fetchrow(_LAST)
        if last is not None and last["ended_at"] is None:
            return last  # type: ignore[no-any-return]
        began = None if last is None else last["began_at"].astimezone(self._zone)
        if not is_due(began, now.astimezone(self._zone)):
            return None
        return await connection.fetchrow(_BEGIN, now)  # type: ignore[no-any-return]

    async def _take_some(self, connection: asyncpg.Connection, run: int, now: datetime) -> bool:
        """Of the first kind that has something; whether any had."""
        for kind, rows in OLD_ROWS.items():
            cut = cutoff_of(kind, self._site, now)
            if cut is not None and (taken := await rows.take_some(connection, cut, BATCH)):
                await connection.execute(_TOOK, run, kind.value, taken)
                return True
        return False

    async def _end(self, connection: asyncpg.Connection, run: int, now: datetime) -> None:
        cut = cutoff_of(KeptKind.IMPORT_REPORTS, self._site, now)
        if cut is not None and (
            files := await asyncio.to_thread(self._imports.forget_before, cut.at)
        ):
            await connection.execute(_TOOK, run, KeptKind.IMPORT_REPORTS.value, files)
        ended = await connection.fetchrow(_END, run, now)
        await record_raw(
            connection,
            at=now,
            principal_id=None,
            action="retention_run",
            subject="site",
            region_ids=ended["root"],
            detail={"took": ended["took"]},
        )
        log.info("retention_run", took=ended["took"])


_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('retention'))"
_CALENDAR = "SELECT set_config('TimeZone', $1, true)"
"""Days of figures are those of the site."""
_LAST = "SELECT id, began_at, ended_at FROM retention_run ORDER BY id DESC LIMIT 1"
_BEGIN = "INSERT INTO retention_run (began_at) VALUES ($1) RETURNING id, began_at, ended_at"
_TOOK = """
UPDATE retention_run
SET took = took || jsonb_build_object($2::text, coalesce((took ->> $2)::bigint, 0) + $3::bigint)
WHERE id = $1
"""
_END = """
UPDATE retention_run SET ended_at = $2 WHERE id = $1
RETURNING took, (SELECT path FROM region WHERE parent_id IS NULL ORDER BY id LIMIT 1) AS root
"""
