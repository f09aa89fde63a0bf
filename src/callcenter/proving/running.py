"""Proofs that were asked for on the page: the office reads them one after the other, beside its other work."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg
import structlog

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Invalid, Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.supervisor import wait_for_any
from callcenter.proving.checks import prove
from callcenter.proving.facts import Span
from callcenter.proving.reading import read_facts
from callcenter.proving.report import Report

log = structlog.get_logger(__name__)

LONGEST: Final = timedelta(minutes=20)
"""A proof that takes longer is given up; one whose office died is begun anew after it."""
LOOKS_EVERY_S: Final = 10.0
TOO_LONG: Final = "too_long"
UNREADABLE: Final = "unreadable"
ARCHIVED: Final = "archived"


async def prove_span(
    database: Database, span: Span, spool: Path, archive: Path | None = None
) -> Report:
    """Read and judge. Raises Invalid `span_archived`, Unavailable, and what asyncpg raises where the tables are those of another release."""
    facts = await read_facts(database, span, spool, archive)
    return await asyncio.to_thread(prove, facts)


class Proofs:
    """`run` is a task of the office: a proof takes longer than the cycle of a processor may."""

    def __init__(
        self, database: Database, clock: Clock, spool: Path, archive: Path | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._spool = spool
        self._archive = archive
        self._asked = asyncio.Event()
        self.connections = HeldConnections(database, "proofs", 1)

    async def hurry(self) -> None:
        """Somebody has asked, and that is committed."""
        self._asked.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            self._asked.clear()
            try:
                while await self.work_off():
                    pass
            except (Unavailable, asyncpg.PostgresError, OSError) as error:
                log.warning("proof_not_begun", reason=str(error))
            await wait_for_any([self._asked], timeout_s=LOOKS_EVERY_S)

    async def work_off(self) -> bool:
        """The oldest that waits; False: none does."""
        now = self._clock.now()
        async with self.connections.use() as connection:
            run = await connection.fetchrow(_CLAIM, now, now + LONGEST)
        if run is None:
            return False
        result, failure = await self._outcome(Span(run["since"], run["until"], now))
        async with self.connections.use() as connection:
            await connection.execute(_END, run["id"], self._clock.now(), result, failure)
        return True

    async def _outcome(self, span: Span) -> tuple[dict[str, Any] | None, str | None]:
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                report = await prove_span(self._database, span, self._spool, self._archive)
                return report.as_json(), None
        except TimeoutError:
            return None, TOO_LONG
        except Invalid:
            return None, ARCHIVED
        except (
            Exception
        ):  # whatever is wrong with a proof must not end the office, which sends texts
            log.exception("proof_failed")
            return None, UNREADABLE


_CLAIM = """
UPDATE proof_run SET lease_until = $2 WHERE id = (
    SELECT id FROM proof_run WHERE ended_at IS NULL AND (lease_until IS NULL OR lease_until < $1)
    ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, since, until
"""
_END = "UPDATE proof_run SET ended_at = $2, result = $3, failure = $4 WHERE id = $1 AND ended_at IS NULL"
