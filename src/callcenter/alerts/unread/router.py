"""Who talks and cannot be read, for administrators."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text

from callcenter.alerts.unread.grouping import SHOWN_BYTES, Row, Unread, grouped
from callcenter.auth.guards import DatabaseSession, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal

router = APIRouter(prefix="/api/v1", tags=["devices"])

LOOKED_AT: Final = 200_000
"""Rows of the journal, the newest: the look is bounded on a site of any size."""
MOST_ROWS: Final = 3_000
"""Of those that nobody could read; a source keeps 60 a minute."""
MOST_SHOWN: Final = 100


class UnreadList(BaseModel):
    """Whoever talked last stands first. `looked_at`: how many of the newest signals were looked at."""

    items: list[Unread]
    looked_at: int = LOOKED_AT


@router.get("/unread")
async def list_unread(
    principal: Annotated[Principal, require(Action.MANAGE_USERS)], session: DatabaseSession
) -> UnreadList:
    """What came in and could not be read: who sent it to which source, why it is not understood, how often, and its bytes."""
    parts = {
        "regions": sorted(principal.regions(Action.MANAGE_USERS)),
        "looked_at": LOOKED_AT,
        "most": MOST_ROWS,
        "bytes": SHOWN_BYTES,
    }
    found = await session.execute(text(_UNREAD), parts)
    rows = [Row(**row) for row in found.mappings()]
    return UnreadList(items=grouped(rows)[:MOST_SHOWN])


_UNREAD = """
SELECT newest.source, newest.identifier, newest.reason, newest.received_at,
       substring(newest.raw FROM 1 FOR :bytes) AS raw, octet_length(newest.raw) AS size
FROM (SELECT * FROM journal ORDER BY stored_at DESC LIMIT :looked_at) AS newest
JOIN source ON source.name = newest.source
JOIN region ON region.id = source.region_id
WHERE newest.outcome = 'undecodable' AND region.path && CAST(:regions AS bigint[])
ORDER BY newest.received_at DESC
LIMIT :most
"""
