"""What the watchdog asks of the server beside its seat: what became of its press, to close it, and to tell of its circle.

No other log-in opens these, and its own opens nothing else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel

from callcenter.alerts.handling.away import Away, either
from callcenter.alerts.handling.calling_off import CALL_OFF
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.auth.guards import CurrentContext, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import NotFound
from callcenter.devices.watch_device import WATCH_PATH
from callcenter.liveness.circle import Circle
from callcenter.liveness.watching import Watchdogs

router = APIRouter(prefix="/api/v1/watch", tags=["operations"])

Watching = Annotated[Principal, require(Action.WATCH)]
Bench = Annotated[Workbench, port(Workbench)]
WhileAway = Annotated[Away, port(Away)]
Known = Annotated[Watchdogs, port(Watchdogs)]


class WatchedPress(BaseModel):
    """What became of a press. `kept`: the database is away, and nothing of this is known yet."""

    kept: bool = False
    journal: str | None = None
    """Its outcome in the journal."""
    proofs: list[str] = []
    """`seen`, `sounding`: whichever was kept of the ring."""
    texts: list[str] = []
    """States of its texts."""
    state: str | None = None


class CircleBody(Circle):
    """`at`: when it tells, by its own clock."""

    at: datetime


class ToldView(BaseModel):
    """`now` by the server's clock. `known` false: the server does not know this watchdog yet, and shows nothing of it."""

    now: datetime
    known: bool


@router.post("/circles")
async def tell_circle(
    body: CircleBody, principal: Watching, watchdogs: Known, context: CurrentContext
) -> ToldView:
    """A circle has closed, or has not. Needs no database."""
    now = context.clock.now()
    circle = Circle(pressed_at=body.pressed_at, legs=body.legs)
    found = watchdogs.heard(principal.user_id, circle, body.at, now)
    return ToldView(now=now, known=found is not None)


@router.get("/incidents/{incident_id}")
async def show_press(
    incident_id: UUID,
    _principal: Watching,
    bench: Bench,
    away: WhileAway,
    signal: UUID | None = None,
) -> WatchedPress:
    """What became of the press that opened or joined it; `signal` is its id in the journal."""

    async def asked(connection: asyncpg.Connection) -> WatchedPress:
        row = await connection.fetchrow(_PRESS, incident_id, list(WATCH_PATH), signal)
        if row is None:
            raise NotFound(f"The watchdog has no incident {incident_id}.", what="incident")
        return WatchedPress(**row)

    async def kept() -> WatchedPress:
        return WatchedPress(kept=True)

    return await either(bench.connections, away, incident_id, asked, kept)


@router.post("/incidents/{incident_id}/close")
async def close_press(
    incident_id: UUID, _principal: Watching, bench: Bench, away: WhileAway
) -> WatchedPress:
    """The circle is round. While the database is away it stays open, unseen by anybody, and the next press joins it."""

    async def asked(connection: asyncpg.Connection) -> WatchedPress:
        if not await connection.fetchval(_OWN, incident_id, list(WATCH_PATH)):
            raise NotFound(f"The watchdog has no incident {incident_id}.", what="incident")
        closed = await carry_out(connection, bench, incident_id, of_system(CALL_OFF, None))
        return WatchedPress(state=closed.state.value)

    async def later() -> WatchedPress:
        return WatchedPress(kept=True)

    return await either(bench.connections, away, incident_id, asked, later)


_OWN = "SELECT true FROM incident WHERE id = $1 AND region_path = $2::bigint[]"
_PRESS = """
SELECT incident.state, (SELECT outcome FROM journal WHERE journal.id = $3) AS journal,
       array(SELECT proof FROM incident_proof WHERE incident_id = incident.id AND incident_proof.ring = incident.ring
             ORDER BY proof) AS proofs,
       array(SELECT sms_message.state FROM sms_message WHERE reference = incident.id ORDER BY 1) AS texts
FROM incident WHERE incident.id = $1 AND region_path = $2::bigint[]
"""
