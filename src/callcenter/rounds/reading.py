"""Neighbours' words and ratings are carried out: a processor of the office; each text once, in the transaction in which it is done."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

import structlog
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.core.errors import CallCenterError, Unavailable
from callcenter.dispatch.faults import AWAY, OF_THE_ROW
from callcenter.rounds.answers import take

log = structlog.get_logger(__name__)

NAME: Final = "round_answers"
BATCH: Final = 50
MEANING: Final = "round"


class RoundAnswers:
    """The processor: hinted when a text is kept, else every second."""

    name: Final = NAME
    interval_s: Final = 1.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def run_once(self, now: datetime) -> int:
        """How many were carried out. Raises Unavailable."""
        try:
            return sum([await self._next(now) for _ in range(await self._waiting())])
        except AWAY as error:
            raise Unavailable("What neighbours and passengers wrote cannot be read now.") from error

    async def _waiting(self) -> int:
        async with self._database.transaction() as session:
            return min(BATCH, await session.scalar(text(_WAITING)) or 0)

    async def _next(self, now: datetime) -> bool:
        """The oldest that no other office has in hand. What turns out to be somebody else's is handed to whoever reads for incidents."""
        async with self._database.transaction() as session:
            row = (await session.execute(text(_OLDEST))).mappings().one_or_none()
            if row is None:
                return False
            done = await self._taken(session, row, now)
            if done:
                about = {"id": row["id"], "meaning": MEANING, "now": now}
                await session.execute(text(_HANDLED), about)
            else:
                await session.execute(text(_TO_OTHER_READER), {"id": row["id"]})
            return done

    async def _taken(self, session: AsyncSession, row: RowMapping, now: datetime) -> bool:
        try:
            async with session.begin_nested():
                return await take(session, row["id"], row["sender"], row["text"], now, self._zone)
        except CallCenterError as error:
            log.warning("round_answer_refused", inbound_id=str(row["id"]), code=error.code)
        except OF_THE_ROW as error:  # it would never be stored, and stand before all others
            log.error("round_answer_refused", inbound_id=str(row["id"]), code=str(error.orig))  # noqa: TRY400 - the reason is all there is
        return False


_WAITING = "SELECT count(*) FROM sms_inbound WHERE handled_at IS NULL AND reader = 'round'"

_OLDEST = """
SELECT id, sender, text FROM sms_inbound WHERE handled_at IS NULL AND reader = 'round'
ORDER BY received_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""

_HANDLED = "UPDATE sms_inbound SET meaning = :meaning, handled_at = :now WHERE id = :id"

_TO_OTHER_READER = "UPDATE sms_inbound SET reader = 'incident' WHERE id = :id"
