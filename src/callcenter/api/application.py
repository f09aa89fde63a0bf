"""Puts the API together: routers, one shape of errors, headers, documentation, console."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import Scope

from callcenter.alerts.handling.router import router as incidents_router
from callcenter.alerts.history.router import past_router, router as history_router
from callcenter.alerts.plans.router import router as plans_router
from callcenter.alerts.printing.router import router as printing_router
from callcenter.alerts.unread.router import router as unread_router
from callcenter.api import health, trail
from callcenter.api.admission import Admission
from callcenter.api.asking import WordsInBody
from callcenter.api.console import Console
from callcenter.api.documentation import router as documentation_router
from callcenter.api.errors import handle_errors
from callcenter.api.middleware import BodyLimit, Fence, SecurityHeaders
from callcenter.api.openapi import complete_openapi
from callcenter.api.paths import Owner, owner_of
from callcenter.auth.guards import Context
from callcenter.auth.own_session import router as session_router
from callcenter.auth.router import router as accounts_router
from callcenter.devices.router import router as devices_router
from callcenter.directory.router import router as directory_router
from callcenter.residents.router import router as residents_router
from callcenter.seats.socket import router as seats_router

ALARM_ROUTERS = (
    seats_router,
    incidents_router,
    session_router,
    health.router,
)
"""What the alarm process answers itself: nothing here computes or waits for anything but the database."""

OFFICE_ROUTERS = (
    history_router,
    past_router,
    printing_router,
    directory_router,  # before residents: /residents/export is no resident
    residents_router,
    devices_router,
    unread_router,
    plans_router,
    accounts_router,
    trail.router,
    health.alive_router,
    documentation_router,
)
"""What the office answers, through the alarm process."""


def create_api(
    context: Context, *, routers: Sequence[APIRouter] = (), framed_by: Sequence[str] = ()
) -> FastAPI:
    """The whole HTTP side in one application, for the document and for tests. `routers` are those that adapters bring, such as
    the call-backs of an SMS gateway.
    """
    app = _assemble((*ALARM_ROUTERS, *OFFICE_ROUTERS, *routers), framed_by, with_console=True)
    app.state.context = context
    return app


def alarm_api(context: Context, framed_by: Sequence[str] = ()) -> FastAPI:
    """What the alarm process serves beside signals, the console's files among it."""
    app = _assemble(ALARM_ROUTERS, framed_by, with_console=True)
    app.state.context = context
    return app


def office_api(
    context: Context, *, routers: Sequence[APIRouter] = (), framed_by: Sequence[str] = ()
) -> FastAPI:
    """What the office serves; its document describes the whole server."""
    app = _assemble((*OFFICE_ROUTERS, *routers), framed_by, with_console=False)
    app.state.context = context
    app.openapi = openapi_document  # type: ignore[method-assign]
    return app


@cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI document, made without a database; the console's types are generated from it."""
    return complete_openapi(_assemble((*ALARM_ROUTERS, *OFFICE_ROUTERS), (), with_console=False))


def is_the_alarms(scope: Scope) -> bool:
    """Whether the alarm process answers this HTTP request itself: its routes, and every page and file of the console."""
    path, method = scope["path"], scope["method"]
    if any(method in methods and where.match(path) for where, methods in _own_routes()):
        return True
    return owner_of(path) is not Owner.OFFICE


@cache
def _own_routes() -> Sequence[tuple[re.Pattern[str], Set[str]]]:
    routes = [route for router in ALARM_ROUTERS for route in router.routes]
    return [(r.path_regex, r.methods or set()) for r in routes if isinstance(r, APIRoute)]


def _assemble(
    routers: Sequence[APIRouter], framed_by: Sequence[str], *, with_console: bool
) -> FastAPI:
    app = FastAPI(
        title="callcenter",
        version=version("callcenter"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=_operation_id,
    )
    app.openapi = lambda: complete_openapi(app)  # type: ignore[method-assign]
    handle_errors(app)
    # The one added last is outermost.
    app.add_middleware(WordsInBody)
    app.add_middleware(Admission)
    app.add_middleware(BodyLimit)
    app.add_middleware(Fence)
    app.add_middleware(SecurityHeaders, framed_by=framed_by)
    for router in routers:
        app.include_router(router)
    if with_console:
        app.mount("/", Console())
    return app


def _operation_id(route: APIRoute) -> str:
    """Short names for the generated client; that no two are the same is tested."""
    return route.name
