"""Signals that meet an incident that is open already. One transaction a batch.

The open incidents are locked in the order of their subjects, the pure table in `incident` decides, and what it decided
is written set-based. An arrival whose incident was closed in the meantime is handed back: it opens a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from callcenter.alerts.arriving.arrival import Arrival, call_back_by, next_contact_s, signal_said
from callcenter.alerts.arriving.journal import journal
from callcenter.alerts.change import Change
from callcenter.alerts.entries import Entry, Joined
from callcenter.alerts.incident import (
    INCIDENT_COLUMNS,
    OF_A_RING,
    TELLING_STOPPED,
    Incident,
    Join,
    State,
    join,
    mode_after,
)
from callcenter.alerts.models import JournalOutcome
from callcenter.alerts.timers import await_answers, set_timers, starts_anew, timer_of
from callcenter.core.encoding import array_literal, encode_text
from callcenter.devices.signals import SignalClass
from callcenter.sms.outbox import insert_texts, text_rows

TakerPresent = Callable[[int], bool]
"""Whether a seat of this user is connected and armed."""


@dataclass(frozen=True, slots=True)
class JoinResult:
    """An arrival that became part of an open incident."""

    arrival: Arrival
    change: Change


@dataclass(frozen=True, slots=True)
class _Met:
    arrival: Arrival
    found: Incident
    decided: Join


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
            _Met(arrival, found, _decide(arrival, found, taker_present))
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


def _class_joined(arrival: Arrival) -> str:
    """A cancel or a restore says something about an open alarm; it opens none."""
    if arrival.signal_class is SignalClass.RECORD:
        return SignalClass.ALARM.value
    return arrival.signal_class.value


def _key(arrival: Arrival) -> tuple[str, str]:
    return arrival.subject, _class_joined(arrival)


async def _lock_open(
    connection: asyncpg.Connection, arrivals: Sequence[Arrival]
) -> dict[tuple[str, str], Incident]:
    rows = await connection.fetch(
        _LOCK, [a.subject for a in arrivals], [_class_joined(a) for a in arrivals]
    )
    return {(row["subject"], row["signal_class"]): Incident.of(row) for row in rows}


def _decide(arrival: Arrival, found: Incident, taker_present: TakerPresent) -> Join:
    kind, passed = arrival.signal.kind, arrival.received_at - found.last_signal_at
    return join(
        found,
        kind,
        taker_present=found.taken_by is not None and taker_present(found.taken_by),
        mode=mode_after(found, kind, arrival.mode, passed),
    )


def _said(arrival: Arrival, found: Incident, decided: Join) -> Joined:
    return Joined(
        **signal_said(arrival),
        rings=decided.rings,
        from_state=found.state.value,
        state=decided.state.value,
        real=decided.mode is not found.mode,
    )


async def _write(
    connection: asyncpg.Connection, met: Sequence[_Met], now: datetime
) -> list[Change]:
    said = [_said(one.arrival, one.found, one.decided) for one in met]
    texts = [
        row
        for one in met
        if one.decided.texts
        for row in text_rows(one.found.id, one.arrival.texts, now)
    ]
    rows = await connection.fetch(
        _JOIN,
        now,
        [one.found.id for one in met],
        [one.decided.state.value for one in met],
        [one.decided.priority for one in met],
        [int(one.decided.rings) for one in met],
        [one.decided.keeps_taker for one in met],
        [int(one.arrival.signal_class is not SignalClass.RECORD) for one in met],
        [encode_text(item) for item in said],
        encode_text(texts),
        [timer_of(_after(one, now)) for one in met],
        [starts_anew(one.found, _after(one, now)) for one in met],
        [one.decided.kind for one in met],
        [array_literal(one.decided.kinds) for one in met],
        sorted(OF_A_RING),
        [array_literal(_ring_to(one)) for one in met],
        [one.decided.mode.value for one in met],
        [_next_contact_s(one) for one in met],
        [_call_back_by(one, now) for one in met],
    )
    after = {row["id"]: Incident.of(row) for row in rows}
    return [_change(after[one.found.id], item, now) for one, item in zip(met, said, strict=True)]


def _ring_to(one: _Met) -> Sequence[int]:
    """Where it rings anew: at its taker while it is taken, else as if it had just come."""
    return one.arrival.ring_to if one.decided.state is State.WAITING else ()


def _next_contact_s(one: _Met) -> int:
    """Where an operator tells the contacts by hand, none is told by itself."""
    by_hand = TELLING_STOPPED in one.found.marks
    return 0 if by_hand or not one.decided.texts else next_contact_s(one.arrival)


def _call_back_by(one: _Met, now: datetime) -> datetime | None:
    """A request that waits anew has its time from now on."""
    waits_anew = one.found.state is not State.WAITING and one.decided.state is State.WAITING
    return call_back_by(one.arrival, now) if waits_anew else one.found.call_back_by


def _after(one: _Met, now: datetime) -> Incident:
    """As far as timers go by it."""
    found, decided = one.found, one.decided
    taken_by = found.taken_by if decided.keeps_taker else None
    rung = found.rung_anew() if decided.rings else found
    return replace(
        rung,
        state=decided.state,
        taken_by=taken_by,
        mode=decided.mode,
        call_back_by=_call_back_by(one, now),
    )


def _change(after: Incident, said: Joined, now: datetime) -> Change:
    return Change(after, (Entry(after.id, after.version, now, "joined", None, None, said),))


_LOCK = f"""
SELECT subject, {INCIDENT_COLUMNS} FROM incident
WHERE state <> 'closed' AND (subject, class) IN (SELECT * FROM unnest($1::text[], $2::text[]))
ORDER BY subject, class FOR UPDATE
"""  # noqa: S608 constant columns

_CLEAR, _START = set_timers("joined", "$1")

_JOIN = f"""
WITH decided AS (
    SELECT * FROM unnest(
        $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::bigint[], $8::text[],
        $10::text[], $11::boolean[], $12::text[], $13::text[], $15::text[], $16::text[],
        $17::bigint[], $18::timestamptz[]
    ) AS d(
        incident_id, new_state, new_priority, rings, keeps_taker, presses, entry, timer, anew, new_kind, new_kinds, new_ring_to,
        new_mode, next_contact_s, new_call_back_by
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
        last_signal_at = $1,
        version = version + 1,
        taken_by = CASE WHEN keeps_taker THEN taken_by END,
        taken_by_name = CASE WHEN keeps_taker THEN taken_by_name END,
        taken_at = CASE WHEN keeps_taker THEN taken_at END,
        offered_to = CASE WHEN keeps_taker THEN offered_to END,
        follow_due_at = CASE WHEN keeps_taker THEN follow_due_at END,
        call_back_by = new_call_back_by
    FROM decided WHERE incident.id = decided.incident_id
    RETURNING incident.*, decided.entry, decided.timer, decided.anew, decided.next_contact_s, false AS stops, false AS ends_wait
), entries AS (
    INSERT INTO timeline_entry (incident_id, number, at, kind, data)
    SELECT id, version, $1, 'joined', entry::jsonb FROM joined
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
