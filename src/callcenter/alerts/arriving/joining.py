"""Signals that meet something: a repeat, or an incident that is open already. One transaction a batch.

The open incidents are locked in the order of their subjects, the pure table in `incident` decides, and what it decided
is written set-based. An arrival whose incident was closed in the meantime is handed back: it opens a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from callcenter.alerts.arriving.opening import (
    Arrival,
    array_literal,
    opening_entry_data,
    position,
)
from callcenter.alerts.incident import Join, Standing, State, join
from callcenter.alerts.models import JournalOutcome
from callcenter.alerts.telling import TEXT_VALIDITY
from callcenter.alerts.view import INCIDENT_COLUMNS, Change, entry, view
from callcenter.core.encoding import encode_text
from callcenter.core.ids import new_id
from callcenter.devices.signals import SignalClass
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.outbox import NewText, dedup_key, enqueue
from callcenter.sms.progress import EMERGENCY

TakerPresent = Callable[[int], bool]
"""Whether a seat of this user is connected and armed."""


@dataclass(frozen=True, slots=True)
class Joined:
    """An arrival that became part of an open incident."""

    arrival: Arrival
    change: Change


async def sort_repeats(
    connection: asyncpg.Connection, repeats: Sequence[Arrival]
) -> dict[tuple[str, bytes], Mapping[str, Any] | None]:
    """For each source and held key what its first signal led to; None where the key is free after all.

    Free means: the first signal never reached the journal, or the incident it led to is closed (design 6b.1).
    """
    rows = await connection.fetch(
        _HELD, [a.source.name for a in repeats], [a.signal.dedup_key for a in repeats]
    )
    return {
        (row["source"], row["key"]): (
            None if row["outcome"] is None or row["state"] == State.CLOSED else row
        )
        for row in rows
    }


async def claim_keys(
    connection: asyncpg.Connection, arrivals: Sequence[Arrival]
) -> frozenset[UUID]:
    """Journal ids of those arrivals that are not repeats; they hold their keys now."""
    rows = await connection.fetch(
        _CLAIM,
        [a.source.name for a in arrivals],
        [a.signal.dedup_key for a in arrivals],
        [a.received_at for a in arrivals],
        [a.journal_id for a in arrivals],
        [a.received_at - timedelta(seconds=a.source.retry_horizon_s) for a in arrivals],
    )
    return frozenset(row["journal_id"] for row in rows)


async def take_over_keys(connection: asyncpg.Connection, arrivals: Sequence[Arrival]) -> None:
    """The arrivals hold their dedup keys from now on."""
    await connection.execute(
        _TAKE_OVER,
        [a.source.name for a in arrivals],
        [a.signal.dedup_key for a in arrivals],
        [a.received_at for a in arrivals],
        [a.journal_id for a in arrivals],
    )


async def await_others(connection: asyncpg.Connection, arrivals: Sequence[Arrival]) -> None:
    """Return when no transaction holds the open incidents of these arrivals, such as one of a connection given up."""
    async with connection.transaction():
        await _lock_open(connection, arrivals)


async def join_open(
    connection: asyncpg.Connection,
    arrivals: Sequence[Arrival],
    now: datetime,
    taker_present: TakerPresent,
) -> list[Joined]:
    """Join those whose subject has an open incident of their class; the others are not in the answer."""
    async with connection.transaction():
        standing = await _lock_open(connection, arrivals)
        met = [(a, standing[a.subject, _class_joined(a)]) for a in arrivals if _key(a) in standing]
        if not met:
            return []
        joins = [_decide(arrival, row, taker_present) for arrival, row in met]
        changes = await _update(connection, met, joins, now)
        await _write_texts(connection, met, joins, now)
        await journal(
            connection,
            [(arrival, JournalOutcome.JOINED, row["id"], None) for arrival, row in met],
            now,
        )
    return [Joined(arrival, change) for (arrival, _), change in zip(met, changes, strict=True)]


def _class_joined(arrival: Arrival) -> str:
    """A cancel or a restore says something about an open alarm; it opens none."""
    if arrival.signal_class is SignalClass.RECORD:
        return SignalClass.ALARM.value
    return arrival.signal_class.value


def _key(arrival: Arrival) -> tuple[str, str]:
    return arrival.subject, _class_joined(arrival)


async def _lock_open(
    connection: asyncpg.Connection, arrivals: Sequence[Arrival]
) -> dict[tuple[str, str], Mapping[str, Any]]:
    rows = await connection.fetch(
        _LOCK, [a.subject for a in arrivals], [_class_joined(a) for a in arrivals]
    )
    return {(row["subject"], row["class"]): row for row in rows}


def _decide(arrival: Arrival, row: Mapping[str, Any], taker_present: TakerPresent) -> Join:
    taken_by = row["taken_by"]
    return join(
        Standing(State(row["state"]), row["priority"], taken_by),
        arrival.signal_class,
        arrival.priority,
        taker_present=taken_by is not None and taker_present(taken_by),
    )


def _entry_data(arrival: Arrival, row: Mapping[str, Any], decided: Join) -> dict[str, Any]:
    return opening_entry_data(arrival) | {
        "rings": decided.rings,
        "from_state": row["state"],
        "state": decided.state.value,
    }


async def _update(
    connection: asyncpg.Connection,
    met: Sequence[tuple[Arrival, Mapping[str, Any]]],
    joins: Sequence[Join],
    now: datetime,
) -> list[Change]:
    data = [
        _entry_data(arrival, row, decided)
        for (arrival, row), decided in zip(met, joins, strict=True)
    ]
    rows = await connection.fetch(
        _JOIN,
        now,
        [row["id"] for _, row in met],
        [decided.state.value for decided in joins],
        [decided.priority for decided in joins],
        [int(decided.rings) for decided in joins],
        [decided.keeps_taker for decided in joins],
        [int(arrival.signal_class is not SignalClass.RECORD) for arrival, _ in met],
        [encode_text(item) for item in data],
    )
    after = {row["id"]: view(row) for row in rows}
    return [
        Change(
            after[row["id"]],
            (entry(row["id"], after[row["id"]]["version"], now, "joined", item),),
        )
        for (_, row), item in zip(met, data, strict=True)
    ]


async def _write_texts(
    connection: asyncpg.Connection,
    met: Sequence[tuple[Arrival, Mapping[str, Any]]],
    joins: Sequence[Join],
    now: datetime,
) -> None:
    await enqueue(
        connection,
        [
            NewText(
                id=new_id(),
                dedup=dedup_key(row["id"], text.recipient, MessageKind(text.kind)),
                reference=row["id"],
                region_id=arrival.caller.region_id,
                contact_id=text.contact_id,
                recipient=text.recipient,
                kind=MessageKind(text.kind),
                language=text.language,
                priority=EMERGENCY,
                created_at=now,
                expires_at=now + TEXT_VALIDITY,
                params=text.params | {"ref": row["number"]},
            )
            for (arrival, row), decided in zip(met, joins, strict=True)
            if decided.texts
            for text in arrival.texts
        ],
    )


JournalRow = tuple[Arrival, JournalOutcome, object, str | None]
"""Arrival, what became of it, the incident's id or None, a reason or None."""


