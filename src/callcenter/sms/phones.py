"""The virtual phones of the demo: every contact, duty number, resident and member of the staff, with what the outbox holds for it and
what it answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.residents.names import latin_name
from callcenter.sms.claiming import said_in
from callcenter.sms.links import LinkOf, no_link

PER_PHONE = 30
"""Messages shown on one phone."""


@dataclass(frozen=True, slots=True)
class PhoneMessage:
    id: str
    kind: str
    text: str
    language: str
    at: datetime
    direction: str
    """`out` from the centre to the phone, `in` from the phone."""
    state: str
    task: str = ""
    """Of a text about a task: its kind."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One number; the newest message is the last. Phones that got a text come first, the latest before the others."""

    number: str
    owner: str
    owner_latin: str
    relation: str
    relation_en: str
    resident: str
    kinds: Sequence[str] = ()
    """Of staff: what they are. Nobody else has one."""
    place: int | None = None
    """Of those whom the script of the demo is about: where it stands among them, from 1."""
    messages: list[PhoneMessage] = field(default_factory=list)


async def phones(
    session: AsyncSession, zone: tzinfo, link_of: LinkOf = no_link, in_script: Sequence[str] = ()
) -> list[Phone]:
    """All phones of the demo. In demo mode numbers are invented, so that nothing is masked here. `in_script`: numbers, in their order."""
    owners = [dict(row) for row in (await session.execute(text(_OWNERS))).mappings()]
    places = {number: n for n, number in enumerate(in_script, start=1)}
    for row in (await session.execute(text(_STAFF))).mappings():
        latin = latin_name(row["owner"]).latin
        owners.append({**row, "owner_latin": latin, "place": places.get(row["number"])})
    known = {owner["number"] for owner in owners}
    residents = (await session.execute(text(_RESIDENTS))).mappings()
    owners += [dict(row) for row in residents if row["number"] not in known]
    rows = (await session.execute(text(_MESSAGES), {"limit": PER_PHONE})).mappings().all()
    by_number: defaultdict[str, list[PhoneMessage]] = defaultdict(list)
    for row in rows:
        by_number[row["number"]].append(_message(dict(row), zone, link_of))
    listed = [Phone(**owner, messages=by_number.pop(owner["number"], [])) for owner in owners]
    strangers = [
        Phone(number, number, number, "", "", "", messages=messages)
        for number, messages in by_number.items()
    ]
    return _latest_first([*listed, *strangers])


def _latest_first(found: Sequence[Phone]) -> list[Phone]:
    texted = [phone for phone in found if phone.messages]
    silent = [phone for phone in found if not phone.messages]
    return sorted(texted, key=lambda phone: phone.messages[-1].at, reverse=True) + silent


def _message(row: Mapping[str, Any], zone: tzinfo, link_of: LinkOf) -> PhoneMessage:
    said = row["text"]
    if row["direction"] == "out":
        said = said_in(row, zone, link_of)
    return PhoneMessage(
        id=str(row["id"]),
        kind=row["kind"],
        text=said,
        language=row["language"],
        at=row["at"],
        direction=row["direction"],
        state=row["state"],
        task=str((row["params"] or {}).get("task", "")),
    )


_OWNERS = """
SELECT DISTINCT ON (contact.phone) contact.phone AS number, contact.name AS owner, contact.name_latin AS owner_latin,
       contact.relation, contact.relation_en, resident.name AS resident
FROM contact JOIN resident ON resident.id = contact.resident_id
ORDER BY contact.phone, contact.rank, contact.id
"""

_STAFF = """
SELECT DISTINCT ON (phone) phone AS number, name AS owner, '' AS relation, '' AS relation_en, '' AS resident, kinds
FROM staff WHERE phone IS NOT NULL AND phone NOT IN (SELECT contact.phone FROM contact WHERE contact.phone IS NOT NULL)
ORDER BY phone, id
"""

_RESIDENTS = """
SELECT DISTINCT ON (phone) phone AS number, name AS owner, name_latin AS owner_latin, '本人' AS relation, 'the resident' AS relation_en,
       '' AS resident
FROM resident WHERE phone IS NOT NULL ORDER BY phone, id
"""

_MESSAGES = """
WITH said AS (
    SELECT id, recipient AS number, kind, params, '' AS text, language, created_at AS at, 'out' AS direction, state,
           reference, contact_id, created_at
    FROM sms_message WHERE state = 'delivered' AND gateway = 'sandbox'
    UNION ALL
    SELECT id, sender, 'reply', NULL, text, '', received_at, 'in', coalesce(meaning, 'received'), NULL, NULL, NULL
    FROM sms_inbound WHERE gateway = 'sandbox'
), placed AS (
    SELECT said.*, row_number() OVER (PARTITION BY number ORDER BY at DESC, id DESC) AS place FROM said
)
SELECT * FROM placed WHERE place <= :limit ORDER BY at, id
"""
