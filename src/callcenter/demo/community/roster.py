"""The roster of the week in which the demo begins: whatever the hour, somebody of each kind is on duty, and stays for a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.demo.community.around import around
from callcenter.demo.community.listed import Listed, read
from callcenter.dispatch.duty.planning import on_day
from callcenter.dispatch.models import Absence, AbsenceKind, Duty, DutyBy, RosterShift
from callcenter.records.models import Responsible, Staff
from callcenter.records.staff_kinds import CareDuty, StaffKind
from callcenter.residents.models import Resident

A_YEAR: Final = timedelta(days=365)
HOURS_BEFORE: Final = 3
"""So long at least crew a has been there when the demo begins, and so long it stays."""
BEGINNINGS: Final = (1, 7, 13, 19)
HALF_A_DAY: Final = 12


class _Working(Listed):
    name: str
    crew: Literal["a", "b"]
    days_off: tuple[int, ...] = ()
    whole_day: bool = False


class _Helper(_Working):
    phone: str
    kinds: tuple[StaffKind, ...]
    languages: tuple[str, ...]
    skills: tuple[str, ...] = ()
    vehicle: str = ""
    health_cert_days: int | None = None
    looks_after: str | None = None
    """A resident, whose home is theirs as a community worker."""


class _Absence(Listed):
    of: str
    kind: AbsenceKind
    from_in_days: int
    days: int


class _Swap(Listed):
    of: str
    to: str
    in_days: int


class _File(Listed):
    staff: tuple[_Helper, ...]
    known: tuple[_Working, ...]
    in_script: tuple[str, ...]
    absence: _Absence
    swap: _Swap


@cache
def listed() -> _File:
    """All of it."""
    return read("roster.toml", _File)


@cache
def script_phones() -> tuple[str, ...]:
    """The numbers of those whom the script of the demo is about, in its order."""
    numbers = {each.name: each.phone for each in listed().staff}
    numbers |= {each.name: each.phone for each in around().staff}
    return tuple(numbers[name] for name in listed().in_script)


def crew_begins(hour: int) -> int:
    """The hour at which the shifts of crew a begin, for a demo that begins in this hour."""
    return next(
        begins
        for begins in BEGINNINGS
        if HOURS_BEFORE <= (hour - begins) % 24 < HALF_A_DAY - HOURS_BEFORE
    )


def spans_of(working: _Working, now: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """Their shifts from the Monday of this week to the end of the next, but for their days off."""
    local = now.astimezone(zone)
    begins, ends = _hours(working, local)
    first = local.date() - timedelta(days=local.weekday() + 1)
    for n in range(15):
        day = first + timedelta(days=n)
        if (day - local.date()).days % 7 not in working.days_off:
            yield on_day(day, begins, ends, zone)


def _hours(working: _Working, local: datetime) -> tuple[time, time]:
    if working.whole_day:
        return time(), time()
    begins = crew_begins(local.hour)
    if working.crew == "b":
        begins = (begins + HALF_A_DAY) % 24
    return time(begins), time((begins + HALF_A_DAY) % 24)


async def write_roster(session: AsyncSession, region_id: int, now: datetime, zone: tzinfo) -> None:
    """Staff that around.toml has written are there already."""
    for helper in listed().staff:
        session.add(_staff_row(helper, region_id, now))
    await session.flush()
    ids = {row.name: row.id for row in await session.scalars(select(Staff))}
    for working in (*listed().staff, *listed().known):
        await _write_shifts(session, working, ids[working.name], now, zone)
    for helper in listed().staff:
        if helper.looks_after is not None:
            await _write_responsible(session, helper.looks_after, ids[helper.name], now)
    absent, today = listed().absence, now.astimezone(zone).date()
    away = today + timedelta(days=absent.from_in_days)
    until = away + timedelta(days=absent.days)
    session.add(Absence(staff_id=ids[absent.of], from_day=away, until_day=until, kind=absent.kind))
    begins = datetime.combine(today + timedelta(days=listed().swap.in_days), time(), zone)
    await _ask_to_swap(session, ids, begins, now)


def _staff_row(helper: _Helper, region_id: int, now: datetime) -> Staff:
    certified = helper.health_cert_days
    values: dict[str, Any] = {
        "name": helper.name,
        "phone": helper.phone,
        "region_id": region_id,
        "kinds": list(helper.kinds),
        "skills": list(helper.skills),
        "languages": list(helper.languages),
        "vehicle": helper.vehicle,
        "active_from": (now - A_YEAR).date(),
    }
    if certified is not None:
        values["health_cert_until"] = now.date() + timedelta(days=certified)
    return Staff(**values)


async def _write_shifts(
    session: AsyncSession, working: _Working, staff_id: int, now: datetime, zone: tzinfo
) -> None:
    """The one that holds now has begun. Whom the script is about stays whatever the roster of later weeks says."""
    stays = working.name in listed().in_script
    for begins, ends in spans_of(working, now, zone):
        shift = RosterShift(staff_id=staff_id, planned_for=staff_id, begins_at=begins, ends_at=ends)
        if begins <= now < ends:
            duty = Duty(
                staff_id=staff_id,
                began_at=begins,
                began_by=DutyBy.ROSTER,
                planned_until=None if stays else ends,
            )
            session.add(duty)
            await session.flush()
            shift.began_duty_id = duty.id
        session.add(shift)
    await session.flush()


async def _write_responsible(
    session: AsyncSession, name: str, staff_id: int, now: datetime
) -> None:
    home_id = await session.scalar(select(Resident.home_id).where(Resident.name == name))
    row = Responsible(
        home_id=home_id,
        staff_id=staff_id,
        duty=CareDuty.SOCIAL_WORKER,
        from_day=(now - A_YEAR).date(),
    )
    session.add(row)


async def _ask_to_swap(
    session: AsyncSession, ids: dict[str, int], begins: datetime, now: datetime
) -> None:
    """For whatever they do in the day that begins then."""
    swap = listed().swap
    await session.execute(
        update(RosterShift)
        .where(
            RosterShift.staff_id == ids[swap.of],
            RosterShift.begins_at >= begins,
            RosterShift.begins_at < begins + timedelta(days=1),
        )
        .values(swap_to=ids[swap.to], swap_offered_at=now)
    )
