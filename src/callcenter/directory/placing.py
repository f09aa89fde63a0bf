"""Where the rows of an import belong: region, building, home; homes that are not there yet are planned once each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from sqlalchemy import ColumnElement, Table, any_, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlalchemy.types import BigInteger, Text

from callcenter.directory.addresses import one_spelling, same_estate
from callcenter.directory.letting_go import let_go
from callcenter.directory.numerals import in_digits
from callcenter.directory.rows import Row
from callcenter.regions.models import Region, RegionLevel
from callcenter.residents.doors import door_position
from callcenter.residents.models import Building, Home

Value = TypeVar("Value")
_AT_ONCE: Final = 200
HomeKey = tuple[int, str]
"""(region, address in one spelling, or building and door)."""


@dataclass(frozen=True, slots=True)
class _Place:
    region_id: int
    building_id: int | None
    lat: float | None
    lng: float | None
    estate: str = ""
    """Of the building; leads an address that is made of building, entrance and door alone."""


async def load_places(
    session: AsyncSession,
    within: ColumnElement[bool],
    default_region: int | None,
    rows: Sequence[Row],
) -> Places:
    """Everything about places that the rows can refer to, within the importer's regions."""
    regions = [
        region
        async for region in read_slowly(
            session, select(Region).where(within).options(defer(Region.basemap)).order_by(Region.id)
        )
    ]
    found = {region.id: region for region in regions}
    standing = Building.region_id == any_(_ids(list(found)))
    buildings = [each async for each in read_slowly(session, select(Building).where(standing))]
    places = Places(session, found, found.get(default_region or 0), buildings)
    await asyncio.to_thread(places.resolve, rows)
    await places.find_homes(rows)
    return places


async def read_slowly(session: AsyncSession, query: Any) -> AsyncIterator[Any]:
    """The first column of the rows, however many, with the loop let go after every few: it belongs to the alarms."""
    found = await session.stream_scalars(query)
    async for part in found.partitions(_AT_ONCE):
        for each in part:
            yield each
        await asyncio.sleep(0)


