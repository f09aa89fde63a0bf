"""The list of incidents over HTTP, newest first: what the office reads."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from callcenter.alerts.archive import Archive, Look, write_look_at_list
from callcenter.alerts.history.closed import Asked, closed_incidents
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.encoding import encode

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

Seeing = Annotated[Principal, require(Action.SEE_INCIDENTS)]
InArchive = Annotated[Archive, port(Archive)]


class ListQuery(BaseModel):
    """All that is given must hold. The next page of closed ones lies before `opened_at` and `id` of the last."""

    state: Literal["open", "waiting", "taken", "following", "closed"] | None = None
    home_id: int | None = None
    before: datetime | None = None
    before_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    @property
    def states(self) -> list[str] | None:
        """Those that are asked for; None: all."""
        if self.state is None:
            return None
        return ["waiting", "taken", "following"] if self.state == "open" else [self.state]


@router.get("", response_model=list[Incident])
async def list_incidents(
    principal: Seeing, archive: InArchive, request: Request, query: Annotated[ListQuery, Query()]
) -> Response:
    """Newest first, in the regions of the user."""
    look = Look(principal, client_address(request), archive.clock.now())
    regions = principal.regions(Action.SEE_INCIDENTS)
    async with archive.connections.use() as connection:
        listed = await _read(connection, regions, query)
        await write_look_at_list(connection, look, listed)
    return Response(encode(listed), media_type="application/json")


async def _read(
    connection: asyncpg.Connection, regions: frozenset[int], query: ListQuery
) -> list[Incident]:
    if query.state == "closed":
        asked = Asked(regions, query.home_id, query.before, query.before_id, query.limit)
        return await closed_incidents(connection, asked)
    given = query.home_id, query.before, query.limit
    rows = await connection.fetch(_LIST, list(regions), query.states, *given)
    return [Incident.of(row) for row in rows]


_LIST = f"""
SELECT {INCIDENT_COLUMNS} FROM incident
WHERE region_path && $1::bigint[] AND ($2::text[] IS NULL OR state = ANY($2))
  AND ($3::bigint IS NULL OR home_id = $3) AND ($4::timestamptz IS NULL OR opened_at < $4)
ORDER BY opened_at DESC LIMIT $5
"""  # noqa: S608 constant columns
