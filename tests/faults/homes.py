"""The homes that press in a storm, each with a contact who is to be told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import asyncpg

from tests.support.community import LONG_AGO

HOMES: Final = 2500
"""More than any fault here lasts."""
_FIRST: Final = 100_000


def home_account(home: int) -> str:
    """The pendant of a home that is registered."""
    return f"{_FIRST + home}"


def contact_of(home: int) -> str:
    """The number of the contact there."""
    return f"+86137{home:08d}"


async def settle(owner: asyncpg.Connection, street: int) -> None:
    """`HOMES` homes, each with a resident, a contact and a pendant."""
    homes = [
        row["id"]
        for row in await owner.fetch(
            "INSERT INTO home (region_id, address, address_en, entrance, floor, door, lat, lng)"
            " SELECT $1, '榆荫里9号楼' || n, 'Yuyinli 9-' || n, '1', 1, n::text, 40.0, 104.0"
            " FROM generate_series(0, $2 - 1) AS n RETURNING id",
            street,
            HOMES,
        )
    ]
    await owner.execute(
        "INSERT INTO resident (home_id, name, name_latin, pinyin, initials, sex, birth_date, status, risk,"
        " created_at, updated_at) SELECT home.id, '沈玉兰', 'Shen Yulan', 'shenyulan', 'syl', 'female', '1943-03-01',"
        " 'home', 'high', $2, $2 FROM unnest($1::bigint[]) AS home(id)",
        homes,
        LONG_AGO,
    )
    await owner.execute(
        "INSERT INTO contact (resident_id, rank, name, name_latin, relation, relation_en, phone)"
        " SELECT resident.id, 1, '沈岚', 'Shen Lan', '女儿', 'daughter', '+86137' || lpad((home.nth - 1)::text, 8, '0')"
        " FROM unnest($1::bigint[]) WITH ORDINALITY AS home(id, nth) JOIN resident ON resident.home_id = home.id",
        homes,
    )
    await owner.execute(
        "WITH device AS (INSERT INTO device (region_id, source, identifier, kind)"
        " SELECT $2, 'dc09', (100000 + home.nth - 1)::text, 'pendant'"
        " FROM unnest($1::bigint[]) WITH ORDINALITY AS home(id, nth) RETURNING id, identifier)"
        " INSERT INTO device_assignment (device_id, home_id, valid_from)"
        " SELECT device.id, ($1::bigint[])[device.identifier::int - 100000 + 1], $3 FROM device",
        homes,
        street,
        LONG_AGO,
    )


def contacts_of(callers: Iterable[str]) -> list[str]:
    """The contacts of all homes among these callers."""
    return [
        contact_of(int(caller) - _FIRST)
        for caller in callers
        if caller.isdecimal() and _FIRST <= int(caller) < _FIRST + HOMES
    ]
