"""Call lists over HTTP, in the office: alarms do not wait for them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal, cast
from zoneinfo import ZoneInfo

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Response

from callcenter.auth.guards import CurrentContext, require
from callcenter.auth.permissions import Action
from callcenter.calls import lists, reporting, roll_call, taking
from callcenter.calls.item import CallState
from callcenter.calls.raising import RAISED
from callcenter.calls.region_policies import (
    CallPoliciesChanges,
    CallPoliciesView,
    change_call_policies,
    show_call_policies,
)
from callcenter.calls.schemas import (
    CallItemView,
    CallListBody,
    CallListChanges,
    CallListView,
    CallPlanBody,
    CallPlanView,
    CallReport,
    CallView,
    NextCall,
    OutageView,
    RollCallBody,
    RollCallTotals,
    TakenCall,
)
from callcenter.calls.seeing import MOST_REPORTED, items_of, note_look
from callcenter.core.changes import Changes
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/calls", tags=["calls"])

Worker = require(Action.WORK_INCIDENTS)
Manager = require(Action.MANAGE_CALLS)


def _zone(context: CurrentContext) -> ZoneInfo:
    return ZoneInfo(context.site_timezone)


def _tell_alarms(context: CurrentContext, background: BackgroundTasks) -> None:
    """After the commit. Only a hint: the alarm process looks every second by itself."""
    changes = context.ports.get(Changes)
    if changes is not None:
        background.add_task(cast("Changes", changes).notify, RAISED)


Zone = Annotated[ZoneInfo, Depends(_zone)]
Language = Literal["zh-CN", "en"]


# ---- calling


@router.get("/lists", dependencies=[Worker])
async def show_call_lists(asking: Trail) -> list[CallListView]:
    """The lists of the asker's regions, with how far each has got there."""
    return await lists.lists_of(asking)


@router.get("/lists/{list_id}/items", dependencies=[Worker])
async def show_calls(
    list_id: int,
    asking: Trail,
    state: Annotated[list[CallState] | None, Query(description="None given: all.")] = None,
) -> list[CallItemView]:
    """The list to tick off, at most 1,000 lines, in the order of the calls."""
    await lists.list_of(asking, list_id)
    items = await items_of(asking, list_id, state or list(CallState))
    await note_look(asking, "calls_listed", f"call_list:{list_id}", items)
    return items


@router.post("/next", dependencies=[Worker])
async def take_next_call(body: NextCall, asking: Trail) -> TakenCall:
    """The call that the asker has in hand, else the next that is due, for five minutes. Two who ask at once get two calls."""
    if body.list_id is not None:
        await lists.list_of(asking, body.list_id)
    return TakenCall(call=await taking.take_next(asking, body.list_id))


@router.post("/items/{item_id}/take", dependencies=[Worker])
async def take_call(item_id: int, asking: Trail) -> CallView:
    """This one; also one that was missed. 409 `call_taken` names who has it."""
    return await taking.take(asking, item_id)


@router.post("/items/{item_id}/renew", dependencies=[Worker])
async def renew_call(item_id: int, asking: Trail) -> CallView:
    """Five minutes more. 409 `lease_lapsed`: it is no longer in the asker's hands."""
    return await taking.renew(asking, item_id)


@router.post("/items/{item_id}/give-back", status_code=204, dependencies=[Worker])
async def give_call_back(item_id: int, asking: Trail) -> None:
    """Not called: the next who asks gets it."""
    await taking.give_back(asking, item_id)


@router.post(
    "/items/{item_id}/report", status_code=204, dependencies=[Worker, Depends(_tell_alarms)]
)
async def report_call(item_id: int, body: CallReport, asking: Trail) -> None:
    """What came of it. Who needs help, and whom nobody reaches, becomes an incident like any other."""
    await taking.record(asking, item_id, body)


# ---- managing


@router.post("/lists", status_code=201, dependencies=[Manager])
async def add_call_list(body: CallListBody, asking: Trail, zone: Zone) -> CallListView:
    return await lists.add_list(asking, body, zone)


