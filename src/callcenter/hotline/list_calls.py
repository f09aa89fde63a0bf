"""Lists of calls that are worked by voice first: what is due is written as automatic calls, and what came of them into the list.

A processor of the office. While a telephone is rung for a call nobody is offered it (`call_item.voice_until`); an operator may take it all the
same, and then it is not rung any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

import asyncpg

from callcenter.calls.item import CallState, Decision, ListKind, report
from callcenter.calls.thresholds import read_policies
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.hotline.list_answers import (
    BY_VOICE_FOR,
    RUNG_AS,
    ForPeople,
    Report,
    Settled,
    follows,
)
from callcenter.hotline.ringing_again import Quiet

NAME: Final = "list_calls"
AHEAD: Final = 40
"""So many calls of lists are written before they are made: who is first may change."""
SLICE: Final = 20
BY_MACHINE: Final = (0, "自动语音 · automatic call")
"""Who has reported."""


class ListCalls:
    """The processor."""

    name = NAME
    interval_s = 2.0

    def __init__(self, connections: HeldConnections, quiet: Quiet, zone: tzinfo) -> None:
        self.connections = connections
        self._quiet = quiet
        self._zone = zone

    async def run_once(self, now: datetime) -> int:
        """Write what came of them, withdraw what a person has taken, write what is due."""
        async with self.connections.use() as connection:
            async with connection.transaction():
                ended = await connection.fetch(_ENDED, SLICE)
                for row in ended:
                    await self._settle(connection, row, now)
            await connection.execute(_TAKEN_BY_PEOPLE, now)
            due_at = self._quiet.ends_after(now, self._zone)
            rung_as = {kind.value: voice.value for kind, voice in RUNG_AS.items()}
            async with connection.transaction():
                begun = await connection.fetch(_DUE, now, AHEAD, SLICE, list(rung_as))
                for row in begun:
                    await self._begin(connection, row, rung_as[row["kind"]], now, due_at)
        return len(ended) + len(begun)

    async def _begin(
        self,
        connection: asyncpg.Connection,
        row: Mapping[str, Any],
        kind: str,
        now: datetime,
        due_at: datetime,
    ) -> None:
        params = {
            name: row[name] for name in ("signature", "signature_en", "notice", "notice_en") if row[name]
        }  # fmt: skip
        await connection.execute(
            _INSERT,
            new_id(),
            kind,
            row["phone"],
            row["region_id"],
            row["language"],
            params,
            row["id"],
            now,
            due_at,
        )
        await connection.execute(_BY_VOICE, row["id"], now + BY_VOICE_FOR)

    async def _settle(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        """Of an item that is still open: what a person has written meanwhile stays."""
        await connection.execute(_LISTED, row["voice_call_id"])
        if row["state"] != CallState.OPEN:
            await connection.execute(_NOT_BY_VOICE, row["id"])
            return
        match follows(ListKind(row["kind"]), row["pressed"]):
            case ForPeople(wish):
                await connection.execute(_FOR_PEOPLE, row["id"], wish, now)
            case Settled(result, score):
                state = CallState.DONE if row["pressed"] else CallState.GIVEN_UP
                await connection.execute(_SETTLED, row["id"], state.value, str(result), score, now)
            case Report() as said:
                await self._report(connection, row, said, now)

    async def _report(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], said: Report, now: datetime
    ) -> None:
        """Whoever has pressed the key for help has an alarm already: it was written with the key (`hotline.voice_out`)."""
        kind = ListKind(row["kind"])
        policies = await read_policies(connection)
        decision: Decision = report(
            kind, CallState(row["state"]), row["attempts"], said.result, pace=policies.of(kind, row["path"]).pace, postponed=None, now=now
        )  # fmt: skip
        await connection.execute(
            _REPORT, row["id"], decision.state.value, decision.attempts, said.result.value, now
        )
        await connection.execute(_ATTEMPT, new_id(), row["id"], now, *BY_MACHINE, said.result.value)


_ENDED: Final = """
SELECT voice.id AS voice_call_id, voice.pressed, item.id, item.state, item.attempts, list.kind, region.path
FROM voice_call AS voice
JOIN call_item AS item ON item.id = voice.call_item_id
JOIN call_list AS list ON list.id = item.list_id
JOIN home ON home.id = item.home_id
JOIN region ON region.id = home.region_id
WHERE voice.call_item_id IS NOT NULL AND NOT voice.listed AND voice.state <> ALL (ARRAY['due'::text, 'ringing'::text])
ORDER BY voice.id LIMIT $1
FOR UPDATE OF voice, item SKIP LOCKED
"""

_LISTED: Final = "UPDATE voice_call SET listed = true WHERE id = $1"
_NOT_BY_VOICE: Final = "UPDATE call_item SET voice_until = NULL WHERE id = $1"

_TAKEN_BY_PEOPLE: Final = """
UPDATE voice_call AS voice SET state = 'withdrawn', outcome = 'withdrawn', ended_at = $1, version = voice.version + 1
FROM call_item AS item WHERE item.id = voice.call_item_id AND voice.state = 'due' AND item.state <> 'open'
"""

# Whom a machine has rung for this call once is a person's from then on; so is, from the beginning, whoever does not hear well.
_DUE: Final = """
SELECT item.id, list.kind, region.id AS region_id, coalesce(resident.phone, resident.second_phone) AS phone,
       CASE WHEN resident.language LIKE 'en%' THEN 'en' ELSE 'zh' END AS language,
       list.notice, list.notice_en, coalesce(signed.sms_signature, '') AS signature, coalesce(signed.sms_signature_en, '') AS signature_en
