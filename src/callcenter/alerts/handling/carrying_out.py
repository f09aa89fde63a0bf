"""Carrying out decisions on incidents: one guarded statement each (design 6b.4), repeated when somebody was faster.

The statement changes the incident only in the version that was decided upon, and only if the command's id is new; entry,
command and texts are written from what it changed. So a repeated command changes nothing and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from callcenter.alerts.archive import read_incident
from callcenter.alerts.board import Board
from callcenter.alerts.handling.commands import Decision, Told
from callcenter.alerts.telling import TEXT_COLUMNS, TEXT_VALIDITY, Text
from callcenter.alerts.view import INCIDENT_COLUMNS, Change, entry, view
from callcenter.core.clock import Clock
from callcenter.core.encoding import encode_text
from callcenter.core.errors import Conflict, Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.devices.registry import Caller, Registry, SourceRef

TRIES = 8


@dataclass(frozen=True, slots=True)
class Workbench:
    """Port of the API: what commands need."""

    connections: HeldConnections
    registry: Registry
    board: Board
    clock: Clock
    zone: ZoneInfo
    texts_written: Callable[[], None]
    directory_changed: Callable[[], None]

    def caller(self, incident: Mapping[str, Any]) -> Caller:
        """The incident's home as the registry knows it now, else its device."""
        now = self.clock.now()
        if incident["home_id"] is not None:
            found = self.registry.home_caller(incident["home_id"], incident["resident_id"], now)
            if found is not None:
                return found
        source = SourceRef(incident["source"], "", incident["region_id"])
        return self.registry.resolve(source, incident["identifier"] or "", now)


@dataclass(frozen=True, slots=True)
class CommandOf:
    """Who asks for what; `id` is made by the client, so that a repeat is recognised."""

    id: UUID
    action: str
    user_id: int | None
    user_name: str | None


Decide = Callable[[Mapping[str, Any]], Decision]


async def perform(
    connection: asyncpg.Connection,
    workbench: Workbench,
    incident_id: UUID,
    command: CommandOf,
    decide: Decide,
) -> dict[str, Any]:
    """Decide and write, again if the incident changed in between; answers with the incident after it."""
    for _ in range(TRIES):
        incident = await read_incident(connection, incident_id)
        if await connection.fetchval(_DONE, command.id):
            return incident
        decision = decide(incident)
        after = await write(connection, incident, command, decision, workbench.clock.now())
        if after is not None:
            workbench.board.publish([after])
            if decision.texts:
                workbench.texts_written()
            return after.incident
    raise Conflict("The incident changes too fast: try again.", code="busy")


async def write(
    connection: asyncpg.Connection,
    incident: Mapping[str, Any],
    command: CommandOf,
    decision: Decision,
    now: datetime,
) -> Change | None:
    """One statement; None when the incident is no longer in the version that was decided upon."""
    columns = tuple(sorted(decision.values))
    values = [_stored(decision.values[column]) for column in columns]
    try:
        row = await connection.fetchrow(
            _statement(columns),
            incident["id"],
            incident["version"],
            command.id,
            command.action,
            command.user_id,
            command.user_name,
            now,
            decision.kind,
            encode_text(decision.data),
            *_text_columns(decision.texts, incident, now),
            *values,
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict(
            "This home has an open incident already: work on that one.", code="home_has_incident"
        ) from error
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
        raise Unavailable("The incident is busy: try again.", code="busy") from error
    if row is None:
        return None
    after = view(row)
    written = entry(
        incident["id"],
        after["version"],
        now,
        decision.kind,
        decision.data,
        user_id=command.user_id,
        user_name=command.user_name,
    )
    return Change(after, (written,))


async def told(connection: asyncpg.Connection, incident_id: UUID) -> list[Told]:
    """Contacts who were texted about this incident, each once, in that order."""
    rows = await connection.fetch(_TOLD, incident_id)
    return [
        Told(row["recipient"], row["contact_id"], row["language"], row["params"]) for row in rows
    ]


def _stored(value: object) -> object:
    if isinstance(value, dict):
        return encode_text(value)
    return list(value) if isinstance(value, tuple) else value


def _text_columns(
    texts: Sequence[Text], incident: Mapping[str, Any], now: datetime
) -> list[Sequence[object]]:
    rows = [
        (
            new_id(),
            f"{incident['id']}:{text.recipient}:{text.kind}",
            text.contact_id,
            text.recipient,
            text.kind,
            encode_text({**text.params, "ref": incident["number"]}),
            text.language,
            now + TEXT_VALIDITY,
        )
        for text in texts
    ]
    return list(zip(*rows, strict=True)) if rows else [()] * (TEXT_COLUMNS - 1)


_TYPES: Mapping[str, str] = {
    "state": "text",
    "taken_by": "bigint",
    "taken_by_name": "text",
    "taken_at": "timestamptz",
    "offered_to": "bigint",
    "ring": "bigint",
    "marks": "text[]",
    "outcome": "text",
    "safe_by": "text",
    "safe_where": "text",
    "closed_at": "timestamptz",
    "subject": "text",
    "home_id": "bigint",
    "resident_id": "bigint",
    "device_id": "bigint",
    "region_id": "bigint",
    "region_path": "bigint[]",
    "lat": "float8",
    "lng": "float8",
    "card": "text",
}
"""Columns a decision may set, and how the value travels."""

_FIRST_VALUE = 18


@cache
def _statement(columns: tuple[str, ...]) -> str:
    """The statement that sets these columns; every name comes from _TYPES."""
    sets = "".join(
        f", {column} = ${_FIRST_VALUE + i}::{_TYPES[column]}{'::jsonb' if column == 'card' else ''}"
        for i, column in enumerate(columns)
    )
    return _WRITE.replace("/* sets */", sets)


_WRITE = f"""
WITH changed AS (
    UPDATE incident SET version = version + 1 /* sets */
    WHERE id = $1 AND version = $2 AND NOT EXISTS (SELECT 1 FROM incident_command WHERE incident_command.id = $3)
    RETURNING *
), entries AS (
    INSERT INTO timeline_entry (incident_id, number, at, kind, user_id, user_name, data)
    SELECT id, version, $7, $8::text, $5::bigint, $6::text, $9::text::jsonb FROM changed
), commands AS (
    INSERT INTO incident_command (id, incident_id, user_id, action, version, at)
    SELECT $3, id, $5, $4::text, version, $7 FROM changed WHERE $5 IS NOT NULL
), texts AS (
    INSERT INTO sms_message (
        id, dedup, reference, region_id, contact_id, recipient, kind, params, language, priority, created_at, due_at,
        expires_at
    )
    SELECT t.id, t.dedup, changed.id, changed.region_id, t.contact_id, t.recipient, t.kind, t.params::jsonb,
           t.language, 1, $7, $7, t.expires_at
    FROM changed, unnest(
        $10::uuid[], $11::text[], $12::bigint[], $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[]
    ) AS t(id, dedup, contact_id, recipient, kind, params, language, expires_at)
    ON CONFLICT (dedup) DO NOTHING
)
SELECT {INCIDENT_COLUMNS} FROM changed
"""  # noqa: S608 constant columns

_DONE = "SELECT true FROM incident_command WHERE id = $1"

_TOLD = """
SELECT DISTINCT ON (recipient) recipient, contact_id, language, params FROM sms_message
WHERE reference = $1 AND kind IN ('alarm_raised', 'can_you_go') ORDER BY recipient, created_at
"""
