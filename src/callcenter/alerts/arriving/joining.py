"""Signals that meet an incident that is open already. One transaction a batch.

The open incidents are locked in the order of their subjects, the pure table in `incident` decides, and what it decided
is written set-based. An arrival whose incident was closed in the meantime is handed back: it opens a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from callcenter.alerts.arriving.arrival import Arrival, next_contact_s, rang_at
from callcenter.alerts.arriving.journal import journal
from callcenter.alerts.arriving.meeting import (
    Met,
    TakerPresent,
    after,
    class_joined,
    meet,
    presses,
    ring_to,
    said,
)
from callcenter.alerts.change import Change
from callcenter.alerts.entries import Entry, Joined
from callcenter.alerts.incident import (
    INCIDENT_COLUMNS,
    OF_A_RING,
    TELLING_STOPPED,
    Incident,
)
from callcenter.alerts.models import JournalOutcome
from callcenter.alerts.timers import await_answers, set_timers, starts_anew, timer_of
from callcenter.core.encoding import array_literal, encode_text
from callcenter.sms.outbox import insert_texts, text_rows


@dataclass(frozen=True, slots=True)
class JoinResult:
    """An arrival that became part of an open incident."""

    arrival: Arrival
    change: Change


async def await_others(connection: asyncpg.Connection, arrivals: Sequence[Arrival]) -> None:
    """Return when no transaction holds the open incidents of these arrivals, such as one of a connection given up."""
    async with connection.transaction():
        await _lock_open(connection, arrivals)


async def join_open(
    connection: asyncpg.Connection,
    arrivals: Sequence[Arrival],
    now: datetime,
    taker_present: TakerPresent,
) -> list[JoinResult]:
    """Join those whose subject has an open incident of their class; the others are not in the answer."""
    async with connection.transaction():
        open_ones = await _lock_open(connection, arrivals)
        met = [
            meet(arrival, found, taker_present)
            for arrival in arrivals
            if (found := open_ones.get(_key(arrival))) is not None
        ]
        if not met:
            return []
        changes = await _write(connection, met, now)
        await journal(
            connection,
            [(one.arrival, JournalOutcome.JOINED, one.found.id, None) for one in met],
            now,
        )
    return [JoinResult(one.arrival, change) for one, change in zip(met, changes, strict=True)]


def _key(arrival: Arrival) -> tuple[str, str]:
    return arrival.subject, class_joined(arrival)


async def _lock_open(
    connection: asyncpg.Connection, arrivals: Sequence[Arrival]
) -> dict[tuple[str, str], Incident]:
    rows = await connection.fetch(
        _LOCK, [a.subject for a in arrivals], [class_joined(a) for a in arrivals]
    )
    return {(row["subject"], row["signal_class"]): Incident.of(row) for row in rows}


async def _write(connection: asyncpg.Connection, met: Sequence[Met], now: datetime) -> list[Change]:
    entries = [said(one) for one in met]
    times = [rang_at(one.arrival, now) for one in met]
    following = [after(one, at) for one, at in zip(met, times, strict=True)]
    texts = [
        row
        for one, then in zip(met, following, strict=True)
        if one.decided.texts
        for row in text_rows(then.id, one.arrival.texts, now, then.ring)
    ]
    rows = await connection.fetch(
        _JOIN,
        now,
        [one.found.id for one in met],
        [one.decided.state.value for one in met],
        [one.decided.priority for one in met],
        [int(one.decided.rings) for one in met],
        [one.decided.keeps_taker for one in met],
        [presses(one) for one in met],
        [encode_text(item) for item in entries],
        encode_text(texts),
        [timer_of(then) for then in following],
        [starts_anew(one.found, then) for one, then in zip(met, following, strict=True)],
        [one.decided.kind for one in met],
        [array_literal(one.decided.kinds) for one in met],
        sorted(OF_A_RING),
        [array_literal(ring_to(one)) for one in met],
        [one.decided.mode.value for one in met],
        [_next_contact_s(one) for one in met],
        [then.call_back_by for then in following],
        times,
    )
    written = {row["id"]: Incident.of(row) for row in rows}
    return [
        _change(written[one.found.id], one.arrival.subject, item, at)
        for one, item, at in zip(met, entries, times, strict=True)
    ]


def _next_contact_s(one: Met) -> int:
    """Where an operator tells the contacts by hand, none is told by itself."""
    by_hand = TELLING_STOPPED in one.found.marks
    return 0 if by_hand or not one.decided.texts else next_contact_s(one.arrival)


def _change(written: Incident, subject: str, item: Joined, at: datetime) -> Change:
    entry = Entry(written.id, written.version, at, "joined", None, None, item)
    return Change(written, (entry,), subject)


_LOCK = f"""
SELECT subject, {INCIDENT_COLUMNS} FROM incident
WHERE state <> 'closed' AND (subject, class) IN (SELECT * FROM unnest($1::text[], $2::text[]))
ORDER BY subject, class FOR UPDATE
"""  # noqa: S608 constant columns

_CLEAR, _START = set_timers("joined", "rang_at", "($1 - rang_at)")

_JOIN = f"""
WITH decided AS (
    SELECT * FROM unnest(
        $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::bigint[], $8::text[],
        $10::text[], $11::boolean[], $12::text[], $13::text[], $15::text[], $16::text[],
        $17::bigint[], $18::timestamptz[], $19::timestamptz[]
    ) AS d(
        incident_id, new_state, new_priority, rings, keeps_taker, presses, entry, timer, anew, new_kind, new_kinds, new_ring_to,
        new_mode, next_contact_s, new_call_back_by, rang_at
    )
), joined AS (
    UPDATE incident SET
        state = new_state,
        priority = new_priority,
        kind = new_kind,
        kinds = new_kinds::text[],
        mode = new_mode,
        ring = ring + rings,
        marks = CASE WHEN rings > 0 THEN ARRAY(
            SELECT mark FROM unnest(marks) WITH ORDINALITY AS held(mark, place) WHERE mark <> ALL($14::text[]) ORDER BY place
        ) ELSE marks END,
        ring_to = CASE WHEN rings > 0 THEN new_ring_to::bigint[] ELSE ring_to END,
        escalated = CASE WHEN rings > 0 THEN 0 ELSE escalated END,
        press_count = press_count + presses,
        last_signal_at = rang_at,
        version = version + 1,
        taken_by = CASE WHEN keeps_taker THEN taken_by END,
        taken_by_name = CASE WHEN keeps_taker THEN taken_by_name END,
        taken_at = CASE WHEN keeps_taker THEN taken_at END,
        offered_to = CASE WHEN keeps_taker THEN offered_to END,
        follow_due_at = CASE WHEN keeps_taker THEN follow_due_at END,
        call_back_by = new_call_back_by
    FROM decided WHERE incident.id = decided.incident_id
    RETURNING incident.*, decided.entry, decided.timer, decided.anew, decided.next_contact_s, decided.rang_at, false AS stops, false AS ends_wait
), entries AS (
    INSERT INTO timeline_entry (incident_id, number, at, kind, data)
    SELECT id, version, rang_at, 'joined', entry::jsonb FROM joined
), told AS (
    {insert_texts("$9", "$1", "joined")}
    RETURNING reference, kind
), asked AS (
    {await_answers("told JOIN joined ON joined.id = told.reference", "next_contact_s", anew=False)}
), rested AS (
    {_CLEAR}
), watched AS (
    {_START}
)
SELECT {INCIDENT_COLUMNS} FROM joined
"""  # noqa: S608 constant columns
