"""The list of incidents over HTTP, newest first: what the office reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from callcenter.alerts.archive import Archive, Look, latin_names, write_look_at_list
from callcenter.alerts.history.closed import Asked, closed_incidents
from callcenter.alerts.history.finding import Sought, find_incidents, read_place, write_place
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident, IncidentMode, Outcome, Want
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.encoding import encode
from callcenter.devices.signals import Kind

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])
past_router = APIRouter(prefix="/api/v1/history", tags=["incidents"])
"""A path of its own: what lies below `/incidents/` is answered by the alarm process."""

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


class HistoryQuery(BaseModel):
    """All that is given must hold. `since` and `until` are days at the site, both included; `after` is `next` of the page before."""

    q: Annotated[str, Field(max_length=100, description="Words of the card, a name, a number.")] = (
        ""
    )
    state: Literal["open", "closed"] | None = None
    kind: Kind | None = None
    outcome: Outcome | None = None
    mode: IncidentMode | None = None
    wanted: Want | None = None
    region_id: int | None = None
    since: date | None = None
    until: date | None = None
    after: Annotated[str | None, Field(max_length=200)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def sought(self, zone: tzinfo) -> Sought:
        return Sought(
            words=self.q.replace("\0", "").split(),
            kind=self.kind,
            outcome=self.outcome,
            mode=self.mode,
            wanted=self.wanted,
            is_open=None if self.state is None else self.state == "open",
            since=_begin(self.since, zone),
            until=_begin(self.until and self.until + timedelta(days=1), zone),
        )


class HistoryPage(BaseModel):
    """`next`: where to go on, also where this page is empty: further back nobody has looked yet. Null: that was all.
    `operators`: English names of those who took them, by user id, where they have one.
    """

    items: list[Incident]
    next: str | None
    operators: dict[str, str]


@dataclass(frozen=True, slots=True)
class Past:
    """A HistoryPage of incidents as they are read."""

    items: Sequence[Incident]
    next: str | None
    operators: Mapping[str, str]


@past_router.get("", response_model=HistoryPage)
async def search_history(
    principal: Seeing,
    archive: InArchive,
    request: Request,
    query: Annotated[HistoryQuery, Query()],
) -> Response:
    """Incidents found again, newest first, in the regions of the user."""
    look = Look(principal, client_address(request), archive.clock.now())
    page = await read_history(archive, look, query)
    return Response(encode(page), media_type="application/json")


async def read_history(archive: Archive, look: Look, query: HistoryQuery) -> Past:
    """A page of what is asked for, with the look at it in the audit trail."""
    at, row_id = read_place(query.after) if query.after is not None else (None, None)
    async with archive.connections.use() as connection:
        regions = await _regions(connection, look.principal, query.region_id)
        asked = Asked(regions, None, at, row_id, query.limit)
        found = await find_incidents(connection, asked, query.sought(archive.zone))
        await write_look_at_list(connection, look, found.incidents)
        operators = await latin_names(connection, [one.taken_by for one in found.incidents])
    return Past(found.incidents, write_place(found.behind) if found.behind else None, operators)


async def _regions(
    connection: asyncpg.Connection, principal: Principal, region_id: int | None
) -> frozenset[int]:
    """Those of the user; with a region that one, if it is theirs. A region of others holds nothing."""
    granted = principal.regions(Action.SEE_INCIDENTS)
    if region_id is None:
        return granted
    path = await connection.fetchval("SELECT path FROM region WHERE id = $1", region_id)
    return frozenset({region_id}) if granted.intersection(path or ()) else frozenset()


def _begin(day: date | None, zone: tzinfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone)


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
