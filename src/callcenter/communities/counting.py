"""The district at a glance: a tile for each community, counted from the rows as they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.alerts.incident import State
from callcenter.alerts.models import IncidentRow
from callcenter.auth.permissions import Action
from callcenter.communities.classes import CONDITIONS, LIVING_HERE, PersonClass
from callcenter.communities.community import Place, grouped
from callcenter.communities.schemas import Counts, Tile
from callcenter.devices.models import Device, DeviceLastSeen
from callcenter.devices.signals import SignalClass
from callcenter.devices.standing import MISSED_HEARTBEATS
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Home, Resident

OPEN_ALARM: Final = (
    (IncidentRow.state != State.CLOSED)
    & (IncidentRow.signal_class == SignalClass.ALARM)
    & (IncidentRow.mode == "real")
)


def is_silent(now: datetime) -> ColumnElement[bool]:
    """Of a device joined with when it was last heard of: it has missed its life signs."""
    patience = func.make_interval(0, 0, 0, 0, 0, 0, Device.heartbeat_s * MISSED_HEARTBEATS)
    return DeviceLastSeen.seen_at < now - patience


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted, by region."""

    people: Sequence[Any]
    homes: Sequence[Any]
    devices: Sequence[Any]
    alarms: Sequence[Any]


class Tallies:
    """The sums of the whole site, counted once in `KEPT` however many look: that takes 50 ms at 30,000 people."""

    KEPT: Final = timedelta(seconds=3)

    def __init__(self) -> None:
        self._counting = asyncio.Lock()
        self._counted: tuple[datetime, Sums] | None = None

    async def of(self, session: AsyncSession, now: datetime) -> Sums:
        """At most `KEPT` old. Also after a clock was set back."""
        async with self._counting:
            if self._counted is None or not timedelta(0) <= now - self._counted[0] < self.KEPT:
                self._counted = (now, await _sums(session, now))
            return self._counted[1]


async def tiles(asking: Asking, tallies: Tallies) -> list[Tile]:
    """Of all that may be seen, by name; of communities also where nobody lives yet. No names of people; needs no audit entry."""
    places = await places_in_sight(asking)
    summed = await tallies.of(asking.session, asking.now)
    of_region = grouped(places)
    by_community: dict[int, list[int]] = {}
    for region, community in of_region.items():
        by_community.setdefault(community, []).append(region)
    named = await _named(asking, places)
    known = {place.id: place for place in places}
    made = (
        _tile(known[community], named, _Added(summed, regions))
        for community, regions in by_community.items()
    )
    shown = [
        tile for tile in made if tile.counts.homes or known[tile.region_id].level == "community"
    ]
    return sorted(shown, key=lambda tile: (tile.name, tile.region_id))


async def places_in_sight(asking: Asking) -> list[Place]:
    """The regions in which profiles may be seen, from above down."""
    columns = (Region.id, Region.path, Region.level, Region.code, Region.name, Region.name_en)
    query = select(*columns).where(asking.within(Action.SEE_PROFILES))
    rows = await asking.session.execute(query.order_by(func.cardinality(Region.path), Region.id))
    return [Place(**row._mapping) for row in rows]


async def _named(asking: Asking, places: Iterable[Place]) -> Mapping[int, tuple[str, str]]:
    """Names of the regions just above, which may lie out of sight."""
    above = {place.path[-2] for place in places if len(place.path) > 1}
    query = select(Region.id, Region.name, Region.name_en).where(Region.id.in_(above))
    return {row.id: (row.name, row.name_en) for row in await asking.session.execute(query)}


async def _sums(session: AsyncSession, now: datetime) -> Sums:
    async def counted(query: Any, region: Any) -> Sequence[Any]:
        rows: Sequence[Any] = (await session.execute(query.group_by(region))).all()
        return rows

    classes = [func.count().filter(condition) for condition in CONDITIONS.values()]
    people = (
        select(Home.region_id, func.count(), *classes)
        .select_from(Resident)
        .join(Home, Home.id == Resident.home_id)
        .where(LIVING_HERE)
    )
    homes = select(
        Home.region_id, func.count(), func.count(Home.lat), func.sum(Home.lat), func.sum(Home.lng)
    ).where(Home.merged_into.is_(None))
    devices = select(Device.region_id, func.count(), func.count().filter(is_silent(now))).outerjoin(
        DeviceLastSeen, DeviceLastSeen.device_id == Device.id
    )
    alarms = select(IncidentRow.region_id, func.count()).where(OPEN_ALARM)
    return Sums(
        await counted(people, Home.region_id),
        await counted(homes, Home.region_id),
        await counted(devices, Device.region_id),
        await counted(alarms, IncidentRow.region_id),
    )


class _Added:
    """The sums of some regions together."""

    def __init__(self, sums: Sums, regions: Sequence[int]) -> None:
        within = frozenset(regions)
        self.people, self.homes, self.devices, self.alarms = (
            _together(rows, within) for rows in (sums.people, sums.homes, sums.devices, sums.alarms)
        )


def _together(rows: Sequence[Any], within: frozenset[int]) -> list[float]:
    """Column by column, without the first, which is the region."""
    columns = zip(*(row[1:] for row in rows if row[0] in within), strict=True)
    return [sum(value or 0 for value in column) for column in columns]


def _tile(place: Place, named: Mapping[int, tuple[str, str]], added: _Added) -> Tile:
    above = named.get(place.path[-2], ("", "")) if len(place.path) > 1 else ("", "")
    homes, placed, lat, lng = added.homes or (0, 0, 0.0, 0.0)
    people, *classes = added.people or [0] * (1 + len(PersonClass))
    devices, silent = added.devices or (0, 0)
    return Tile(
        region_id=place.id,
        code=place.code,
        name=place.name,
        name_en=place.name_en,
        above=above[0],
        above_en=above[1],
        lat=lat / placed if placed else None,
        lng=lng / placed if placed else None,
        counts=Counts(
            residents=int(people),
            homes=int(homes),
            classes={name: int(count) for name, count in zip(CONDITIONS, classes, strict=True)},
            devices=int(devices),
            silent_devices=int(silent),
            open_alarms=int(added.alarms[0]) if added.alarms else 0,
        ),
    )
