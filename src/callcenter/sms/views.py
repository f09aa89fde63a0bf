"""Texts as the timeline shows them: joined with the contact, the number masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from callcenter.core.phone import mask


@dataclass(frozen=True, slots=True)
class SmsRow:
    """The fields of seats.messages.SmsView; `region_id` says who may see it."""

    id: UUID
    version: int
    incident_id: UUID | None
    region_id: int
    contact_id: int | None
    contact_name: str | None
    relation: str | None
    relation_en: str | None
    recipient: str
    """Masked: 139****0001."""
    kind: str
    state: str
    created_at: datetime
    submitted_at: datetime | None
    settled_at: datetime | None
    error: str | None


_SHOWN = tuple(name for name in SmsRow.__slots__ if name != "region_id")


def sms_view(row: SmsRow) -> dict[str, Any]:
    """The row as the wire has it."""
    return {name: getattr(row, name) for name in _SHOWN}


async def of_incident(connection: asyncpg.Connection, incident_id: UUID) -> list[SmsRow]:
    """All texts of one incident, oldest first."""
    rows = await connection.fetch(
        _SELECT
        + " WHERE message.reference = $1 ORDER BY message.created_at, message.contact_id, message.id",
        incident_id,
    )
    return list(map(sms_row, rows))


SMS_COLUMNS = """
       message.id, message.version, message.reference AS incident_id, message.region_id, message.contact_id,
       contact.name AS contact_name, contact.relation, contact.relation_en, message.recipient, message.kind,
       CASE message.state WHEN 'submitting' THEN 'queued' ELSE message.state END AS state,
       message.created_at, message.submitted_at, message.settled_at, message.error
"""
CONTACT_OF_MESSAGE = "LEFT JOIN contact ON contact.id = message.contact_id"

_SELECT = f"SELECT {SMS_COLUMNS} FROM sms_message AS message {CONTACT_OF_MESSAGE}"  # noqa: S608 constant columns


def sms_row(row: Mapping[str, Any]) -> SmsRow:
    """A row of SMS_COLUMNS, its number masked."""
    return SmsRow(**{name: row[name] for name in _FIELDS} | {"recipient": mask(row["recipient"])})


_FIELDS = tuple(SmsRow.__slots__)
