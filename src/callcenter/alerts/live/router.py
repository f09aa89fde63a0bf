"""The live figures over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from callcenter.alerts.live.figures import LiveFigures, figures
from callcenter.alerts.live.reading import LiveReading
from callcenter.auth.guards import port, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.encoding import encode

router = APIRouter(prefix="/api/v1/live", tags=["incidents"])

Counting = Annotated[Principal, require(Action.SEE_FIGURES)]
Live = Annotated[LiveReading, port(LiveReading)]


@router.get("", response_model=LiveFigures)
async def show_live_figures(principal: Counting, live: Live) -> Response:
    """How the centre stands now and today, in the regions of the user; read at most once in two seconds for everybody.

    Single incidents are named, by number alone, only where the user sees incidents.
    """
    shown = figures(
        await live.latest(),
        principal.regions(Action.SEE_FIGURES),
        principal.regions(Action.SEE_INCIDENTS),
    )
    return Response(encode(shown), media_type="application/json")
