"""Duty, roster and absences over HTTP, in the office. Whoever goes says it by their phone or by a text; this is for who plans."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from callcenter.auth.guards import Zone, require
from callcenter.auth.permissions import Action
from callcenter.dispatch.duty import absences, on_duty, rostering, week
from callcenter.dispatch.duty.reaching import Wanted
from callcenter.dispatch.duty.schemas import (
    AbsenceBody,
    AbsenceChanges,
    Absent,
    Copied,
    CopyBody,
    DutyBegin,
    DutyEnded,
    PlannedShift,
    Roster,
    ShiftChanges,
    ShiftsBody,
    StaffOnDuty,
    SwapBody,
)
from callcenter.records.staff_kinds import StaffKind
from callcenter.residents.guards import Part, Trail
from callcenter.residents.schemas import Page

router = APIRouter(prefix="/api/v1/duty", tags=["duty"])

Viewer = require(Action.SEE_FIELD)
Dispatcher = require(Action.DISPATCH)
Word = Annotated[str | None, Query(min_length=1, max_length=50)]


def _wanted(
    region_id: int | None = None,
    kind: StaffKind | None = None,
    skill: Word = None,
    language: Word = None,
    name: Annotated[
        str | None, Query(min_length=1, max_length=50, description="Part of a name or a number.")
    ] = None,
) -> Wanted:
    return Wanted(region_id, kind, skill, language, name)


Narrowed = Annotated[Wanted, Depends(_wanted)]


# ---- on duty


@router.get("/staff", dependencies=[Viewer])
async def list_staff_on_duty(
    asking: Trail,
    wanted: Narrowed,
    window: Part,
    on: Annotated[
        bool | None, Query(description="On duty, or off; none: everybody, with how they stand.")
    ] = True,
) -> Page[StaffOnDuty]:
    """Staff of the asker's regions and those who help there, by name."""
    return await on_duty.staff_on_duty(asking, wanted, window, on_duty=on)


@router.post("/staff/{staff_id}/begin", dependencies=[Dispatcher])
async def begin_duty(staff_id: int, body: DutyBegin, asking: Trail) -> StaffOnDuty:
    """For somebody who has said so by telephone. On duty already: `until` is taken over."""
    return await on_duty.begin_for(asking, staff_id, body.until)


@router.post("/staff/{staff_id}/end", dependencies=[Dispatcher])
async def end_duty(staff_id: int, asking: Trail, with_task: bool = False) -> DutyEnded:
    """Asked no more, their position forgotten. 409 `has_task` for somebody at a task, unless `with_task`: it is offered to others then,
    but for one where they are already.
    """
    return DutyEnded(ended=await on_duty.end_for(asking, staff_id, with_task=with_task))


# ---- the roster


@router.get("/roster", dependencies=[Viewer])
async def show_roster(
    asking: Trail,
    wanted: Narrowed,
    zone: Zone,
    from_day: date,
    days: Annotated[int, Query(ge=1, le=14)] = 7,
) -> Roster:
    """People by days, at most 500, with what speaks against each shift."""
    return await week.roster_of(asking, wanted, from_day, days, zone)


@router.post("/roster/copy", dependencies=[Dispatcher])
async def copy_roster(body: CopyBody, asking: Trail, zone: Zone) -> Copied:
    """A week as the one before it. Who is absent then, and what would overlap, is left out and named."""
    return await rostering.copy_week(asking, body, zone)


@router.post("/shifts", status_code=201, dependencies=[Dispatcher])
async def plan_shifts(body: ShiftsBody, asking: Trail, zone: Zone) -> list[PlannedShift]:
    """409 `shifts_overlap` names whose shift is in the way; then none is planned. Everything else that speaks against one is in its
    `flags`.
    """
    return await rostering.plan(asking, body, zone)


@router.patch("/shifts/{planned_id}", dependencies=[Dispatcher])
async def change_shift(
    planned_id: int, body: ShiftChanges, asking: Trail, zone: Zone
) -> PlannedShift:
    """Other hours."""
    return await rostering.change(asking, planned_id, body, zone)


@router.delete("/shifts/{planned_id}", status_code=204, dependencies=[Dispatcher])
async def remove_shift(planned_id: int, asking: Trail) -> None:
    """One that has not begun."""
    await rostering.remove(asking, planned_id)


@router.post("/shifts/{planned_id}/swap", dependencies=[Dispatcher])
async def offer_swap(planned_id: int, body: SwapBody, asking: Trail, zone: Zone) -> PlannedShift:
    """Somebody is asked to take it over; it stays whose it is until that is confirmed."""
    return await rostering.offer_swap(asking, planned_id, body.staff_id, zone)


@router.post("/shifts/{planned_id}/swap/confirm", dependencies=[Dispatcher])
async def confirm_swap(planned_id: int, asking: Trail, zone: Zone) -> PlannedShift:
    """The other has it now."""
    return await rostering.confirm_swap(asking, planned_id, zone)


@router.delete("/shifts/{planned_id}/swap", dependencies=[Dispatcher])
async def take_swap_back(planned_id: int, asking: Trail, zone: Zone) -> PlannedShift:
    """It stays whose it is."""
    return await rostering.take_swap_back(asking, planned_id, zone)


# ---- absences


@router.post("/absences", status_code=201, dependencies=[Dispatcher])
async def add_absence(body: AbsenceBody, asking: Trail, zone: Zone) -> Absent:
    """Answers with the tasks that somebody else has to take over."""
    return await absences.add_absence(asking, body, zone)


@router.get("/absences/{absence_id}", dependencies=[Dispatcher])
async def look_at_absence(absence_id: int, asking: Trail, zone: Zone) -> Absent:
    """With what it leaves undone by now."""
    return await absences.look_at_absence(asking, absence_id, zone)


@router.put("/absences/{absence_id}", dependencies=[Dispatcher])
async def change_absence(
    absence_id: int, body: AbsenceChanges, asking: Trail, zone: Zone
) -> Absent:
    """Also to end one that was open."""
    return await absences.change_absence(asking, absence_id, body, zone)


@router.delete("/absences/{absence_id}", status_code=204, dependencies=[Dispatcher])
async def remove_absence(absence_id: int, asking: Trail) -> None:
    """For what was entered by mistake; who is back has an end instead."""
    await absences.remove_absence(asking, absence_id)
