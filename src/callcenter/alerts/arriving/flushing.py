"""One flush: a batch of arrivals in, one settled outcome for each. What opens goes in one statement; what meets
something goes through `joining`; what is only recorded is written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg

from callcenter.alerts.arriving import joining, keys
from callcenter.alerts.arriving.arrival import Arrival, incident_of, opened, rang_at
from callcenter.alerts.arriving.journal import journal
from callcenter.alerts.arriving.meeting import ABOUT_AN_ALARM, TakerPresent
from callcenter.alerts.arriving.opening import open_incidents
from callcenter.alerts.change import Change
from callcenter.alerts.entries import Entry
from callcenter.alerts.models import JournalOutcome
from callcenter.devices.signals import SignalClass

ROUNDS = 4
"""Opening and joining chase each other when an incident is closed in between; more than this many times is a fault."""


class Contended(Exception):
    """Opening and joining missed each other too often: try again later."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one signal, after the commit."""

    journal_id: UUID
    outcome: JournalOutcome
    incident_id: UUID | None
    number: int | None = None


@dataclass(slots=True)
class Flush:
    """Everything one flush has settled so far, and the changes to be pushed."""

    uncertain: bool = False
    """These arrivals were tried before, and what became of that may still be under way."""
    divided: bool = False
    """They were refused together often enough: each is tried alone, whatever the reason."""
    settled: dict[UUID, Stored] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    texts: bool = False
    contended: set[UUID] = field(default_factory=set)
    failed: dict[UUID, Exception] = field(default_factory=dict)

    def settle(
        self,
        arrival: Arrival,
        outcome: JournalOutcome,
        incident_id: UUID | None,
        number: int | None = None,
    ) -> None:
        self.settled[arrival.journal_id] = Stored(arrival.journal_id, outcome, incident_id, number)


async def write(
    connection: asyncpg.Connection,
    batch: Sequence[Arrival],
    now: datetime,
    taker_present: TakerPresent,
    flush: Flush,
) -> None:
    """Write the batch; `flush` grows with each commit, so that an error leaves what is durable settled.

    Raises what asyncpg raises; the caller knows from `flush.settled` which arrivals are still open.
    """
    recorded = [a for a in batch if a.signal_class is SignalClass.RECORD]
    opening = [a for a in batch if a.signal_class is not SignalClass.RECORD]
    if recorded:
        await _record(connection, recorded, now, taker_present, flush)
    for _ in range(ROUNDS):
        if not opening:
            return
        opening = await _open_or_join(connection, opening, now, taker_present, flush)
    if opening:
        raise Contended(f"{len(opening)} signals neither opened nor joined an incident")


async def already_written(
    connection: asyncpg.Connection, batch: Sequence[Arrival], flush: Flush
) -> list[Arrival]:
    """After a lost connection: settles what a flush of unknown outcome did write, returns what it did not.

    A row that can be read may lie on this host alone, if nobody waited for its standby to the end; a commit after it has.
    """
    rows = await connection.fetch(_WRITTEN, [a.journal_id for a in batch])
    if rows:
        await connection.execute(_COMMIT)
    found = {row["id"]: row for row in rows}
    for arrival in batch:
        row = found.get(arrival.journal_id)
        if row is not None:
            flush.settle(arrival, JournalOutcome(row["outcome"]), row["incident_id"], row["number"])
    return [a for a in batch if a.journal_id not in found]


async def _open_or_join(
    connection: asyncpg.Connection,
    batch: Sequence[Arrival],
    now: datetime,
    taker_present: TakerPresent,
    flush: Flush,
) -> list[Arrival]:
    """One round; returns the arrivals that another round must open."""
    results = await open_incidents(connection, batch, now)
    for arrival, result in zip(batch, results, strict=True):
        if result.number is not None:
            flush.settle(arrival, JournalOutcome.OPENED, arrival.incident_id, result.number)
            flush.changes.append(opening_change(arrival, result.number, now))
            flush.texts |= bool(arrival.texts)
    met = [a for a, r in zip(batch, results, strict=True) if r.fresh and r.number is None]
    repeats = [a for a, r in zip(batch, results, strict=True) if not r.fresh]
    again = await _settle_repeats(connection, repeats, now, flush) if repeats else []
    if met:
        again += await _join(connection, met, now, taker_present, flush)
    return again


