"""The office's side of the API, and the whole of it for the document and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cache
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.datastructures import State

from callcenter.alerts.field.router import (
    figures_router as sent_figures_router,
    router as field_of_incident_router,
)
from callcenter.alerts.history.router import past_router, router as history_router
from callcenter.alerts.plans.router import router as plans_router
from callcenter.alerts.printing.router import router as printing_router
from callcenter.alerts.unread.router import router as unread_router
from callcenter.api import health
from callcenter.api.alarm_side import ALARM_ROUTERS
from callcenter.api.assembly import assemble
from callcenter.api.body_bounds import USUAL, BodyBounds
from callcenter.api.documentation import router as documentation_router
from callcenter.api.lists.router import router as lists_router
from callcenter.api.openapi import complete_openapi
from callcenter.api.trail.router import router as trail_router
from callcenter.api.watchdogs import router as watchdogs_router
from callcenter.auth.guards import Context
from callcenter.auth.router import router as accounts_router
from callcenter.auth.users.router import router as users_router
from callcenter.auth.walls.router import router as walls_router
from callcenter.calls.router import router as calls_router
from callcenter.commissioning.router import router as commissioning_router
from callcenter.communities.router import router as communities_router
from callcenter.devices.router import router as devices_router
from callcenter.directory.merging.router import router as merging_router
from callcenter.directory.router import router as directory_router
from callcenter.directory.words_router import router as words_router
from callcenter.dispatch.desk.router import router as desk_router
from callcenter.dispatch.duty.router import router as duty_router
from callcenter.dispatch.phone.router import router as phone_router
from callcenter.dispatch.phones.router import router as phones_router
from callcenter.dispatch.positions.router import router as positions_router
from callcenter.dispatch.wishes.router import router as wishes_router
from callcenter.drawing.router import router as drawing_router
from callcenter.drills.router import router as drills_router
from callcenter.families.router import router as families_router
from callcenter.forwarding.router import router as centres_router
from callcenter.hotline.call_outs.router import router as call_outs_router
from callcenter.hotline.cards.router import router as cards_router
from callcenter.hotline.figures.router import router as call_figures_router
from callcenter.hotline.filing.router import router as filing_router
from callcenter.hotline.recordings.router import router as recordings_router
from callcenter.proving.router import router as proofs_router
from callcenter.records.around.router import router as around_router
from callcenter.records.router import router as records_router
from callcenter.residents.photographs.router import router as photographs_router
from callcenter.residents.router import router as residents_router
from callcenter.rounds.pairs.router import router as pairs_router
from callcenter.rounds.phone_router import router as phone_rounds_router
from callcenter.rounds.rides.router import router as rides_router
from callcenter.rounds.router import router as rounds_router
from callcenter.sms.router import gateways_router
from callcenter.telephony.keeping.router import router as lines_router
from callcenter.upkeep.router import router as upkeep_router

OFFICE_ROUTERS = (
    history_router,
    past_router,
    field_of_incident_router,
    sent_figures_router,
    printing_router,
    words_router,
    directory_router,  # before residents: /residents/export is no resident
    residents_router,
    photographs_router,
    records_router,
    around_router,
    devices_router,
    unread_router,
    calls_router,
    call_outs_router,
    duty_router,
    plans_router,
    walls_router,
    drills_router,
    gateways_router,
    watchdogs_router,
    centres_router,
    desk_router,
    phone_router,
    phones_router,
    positions_router,
    wishes_router,
    communities_router,
    drawing_router,
    merging_router,
    accounts_router,
    commissioning_router,
    users_router,
    upkeep_router,
    trail_router,
    proofs_router,
    lists_router,
    rounds_router,
    pairs_router,
    rides_router,
    phone_rounds_router,
    recordings_router,
    families_router,
    call_figures_router,
    lines_router,
    filing_router,
    cards_router,
    health.alive_router,
    documentation_router,
)
"""What the office answers, through the alarm process."""
MOST_ASKED: Final = (positions_router, phone_router)
"""Looked through before all others: every phone and every map asks for one of these several times a minute."""


def create_api(
    context: Context,
    *,
    routers: Sequence[APIRouter] = (),
    framed_by: Sequence[str] = (),
    bounds: BodyBounds = USUAL,
) -> FastAPI:
    """The whole HTTP side in one application, for the document and for tests. `routers` are those that adapters bring, such as
    the call-backs of an SMS gateway.
    """
    if routers:
        known = (*ALARM_ROUTERS, *OFFICE_ROUTERS, *routers)
        return with_context(assemble(known, framed_by, bounds, with_console=True), context)
    app = with_context(_usual(tuple(framed_by), bounds), context)
    app.openapi = openapi_document  # type: ignore[method-assign] # which takes seconds to make
    return app


def with_context(app: FastAPI, context: Context) -> FastAPI:
    """A copy that answers with this context. It shares the routes, which take a third of a second to make."""
    own = copy(app)
    own.state = State()
    own.state.context = context
    own.openapi = lambda: complete_openapi(own)  # type: ignore[method-assign]
    return own


@cache
def _usual(framed_by: tuple[str, ...], bounds: BodyBounds) -> FastAPI:
    return assemble((*ALARM_ROUTERS, *OFFICE_ROUTERS), framed_by, bounds, with_console=True)


def office_api(
    context: Context,
    *,
    routers: Sequence[APIRouter] = (),
    framed_by: Sequence[str] = (),
    bounds: BodyBounds = USUAL,
    servers: Sequence[str] = (),
) -> FastAPI:
    """What the office serves; its document describes the whole server."""
    known = (*sorted(OFFICE_ROUTERS, key=lambda each: each not in MOST_ASKED), *routers)
    app = assemble(known, framed_by, bounds, with_console=False, servers=servers)
    app.state.context = context
    app.openapi = openapi_document  # type: ignore[method-assign]
    return app


@cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI document, made without a database; the console's types are generated from it."""
    known = (*ALARM_ROUTERS, *OFFICE_ROUTERS)
    return complete_openapi(assemble(known, (), with_console=False))
