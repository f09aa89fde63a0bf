"""The printed page over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from callcenter.alerts.archive import Archive, Look, find_incident, read_detail, write_look
from callcenter.alerts.printing.page import print_page
from callcenter.alerts.printing.people import read_around
from callcenter.auth.guards import client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])

Seeing = Annotated[Principal, require(Action.SEE_INCIDENTS)]
InArchive = Annotated[Archive, port(Archive)]


@router.get("/{incident_id}/print", response_class=Response)
async def print_incident(
    incident_id: UUID,
    principal: Seeing,
    archive: InArchive,
    request: Request,
    lang: Literal["zh-CN", "en"] = "zh-CN",
) -> Response:
    """The incident on one page (处置单), for the printer."""
    look = Look(principal, client_address(request), archive.clock.now())
    async with archive.connections.use() as connection:
        incident = await find_incident(connection, incident_id, principal, Action.SEE_INCIDENTS)
        detail = await read_detail(connection, incident)
        may_see = principal.may(Action.SEE_PROFILES, incident.region_path, incident.subjects)
        around = await read_around(connection, incident, with_people=may_see)
        await write_look(connection, look, "incident_printed", incident)
    page = print_page(detail, lang, archive.zone, look.at, around)
    return Response(page, media_type="text/html; charset=utf-8")
