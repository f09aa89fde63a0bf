"""A visit, a ride, an errand or an inspection that somebody asks for by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import Invalid, NotFound
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.desk.acting import check_times, doer_of
from callcenter.dispatch.desk.schemas import BookingBody
from callcenter.dispatch.desk.staff import somebody
from callcenter.dispatch.entering import Entered, enter
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.road_words import demand_fit
from callcenter.dispatch.task import TaskKind
from callcenter.residents.access import Asking

BOOKED = frozenset({TaskKind.VISIT, TaskKind.RIDE, TaskKind.ERRAND, TaskKind.INSPECTION})
"""A rescue comes from its incident, a stop from its round."""


@dataclass(frozen=True, slots=True)
class WithBooking:
    """By the kind: what is written in the same transaction, such as what a ride costs, which the desk does not know."""

    by_kind: Mapping[TaskKind, Callable[[AsyncSession, TaskRow], Awaitable[object]]] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class _Where:
    region_id: int
    home_id: int | None = None
    resident_id: int | None = None


async def book(asking: Asking, body: BookingBody, also: WithBooking) -> TaskRow:
    """The task; the same `id` sent again is one. Raises Invalid `booked_otherwise`, `needs_place`, `needs_destination`,
    `not_for_phones`, `wrong_time`; NotFound for a resident, region or person that is not the asker's.
    """
    known = await asking.session.get(TaskRow, body.id)
    if known is not None:
        return _the_same(asking, known)
    where = await _where(asking, body)
    _check(body)
    check_times(body.begins_at, body.until_at, asking.now)
    if body.staff_id is not None:
        await somebody(asking, body.staff_id, Action.BOOK_TASKS)
    task = await enter(asking.session, _entered(body, where), doer_of(asking), asking.now)
    if body.kind in also.by_kind:
        await also.by_kind[body.kind](asking.session, task)
    await asking.note(
        "task_booked", f"task:{task.id}", task.region_path, {"resident": where.resident_id}
    )
    return task


def _check(body: BookingBody) -> None:
    if body.kind not in BOOKED:
        raise Invalid(f"A {body.kind} is not booked by hand.", code="booked_otherwise")
    if body.kind is TaskKind.RIDE and not body.destination.strip():
        raise Invalid("Say where the ride goes.", code="needs_destination")
    place = "" if body.place is None else body.place.words
    demand_fit(body.what, body.hazards, place)  # where a ride goes is an address: 肿瘤医院


def _the_same(asking: Asking, known: TaskRow) -> TaskRow:
    if asking.principal.regions(Action.BOOK_TASKS).isdisjoint(known.region_path):
        raise NotFound("no such task", what="task")
    return known


async def _where(asking: Asking, body: BookingBody) -> _Where:
    if body.resident_id is None:
        if body.region_id is None or body.place is None:
            raise Invalid("Say for whom, or at which place.", code="needs_place")
        region = await asking.region(body.region_id, Action.BOOK_TASKS)
        return _Where(region.id)
    kept = await asking.kept(body.resident_id)
    resident = await asking.resident(kept, Action.BOOK_TASKS)
    home = await asking.home(resident.home_id, Action.BOOK_TASKS)
    return _Where(home.region_id, home.id, resident.id)


def _entered(body: BookingBody, where: _Where) -> Entered:
    place = body.place
    lat, lng = (None, None) if place is None else (place.lat, place.lng)
    return Entered(
        id=body.id,
        kind=body.kind,
        region_id=where.region_id,
        home_id=where.home_id,
        resident_id=where.resident_id,
        place="" if place is None else place.words,
        at=None if lat is None or lng is None else Spot(lat, lng),
        destination=body.destination.strip(),
        begins_at=body.begins_at,
        until_at=body.until_at,
        minutes=body.minutes,
        what=body.what,
        skills=body.skills,
        languages=body.languages,
        check_list=body.check_list,
        hazards=body.hazards,
        staff_id=body.staff_id,
    )
