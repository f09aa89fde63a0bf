"""The tasks of the day on which the demo begins, as field_day.toml lists them: some done, some under way, some that nobody has yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.ids import new_id
from callcenter.demo.community.listed import Listed, read
from callcenter.dispatch import moving
from callcenter.dispatch.checking_in import CheckedIn, check_in
from callcenter.dispatch.choosing import KINDS_FOR, Spot
from callcenter.dispatch.doing import CLOCK, Doer, StepBy
from callcenter.dispatch.entering import Entered, enter
from callcenter.dispatch.models import TaskRating, TaskRow
from callcenter.dispatch.proof import CheckKind, Fix, Proof
from callcenter.dispatch.task import TaskKind
from callcenter.dispatch.wishes.models import CareWish
from callcenter.records.models import Staff
from callcenter.records.staff_kinds import StaffKind
from callcenter.residents.models import Home, Resident, ResidentStatus

BOOKED_BEFORE: Final = timedelta(hours=12)
DESK: Final = Doer(StepBy.DESK)
PHONE: Final = Doer(StepBy.PHONE)
CLOSE_M: Final = 12.0

Ends = Literal["open", "unplaced", "accepted", "under_way", "arrived", "done", "cancelled"]


class _Planned(Listed):
    """One task for each of `begins`, in minutes from the start of the demo; `until` is minutes later, when somebody must be there."""

    kind: TaskKind
    what: str
    begins: tuple[int, ...]
    ends: Ends
    minutes: int = 60
    until: int | None = None
    destination: str = ""
    skills: tuple[str, ...] = ()
    check_list: tuple[str, ...] = ()
    hazards: str = ""
    languages: tuple[str, ...] = ()
    reason: str = ""


class _File(Listed):
    without: tuple[str, ...]
    """Members of the staff."""
    task: tuple[_Planned, ...]


@dataclass(frozen=True, slots=True)
class _Lives:
    resident_id: int
    home_id: int
    region_id: int


@cache
def field_day() -> _File:
    """All of it."""
    return read("field_day.toml", _File)


async def write_field_day(session: AsyncSession, now: datetime) -> None:
    """Step by step as it would have happened. Whose turn it is among those who are fit goes round."""
    homes = iter(await _homes(session))
    turns = {kind: _round(await _fit(session, kind)) for kind in TaskKind}
    for planned in field_day().task:
        for begins in planned.begins:
            lives = next(homes)
            await _write(session, planned, lives, next(turns[planned.kind]), begins, now)
    await _wish(session, now)


async def _wish(session: AsyncSession, now: datetime) -> None:
    """Said in a call: it stands at the next visit to them that somebody has."""
    visit = select(TaskRow.resident_id).where(
        TaskRow.kind == TaskKind.VISIT, TaskRow.ended_at.is_(None), TaskRow.staff_id.is_not(None)
    )
    resident = await session.scalar(visit.order_by(TaskRow.begins_at, TaskRow.id).limit(1))
    if resident is not None:
        session.add(
            CareWish(
                id=new_id(),
                resident_id=resident,
                words="让护理员陪我唠唠嗑 · Let the caregiver chat with me",
                said_at=now - timedelta(days=1),
                heard_by_name="林晓雯",
            )
        )


def _round(staff: Sequence[int]) -> Iterator[int]:
    while True:
        yield from staff


async def _homes(session: AsyncSession) -> list[_Lives]:
    rows = await session.execute(
        select(Resident.id, Home.id, Home.region_id)
        .join(Home, Home.id == Resident.home_id)
        .where(Resident.status == ResidentStatus.HOME, Home.lat.is_not(None))
        .order_by(Resident.id)
    )
    found = [_Lives(*row) for row in rows]
    return [each for at in range(2) for each in found[at::2]]


async def _fit(session: AsyncSession, kind: TaskKind) -> list[int]:
    """Of the kinds that are asked, where drivers drive; where the demo has none of them, anybody."""
    some = select(Staff).where(Staff.name.not_in(field_day().without)).order_by(Staff.id)
    everybody = list(await session.scalars(some))
    wanted = {each.value for each in KINDS_FOR[kind]}
    if kind is TaskKind.VISIT:
        everybody = [each for each in everybody if StaffKind.DRIVER not in each.kinds]
    fit = [each.id for each in everybody if wanted & set(each.kinds)]
    return fit or [each.id for each in everybody]


async def _write(
    session: AsyncSession,
    planned: _Planned,
    lives: _Lives,
    staff_id: int,
    begins: int,
    now: datetime,
) -> None:
    at = now + timedelta(minutes=begins)
    until = None if planned.until is None else at + timedelta(minutes=planned.until)
    entered = Entered(
        kind=planned.kind,
        region_id=lives.region_id,
        home_id=lives.home_id,
        resident_id=lives.resident_id,
        begins_at=at,
        until_at=until,
        minutes=planned.minutes,
        what=planned.what,
        destination=planned.destination,
        skills=planned.skills,
        languages=planned.languages,
        check_list=planned.check_list,
        hazards=planned.hazards,
    )
    task = await enter(session, entered, DESK, min(at, now) - BOOKED_BEFORE)
    await _bring(session, task, staff_id, planned, now)


async def _bring(
    session: AsyncSession, task: TaskRow, staff_id: int, planned: _Planned, now: datetime
) -> None:
    """To the state in which the demo finds it."""
    before = min(task.begins_at, now) - timedelta(minutes=30)
    match planned.ends:
        case "unplaced":
            await moving.give_up(session, task, CLOCK, before)
        case "cancelled":
            await moving.cancel(session, task, DESK, before, planned.reason)
        case "accepted" | "under_way" | "arrived" | "done":
            await moving.accept(session, task, staff_id, PHONE, before)
            await _go(session, task, staff_id, planned.ends, now)
        case "open":
            pass


async def _go(
    session: AsyncSession, task: TaskRow, staff_id: int, ends: Ends, now: datetime
) -> None:
    begins = min(task.begins_at, now)
    if ends == "accepted":
        return
    if ends == "under_way":
        await moving.set_out(session, task, staff_id, PHONE, begins - timedelta(minutes=4), 12)
        return
    await _check(session, task, staff_id, CheckKind.ARRIVE, begins)
    if ends == "done":
        leaves = min(begins + timedelta(minutes=task.minutes), now)
        await _check(session, task, staff_id, CheckKind.DEPART, leaves)
        # what was over before anybody looked is no question on a telephone of the demo's page
        session.add(TaskRating(task_id=task.id))


async def _check(
    session: AsyncSession, task: TaskRow, staff_id: int, kind: CheckKind, at: datetime
) -> None:
    fix = None if task.lat is None or task.lng is None else Fix(Spot(task.lat, task.lng), CLOSE_M)
    said = CheckedIn(id=new_id(), kind=kind, said_at=at, proof=Proof.DOOR_CODE, fix=fix)
    await check_in(session, task, staff_id, said, PHONE, at)
