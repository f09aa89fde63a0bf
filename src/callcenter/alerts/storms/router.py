"""Storms over HTTP: those that are shown, an order for all alarms of one, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request, Response

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.storm_shown import STORM_COLUMNS, STORM_JOINED, StormView, storm_view
from callcenter.alerts.storms.ordering import UNDO, StormOrderBody, check_order
from callcenter.audit.trail import record_raw
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.encoding import encode
from callcenter.core.errors import Conflict, NotFound

router = APIRouter(prefix="/api/v1/storms", tags=["incidents"])

Seeing = Annotated[Principal, require(Action.SEE_INCIDENTS)]
Handling = Annotated[Principal, require(Action.HANDLE_STORMS)]
Bench = Annotated[Workbench, port(Workbench)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who orders, from where, when."""

    principal: Principal
    address: str
    now: datetime


@router.get("", response_model=list[StormView])
async def list_storms(principal: Seeing, bench: Bench) -> Response:
    """Those that have open alarms, or may get more, in the regions of the user; the first first."""
    regions = sorted(principal.regions(Action.SEE_INCIDENTS))
    async with bench.connections.use() as connection:
        rows = await connection.fetch(_SHOWN, regions)
    return _json([storm_view(row) for row in rows])


@router.post("/{storm_id}/orders", response_model=StormView)
async def order_for_storm(
    storm_id: UUID, body: StormOrderBody, principal: Handling, bench: Bench, request: Request
) -> Response:
    """全部接警, 全部备注, 全部办结: what is to be done with every alarm of the storm that came until now. It begins ten seconds later,
    unless it is taken back; an alarm in a colleague's hands, one that was heard of again meanwhile, and one whose home has an
    alarm of another kind are left out. 409 `storm_has_order` while another order is not done.
    """
    check_order(body)
    asked = _Asked(principal, client_address(request), bench.clock.now())
    async with bench.connections.use() as connection, connection.transaction():
        reaches = await _find(connection, storm_id, principal)
        if await _write(connection, storm_id, body, asked):
            detail = {"order": str(body.command_id), "action": body.action, "outcome": body.outcome}
            await _note(connection, asked, storm_id, reaches, "storm_ordered", detail)
        return await _shown(connection, storm_id)


@router.post("/{storm_id}/orders/{order_id}/take-back", response_model=StormView)
async def take_back_storm_order(
    storm_id: UUID, order_id: UUID, principal: Handling, bench: Bench, request: Request
) -> Response:
    """撤销: nothing of the order happens. 409 `storm_order_begun` once it has begun."""
    asked = _Asked(principal, client_address(request), bench.clock.now())
    async with bench.connections.use() as connection, connection.transaction():
        reaches = await _find(connection, storm_id, principal)
        taken_back = await connection.fetchrow(_TAKE_BACK, order_id, storm_id, principal.user_id)
        if taken_back is None:
            await _demand_taken_back(connection, storm_id, order_id)
        else:
            detail = {"order": str(order_id)}
            await _note(connection, asked, storm_id, reaches, "storm_order_taken_back", detail)
        return await _shown(connection, storm_id)


async def _find(
    connection: asyncpg.Connection, storm_id: UUID, principal: Principal
) -> Sequence[int]:
    """The regions it reaches. Raises NotFound where the user handles none of them."""
    reaches: Sequence[int] | None = await connection.fetchval(_REACHES, storm_id)
    if reaches is None:
        raise NotFound(f"There is no storm {storm_id}.", what="storm")
    principal.find(Action.HANDLE_STORMS, reaches, "storm")
    return reaches


async def _write(
    connection: asyncpg.Connection, storm_id: UUID, body: StormOrderBody, asked: _Asked
) -> bool:
    """Whether the order is new. Raises Conflict `storm_has_order` and `command_of_other_incident`."""
    who = asked.principal
    regions = sorted(who.regions(Action.HANDLE_STORMS))
    outcome = body.outcome if body.action == "close" else None
    written = await connection.fetchval(
        _ORDER, body.command_id, storm_id, body.action, outcome, body.note.strip(), who.user_id,
        who.name, regions, asked.now, UNDO,
    )  # fmt: skip
    if written is not None:
        return True
    held = await connection.fetchval(_STORM_OF_ORDER, body.command_id)
    if held == storm_id:
        return False
    if held is not None:
        raise Conflict("This id was used for another storm.", code="command_of_other_incident")
    raise Conflict("There is an order for this storm that is not done yet.", code="storm_has_order")


async def _demand_taken_back(
    connection: asyncpg.Connection, storm_id: UUID, order_id: UUID
) -> None:
    """Raises NotFound for an order that there is not, Conflict `storm_order_begun` for one that goes on or is done."""
    state = await connection.fetchval(_STATE, order_id, storm_id)
    if state is None:
        raise NotFound(f"There is no order {order_id}.", what="storm_order")
    if state != "taken_back":
        raise Conflict("The order has begun: it cannot be taken back.", code="storm_order_begun")


async def _note(
    connection: asyncpg.Connection,
    asked: _Asked,
    storm_id: UUID,
    reaches: Sequence[int],
    action: str,
    detail: Mapping[str, Any],
) -> None:
    await record_raw(
        connection,
        at=asked.now,
        principal_id=asked.principal.user_id,
        action=action,
        subject=f"storm:{storm_id}",
        region_ids=reaches,
        address=asked.address,
        detail=detail,
    )


async def _shown(connection: asyncpg.Connection, storm_id: UUID) -> Response:
    return _json(storm_view(await connection.fetchrow(_ONE, storm_id)))


def _json(document: object) -> Response:
    return Response(encode(document), media_type="application/json")


_SELECT = f"SELECT {STORM_COLUMNS} FROM storm {STORM_JOINED}"  # noqa: S608 constant columns
_ONE = f"{_SELECT} WHERE storm.id = $1"
_SHOWN = f"{_SELECT} WHERE storm.settled_at IS NULL AND storm.reaches && $1::bigint[] ORDER BY storm.since"

_REACHES = "SELECT reaches FROM storm WHERE id = $1"

_ORDER = """
WITH ordered AS (
    INSERT INTO storm_order (id, storm_id, action, outcome, note, user_id, user_name, regions, ordered_at, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + $10::interval)
    ON CONFLICT DO NOTHING RETURNING id, storm_id
)
UPDATE storm SET version = version + 1, order_id = ordered.id FROM ordered WHERE storm.id = ordered.storm_id
RETURNING ordered.id
"""

_STORM_OF_ORDER = "SELECT storm_id FROM storm_order WHERE id = $1"
_STATE = "SELECT state FROM storm_order WHERE id = $1 AND storm_id = $2"

_TAKE_BACK = """
WITH back AS (
    UPDATE storm_order SET state = 'taken_back', taken_back_by = $3
    WHERE id = $1 AND storm_id = $2 AND state = 'waiting' RETURNING storm_id
)
UPDATE storm SET version = version + 1 FROM back WHERE storm.id = back.storm_id RETURNING storm.id
"""
