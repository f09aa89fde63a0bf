"""The API documentation, served by the server itself: sites have no internet, and the policy allows no foreign script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from callcenter.api.reference_page import STYLESHEET, reference_page

T = TypeVar("T")

router = APIRouter(include_in_schema=False)
_building = Lock()


@router.get("/openapi.json")
async def openapi_json(request: Request) -> JSONResponse:
    """The document that `callcenter openapi` prints, too."""
    return JSONResponse(await asyncio.to_thread(_one_at_a_time, request.app.openapi))


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """The same for people."""
    return HTMLResponse(await asyncio.to_thread(_one_at_a_time, _page, request.app.openapi))


@router.get(STYLESHEET)
async def docs_style() -> Response:
    style = files("callcenter.api").joinpath("docs.css").read_text(encoding="utf-8")
    return Response(style, media_type="text/css", headers={"Cache-Control": "no-cache"})


def _one_at_a_time(make: Callable[..., T], *given: object) -> T:
    """Many who ask at once wait for the first to build it."""
    with _building:
        return make(*given)


@cache
def _page(document: Callable[[], dict[str, Any]]) -> str:
    return reference_page(document())