async def _join(
    connection: asyncpg.Connection,
    met: Sequence[Arrival],
    now: datetime,
    taker_present: TakerPresent,
    flush: Flush,
) -> list[Arrival]:
    if flush.uncertain:
        await joining.await_others(connection, met)
        met = await already_written(connection, met, flush)
    if not met:
        return []
    joined = await joining.join_open(connection, met, now, taker_present)
    for item in joined:
        met_one = item.change.incident
        flush.settle(item.arrival, JournalOutcome.JOINED, met_one.id, met_one.number)
        flush.changes.append(item.change)
        flush.texts |= bool(item.arrival.texts)
    return [a for a in met if a.journal_id not in flush.settled]


async def _settle_repeats(
    connection: asyncpg.Connection, repeats: Sequence[Arrival], now: datetime, flush: Flush
) -> list[Arrival]:
    held = await keys.sort_repeats(connection, repeats)
    again, rows = [], []
    for arrival in repeats:
        first = held.get((arrival.source.name, arrival.signal.dedup_key))
        if first is None:
            again.append(arrival)
        else:
            rows.append((arrival, first))
    if rows:
        await journal(
            connection,
            [(a, JournalOutcome.DUPLICATE, first["incident_id"], None) for a, first in rows],
            now,
        )
        for arrival, first in rows:
            flush.settle(arrival, JournalOutcome.DUPLICATE, first["incident_id"], first["number"])
    if again:
        await keys.take_over_keys(connection, again)
    return again


async def _record(
    connection: asyncpg.Connection,
    recorded: Sequence[Arrival],
    now: datetime,
    taker_present: TakerPresent,
    flush: Flush,
) -> None:
    """Heartbeats, tests, cancels: into the journal; a cancel or restore also onto the open alarm of its home."""
    fresh = await keys.claim_keys(connection, recorded)
    repeats = [a for a in recorded if a.journal_id not in fresh]
    again = await _settle_repeats(connection, repeats, now, flush) if repeats else []
    rest = [a for a in recorded if a.journal_id in fresh] + again
    speaking = [a for a in rest if a.signal.kind in ABOUT_AN_ALARM]
    if speaking:
        await _join(connection, speaking, now, taker_present, flush)
    rest = [a for a in rest if a.journal_id not in flush.settled]
    if not rest:
        return
    outcomes = [
        JournalOutcome.RECORDED if a.caller.known else JournalOutcome.UNKNOWN_DEVICE for a in rest
    ]
    await journal(
        connection, [(a, o, None, None) for a, o in zip(rest, outcomes, strict=True)], now
    )
    for arrival, outcome in zip(rest, outcomes, strict=True):
        flush.settle(arrival, outcome, None)


def opening_change(arrival: Arrival, number: int, now: datetime) -> Change:
    """The incident as the statement wrote it, without reading it back."""
    at = rang_at(arrival, now)
    after = incident_of(arrival, number, at)
    entry = Entry(arrival.incident_id, 1, at, "opened", None, None, opened(arrival))
    return Change(after, (entry,), arrival.subject)


_COMMIT = "SELECT pg_logical_emit_message(true, 'callcenter', '')"
"""A record of the log that nobody reads: its commit waits for the disk, and for the standby, as that of an alarm does."""

_WRITTEN = """
SELECT journal.id, journal.outcome, journal.incident_id, incident.number
FROM unnest($1::uuid[]) AS asked(id) JOIN journal ON journal.id = asked.id
LEFT JOIN incident ON incident.id = journal.incident_id
"""