def parts_of(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """A few at a time: preparing ten thousand parameters at once would keep the alarms from the loop."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _ids(values: Sequence[int]) -> ColumnElement[Any]:
    return literal(list(values), ARRAY(BigInteger))


class Places:
    """Answers for each row where it belongs; `add_homes` makes what is missing."""

    def __init__(
        self,
        session: AsyncSession,
        regions: Mapping[int, Region],
        default: Region | None,
        buildings: Sequence[Building],
    ) -> None:
        self._session = session
        self._regions = regions
        self._default = default
        self._buildings: dict[str, list[Building]] = {}
        for building in buildings:
            for name in {building.name, _bare(building.name), in_digits(_bare(building.name))}:
                self._buildings.setdefault(name, []).append(building)
        self._places: dict[int, _Place | None] = {}
        self._homes: dict[HomeKey, int] = {}
        self._by_door: dict[tuple[int, str, str], tuple[int, int]] = {}
        self._found_regions: dict[tuple[str, str], Region | None] = {}

    # ---- look-up

    def place(self, row: Row) -> _Place | None:
        """None: its region is unknown, or not the importer's."""
        return self._places[row.number]

    def home_key(self, row: Row) -> HomeKey | None:
        """One for all who live behind one door, however their rows spell it."""
        place = self.place(row)
        if place is None:
            return None
        if place.building_id is not None and row.door:
            return place.region_id, f"#{place.building_id}-{row.entrance}-{row.door}"
        return place.region_id, one_spelling(row.address)

    def home_id(self, row: Row) -> int | None:
        """The home, if it is there: by building, entrance and door, else by address."""
        place, key = self.place(row), self.home_key(row)
        if place is None or key is None:
            return None
        if place.building_id is not None and row.door:
            known = self._by_door.get((place.building_id, row.entrance, row.door))
            if known is not None:
                return known[0]
        return self._homes.get(key) or self._homes.get((place.region_id, one_spelling(row.address)))

    def home_region(self, row: Row) -> int | None:
        place = self.place(row)
        return place.region_id if place else None

    def home_ids(self) -> list[int]:
        return sorted({*self._homes.values(), *(home for home, _ in self._by_door.values())})

    def region_ids(self) -> list[int]:
        """All regions on the paths of what is written, for the auditors of any of them."""
        used = {place.region_id for place in self._places.values() if place is not None}
        return sorted({step for region_id in used for step in self._regions[region_id].path})

    async def let_go(self) -> None:
        """They have served."""
        await let_go(self._places, self._homes, self._by_door)

    # ---- finding

    def resolve(self, rows: Sequence[Row]) -> None:
        for row in rows:
            region = self._region_of(row)
            self._places[row.number] = None if region is None else self._place_in(region, row)

    def _region_of(self, row: Row) -> Region | None:
        if not (row.region or row.community):
            return self._default
        names = (row.community, row.region)
        if names not in self._found_regions:
            self._found_regions[names] = self._named(row.community, row.region)
        return self._found_regions[names]

    def _named(self, community: str, grid: str) -> Region | None:
        """By name or code, else by an ending that only one region has: 第一网格 is 榆荫里第一网格."""
        candidates = list(self._regions.values())
        if community:
            above = _by_name(candidates, community)
            if above is None or not grid:
                return above
            candidates = [region for region in candidates if above.id in region.path]
        return _by_name(candidates, grid)

    def _place_in(self, region: Region, row: Row) -> _Place:
        building = self._building_of(region, row)
        if building is None:
            return _Place(region.id, None, row.lat, row.lng)
        # A row that names only the community lies in the grid of its building.
        inside = region.id in self._regions[building.region_id].path
        lat, lng = row.lat, row.lng
        if lat is None or lng is None:
            lat, lng = door_position(building, row.entrance) or (None, None)
        place = building.region_id if inside else region.id
        return _Place(place, building.id, lat, lng, "" if row.estate else building.estate)

    def _building_of(self, region: Region, row: Row) -> Building | None:
        """The only one that is meant; of two estates' buildings 7 none, since a wrong dot is worse than no dot."""
        community = _community_of(region, self._regions)
        meant = [
            building
            for building in self._buildings.get(row.building, [])
            if community in self._regions[building.region_id].path
            and same_estate(row.estate, building.estate)
        ]
        in_grid = [each for each in meant if region.id in self._regions[each.region_id].path]
        estates = {each.estate for each in in_grid or meant}
        return (in_grid or meant)[0] if len(estates) == 1 else None

    async def find_homes(self, rows: Sequence[Row]) -> None:
        regions, buildings, addresses = await asyncio.to_thread(self._sought, rows)
        await self._find(Home.building_id == any_(_ids(buildings)))
        for part in parts_of(addresses):
            addressed = Home.address == any_(literal(part, ARRAY(Text)))
            await self._find((Home.region_id == any_(_ids(regions))) & addressed)

    def _sought(self, rows: Sequence[Row]) -> tuple[list[int], list[int], list[str]]:
        """Regions, buildings and addresses of the rows."""
        placed = [(row, place) for row in rows if (place := self.place(row)) is not None]
        return (
            sorted({place.region_id for _, place in placed}),
            sorted({place.building_id for _, place in placed if place.building_id}),
            sorted(
                {each for row, _ in placed for each in (row.address, one_spelling(row.address))}
            ),
        )

    async def _find(self, wanted: ColumnElement[bool]) -> None:
        columns = (
            func.coalesce(Home.merged_into, Home.id).label("id"), Home.region_id, Home.building_id, Home.entrance, Home.door, Home.address,
        )  # fmt: skip
        found = await self._session.stream(select(*columns).where(wanted))
        async for part in found.partitions(_AT_ONCE):
            for home in part:
                self._homes[home.region_id, one_spelling(home.address)] = home.id
                if home.building_id is not None and home.door:
                    door = (home.building_id, home.entrance, home.door)
                    self._by_door[door] = (home.id, home.region_id)
            await asyncio.sleep(0)

    # ---- writing

    async def add_homes(self, rows: Sequence[Row]) -> None:
        """One home for all rows that share an address."""
        missing: dict[HomeKey, dict[str, Any]] = {}
        for row in rows:
            place, key = self.place(row), self.home_key(row)
            if place is not None and key is not None and self.home_id(row) is None:
                missing.setdefault(key, _home(row, place))
        if not missing:
            return
        table = cast("Table", Home.__table__)
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        ids = (await self._session.execute(statement, list(missing.values()))).scalars()
        self._homes.update(zip(missing, ids, strict=True))


def _home(row: Row, place: _Place) -> dict[str, Any]:
    return {
        "region_id": place.region_id,
        "building_id": place.building_id,
        "address": f"{place.estate}{row.address}" if row.composed else row.address,
        "entrance": row.entrance,
        "floor": row.floor,
        "door": row.door,
        "access_note": row.notes["access_note"],
        "key_note": row.notes["key_note"],
        "lat": place.lat,
        "lng": place.lng,
    }


def _bare(name: str) -> str:
    for ending in ("号楼", "栋", "幢"):
        name = name.removesuffix(ending)
    return name


def _by_name(regions: Sequence[Region], name: str) -> Region | None:
    exact = [region for region in regions if name in (region.name, region.code, region.name_en)]
    if exact:
        return exact[0] if len(exact) == 1 else None
    ending = [region for region in regions if region.name.endswith(name)]
    return ending[0] if len(ending) == 1 else None


def _community_of(region: Region, regions: Mapping[int, Region]) -> int:
    """The community a region belongs to; a region above communities stands for itself."""
    for step in region.path:
        known = regions.get(step)
        if known is not None and known.level == RegionLevel.COMMUNITY:
            return step
    return region.id