async def journal(
    connection: asyncpg.Connection, rows: Sequence[JournalRow], now: datetime
) -> None:
    """Write journal rows for arrivals that open nothing."""
    columns = zip(*(_journal_columns(*row) for row in rows), strict=True)
    await connection.execute(_JOURNAL, now, *columns)


def _journal_columns(
    arrival: Arrival, outcome: JournalOutcome, incident_id: object, reason: str | None
) -> tuple[object, ...]:
    signal, caller = arrival.signal, arrival.caller
    lat, lng = position(arrival)
    return (
        arrival.journal_id,
        arrival.source.name,
        signal.identifier,
        caller.device_id,
        caller.home_id,
        signal.kind.value,
        outcome.value,
        incident_id,
        signal.occurred_at,
        arrival.received_at,
        lat,
        lng,
        signal.text,
        arrival.extra,
        array_literal(arrival.flags),
        reason,
        signal.raw,
    )


_HELD = """
SELECT held.source, held.key, journal.id AS journal_id, journal.outcome, journal.incident_id, incident.state, incident.number
FROM unnest($1::text[], $2::bytea[]) AS repeat(source, key)
JOIN signal_dedup AS held USING (source, key)
LEFT JOIN journal ON journal.id = held.journal_id
LEFT JOIN incident ON incident.id = journal.incident_id
"""

