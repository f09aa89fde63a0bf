"""The wall over HTTP: the one address that the cookie of a screen opens beside the ground of its map."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from callcenter.auth.guards import port
from callcenter.auth.walls.router import CurrentScreen
from callcenter.core.encoding import encode
from callcenter.seats.wall.reading import WallReading, WallView

router = APIRouter(prefix="/api/v1/wall", tags=["walls"])

Reading = Annotated[WallReading, port(WallReading)]


@router.get("", response_model=WallView)
async def show_wall(screen: CurrentScreen, reading: Reading, response: Response) -> Response:
    """Queue, figures and map of the screen's region, as much of homes as it was set to show. 401 `no_screen` for a browser that
    is none, or no longer.
    """
    shown = await reading.of(screen)
    return Response(encode(shown), media_type="application/json", headers=response.headers)