@router.patch("/lists/{list_id}", dependencies=[Manager])
async def change_call_list(
    list_id: int, body: CallListChanges, asking: Trail, zone: Zone
) -> CallListView:
    return await lists.change_list(asking, list_id, body, zone)


@router.get("/lists/{list_id}/plans", dependencies=[Manager])
async def show_call_plans(list_id: int, asking: Trail) -> list[CallPlanView]:
    """Who is on a list of well-being calls, and when they are called."""
    return await lists.plans_of(asking, list_id)


@router.post("/lists/{list_id}/plans", status_code=201, dependencies=[Manager])
async def add_call_plan(
    list_id: int, body: CallPlanBody, asking: Trail, zone: Zone
) -> CallPlanView:
    return await lists.add_plan(asking, list_id, body, zone)


@router.delete("/plans/{plan_id}", status_code=204, dependencies=[Manager])
async def remove_call_plan(plan_id: int, asking: Trail) -> None:
    """They are not called by this list any more, from this moment on."""
    await lists.remove_plan(asking, plan_id)


# ---- how calls are made in a region


@router.get("/policies/{region_id}", dependencies=[Manager])
async def show_policies_of_calls(region_id: int, asking: Trail) -> CallPoliciesView:
    """Tries, pauses, horizons and thresholds of each kind of list: what the region says itself, and what it has from above."""
    return await show_call_policies(asking, region_id)


@router.patch("/policies/{region_id}", dependencies=[Manager])
async def change_policies_of_calls(
    region_id: int, body: CallPoliciesChanges, asking: Trail
) -> CallPoliciesView:
    """For calls that become due, and for the next report of those that are. 422 `policy_hole` names `kind`, `field` and the reason
    (`bounds` and `pauses` with `least` and `most`, `not_of_this_kind`).
    """
    return await change_call_policies(asking, region_id, body)


# ---- after an outage


@router.get("/outages", dependencies=[Manager])
async def show_outages(asking: Trail) -> list[OutageView]:
    """Windows that the server itself knows of: when it stored nothing, and listeners that are silent."""
    return await roll_call.windows(asking)


@router.post("/roll-calls/preview", dependencies=[Manager])
async def preview_roll_call(body: RollCallBody, asking: Trail) -> RollCallTotals:
    """How many homes the list would hold, by risk and by reason."""
    return RollCallTotals.model_validate(
        await roll_call.preview(asking, body), from_attributes=True
    )


@router.post("/roll-calls", status_code=201, dependencies=[Manager])
async def make_roll_call(body: RollCallBody, asking: Trail, zone: Zone) -> CallListView:
    """The list, due at once, whoever is most at risk first."""
    return await roll_call.make(asking, body, zone)


@router.get("/lists/{list_id}/report", response_class=Response, dependencies=[Manager])
async def print_call_report(
    list_id: int, asking: Trail, zone: Zone, lang: Language = "zh-CN"
) -> Response:
    """Who was reached, by whom, when, and who was not: one page for the printer."""
    listed, items = await _reported(asking, list_id)
    page = await asyncio.to_thread(reporting.print_report, listed, items, lang, zone, asking.now)
    return Response(page, media_type="text/html; charset=utf-8")


@router.get("/lists/{list_id}/report.csv", response_class=Response, dependencies=[Manager])
async def export_call_report(
    list_id: int, asking: Trail, zone: Zone, lang: Language = "zh-CN"
) -> Response:
    """The same as a table."""
    _, items = await _reported(asking, list_id)
    headers = {
        "Content-Disposition": f'attachment; filename="calls-{list_id}.csv"',
        "Cache-Control": "no-store",
    }
    content = await asyncio.to_thread(reporting.csv_report, items, lang, zone)
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _reported(asking: Trail, list_id: int) -> tuple[CallListView, list[CallItemView]]:
    row = await lists.managed(asking, list_id)
    listed = await lists.list_of(asking, row.id)
    items = await items_of(asking, list_id, list(CallState), most=MOST_REPORTED)
    await note_look(asking, "calls_printed", f"call_list:{list_id}", items)
    return listed, items