_CLAIM = """
WITH input AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::uuid[], $5::timestamptz[])
        AS i(source, key, received_at, journal_id, horizon)
)
INSERT INTO signal_dedup AS held (source, key, first_seen, journal_id)
SELECT source, key, received_at, journal_id FROM input
ON CONFLICT (source, key) DO UPDATE SET first_seen = excluded.first_seen, journal_id = excluded.journal_id
WHERE held.journal_id = excluded.journal_id
   OR held.first_seen < (SELECT horizon FROM input WHERE input.journal_id = excluded.journal_id)
RETURNING journal_id
"""

_TAKE_OVER = """
UPDATE signal_dedup AS held SET first_seen = mine.first_seen, journal_id = mine.journal_id
FROM unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::uuid[]) AS mine(source, key, first_seen, journal_id)
WHERE held.source = mine.source AND held.key = mine.key
"""

_LOCK = """
SELECT id, number, subject, class, state, priority, taken_by FROM incident
WHERE state <> 'closed' AND (subject, class) IN (SELECT * FROM unnest($1::text[], $2::text[]))
ORDER BY subject, class FOR UPDATE
"""

_JOIN = f"""
WITH decided AS (
    SELECT * FROM unnest(
        $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::bigint[], $8::text[]
    ) AS d(incident_id, new_state, new_priority, rings, keeps_taker, presses, entry)
), joined AS (
    UPDATE incident SET
        state = new_state,
        priority = new_priority,
        ring = ring + rings,
        press_count = press_count + presses,
        last_signal_at = $1,
        version = version + 1,
        taken_by = CASE WHEN keeps_taker THEN taken_by END,
        taken_by_name = CASE WHEN keeps_taker THEN taken_by_name END,
        taken_at = CASE WHEN keeps_taker THEN taken_at END,
        offered_to = CASE WHEN keeps_taker THEN offered_to END
    FROM decided WHERE incident.id = decided.incident_id
    RETURNING incident.*, decided.entry
), entries AS (
    INSERT INTO timeline_entry (incident_id, number, at, kind, data)
    SELECT id, version, $1, 'joined', entry::jsonb FROM joined
)
SELECT {INCIDENT_COLUMNS} FROM joined
"""  # noqa: S608 constant columns

_JOURNAL = """
INSERT INTO journal (
    id, source, identifier, device_id, home_id, kind, outcome, incident_id, occurred_at, received_at, stored_at, lat,
    lng, text, extra, flags, reason, raw
)
SELECT id, source, identifier, device_id, home_id, kind, outcome, incident_id, occurred_at, received_at, $1, lat, lng,
       text, extra::jsonb, flags::text[], reason, raw
FROM unnest(
    $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::uuid[],
    $10::timestamptz[], $11::timestamptz[], $12::float8[], $13::float8[], $14::text[], $15::text[], $16::text[],
    $17::text[], $18::bytea[]
) AS j(
    id, source, identifier, device_id, home_id, kind, outcome, incident_id, occurred_at, received_at, lat, lng, text,
    extra, flags, reason, raw
)
ON CONFLICT (id) DO NOTHING
"""
