"""Puts an application together: routers, one shape of errors, headers, console. It knows no router."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from callcenter.api.admission import Admission
from callcenter.api.asking import WordsInBody
from callcenter.api.body_bounds import USUAL, BodyBounds
from callcenter.api.console import Console
from callcenter.api.errors import handle_errors
from callcenter.api.middleware import BodyLimit, Fence, SecurityHeaders


def assemble(
    routers: Sequence[APIRouter],
    framed_by: Sequence[str],
    bounds: BodyBounds = USUAL,
    *,
    with_console: bool,
    servers: Sequence[str] = (),
) -> FastAPI:
    """An application without a context. It has no document of its own."""
    app = FastAPI(
        title="callcenter",
        version=version("callcenter"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # it would send on whoever asks, by the Host that they named
        generate_unique_id_function=_operation_id,
    )
    handle_errors(app)
    # The one added last is outermost.
    app.add_middleware(WordsInBody)
    app.add_middleware(Admission, bounds=bounds)
    app.add_middleware(BodyLimit, bounds=bounds)
    app.add_middleware(Fence)
    app.add_middleware(SecurityHeaders, framed_by=framed_by, servers=servers)
    for router in routers:
        app.include_router(router)
    if with_console:
        app.mount("/", Console())
    return app


def _operation_id(route: APIRoute) -> str:
    """Short names for the generated client; that no two are the same is tested."""
    return route.name
