"""Emergency access over HTTP. The alarm process answers: it is needed most when something else is down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request

from callcenter.alerts.archive import Look
from callcenter.alerts.emergency.finding import FoundElsewhere
from callcenter.alerts.emergency.keeping import EmergencyAccesses, FindBody, OpenBody
from callcenter.alerts.emergency.shown import AccessView
from callcenter.auth.guards import CurrentContext, client_address, port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal

router = APIRouter(prefix="/api/v1/emergency-access", tags=["incidents"])

Opening = Annotated[Principal, require(Action.BREAK_GLASS)]
Accesses = Annotated[EmergencyAccesses, port(EmergencyAccesses)]


@router.post("/find")
async def find_in_emergency(
    body: FindBody, principal: Opening, accesses: Accesses, request: Request
) -> Sequence[FoundElsewhere]:
    """Whom somebody means who is not in one's regions: a full name, a telephone number, an address as registered, or the number
    of an incident. Each search is in the audit trail.
    """
    return await accesses.find(_look(principal, accesses, request), body)


@router.post("")
async def open_in_emergency(
    body: OpenBody,
    principal: Opening,
    accesses: Accesses,
    request: Request,
    context: CurrentContext,
) -> AccessView:
    """破窗: one home or incident outside one's regions for 15 minutes, with a reason: its profile, and working its alarm. Its
    supervisors are shown it at once. 409 `already_yours`, 429 beyond a few in an hour.
    """
    opened = await accesses.open(_look(principal, accesses, request), body)
    await context.tell_grants_changed()
    return opened


@router.get("")
async def list_emergency_access(
    principal: Opening, accesses: Accesses, request: Request
) -> Sequence[AccessView]:
    """One's own, and for supervisors those in their regions; the newest first, with what was looked at."""
    return await accesses.latest(_look(principal, accesses, request))


@router.post("/{access_id}/end")
async def end_emergency_access(
    access_id: int,
    principal: Opening,
    accesses: Accesses,
    request: Request,
    context: CurrentContext,
) -> AccessView:
    """Before its time, by whoever opened it or a supervisor there. 409 `takes_incident` while they work an alarm of it."""
    ended = await accesses.end(_look(principal, accesses, request), access_id)
    await context.tell_grants_changed()
    return ended


def _look(principal: Principal, accesses: EmergencyAccesses, request: Request) -> Look:
    return Look(principal, client_address(request), accesses.clock.now())
