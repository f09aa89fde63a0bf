"""Trying the path to each centre before it is needed: a poll at the interval of its row, so that a dead path is known."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Invalid
from callcenter.core.held import HeldConnections
from callcenter.forwarding.claiming import LINE_COLUMNS, Open, line_of, note_path
from callcenter.forwarding.course import Outcome
from callcenter.forwarding.way import Line, Sent, Way

log = structlog.get_logger(__name__)

SUPERVISING: Final = "centre_paths"
_CLAIMED_FOR: Final = timedelta(seconds=45)
"""A cycle may take a minute; a server that dies over a poll holds nobody up."""


class CentrePaths:
    """The processor `centre_paths`, of the office. Two servers poll a centre once: whoever claims it first."""

    name: Final = SUPERVISING
    interval_s: Final = 5.0

    def __init__(
        self, database: Database, ways: Mapping[str, Way], opened: Open, clock: Clock
    ) -> None:
        self.connections = HeldConnections(database, SUPERVISING, 1)
        self._ways = ways
        self._opened = opened
        self._clock = clock

    async def run_once(self, now: datetime) -> int:
        """Poll what is due."""
        async with self.connections.use() as connection:
            rows = await connection.fetch(_DUE, now)
        polled = await asyncio.gather(*(self._poll(row) for row in rows))
        async with self.connections.use() as connection:
            for row, sent in zip(rows, polled, strict=True):
                await note_path(connection, row["centre_id"], sent, self._clock.now())
                _tell(row, sent)
            down = await connection.fetchval(_DOWN)
        metrics.CENTRES_UNREACHABLE.set(down)
        return 0

    async def _poll(self, row: Mapping[str, Any]) -> Sent:
        try:
            line: Line = line_of(row, self._opened)
        except Invalid as error:
            return Sent(Outcome.NOT_SENT, error.code)
        try:
            async with asyncio.timeout(_CLAIMED_FOR.total_seconds()):
                return await self._ways[line.way].poll(line)
        except TimeoutError:
            return Sent(Outcome.NOT_SENT, "no_answer")


def _tell(row: Mapping[str, Any], sent: Sent) -> None:
    """When it changes."""
    works = sent.outcome is Outcome.DELIVERED
    if not works and row["trouble"] is None:
        log.error("centre_unreachable", centre=row["centre_id"], reason=sent.error)
    if works and row["trouble"] is not None:
        log.warning("centre_reachable_again", centre=row["centre_id"])


_DUE = f"""
UPDATE other_centre AS centre SET tried_at = $1 FROM (
    SELECT id, trouble FROM other_centre
    WHERE active AND poll_s IS NOT NULL AND (tried_at IS NULL OR tried_at + poll_s * interval '1 second' <= $1)
    FOR UPDATE SKIP LOCKED
) AS due WHERE centre.id = due.id RETURNING {LINE_COLUMNS}, due.trouble
"""  # noqa: S608 constant columns

_DOWN = "SELECT count(*) FROM other_centre WHERE active AND trouble IS NOT NULL"
