"""What the printed page needs beyond the incident is read: numbers of residents and contacts, and whose letterhead it is."""

from __future__ import annotations

import asyncpg

from callcenter.alerts.incident import Incident
from callcenter.alerts.printing.around import Around, Letterhead, Reach


async def read_around(
    connection: asyncpg.Connection, incident: Incident, *, with_people: bool
) -> Around:
    """As registered now: a number may have changed since."""
    row = await connection.fetchrow(_LETTERHEAD, list(incident.region_path))
    letterhead = Letterhead(row["name"] or "", row["name_en"] or "") if row else Letterhead()
    if not with_people or incident.home_id is None:
        return Around(letterhead=letterhead)
    residents = await connection.fetch(_RESIDENTS, incident.home_id)
    contacts = await connection.fetch(_CONTACTS, incident.home_id)
    return Around(
        {row["id"]: _reach(row) for row in residents},
        {row["id"]: _reach(row) for row in contacts},
        letterhead,
    )


def _reach(row: asyncpg.Record) -> Reach:
    numbers = [number for number in row["numbers"] if number]
    return Reach(row["name"], row["name_latin"], numbers, row["relation"], row["relation_en"])


_LETTERHEAD = """
SELECT sms_signature AS name, sms_signature_en AS name_en FROM region
WHERE id = ANY($1::bigint[]) AND sms_signature IS NOT NULL ORDER BY cardinality(path) DESC LIMIT 1
"""

_RESIDENTS = """
SELECT id, name, name_latin, ARRAY[phone, second_phone] AS numbers, '' AS relation, '' AS relation_en
FROM resident WHERE home_id = $1 ORDER BY id
"""

_CONTACTS = """
SELECT contact.id, contact.name, contact.name_latin, ARRAY[contact.phone] AS numbers, relation, relation_en
FROM contact JOIN resident ON resident.id = contact.resident_id
WHERE resident.home_id = $1 ORDER BY contact.resident_id, contact.rank
"""
