"""Contacts who have not answered the text about an alarm are rung: their calls are written, and what became of them is told.

Looked for, never done where the alarm comes in: nothing of it takes a moment of an alarm's way. The row is written some time before it is due, so
that the names in it can be spoken; an answer until then withdraws it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.alerts.bodies import VoiceNews
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.alerts.handling.one_alone import Became, one_alone
from callcenter.alerts.handling.voice_told import VOICE_TOLD
from callcenter.core.ids import new_id
from callcenter.hotline.announcement import Outcome
from callcenter.hotline.needless import NEEDLESS
from callcenter.hotline.spoken import VoiceKind
from callcenter.sms.catalogue import TO_CONTACTS, in_sql

AHEAD: Final = 0.5
"""Of the time that a contact has: then their call is written."""
NOT_AFTER: Final = timedelta(minutes=30)
"""A text that is older has been seen to by others; after an outage nobody is rung for it."""
AT_ONCE: Final = 50


class Unanswered:
    """The processor. `after`: how long a contact has for the answer where no plan says otherwise; nothing: nobody is rung there. Nobody
    is rung while there is no exchange.
    """

    name = "unanswered"
    interval_s = 1.0

    def __init__(self, workbench: Workbench, after: timedelta) -> None:
        self._workbench = workbench
        self._after = after
        self._told: set[tuple[UUID, int, str]] = set()
        """Steps that stand on timelines, of attempts that have not ended."""

    async def run_once(self, now: datetime) -> int:
        """Write the calls that will be due; tell of those that are made."""
        async with self._workbench.connections.use() as connection:
            written = await self._write(connection, now)
            rows = await connection.fetch(_UNTOLD, AT_ONCE)
            for row in rows:
                await self._tell_or_leave(connection, row, now)
        return written

    async def _write(self, connection: asyncpg.Connection, now: datetime) -> int:
        rows = await connection.fetch(_SILENT, now, now - NOT_AFTER, AT_ONCE, self._after, AHEAD)
        for row in rows:
            language = "en" if row["language"] == "en" else "zh"
            await connection.execute(
                _INSERT, new_id(), VoiceKind.CONTACT_ALARM.value, row["recipient"], row["region_id"], language, row["params"],
                row["reference"], row["contact_id"], row["created_at"], row["created_at"] + row["after"],
            )  # fmt: skip
        return len(rows)

    async def _tell_or_leave(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        """What cannot be told at all is told once in the log."""
        is_over = row["outcome"] is not None or not row["open"]
        if row["open"]:
            became = await one_alone(row["incident_id"], self._tell(connection, row, now))
            if became is Became.LEFT:
                return
            is_over = is_over or became is Became.FAILED
        if is_over:
            await connection.execute(_TOLD, row["id"], row["n"])
            self._told = {each for each in self._told if each[:2] != (row["id"], row["n"])}

    async def _tell(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        for step in _steps(row):
            if (row["id"], row["n"], step) in self._told:
                continue
            news = VoiceNews(
                row["id"], row["n"], step, row["contact_id"], row["name"], row["relation"], row["relation_en"],
                row["pressed"] or "" if step == Outcome.PRESSED else "", row["again_at"] if step == row["outcome"] else None,
            )  # fmt: skip
            order = replace(of_system(VOICE_TOLD, news), at=now)
            await carry_out(connection, self._workbench, row["incident_id"], order)
            self._told.add((row["id"], row["n"], step))


def _steps(row: Mapping[str, Any]) -> Iterator[str]:
    yield "rang"
    if row["answered_at"] is not None:
        yield "answered"
    if row["outcome"] is not None:
        yield row["outcome"]


# The plan it runs with; before it was taken, as `alerts.plans.choosing` has it: the resident's own, else that of the nearest region upwards.
_HAS: Final = """
CROSS JOIN LATERAL (
    SELECT coalesce(make_interval(secs => coalesce(said.ring_after_s, holds.ring_after_s)), $4::interval) AS after
    FROM (
        SELECT CASE WHEN incident.resident_id IS NOT NULL THEN ARRAY[incident.resident_id]
            ELSE ARRAY(SELECT (person->>'resident_id')::bigint FROM jsonb_path_query(incident.card, '$.people[*]') AS person) END AS people
    ) AS whose
    LEFT JOIN LATERAL (
        SELECT * FROM incident_plan WHERE incident_id = incident.id ORDER BY number DESC LIMIT 1
    ) AS begun ON true
    LEFT JOIN action_plan_version AS said ON said.plan_id = begun.plan_id AND said.version = begun.version
    LEFT JOIN LATERAL (
        SELECT plan.ring_after_s FROM action_plan AS plan
        WHERE begun.number IS NULL AND plan.active AND incident.kind = ANY(plan.kinds)
          AND (plan.resident_id = ANY(whose.people) OR plan.region_id = ANY(incident.region_path))
        ORDER BY array_position(whose.people, plan.resident_id), array_position(incident.region_path, plan.region_id) DESC, plan.id LIMIT 1
    ) AS holds ON true
) AS has
"""

_SILENT: Final = f"""
SELECT DISTINCT ON (asked.reference, asked.recipient) asked.reference, asked.recipient, asked.contact_id, asked.region_id,
       asked.language, asked.params, asked.created_at, has.after
FROM sms_message AS asked JOIN incident ON incident.id = asked.reference
{_HAS}
WHERE incident.state <> 'closed' AND has.after > interval '0' AND asked.created_at <= $1::timestamptz - has.after * $5::float
  AND asked.created_at <= $1 AND asked.created_at > $2 AND asked.kind IN {in_sql(TO_CONTACTS)}
  AND asked.withdrawn_at IS NULL AND asked.state NOT IN ('drill', 'cancelled')
  AND NOT EXISTS (SELECT FROM voice_call WHERE voice_call.incident_id = incident.id AND voice_call.number = asked.recipient)
  AND NOT {NEEDLESS.format(number="asked.recipient", since="asked.created_at")}
ORDER BY asked.reference, asked.recipient, asked.created_at LIMIT $3
"""  # noqa: S608 constant parts

_INSERT: Final = """
INSERT INTO voice_call (id, kind, priority, number, region_id, language, params, incident_id, contact_id, asked_at, state, due_at)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, 'due', $10)
ON CONFLICT DO NOTHING
"""

_UNTOLD: Final = """
SELECT voice.id, attempt.n, voice.incident_id, voice.contact_id, attempt.answered_at, attempt.outcome, attempt.pressed, attempt.again_at,
       incident.state <> 'closed' AS open, coalesce(contact.name, '') AS name, coalesce(contact.relation, '') AS relation,
       coalesce(contact.relation_en, '') AS relation_en
FROM voice_attempt AS attempt
JOIN voice_call AS voice ON voice.id = attempt.voice_call_id
JOIN incident ON incident.id = voice.incident_id
LEFT JOIN contact ON contact.id = voice.contact_id
WHERE NOT attempt.told ORDER BY attempt.rang_at LIMIT $1
"""

_TOLD: Final = "UPDATE voice_attempt SET told = true WHERE voice_call_id = $1 AND n = $2"
