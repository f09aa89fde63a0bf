"""The dispatcher's desk over HTTP, in the office: alarms do not wait for it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from callcenter.auth.guards import CurrentContext, Zone, require
from callcenter.auth.permissions import Action
from callcenter.dispatch.desk import acting, booking, detail, reading, staff, standing_in
from callcenter.dispatch.desk.asked_for import Filter
from callcenter.dispatch.desk.looks import Looks
from callcenter.dispatch.desk.schemas import (
    BookingBody,
    FieldPersonLine,
    PeopleForTask,
    PersonDay,
    Replan,
    ReplanAsk,
    ReplanBody,
    Replanned,
    TaskCalledBody,
    TaskChanges,
    TaskCounts,
    TaskDetail,
    TaskGiveBody,
    TaskLine,
    TaskMoveBody,
    TaskNoteBody,
    TaskOfferBody,
    TaskPage,
    TaskReasonBody,
)
from callcenter.dispatch.desk.suggesting import people_of_task
from callcenter.dispatch.task import TaskKind, TaskState
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1/desk", tags=["desk"])

Viewer = require(Action.SEE_FIELD)
Dispatcher = require(Action.DISPATCH)
Booker = require(Action.BOOK_TASKS)


def _looks(context: CurrentContext) -> Looks:
    """Of the process; one that forgets at once where it has none."""
    return cast("Looks", context.ports.get(Looks) or Looks())


def _also(context: CurrentContext) -> booking.WithBooking:
    """Of the site; nothing where it has none."""
    found = context.ports.get(booking.WithBooking) or booking.WithBooking()
    return cast("booking.WithBooking", found)


Shown = Annotated[Looks, Depends(_looks)]
Also = Annotated[booking.WithBooking, Depends(_also)]


def _asked(
    asking: Trail,
    q: Annotated[str, Query(max_length=100)] = "",
    state: Annotated[list[TaskState] | None, Query()] = None,
    kind: Annotated[list[TaskKind] | None, Query()] = None,
    region_id: int | None = None,
    staff_id: int | None = None,
    day: date | None = None,
) -> Filter:
    regions = reading.regions_of(asking)
    return Filter(regions, state or (), kind or (), region_id, staff_id, day, q)


Asked = Annotated[Filter, Depends(_asked)]


# ---- what there is


@router.get("/tasks", dependencies=[Viewer])
async def list_tasks(
    asking: Trail,
    asked: Asked,
    zone: Zone,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[str | None, Query(max_length=1_000)] = None,
) -> TaskPage:
    """Tasks by what they want: a rescue that nobody has, a worker who does not check out, unplaced, late, at risk, then due next.
    Without a state: all that are open.
    """
    return await reading.page_of(asking, asked, zone, limit, after)


@router.get("/counts", dependencies=[Viewer])
async def count_tasks(asking: Trail, asked: Asked, zone: Zone) -> TaskCounts:
    """How many of each group the same filter finds."""
    return await reading.counts_of(asking, asked, zone)


@router.get("/changes", dependencies=[Viewer])
async def show_task_changes(
    asking: Trail,
    asked: Asked,
    zone: Zone,
    looks: Shown,
    mark: Annotated[
        str, Query(max_length=5_000, description="Of the list, or of the last answer.")
    ],
) -> TaskChanges:
    """What has changed since, within the filter, and what it finds no longer."""
    return await reading.changes_of(asking, asked, zone, mark, looks)


@router.get("/tasks/{task_id}", dependencies=[Viewer])
async def show_task(task_id: UUID, asking: Trail) -> TaskDetail:
    """With its steps, offers and check-ins."""
    return await detail.detail_of(asking, task_id)


@router.get("/tasks/{task_id}/people", dependencies=[Viewer])
async def suggest_people(task_id: UUID, asking: Trail, zone: Zone) -> PeopleForTask:
    """Whom it could go to, the best first with the reasons; and everybody else with what stands in the way."""
    return await people_of_task(asking, task_id, zone)


@router.get("/people", dependencies=[Viewer])
async def list_field_people(
    asking: Trail, q: Annotated[str, Query(max_length=100)] = ""
) -> list[FieldPersonLine]:
    """Those on duty first; at most 500."""
    return await staff.people_of(asking, q)


@router.get("/people/{staff_id}/day", dependencies=[Viewer])
async def show_person_day(
    staff_id: int, asking: Trail, zone: Zone, day: date | None = None
) -> PersonDay:
    """Shifts and tasks in their order, with the ways between. Without a day: today."""
    return await staff.day_of_person(asking, staff_id, day or asking.now.date(), zone)


# ---- what is done


@router.post("/tasks", status_code=201, dependencies=[Booker])
async def book_task(body: BookingBody, asking: Trail, also: Also) -> TaskLine:
    """A visit, a ride, an errand or an inspection."""
    task = await booking.book(asking, body, also)
    return await reading.line(asking, task.id, Action.BOOK_TASKS)


@router.post("/tasks/{task_id}/offer", dependencies=[Dispatcher])
async def offer_task(task_id: UUID, body: TaskOfferBody, asking: Trail, zone: Zone) -> TaskDetail:
    """To the best, or to some at once; the first yes has it."""
    await acting.offer(asking, task_id, body, zone)
    return await detail.detail_of(asking, task_id)


@router.post("/tasks/{task_id}/give", dependencies=[Dispatcher])
async def give_task(task_id: UUID, body: TaskGiveBody, asking: Trail) -> TaskDetail:
    """By hand. Whoever had it has it no more."""
    await acting.give(asking, task_id, body)
    return await detail.detail_of(asking, task_id)


@router.post("/tasks/{task_id}/take-away", dependencies=[Dispatcher])
async def take_task_away(task_id: UUID, body: TaskReasonBody, asking: Trail) -> TaskDetail:
    await acting.take_away(asking, task_id, body.version, body.reason)
    return await detail.detail_of(asking, task_id)


@router.post("/tasks/{task_id}/call-off", dependencies=[Dispatcher])
async def call_task_off(task_id: UUID, body: TaskReasonBody, asking: Trail) -> TaskDetail:
    await acting.call_off(asking, task_id, body.version, body.reason)
    return await detail.detail_of(asking, task_id)


@router.post("/tasks/{task_id}/finish", dependencies=[Dispatcher])
async def finish_task(task_id: UUID, body: TaskReasonBody, asking: Trail) -> TaskDetail:
    """Done without check-ins, for a reason."""
    await acting.finish(asking, task_id, body.version, body.reason)
    return await detail.detail_of(asking, task_id)


@router.post("/tasks/{task_id}/note", dependencies=[Dispatcher])
async def note_task(task_id: UUID, body: TaskNoteBody, asking: Trail) -> TaskDetail:
    await acting.note(asking, task_id, body.version, body.words)
    return await detail.detail_of(asking, task_id)


@router.post("/tasks/{task_id}/called", dependencies=[Dispatcher])
async def record_task_call(task_id: UUID, body: TaskCalledBody, asking: Trail) -> TaskDetail:
    """Whoever works there alone was called."""
    await acting.called(asking, task_id, body)
    return await detail.detail_of(asking, task_id)


@router.post("/tasks/{task_id}/move", dependencies=[Dispatcher])
async def move_task(task_id: UUID, body: TaskMoveBody, asking: Trail) -> TaskDetail:
    """To another time."""
    await acting.move(asking, task_id, body)
    return await detail.detail_of(asking, task_id)


# ---- somebody cannot come


@router.post("/replanning/proposal", dependencies=[Dispatcher])
async def propose_replanning(body: ReplanAsk, asking: Trail, zone: Zone) -> Replan:
    """Their tasks of that time, with who could do each instead. Nothing is changed."""
    return await standing_in.propose(asking, body, zone)


@router.post("/replanning", dependencies=[Dispatcher])
async def carry_out_replanning(body: ReplanBody, asking: Trail) -> Replanned:
    """All lines at once, or none of them."""
    return await standing_in.carry_out(asking, body)
