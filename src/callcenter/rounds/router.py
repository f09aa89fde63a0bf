"""Rounds over HTTP, in the office: templates, the runs of a day, what became of each stop."""

from __future__ import annotations

from datetime import date
from typing import cast

from fastapi import APIRouter, BackgroundTasks, Depends

from callcenter.auth.guards import CurrentContext, Zone, require
from callcenter.auth.permissions import Action
from callcenter.core.processing import Wakeups
from callcenter.residents.guards import Trail
from callcenter.rounds import keeping, seeing
from callcenter.rounds.closing import close
from callcenter.rounds.schemas import (
    RoundBody,
    RoundChange,
    RoundRunChange,
    RoundRunDetail,
    RoundRunView,
    RoundStopBody,
    RoundStopView,
    RoundView,
    StopSaidBody,
    StopsFile,
    StopsRead,
    StopToldView,
)
from callcenter.rounds.walking import Walker, say
from callcenter.rounds.writing import WRITES

router = APIRouter(prefix="/api/v1/rounds", tags=["rounds"])

Sees = require(Action.SEE_FIELD)
Dispatches = require(Action.DISPATCH)


def _write_soon(context: CurrentContext, background: BackgroundTasks) -> None:
    """After the commit the runs follow; only a hint, they are looked at every minute."""
    wakeups = context.ports.get(Wakeups)
    if wakeups is not None:
        background.add_task(cast("Wakeups", wakeups).wake, WRITES)


Follows = Depends(_write_soon)


@router.get("", dependencies=[Sees])
async def show_rounds(asking: Trail) -> list[RoundView]:
    """Templates of the asker's regions."""
    return await seeing.rounds_of(asking)


@router.post("", status_code=201, dependencies=[Dispatches, Follows])
async def add_round(body: RoundBody, asking: Trail) -> RoundView:
    return await keeping.add_round(asking, body)


@router.get("/runs", dependencies=[Sees])
async def show_runs(asking: Trail, day: date | None = None) -> list[RoundRunView]:
    """Of a day, today unless given; doors that did not open first."""
    return await seeing.runs_of(asking, day or asking.now.date())


@router.get("/runs/{run_id}", dependencies=[Sees])
async def show_run(run_id: int, asking: Trail) -> RoundRunDetail:
    """With its stops."""
    return await seeing.run_of(asking, run_id)


@router.patch("/runs/{run_id}", dependencies=[Dispatches])
async def change_run(run_id: int, body: RoundRunChange, asking: Trail) -> RoundRunView:
    """Who walks it this day."""
    return await keeping.change_run(asking, run_id, body)


@router.post("/runs/{run_id}/close", status_code=204, dependencies=[Dispatches])
async def close_run(run_id: int, asking: Trail) -> None:
    """409 `stops_open` says how many stops have no end yet."""
    run = await keeping.managed_run(asking, run_id)
    await close(asking.session, run, asking.principal.user_id, asking.now)


@router.post("/visits/{visit_id}", dependencies=[Dispatches])
async def say_of_stop(visit_id: int, body: StopSaidBody, asking: Trail, zone: Zone) -> StopToldView:
    """What somebody has told the office of a stop, by telephone or on paper."""
    path = await keeping.managed_visit(asking, visit_id)
    if body.photo_id is not None:
        await keeping.demand_photo(asking, body.photo_id)
    walker = Walker(user_id=asking.principal.user_id)
    told = await say(asking.session, visit_id, body.at_door(asking.now), walker, asking.now, zone)
    await asking.note("round_visit_said", f"round_visit:{visit_id}", path, {"said": body.said})
    return StopToldView.model_validate(told, from_attributes=True)


@router.patch("/{round_id}", dependencies=[Dispatches, Follows])
async def change_round(round_id: int, body: RoundChange, asking: Trail) -> RoundView:
    """Runs that are not closed follow. With an `until_day` it ends."""
    return await keeping.change_round(asking, round_id, body)


@router.get("/{round_id}/stops", dependencies=[Sees])
async def show_stops(round_id: int, asking: Trail) -> list[RoundStopView]:
    return await seeing.stops_of(asking, round_id)


@router.post("/{round_id}/stops", status_code=201, dependencies=[Dispatches, Follows])
async def add_stop(round_id: int, body: RoundStopBody, asking: Trail) -> list[RoundStopView]:
    return await keeping.add_stop(asking, round_id, body)


@router.post("/{round_id}/stops/file", dependencies=[Dispatches, Follows])
async def add_stops(round_id: int, body: StopsFile, asking: Trail) -> StopsRead:
    """Up to 2,000 at once; a line that is refused keeps no other out."""
    return await keeping.add_stops(asking, round_id, body.csv)


@router.delete("/stops/{stop_id}", status_code=204, dependencies=[Dispatches, Follows])
async def remove_stop(stop_id: int, asking: Trail) -> None:
    """Nobody goes there any more by this round; what was said of it stays."""
    await keeping.remove_stop(asking, stop_id)
