"""The list of incidents over HTTP, newest first: what the office reads."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from callcenter.alerts.archive import Archive, Look, write_look_at_list
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.encoding import encode

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

Seeing = Annotated[Principal, require(Action.SEE_INCIDENTS)]
InArchive = Annotated[Archive, port(Archive)]


@router.get("", response_model=list[Incident])
async def list_incidents(
    principal: Seeing,
    archive: InArchive,
    request: Request,
    state: Literal["open", "waiting", "taken", "following", "closed"] | None = None,
    home_id: int | None = None,
    before: datetime | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Newest first, in the regions of the user."""
    states = {"open": ["waiting", "taken", "following"], None: None}.get(state, [str(state)])
    look = Look(principal, client_address(request), archive.clock.now())
    async with archive.connections.use() as connection:
        rows = await connection.fetch(
            _LIST,
            list(principal.regions(Action.SEE_INCIDENTS)),
            states,
            home_id,
            before,
            limit,
        )
        listed = [Incident.of(row) for row in rows]
        await write_look_at_list(connection, look, listed)
    return Response(encode(listed), media_type="application/json")


_LIST = f"""
SELECT {INCIDENT_COLUMNS} FROM incident
WHERE region_path && $1::bigint[] AND ($2::text[] IS NULL OR state = ANY($2))
  AND ($3::bigint IS NULL OR home_id = $3) AND ($4::timestamptz IS NULL OR opened_at < $4)
ORDER BY opened_at DESC LIMIT $5
"""  # noqa: S608 constant columns
