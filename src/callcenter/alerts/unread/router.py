"""What came in, for those who look after devices: what nobody could read, who nobody knows, and what one device has sent."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import text

from callcenter.alerts.unread import frames, strangers
from callcenter.alerts.unread.frames import FramesView
from callcenter.alerts.unread.grouping import SHOWN_BYTES, Row, Unread, grouped
from callcenter.alerts.unread.strangers import StrangerView
from callcenter.auth.guards import DatabaseSession, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.devices.inventory import DeviceView, device_views
from callcenter.residents.guards import Hint, Trail

router = APIRouter(prefix="/api/v1", tags=["devices"])

Manager = require(Action.MANAGE_DEVICES)

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


@router.get("/devices/{device_id}/frames", dependencies=[Manager])
async def list_frames(
    device_id: int, asking: Trail, since: AwareDatetime | None = None
) -> FramesView:
    """What it has sent within a day, or since then, with what was understood of it and what became of it."""
    return await frames.list_frames(asking, device_id, since)


@router.post("/devices/{device_id}/tried", dependencies=[Manager, Hint])
async def tick_device_off(device_id: int, asking: Trail) -> DeviceView:
    """It was pressed in test, and its frame has arrived."""
    return (await device_views(asking, [await frames.tick_off(asking, device_id)]))[0]


@router.get("/strangers", dependencies=[Manager])
async def list_strangers(asking: Trail) -> list[StrangerView]:
    """Callers of the last 30 days that are registered nowhere. What rang is complete, the rest as far as the journal was
    looked through."""
    return await strangers.list_strangers(asking)


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
