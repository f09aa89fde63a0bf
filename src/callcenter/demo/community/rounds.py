"""Rounds from door to door, neighbours in pairs and free rides of 榆荫里, as rounds.toml lists them."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from functools import cache
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.demo.community.listed import Both, Listed, read
from callcenter.records.models import Responsible, Staff
from callcenter.records.staff_kinds import CareDuty, StaffKind
from callcenter.residents.models import Home, Resident
from callcenter.rounds.models import RoundRow, RoundStop
from callcenter.rounds.pairs.due import next_due
from callcenter.rounds.pairs.models import Pair
from callcenter.rounds.pairs.said import free_code
from callcenter.rounds.rides.models import RideEntitlement
from callcenter.rounds.visit import RoundKind

SINCE: Final = timedelta(days=365)
CLOSES_AT: Final = time(23, 59, 59)
"""Whenever somebody looks at the demo there is something to be walked, also at the last minute of a day."""


class _Helper(Listed):
    name: str
    phone: str
    kinds: tuple[StaffKind, ...]
    languages: tuple[str, ...]


class _Round(Listed):
    """`homes`: so many of the community, in the order of their addresses; `stays_shut` lives in one of them."""

    name: Both
    kind: RoundKind
    walked_by: tuple[str, ...]
    begins_at: time
    homes: int
    check_list: tuple[str, ...] = ()
    stays_shut: str | None = None


class _Pair(Listed):
    neighbour: str
    of: str
    every_days: int


class _FreeRides(Listed):
    of: str
    rides_a_month: int
    document: str


class _File(Listed):
    staff: tuple[_Helper, ...]
    round: tuple[_Round, ...]
    pair: tuple[_Pair, ...]
    free_rides: _FreeRides


@cache
def listed() -> _File:
    """All of it."""
    return read("rounds.toml", _File)


async def write_rounds(session: AsyncSession, region_id: int, now: datetime, zone: tzinfo) -> None:
    """In the region of the community, whose people and staff are there already. Their runs are written by the office."""
    since = (now - SINCE).date()
    helpers = [
        {**each.model_dump(), "region_id": region_id, "active_from": since}
        for each in listed().staff
    ]
    await session.execute(insert(Staff), helpers)
    for each in listed().round:
        await _round(session, each, region_id, now)
    for pair in listed().pair:
        await _pair(session, pair, now, zone)
    free = listed().free_rides
    entitled = RideEntitlement(
        resident_id=(await _person(session, free.of)).id,
        from_day=since,
        rides_a_month=free.rides_a_month,
        document=free.document,
        created_at=now,
    )
    session.add(entitled)


async def _round(session: AsyncSession, said: _Round, region_id: int, now: datetime) -> None:
    staff = select(Staff.id).where(Staff.name.in_(said.walked_by)).order_by(Staff.id)
    row = RoundRow(
        name=said.name.zh,
        kind=said.kind,
        region_id=region_id,
        weekdays=list(range(1, 8)),
        from_day=(now - SINCE).date(),
        begins_at=said.begins_at,
        closes_at=CLOSES_AT,
        staff_ids=list(await session.scalars(staff)),
        check_list=list(said.check_list),
        created_at=now,
    )
    session.add(row)
    await session.flush()
    stops = [
        {"round_id": row.id, "n": n, "home_id": home_id}
        for n, home_id in enumerate(await _homes(session, said), start=1)
    ]
    await session.execute(insert(RoundStop), stops)


async def _homes(session: AsyncSession, said: _Round) -> list[int]:
    """Those with somebody in them; the one that stays shut among them."""
    lived_in = (
        select(Home.id)
        .join(Resident, Resident.home_id == Home.id)
        .where(Resident.status == "home", Home.lat.is_not(None))
        .group_by(Home.id, Home.address)
        .order_by(Home.address, Home.id)
    )
    shut = None if said.stays_shut is None else (await _person(session, said.stays_shut)).home_id
    homes = [each for each in await session.scalars(lived_in) if each != shut]
    chosen = homes[: said.homes]
    if shut is not None:
        chosen[len(chosen) // 2] = shut
    return chosen


async def _pair(session: AsyncSession, said: _Pair, now: datetime, zone: tzinfo) -> None:
    neighbour = (await session.scalars(select(Staff).where(Staff.name == said.neighbour))).one()
    resident = await _person(session, said.of)
    taken = await session.scalars(
        select(Pair.code)
        .join(Responsible, Responsible.id == Pair.responsible_id)
        .where(Responsible.staff_id == neighbour.id)
    )
    responsible = Responsible(
        home_id=resident.home_id,
        staff_id=neighbour.id,
        duty=CareDuty.PAIRED_NEIGHBOUR,
        from_day=(now - SINCE).date(),
    )
    session.add(responsible)
    await session.flush()
    session.add(
        Pair(
            responsible_id=responsible.id,
            resident_id=resident.id,
            every_days=said.every_days,
            code=free_code(list(taken)),
            due_at=next_due(now, said.every_days, zone),
            created_at=now,
        )
    )
    await session.flush()


async def _person(session: AsyncSession, name: str) -> Resident:
    """The first of that name: one of them is registered twice."""
    found = select(Resident).where(Resident.name == name).order_by(Resident.id).limit(1)
    return (await session.scalars(found)).one()
