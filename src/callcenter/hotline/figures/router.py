"""Figures of the hotline over HTTP: of the office."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from callcenter.auth.guards import CurrentContext, DatabaseSession, Zone, require
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Forbidden
from callcenter.hotline.figures.counted import CallFiguresView, CountedBy, FirstCallsView
from callcenter.hotline.figures.reading import Asked, read_figures, read_first_calls
from callcenter.hotline.figures.table import Language, csv_of
from callcenter.telephony.line import LineKind

router = APIRouter(prefix="/api/v1/hotline/figures", tags=["hotline"])

Counting = Annotated[Principal, require(Action.SEE_FIGURES)]
_OVER_SEATS = (Action.LISTEN_IN, Action.MANAGE_LINES)
"""Who may see what single people have done; officials see no names."""


class FiguresQuery(BaseModel):
    """Days of the site, both included; at most 370."""

    from_: Annotated[date, Field(alias="from")]
    until: date
    line: Annotated[str, Field(max_length=21)] | None = None
    kind: LineKind | None = None


Days = Annotated[FiguresQuery, Query()]


def _asked(principal: Principal, query: FiguresQuery, by: CountedBy | None = None) -> Asked:
    regions = principal.regions(Action.SEE_FIGURES)
    if by is CountedBy.SEAT:
        regions = frozenset().union(*(principal.regions(each) for each in _OVER_SEATS))
        if not regions:
            refused = "figures of single seats are not granted"
            raise Forbidden(refused, action=Action.LISTEN_IN.value)
    return Asked(query.from_, query.until, regions, query.line, query.kind)


@router.get("", name="show_call_figures")
async def show_call_figures(
    principal: Counting,
    session: DatabaseSession,
    context: CurrentContext,
    zone: Zone,
    query: Days,
    by: CountedBy = CountedBy.HOUR,
) -> CallFiguresView:
    """Calls of the regions of the user: how many, how soon, how long, how many of them effective; `by` seat is for supervisors and
    administrators. 422 `span_out_of_bounds`.
    """
    return await read_figures(session, _asked(principal, query, by), by, zone, context.clock.now())


@router.get("/table", name="export_call_figures", response_class=Response)
async def export_call_figures(
    principal: Counting,
    session: DatabaseSession,
    context: CurrentContext,
    zone: Zone,
    query: Days,
    by: CountedBy = CountedBy.HOUR,
    lang: Language = "zh-CN",
) -> Response:
    """The same as CSV."""
    asked = _asked(principal, query, by)
    figures = await read_figures(session, asked, by, zone, context.clock.now())
    content = await asyncio.to_thread(csv_of, figures, lang)
    name = f"calls-{by}-{query.from_}-{query.until}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/first-calls", name="show_first_call_failures")
async def show_first_call_failures(
    principal: Counting, session: DatabaseSession, context: CurrentContext, zone: Zone, query: Days
) -> FirstCallsView:
    """Red calls of devices, by model: a **first call** is one before which the same device has not called for ten minutes; it has
    **failed** where it is over and nobody has answered it. What was reached after all, by a repeat or a call back, stands beside.
    """
    return await read_first_calls(session, _asked(principal, query), zone, context.clock.now())