FROM call_item AS item
JOIN call_list AS list ON list.id = item.list_id AND list.active AND list.by_voice AND list.kind = ANY($4::text[])
JOIN home ON home.id = item.home_id
JOIN region ON region.id = home.region_id
JOIN resident ON resident.id = item.resident_id AND resident.status NOT IN ('deceased', 'moved', 'hospital')
    AND resident.hearing = ''
LEFT JOIN LATERAL (
    SELECT above.sms_signature, above.sms_signature_en FROM region AS above
    WHERE above.id = ANY(region.path) AND above.sms_signature IS NOT NULL ORDER BY array_position(region.path, above.id) DESC LIMIT 1
) AS signed ON true
WHERE item.state = 'open' AND item.next_try_at <= $1 AND (item.stale_at IS NULL OR item.stale_at > $1)
  AND item.wish IS NULL AND coalesce(resident.phone, resident.second_phone) IS NOT NULL
  AND NOT EXISTS (SELECT FROM voice_call WHERE voice_call.call_item_id = item.id)
ORDER BY item.rank, item.next_try_at, item.id
LIMIT least($3::bigint, greatest(0, $2::bigint - (SELECT count(*) FROM voice_call WHERE call_item_id IS NOT NULL AND state = 'due')))
FOR UPDATE OF item SKIP LOCKED
"""

_INSERT: Final = """
INSERT INTO voice_call (id, kind, number, region_id, language, params, call_item_id, asked_at, state, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'due', $9)
"""

_BY_VOICE: Final = "UPDATE call_item SET voice_until = $2 WHERE id = $1"

_FOR_PEOPLE: Final = """
UPDATE call_item SET voice_until = NULL, wish = $2::text, next_try_at = least(next_try_at, $3), rank = CASE WHEN $2::text IS NULL THEN rank ELSE 0 END
WHERE id = $1 AND state = 'open'
"""
"""Whoever wants to speak with somebody is the first to be rung."""

_SETTLED: Final = """
UPDATE call_item SET voice_until = NULL, state = $2, result = $3, score = $4, ended_at = $5 WHERE id = $1 AND state = 'open'
"""

_REPORT: Final = """
UPDATE call_item SET voice_until = NULL, state = $2, attempts = $3, result = $4, ended_at = $5 WHERE id = $1
"""

_ATTEMPT: Final = """
INSERT INTO call_attempt (id, item_id, at, user_id, user_name, result) VALUES ($1, $2, $3, $4, $5, $6)
"""
