"""Whom an operator means who asks beyond their regions: by exact words only, so that nobody leafs through a neighbour's residents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

import asyncpg
from pydantic import ConfigDict

from callcenter.alerts.shown import SHOWN
from callcenter.core.errors import Invalid
from callcenter.core.phone import parse_phone

MOST: Final = 5
_NUMBER = re.compile(r"#?\s*(\d{1,9})")


@dataclass(frozen=True, slots=True)
class FoundElsewhere:
    """A home, or an open incident of whom nobody is known."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    home_id: int | None
    incident_id: UUID | None
    """Its open alarm, if it has one."""
    number: int | None
    kind: str | None
    state: str | None
    opened_at: datetime | None
    label: str
    label_en: str
    names: Sequence[str]
    """Of those of its people who were asked for."""
    names_en: Sequence[str]
    region_name: str
    region_name_en: str


async def find_elsewhere(connection: asyncpg.Connection, typed: str) -> Sequence[FoundElsewhere]:
    """Homes and open incidents of any region: by full name, telephone number, address as it is registered, or number of an
    incident. Raises Invalid `too_many_found`.
    """
    rows: list[Any] = []
    if number := _NUMBER.fullmatch(typed):
        rows = await connection.fetch(_BY_NUMBER, int(number[1]))
    rows = rows or await connection.fetch(_BY_WORDS, typed, _phone_in(typed), MOST + 1)
    if len(rows) > MOST:
        raise Invalid("Too many are called so: give the telephone number.", code="too_many_found")
    return [FoundElsewhere(**row) for row in rows]


def _phone_in(typed: str) -> str | None:
    try:
        return parse_phone(typed).e164
    except Invalid:
        return None


_SHOWN = """
incident.id AS incident_id, incident.number, incident.kind, incident.state, incident.opened_at,
region.name AS region_name, region.name_en AS region_name_en
"""

_BY_NUMBER = f"""
SELECT incident.home_id, {_SHOWN},
       coalesce(nullif(incident.card->>'address', ''), incident.identifier, '') AS label,
       coalesce(incident.card->>'address_en', '') AS label_en,
       '{{}}'::text[] AS names, '{{}}'::text[] AS names_en
FROM incident JOIN region ON region.id = incident.region_id
WHERE incident.number = $1 AND incident.state <> 'closed'
"""  # noqa: S608 constant columns

_BY_WORDS = f"""
WITH named AS (
    SELECT home_id, array_agg(resident.name ORDER BY id) AS names,
           array_agg(coalesce(nullif(name_latin, ''), name) ORDER BY id) AS names_en
    FROM resident
    WHERE resident.name = $1 OR lower(resident.name_latin) = lower($1) OR resident.phone = $2 OR resident.second_phone = $2
       OR resident.id IN (SELECT resident_id FROM contact WHERE contact.phone = $2)
    GROUP BY home_id
    UNION ALL
    SELECT coalesce(merged_into, id), '{{}}', '{{}}' FROM home WHERE address = $1 OR (address_en <> '' AND lower(address_en) = lower($1))
)
SELECT DISTINCT ON (home.id) home.id AS home_id, {_SHOWN}, home.address AS label, home.address_en AS label_en,
       named.names, named.names_en
FROM named JOIN home ON home.id = named.home_id JOIN region ON region.id = home.region_id
LEFT JOIN incident ON incident.subject = 'home:' || home.id AND incident.class = 'alarm' AND incident.state <> 'closed'
ORDER BY home.id, cardinality(named.names) DESC LIMIT $3
"""  # noqa: S608 constant columns
