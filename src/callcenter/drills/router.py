"""Drills over HTTP, in the office: whoever runs one plans, starts, stops and reads it there; it runs in the alarm process."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal, cast

from fastapi import APIRouter, BackgroundTasks, Depends, Response

from callcenter.alerts.archive import Archive
from callcenter.auth.guards import CurrentContext, port, require
from callcenter.auth.permissions import Action
from callcenter.core.changes import Changes
from callcenter.drills import reviewing, starting
from callcenter.drills.printing import print_report
from callcenter.drills.running import DRILLS
from callcenter.drills.schemas import (
    DrillBody,
    DrillDetail,
    DrillReportView,
    DrillView,
    ScriptView,
)
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1", tags=["drills"])

Runner = require(Action.RUN_DRILLS)
InArchive = Annotated[Archive, port(Archive)]


def _tell_alarms(context: CurrentContext, background: BackgroundTasks) -> None:
    """After the commit. Only a hint: the alarm process looks every second by itself."""
    changes = context.ports.get(Changes)
    if changes is not None:
        background.add_task(cast("Changes", changes).notify, DRILLS)


Told = Depends(_tell_alarms)


@router.get("/drills", dependencies=[Runner])
async def show_drills(asking: Trail) -> list[DrillView]:
    """The latest 50 of the granted regions."""
    return await starting.listed(asking)


@router.get("/regions/{region_id}/drill-scripts", dependencies=[Runner])
async def show_drill_scripts(region_id: int, asking: Trail) -> list[ScriptView]:
    """Ready-made drills, at homes that are drawn anew each time."""
    return await starting.scripts(asking, region_id)


@router.post("/drills", status_code=201, dependencies=[Runner, Told])
async def start_drill(body: DrillBody, asking: Trail) -> DrillDetail:
    """演练: from now on these homes press, by themselves. Everything goes as if it were real, but for texts, which reach nobody.
    409 `real_alarms_wait`, `drill_running`.
    """
    return await starting.start(asking, body)


@router.get("/drills/{drill_id}", dependencies=[Runner])
async def show_drill(drill_id: int, asking: Trail) -> DrillDetail:
    return await starting.show(asking, drill_id)


@router.post("/drills/{drill_id}/stop", dependencies=[Runner, Told])
async def stop_drill(drill_id: int, asking: Trail) -> DrillDetail:
    """At once: nothing more is pressed, and whatever of it is open leaves the boards."""
    return await starting.stop(asking, drill_id)


@router.get("/drills/{drill_id}/report", dependencies=[Runner])
async def show_drill_report(drill_id: int, asking: Trail, archive: InArchive) -> DrillReportView:
    """How each press was met; of a drill that runs, so far."""
    return await reviewing.review(asking, archive, drill_id)


@router.get("/drills/{drill_id}/print", response_class=Response, dependencies=[Runner])
async def print_drill_report(
    drill_id: int, asking: Trail, archive: InArchive, lang: Literal["zh-CN", "en"] = "zh-CN"
) -> Response:
    """The same for the printer."""
    found = await reviewing.review(asking, archive, drill_id, lang)
    page = await asyncio.to_thread(print_report, found, lang, archive.zone, asking.now)
    return Response(page, media_type="text/html; charset=utf-8")
