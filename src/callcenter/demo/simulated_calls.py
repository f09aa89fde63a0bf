"""Simulated calls that stood when their server was killed: their exchange was in its memory, so they ended with it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import text

from callcenter.core.database import Database

GONE: Final = 127
"""Q.850 "interworking": nobody saw how it ended."""


async def end_simulated(database: Database, pbx: str, before: datetime) -> None:
    """End those that began before this start."""
    asked = {"pbx": pbx, "before": before, "gone": GONE}
    async with database.transaction() as session:
        await session.execute(text(_LEGS), asked)
        await session.execute(text(_CALLS), asked)


_STANDING: Final = (
    "pbx = :pbx AND source = 'simulated' AND state <> 'ended' AND offered_at < :before"
)

_LEGS: Final = f"""
UPDATE call_leg SET ended_at = greatest(:before, called_at)
WHERE ended_at IS NULL AND call_id IN (SELECT id FROM call WHERE {_STANDING})
"""  # noqa: S608 constant parts

_CALLS: Final = f"""
UPDATE call SET state = 'ended', ended_at = greatest(:before, offered_at, answered_at), cause = :gone WHERE {_STANDING}
"""  # noqa: S608 constant parts
