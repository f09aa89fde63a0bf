"""Whose a link is, and what the tables say of that incident: looked up in one transaction, and nothing of it remembered."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.alerts.incident import State
from callcenter.dispatch.task import TaskState
from callcenter.families.course import Case, Goer
from callcenter.families.page import Note
from callcenter.sms.catalogue import TO_CONTACTS, in_sql
from callcenter.sms.inbound import Meaning
from callcenter.sms.links import LASTS, read_token, signature


@dataclass(frozen=True, slots=True)
class Link:
    """What a valid link opens. `person` is what the text called them by, as `hotline` is what it said."""

    incident_id: UUID
    region_path: Sequence[int]
    contact_id: int
    number: str
    """Of the contact, as whom an answer counts."""
    language: str
    person: Mapping[str, str]
    hotline: str
    case: Case
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """The last that this contact has answered."""

    meaning: Meaning
    at: datetime


class BadLink(Exception):
    """`reason`: unreadable, unknown, expired."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def find(session: AsyncSession, token: str, key: str, now: datetime) -> Link:
    """Raises BadLink. A text that was withdrawn opens nothing: it was about somebody else."""
    read = read_token(token)
    if read is None:
        raise BadLink("unreadable")
    number, given = read
    rows = (await session.execute(text(_TEXTS), {"number": number})).mappings().all()
    for row in rows:
        ends_at = row["created_at"] + LASTS
        made = signature(key, row["id"], row["contact_id"], ends_at)
        if hmac.compare_digest(made, given):
            if now >= ends_at:
                raise BadLink("expired")
            return _link(dict(row), await _goers(session, row["id"]), ends_at)
    raise BadLink("unknown")


async def last_said(session: AsyncSession, link: Link) -> Said | None:
    """By page or by text."""
    row = (
        (await session.execute(text(_SAID), {"incident": link.incident_id, "number": link.number}))
        .mappings()
        .first()
    )
    return Said(Meaning(row["meaning"]), row["received_at"]) if row else None


async def notes_of(session: AsyncSession, link: Link) -> Sequence[Note]:
    """The last that they have written on the page."""
    given = {"incident": link.incident_id, "number": link.number}
    rows = (await session.execute(text(_NOTES), given)).mappings().all()
    return [Note(row["text"], row["received_at"], seen=row["seen"]) for row in rows]


async def hotline_of_site(session: AsyncSession) -> str:
    """The number of the root region, for whom no link says another."""
    return await session.scalar(text(_HOTLINE)) or ""


def _link(row: Mapping[str, Any], goers: Sequence[Goer], ends_at: datetime) -> Link:
    params = row["params"]
    names = ("name", "name_latin", "salutation", "salutation_en")
    return Link(
        incident_id=row["id"],
        region_path=row["region_path"],
        contact_id=row["contact_id"],
        number=row["recipient"],
        language=row["language"],
        person={name: str(params.get(name) or "") for name in names},
        hotline=str(params.get("hotline") or ""),
        case=Case(
            State(row["state"]),
            row["opened_at"],
            row["closed_at"],
            row["outcome"],
            safe=row["safe_by"] is not None,
            goers=goers,
        ),
        ends_at=ends_at,
    )


async def _goers(session: AsyncSession, incident_id: UUID) -> Sequence[Goer]:
    rows = (await session.execute(text(_TASKS), {"incident": incident_id})).mappings().all()
    return [
        Goer(
            TaskState(row["state"]),
            row["name"] or "",
            next(iter(row["kinds"] or ()), ""),
            row["eta"],
            row["arrived_at"],
        )
        for row in rows
    ]


_TEXTS: Final = f"""
SELECT incident.id, region_path, state, opened_at, closed_at, outcome, safe_by, told.*
FROM incident CROSS JOIN LATERAL (
    SELECT contact_id, recipient, language, params, created_at FROM sms_message
    WHERE reference = incident.id AND kind IN {in_sql(TO_CONTACTS)} AND contact_id IS NOT NULL
      AND sms_message.state <> 'drill' AND withdrawn_at IS NULL
    ORDER BY created_at DESC LIMIT 200
) AS told
WHERE incident.number = :number
"""  # noqa: S608 constant kinds

_TASKS: Final = """
SELECT task.state, staff.name, staff.kinds, task.eta, task.arrived_at
FROM task LEFT JOIN staff ON staff.id = task.staff_id
WHERE task.incident_id = :incident AND task.kind = 'rescue' AND task.state <> 'cancelled'
"""

_SAID: Final = """
SELECT coalesce(said, meaning) AS meaning, received_at FROM sms_inbound
WHERE sender = :number AND (about = :incident OR reference = :incident)
  AND coalesce(said, meaning) IN ('yes', 'no')
ORDER BY received_at DESC, id DESC LIMIT 1
"""

_NOTES: Final = """
SELECT text, received_at, handled_at IS NOT NULL AS seen FROM sms_inbound
WHERE about = :incident AND sender = :number AND said = 'other'
ORDER BY received_at DESC, id DESC LIMIT 3
"""

_HOTLINE: Final = "SELECT hotline FROM region WHERE parent_id IS NULL ORDER BY id LIMIT 1"
