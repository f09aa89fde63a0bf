"""Everybody of one community with what they have, narrowed by class and by what is missing. The look leaves an audit entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, func, literal, select, tuple_, union

from callcenter.alerts.models import IncidentRow
from callcenter.alerts.plans.models import ActionPlan
from callcenter.auth.permissions import Action
from callcenter.communities.classes import CONDITIONS, LIVING_HERE, PersonClass
from callcenter.communities.counting import OPEN_ALARM, is_silent
from callcenter.communities.schemas import PeoplePage, PersonLine
from callcenter.core.sealed import Seal
from callcenter.devices.models import Device, DeviceAssignment, DeviceLastSeen
from callcenter.devices.standing import holds
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.age import age_on
from callcenter.residents.models import Contact, Home, Resident
from callcenter.residents.paging import in_bytes, read_cursor, write_cursor
from callcenter.residents.people import IDENTITY
from callcenter.residents.search import SearchKind, matching, understand


class Concern(StrEnum):
    """What a community worker should look after: each makes a list to work through."""

    NO_CONTACT = "no_contact"
    NO_DEVICE = "no_device"
    SILENT_DEVICE = "silent_device"
    NO_PLACE = "no_place"
    OPEN_ALARM = "open_alarm"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is listed: `typed` as in every search of people, of all the `classes`, with all the `concerns`."""

    typed: str = ""
    classes: tuple[PersonClass, ...] = ()
    concerns: tuple[Concern, ...] = ()


async def people_of(
    asking: Asking, seal: Seal, region_id: int, wanted: Wanted, *, after: str | None, limit: int
) -> PeoplePage:
    """One page by pinyin, of whom the asker may see. Raises Invalid `bad_cursor`."""
    matched = _matching(asking, seal, region_id, wanted).subquery()
    total = await asking.session.scalar(select(func.count()).select_from(matched)) or 0
    key = in_bytes(matched.c.key)
    page = select(matched.c.id, matched.c.key).order_by(key, matched.c.id).limit(limit + 1)
    if after is not None:
        start = read_cursor(after)
        behind = tuple_(literal(start[0], Text), literal(start[1], BigInteger))
        page = page.where(tuple_(key, matched.c.id) > behind)
    rows = (await asking.session.execute(page)).all()
    ids = [row.id for row in rows[:limit]]
    detail = {
        "total": total,
        "ids": ids,
        "classes": list(wanted.classes),
        "concerns": list(wanted.concerns),
    }
    granted = sorted(asking.principal.regions(Action.SEE_PROFILES))
    await asking.note("community_seen", f"region:{region_id}", granted, detail)
    more = len(rows) > limit
    return PeoplePage(
        items=await _lines(asking, ids),
        total=total,
        after=write_cursor((rows[limit - 1].key, rows[limit - 1].id)) if more else None,
    )


def _matching(asking: Asking, seal: Seal, region_id: int, wanted: Wanted) -> Any:
    """`id` and `key` of those who match."""
    search = understand(wanted.typed)
    index = None
    if search.kind is SearchKind.IDENTITY:
        index = seal.blind_index(search.text.encode(), context=IDENTITY)
    reach = Region.path.contains([region_id]) & asking.within(Action.SEE_PROFILES)
    also = [LIVING_HERE, *(CONDITIONS[each] for each in wanted.classes)]
    also += [_of_concern(asking)[each] for each in wanted.concerns]
    branches = [branch.query.where(*also) for branch in matching(search, index, reach)]
    return union(*branches) if len(branches) > 1 else branches[0]


def _of_concern(asking: Asking) -> Mapping[Concern, ColumnElement[bool]]:
    contact = select(Contact.id).where(Contact.resident_id == Resident.id)
    device = select(DeviceAssignment.id).where(
        DeviceAssignment.home_id == Resident.home_id, holds(asking.now)
    )
    silent = (
        device.join(Device, Device.id == DeviceAssignment.device_id)
        .join(DeviceLastSeen, DeviceLastSeen.device_id == Device.id)
        .where(is_silent(asking.now))
    )
    alarm = select(IncidentRow.id).where(IncidentRow.home_id == Resident.home_id, OPEN_ALARM)
    return MappingProxyType(
        {
            Concern.NO_CONTACT: ~contact.exists(),
            Concern.NO_DEVICE: ~device.exists(),
            Concern.SILENT_DEVICE: silent.exists(),
            Concern.NO_PLACE: Home.lat.is_(None),
            Concern.OPEN_ALARM: alarm.exists(),
        }
    )


# ---- what they have


async def _lines(asking: Asking, ids: Sequence[int]) -> list[PersonLine]:
    """In the order of the ids."""
    query = select(Resident, Home).join(Home, Home.id == Resident.home_id)
    rows = (await asking.session.execute(query.where(Resident.id.in_(ids)))).all()
    has = await _belongings(asking, [row.Resident for row in rows])
    lines = {row.Resident.id: _line(asking, row.Resident, row.Home, has) for row in rows}
    return [lines[each] for each in ids if each in lines]


@dataclass(frozen=True, slots=True)
class _Belongings:
    """By home: devices and those that are silent, homes with an open alarm. By resident: contacts, own plans."""

    devices: Mapping[int, tuple[int, int]]
    alarms: frozenset[int]
    contacts: Mapping[int, int]
    plans: frozenset[int]


async def _belongings(asking: Asking, residents: Sequence[Resident]) -> _Belongings:
    ids = [resident.id for resident in residents]
    homes = {resident.home_id for resident in residents}

    async def rows(query: Any) -> Sequence[Any]:
        found: Sequence[Any] = (await asking.session.execute(query)).all()
        return found

    devices = (
        select(DeviceAssignment.home_id, func.count(), func.count().filter(is_silent(asking.now)))
        .join(Device, Device.id == DeviceAssignment.device_id)
        .outerjoin(DeviceLastSeen, DeviceLastSeen.device_id == Device.id)
        .where(DeviceAssignment.home_id.in_(homes), holds(asking.now))
        .group_by(DeviceAssignment.home_id)
    )
    contacts = select(Contact.resident_id, func.count()).where(Contact.resident_id.in_(ids))
    alarms = select(IncidentRow.home_id).where(IncidentRow.home_id.in_(homes), OPEN_ALARM)
    plans = select(ActionPlan.resident_id).where(ActionPlan.resident_id.in_(ids), ActionPlan.active)
    return _Belongings(
        {home: (count, silent) for home, count, silent in await rows(devices)},
        frozenset(home for (home,) in await rows(alarms)),
        dict(map(tuple, await rows(contacts.group_by(Contact.resident_id)))),
        frozenset(resident for (resident,) in await rows(plans)),
    )


def _line(asking: Asking, resident: Resident, home: Home, has: _Belongings) -> PersonLine:
    devices, silent = has.devices.get(home.id, (0, 0))
    own = {
        name: getattr(resident, name)
        for name in PersonLine.model_fields
        if name in Resident.__table__.columns
    }
    return PersonLine(
        **own,
        age=age_on(resident.birth_date, asking.now.date()),
        region_id=home.region_id,
        address=home.address,
        address_en=home.address_en,
        placed=home.lat is not None,
        devices=devices,
        silent_devices=silent,
        contacts=has.contacts.get(resident.id, 0),
        own_plan=resident.id in has.plans,
        open_alarm=home.id in has.alarms,
    )
