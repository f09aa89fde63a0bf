"""Who is sent to an incident, over HTTP: of the office. Whoever wants to send somebody does not need it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from callcenter.alerts.field.figures import SentFigures, sent_figures
from callcenter.alerts.field.reading import Wanted, find_place, read_field, read_went
from callcenter.alerts.field.shown import FieldOfIncident
from callcenter.alerts.incident import subjects_of
from callcenter.auth.guards import CurrentContext, DatabaseSession, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import NotFound
from callcenter.records.staff_kinds import StaffKind

router = APIRouter(prefix="/api/v1/incidents", tags=["field"])

figures_router = APIRouter(prefix="/api/v1/sent", tags=["field"])

Counting = Annotated[Principal, require(Action.SEE_FIGURES)]
Sending = Annotated[Principal, require(Action.SEE_FIELD)]


class FieldQuery(BaseModel):
    """Whom the seat looks for; none: whoever may go to an alarm."""

    kinds: Annotated[list[StaffKind], Field(max_length=len(StaffKind))] = []
    skills: Annotated[list[str], Field(max_length=20)] = []


@router.get("/{incident_id}/field", name="show_field_of_incident")
async def show_field_of_incident(
    incident_id: UUID,
    principal: Sending,
    session: DatabaseSession,
    context: CurrentContext,
    query: Annotated[FieldQuery, Query()],
) -> FieldOfIncident:
    """Who was asked, who goes and when they are there; who could be asked, the best first and why, and who cannot and why not."""
    place = await find_place(session, incident_id)
    if place is None:
        raise NotFound(f"There is no incident {incident_id}.", what="incident")
    subjects = subjects_of(place["id"], place["home_id"])
    principal.find(Action.SEE_FIELD, place["region_path"], "incident", subjects)
    zone, seen = ZoneInfo(context.site_timezone), principal.regions(Action.SEE_FIELD)
    wanted = Wanted(query.kinds, query.skills, seen)
    return await read_field(session, place, wanted, context.clock.now(), zone)


@figures_router.get("/figures", name="show_sent_figures")
async def show_sent_figures(
    principal: Counting,
    session: DatabaseSession,
    context: CurrentContext,
    days: Annotated[int, Query(ge=1, le=366)] = 30,
) -> SentFigures:
    """How soon somebody was there, of those who were sent to alarms, in the regions of the user: 45 and 60 minutes, and the medians."""
    now = context.clock.now()
    went = await read_went(
        session, principal.regions(Action.SEE_FIGURES), now - timedelta(days=days)
    )
    return sent_figures(went, now, days)
