"""Who and what may have been registered twice: the same identity number, name with birth date or telephone, or address."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.directory.addresses import one_spelling
from callcenter.directory.merging.parting import homes_apart
from callcenter.regions.models import Region
from callcenter.residents.access import Asking

MOST: Final = 200
"""Pairs of a kind that are listed."""


class Why(StrEnum):
    """Why two may be one, the surest first."""

    IDENTITY = "identity"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    DOOR = "door"
    ADDRESS = "address"


class ResidentBeside(BaseModel):
    """What tells two residents apart; `contacts` and `devices` are counted."""

    id: int
    version: int
    home_id: int
    region_id: int
    name: str
    name_latin: str
    sex: str | None
    birth_date: date | None
    phone: str | None
    status: str
    address: str
    address_en: str
    contacts: int
    devices: int


class HomeBeside(BaseModel):
    """The same of homes; `residents` and `devices` are counted."""

    id: int
    version: int
    region_id: int
    address: str
    address_en: str
    entrance: str
    door: str
    residents: int
    devices: int


class ResidentPair(BaseModel):
    """Two who may be one."""

    why: list[Why]
    one: ResidentBeside
    other: ResidentBeside


class HomePair(BaseModel):
    """Two that may be one."""

    why: list[Why]
    one: HomeBeside
    other: HomeBeside


class Doubles(BaseModel):
    """At most 200 pairs of each kind, the surest first, without those of which somebody has said that they are none."""

    residents: list[ResidentPair]
    homes: list[HomePair]


async def find_doubles(asking: Asking, region_id: int | None) -> Doubles:
    """Within the regions that the asker keeps the records of, or one of them. Raises NotFound for a foreign region."""
    path = sorted(asking.principal.regions(Action.EDIT_RESIDENTS))
    if region_id is not None:
        path = list((await asking.region(region_id, Action.EDIT_RESIDENTS)).path)
    wanted = select(Region.id).where(asking.within(Action.EDIT_RESIDENTS))
    if region_id is not None:
        wanted = wanted.where(Region.path.contains([region_id]))
    regions = list(await asking.session.scalars(wanted))
    residents = await _residents(asking.session, regions)
    homes = await _homes(asking.session, regions)
    shown = {each.id for pair in residents for each in (pair.one, pair.other)}
    detail = {"residents": sorted(shown), "homes": len(homes)}
    await asking.note("doubles_listed", "residents", path, detail)
    return Doubles(residents=residents, homes=homes)


async def _residents(session: AsyncSession, regions: Sequence[int]) -> list[ResidentPair]:
    found = (await session.execute(_SAME_PEOPLE, {"regions": regions, "most": MOST})).all()
    ids = sorted({each for row in found for each in (row.one, row.other)})
    rows = (await session.execute(_PEOPLE, {"ids": ids})).mappings()
    people = {row["id"]: ResidentBeside.model_validate(row) for row in rows}
    return [
        ResidentPair(why=list(row.why), one=people[row.one], other=people[row.other])
        for row in found
    ]


async def _homes(session: AsyncSession, regions: Sequence[int]) -> list[HomePair]:
    rows = (await session.execute(_ADDRESSES, {"regions": regions})).all()
    apart = await homes_apart(session)
    pairs = await asyncio.to_thread(lambda: list(same_homes(rows, apart))[:MOST])
    ids = sorted({each for one, other, _ in pairs for each in (one, other)})
    found = (await session.execute(_HOMES, {"ids": ids})).mappings()
    homes = {row["id"]: HomeBeside.model_validate(row) for row in found}
    return [HomePair(why=[why], one=homes[one], other=homes[other]) for one, other, why in pairs]


def same_homes(
    rows: Sequence[Any], apart: Collection[tuple[int, int]] = ()
) -> Iterator[tuple[int, int, Why]]:
    """Pairs of homes of one grid behind one door, then those whose addresses are one, however they are written; each with the first
    from which it is not known to be `apart`. Rows have id, region_id, building_id, entrance, door and address, by id. Pure.
    """
    doors: dict[object, list[int]] = {}
    spellings: dict[object, list[int]] = {}
    told: set[tuple[int, int]] = set()
    by_address: list[tuple[int, int, Why]] = []
    for row in rows:
        if row.building_id is not None and row.door:
            behind = doors.setdefault((row.building_id, row.entrance, row.door), [])
            for first in _first_alike(behind, row.id, apart):
                told.add((first, row.id))
                yield first, row.id, Why.DOOR
        written = spellings.setdefault((row.region_id, one_spelling(row.address)), [])
        by_address += [
            (first, row.id, Why.ADDRESS) for first in _first_alike(written, row.id, apart)
        ]
    yield from (pair for pair in by_address if pair[:2] not in told)


def _first_alike(known: list[int], row_id: int, apart: Collection[tuple[int, int]]) -> list[int]:
    """Of those that are alike the first that may be the same one, if there is any; from then on this one is known as well."""
    first = next((each for each in known if (each, row_id) not in apart), None)
    known.append(row_id)
    return [] if first is None else [first]


_SAME_PEOPLE: Final = text(
    """
    WITH here AS MATERIALIZED (
        SELECT resident.id, name, birth_date, identity_index, phone, second_phone
        FROM resident JOIN home ON home.id = resident.home_id
        WHERE home.region_id = ANY(CAST(:regions AS bigint[]))
    ), number AS (
        SELECT id, name, phone AS e164 FROM here WHERE phone IS NOT NULL
        UNION SELECT id, name, second_phone FROM here WHERE second_phone IS NOT NULL
    ), pair AS (
        SELECT a.id AS one, b.id AS other, 'identity' AS why, 1 AS rank
        FROM here AS a JOIN here AS b ON a.identity_index = b.identity_index AND a.id < b.id
        UNION ALL
        SELECT a.id, b.id, 'birth_date', 2
        FROM here AS a JOIN here AS b ON a.name = b.name AND a.birth_date = b.birth_date AND a.id < b.id
        UNION ALL
        SELECT a.id, b.id, 'phone', 3
        FROM number AS a JOIN number AS b ON a.name = b.name AND a.e164 = b.e164 AND a.id < b.id
    )
    SELECT one, other, array_agg(DISTINCT why) AS why FROM pair
    WHERE NOT EXISTS (SELECT FROM no_double WHERE subject = 'resident' AND one_id = one AND other_id = other
                      AND undone_at IS NULL)
    GROUP BY one, other ORDER BY min(rank), count(*) DESC, one, other LIMIT :most
    """
)
_PEOPLE: Final = text(
    """
    SELECT resident.id, resident.version, home_id, home.region_id, name, name_latin, sex, birth_date, phone, status, address,
           address_en, (SELECT count(*) FROM contact WHERE resident_id = resident.id) AS contacts,
           (SELECT count(*) FROM device_assignment WHERE resident_id = resident.id AND valid_until IS NULL) AS devices
    FROM resident JOIN home ON home.id = resident.home_id WHERE resident.id = ANY(CAST(:ids AS bigint[]))
    """
)
_ADDRESSES: Final = text(
    """
    SELECT id, region_id, building_id, entrance, door, address FROM home
    WHERE region_id = ANY(CAST(:regions AS bigint[])) AND merged_into IS NULL ORDER BY id
    """
)
_HOMES: Final = text(
    """
    SELECT id, version, region_id, address, address_en, entrance, door,
           (SELECT count(*) FROM resident WHERE home_id = home.id) AS residents,
           (SELECT count(*) FROM device_assignment WHERE home_id = home.id AND valid_until IS NULL) AS devices
    FROM home WHERE id = ANY(CAST(:ids AS bigint[]))
    """
)
