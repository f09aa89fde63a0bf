"""Who and what stands around the people of 榆荫里, as around.toml lists them, and what was registered there twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.demo.community.listed import Both, Listed, read
from callcenter.demo.community.place import at
from callcenter.devices.models import Device
from callcenter.records.models import (
    Agent,
    Consent,
    ConsentBy,
    ConsentKind,
    Facility,
    FacilityKind,
    Organisation,
    OrganisationKind,
    Power,
    Purpose,
    Responsible,
    Staff,
)
from callcenter.records.staff_kinds import CareDuty, StaffKind
from callcenter.residents.models import Contact, Home, Resident

SINCE: Final = timedelta(days=365)
"""So long they have been there when the demo begins."""


class _Organisation(Listed):
    kind: OrganisationKind
    name: Both
    uscc: str


class _Point(Listed):
    x: float
    y: float


class _Facility(Listed):
    kind: FacilityKind
    name: Both
    point: _Point
    hours: str
    beds: int
    functions: tuple[FacilityKind, ...]


class _Helper(Listed):
    """With a `duty` they look after the home `of` somebody, or after everybody."""

    name: str
    phone: str
    kinds: tuple[StaffKind, ...]
    languages: tuple[str, ...]
    skills: tuple[str, ...] = ()
    health_cert_days: int | None = None
    duty: CareDuty | None = None
    of: str | None = None


class _Consent(Listed):
    of: str
    purpose: Purpose
    kind: ConsentKind
    given_by: ConsentBy
    document: str = ""


class _Agent(Listed):
    of: str
    contact: int
    powers: tuple[Power, ...]
    document: str


class _Double(Listed):
    of: str
    address: Both


class _Sim(Listed):
    device: str
    number: str


class _File(Listed):
    organisation: _Organisation
    facility: _Facility
    staff: tuple[_Helper, ...]
    consent: tuple[_Consent, ...]
    agent: _Agent
    double: _Double
    sim: _Sim


@cache
def around() -> _File:
    """All of it."""
    return read("around.toml", _File)


async def write_around(session: AsyncSession, region_id: int, now: datetime) -> None:
    """In the region of the community, whose people are there already."""
    organisation = await _organisation(session, region_id)
    for helper in around().staff:
        await _helper(session, helper, organisation, region_id, now)
    for said in around().consent:
        values = said.model_dump(exclude={"of"}) | {"at": now - SINCE}
        row = {"resident_id": (await _person(session, said.of)).id, **values}
        await session.execute(insert(Consent), [row])
    await _agent(session, now)
    await _double(session, now)
    sim = around().sim
    await session.execute(
        update(Device).where(Device.identifier == sim.device).values(sim=sim.number)
    )


async def _organisation(session: AsyncSession, region_id: int) -> int:
    """The provider, and the station that it runs."""
    made, runs = around().organisation, around().facility
    organisation = Organisation(
        kind=made.kind,
        name=made.name.zh,
        name_en=made.name.en,
        uscc=made.uscc,
        region_id=region_id,
    )
    session.add(organisation)
    await session.flush()
    lng, lat = at(runs.point.x, runs.point.y)
    facility = Facility(
        kind=runs.kind,
        name=runs.name.zh,
        name_en=runs.name.en,
        operator_id=organisation.id,
        region_id=region_id,
        lat=lat,
        lng=lng,
        hours=runs.hours,
        beds=runs.beds,
        functions=list(runs.functions),
    )
    session.add(facility)
    return organisation.id


async def _helper(
    session: AsyncSession, helper: _Helper, employer: int, region_id: int, now: datetime
) -> None:
    since, certified = (now - SINCE).date(), helper.health_cert_days
    staff = Staff(
        name=helper.name,
        phone=helper.phone,
        employer_id=employer if helper.duty is None else None,
        region_id=region_id,
        kinds=list(helper.kinds),
        skills=list(helper.skills),
        languages=list(helper.languages),
        health_cert_until=None if certified is None else now.date() + timedelta(days=certified),
        active_from=since,
    )
    session.add(staff)
    await session.flush()
    if helper.duty is None:
        return
    home = None if helper.of is None else (await _person(session, helper.of)).home_id
    row = Responsible(
        home_id=home,
        region_id=region_id if home is None else None,
        staff_id=staff.id,
        duty=helper.duty,
        from_day=since,
    )
    session.add(row)


async def _agent(session: AsyncSession, now: datetime) -> None:
    listed = around().agent
    resident = await _person(session, listed.of)
    contact = select(Contact.id).where(
        Contact.resident_id == resident.id, Contact.rank == listed.contact
    )
    row = {
        "resident_id": resident.id,
        "contact_id": await session.scalar(contact),
        "powers": list(listed.powers),
        "from_day": (now - SINCE).date(),
        "document": listed.document,
    }
    await session.execute(insert(Agent), [row])


_COPIED: Final = ("name", "name_latin", "pinyin", "initials", "sex", "birth_date", "phone")


async def _double(session: AsyncSession, now: datetime) -> None:
    """The same person a second time, in a home whose address was written differently and that found no place."""
    listed = around().double
    known = await _person(session, listed.of)
    lives = await session.get_one(Home, known.home_id)
    home = Home(region_id=lives.region_id, address=listed.address.zh, address_en=listed.address.en)
    session.add(home)
    await session.flush()
    copied: dict[str, Any] = {name: getattr(known, name) for name in _COPIED}
    session.add(Resident(home_id=home.id, created_at=now, updated_at=now, **copied))
    await session.flush()


async def _person(session: AsyncSession, name: str) -> Resident:
    return (await session.scalars(select(Resident).where(Resident.name == name))).one()
