"""Puts the API together: routers, one shape of errors, headers, documentation, console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from callcenter.alerts.handling.router import router as incidents_router
from callcenter.alerts.history import router as history_router
from callcenter.alerts.printing.router import router as printing_router
from callcenter.api import health, trail
from callcenter.api.console import Console
from callcenter.api.documentation import router as documentation_router
from callcenter.api.errors import handle_errors
from callcenter.api.middleware import BodyLimit, Fence, SecurityHeaders
from callcenter.api.openapi import complete_openapi
from callcenter.auth.guards import Context
from callcenter.auth.router import router as accounts_router
from callcenter.devices.router import router as devices_router
from callcenter.directory.router import router as directory_router
from callcenter.residents.router import router as residents_router
from callcenter.seats.socket import router as seats_router

DEMO_ORIGINS = ("http://127.0.0.1:8001", "http://localhost:8001")
"""The demo page shows the console in a frame; in demo mode alone."""

_ROUTERS = (
    seats_router,
    history_router,
    printing_router,
    incidents_router,
    directory_router,  # before residents: /residents/export is no resident
    residents_router,
    devices_router,
    accounts_router,
    trail.router,
    health.router,
    documentation_router,
)


def create_api(
    context: Context,
    *,
    routers: Sequence[APIRouter] = (),
    demo_routers: Sequence[APIRouter] = (),
    mounts: Mapping[str, ASGIApp] = MappingProxyType({}),
    demo_origins: Sequence[str] = DEMO_ORIGINS,
) -> FastAPI:
    """The whole HTTP side. `routers` are those that adapters bring, such as the call-backs of an SMS gateway; `demo_routers`
    are there in demo mode alone; `mounts` are ASGI applications below a path, such as the HTTP listener at `/ingest`.
    """
    if context.demo:
        app = _assemble((*routers, *demo_routers), mounts, demo_origins)
    else:
        app = _assemble(routers, mounts, ())
    app.state.context = context
    return app


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document, made without a database; the console's types are generated from it."""
    return complete_openapi(_assemble((), {}, ()))


def _assemble(
    routers: Sequence[APIRouter], mounts: Mapping[str, ASGIApp], framed_by: Sequence[str]
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
    app.add_middleware(BodyLimit)
    app.add_middleware(Fence)
    app.add_middleware(SecurityHeaders, framed_by=framed_by)
    for router in (*_ROUTERS, *routers):
        app.include_router(router)
    for path, mounted in mounts.items():
        app.mount(path, mounted)
    app.mount("/", Console())
    return app


def _operation_id(route: APIRoute) -> str:
    """Short names for the generated client; that no two are the same is tested."""
    return route.name
