"""A door that stayed shut becomes a call: whoever went there writes it in the transaction of what they report.

The first list of doors of a region is made by its first shut door. A home that is being called about already is not called twice: its
call says both reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.calls.item import ListKind
from callcenter.calls.risk import rank_of
from callcenter.calls.statement import statement
from callcenter.calls.writing import person_of
from callcenter.core.errors import NotFound

LIST_NAME: Final = "敲门无人应 · Nobody at the door"


class WhyDoor(StrEnum):
    """Why somebody is called whom nobody has found."""

    NOBODY_OPENED = "nobody_opened"
    NOT_VISITED = "not_visited"
    """Nobody went there."""
    PAIR_OVERDUE = "pair_overdue"
    """Whoever looks after them has not said that they are well."""


@dataclass(frozen=True, slots=True)
class Door:
    """`subject` is its name for all times, `visit:..` or `pair:..`; `resident_id` None: whoever lives there."""

    subject: str
    home_id: int
    resident_id: int | None
    day: date
    why: WhyDoor


async def call_about(
    session: AsyncSession, doors: Sequence[Door], now: datetime, today: date
) -> dict[str, int]:
    """The calls about these doors, due at once, by subject. Raises NotFound for a home that is gone."""
    if not doors:
        return {}
    homes = await _homes(session, doors, now)
    found = {
        row.home_id: row.id
        for row in await session.execute(_GOING_ON, {"homes": sorted(homes), "kind": ListKind.DOOR})
    }
    ids: dict[str, int] = {}
    for door in sorted(doors, key=lambda each: (each.home_id, each.subject)):
        item_id = found.get(door.home_id)
        if item_id is None:
            item_id = await session.scalar(_WRITE, _columns(door, homes[door.home_id], now, today))
            found[door.home_id] = item_id
        else:
            await session.execute(_ALSO, {"item_id": item_id, "why": door.why.value})
        ids[door.subject] = item_id
    return ids


async def found_after_all(session: AsyncSession, item_ids: Sequence[int], now: datetime) -> None:
    """Somebody has seen them: a call that nobody is making ends. One in hand, and an incident, go on."""
    await session.execute(_FOUND, {"ids": list(item_ids), "now": now})


def _columns(door: Door, home: Mapping[str, Any], now: datetime, today: date) -> dict[str, Any]:
    return {
        "list_id": home["list_id"],
        "subject": door.subject,
        "home_id": door.home_id,
        "resident_id": home["resident_id"],
        "day": door.day,
        "now": now,
        "rank": rank_of(ListKind.DOOR, person_of(home, today)),
        "why": door.why.value,
    }


async def _homes(
    session: AsyncSession, doors: Sequence[Door], now: datetime
) -> dict[int, Mapping[str, Any]]:
    """Whom to ask for there, and on which list, by home."""
    rows = await _looked_up(session, doors)
    without = sorted({row["root"] for row in rows.values() if row["list_id"] is None})
    for root in without:
        made = {"region_id": root, "kind": ListKind.DOOR, "name": LIST_NAME, "now": now}
        await session.execute(_LIST, made)
    return await _looked_up(session, doors) if without else rows


async def _looked_up(session: AsyncSession, doors: Sequence[Door]) -> dict[int, Mapping[str, Any]]:
    asked = {door.home_id: door.resident_id for door in doors}
    parts = {"homes": list(asked), "residents": list(asked.values()), "kind": ListKind.DOOR}
    rows = {row["home_id"]: row for row in (await session.execute(_HOMES, parts)).mappings()}
    gone = sorted(asked.keys() - rows.keys())
    if gone:
        raise NotFound(f"no such home: {gone[0]}", what="home", home_id=gone[0])
    return dict(rows)


_HOMES = statement(
    """
SELECT home.id AS home_id, region.path[1] AS root, person.id AS resident_id, person.risk, person.living, person.ability,
       person.birth_date, (
           SELECT list.id FROM call_list AS list
           WHERE list.kind = :kind AND list.active AND list.region_id = ANY(region.path)
           ORDER BY array_position(region.path, list.region_id) DESC, list.id LIMIT 1
       ) AS list_id
FROM unnest(CAST(:homes AS bigint[]), CAST(:residents AS bigint[])) AS asked(home_id, resident_id)
JOIN home ON home.id = asked.home_id
JOIN region ON region.id = home.region_id
LEFT JOIN LATERAL (
    SELECT id, risk, living, ability, birth_date FROM resident
    WHERE resident.home_id = home.id AND status IN ('home', 'away') AND (asked.resident_id IS NULL OR id = asked.resident_id)
    ORDER BY phone IS NULL, array_position(ARRAY['high', 'medium', 'low'], risk), id LIMIT 1
) AS person ON true
"""
)

_LIST = statement(
    """
INSERT INTO call_list (kind, name, region_id, created_at) VALUES (:kind, :name, :region_id, :now)
ON CONFLICT (region_id) WHERE kind = 'door' AND active DO NOTHING
"""
)

# Held until the end of the transaction, so that a report that ends it meanwhile waits.
_GOING_ON = statement(
    """
SELECT item.id, item.home_id FROM call_item AS item JOIN call_list AS list ON list.id = item.list_id AND list.active
WHERE list.kind = :kind AND item.home_id = ANY(CAST(:homes AS bigint[])) AND item.state IN ('open', 'leased')
ORDER BY item.id FOR UPDATE OF item
"""
)

_ALSO = statement(
    """
UPDATE call_item SET reasons = reasons || CAST(:why AS text)
WHERE id = :item_id AND NOT reasons @> ARRAY[CAST(:why AS text)]
"""
)

_WRITE = statement(
    """
INSERT INTO call_item (list_id, subject, home_id, resident_id, occurrence, due_at, rank, reasons, next_try_at)
VALUES (:list_id, :subject, :home_id, :resident_id, :day, :now, :rank, ARRAY[CAST(:why AS text)], :now)
ON CONFLICT (list_id, subject, occurrence) DO UPDATE SET subject = excluded.subject
RETURNING id
"""
)

_FOUND = statement(
    """
UPDATE call_item SET state = 'done', result = 'recovered', ended_at = :now
WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'open'
"""
)
