"""Reads the facts of a proof in one snapshot that changes nothing. Each function is a statement and how its rows become facts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg

from callcenter.alerts.called import OFFICE
from callcenter.alerts.chained import CHAINS
from callcenter.alerts.incident import Outcome
from callcenter.audit.archived import sha256_of
from callcenter.audit.chain import SETTLED, made_at
from callcenter.audit.chained import Chained
from callcenter.audit.checking import faults_between, head_of
from callcenter.audit.cuts import Cut, cut_faults, cuts_of
from callcenter.calls.outage import Window, gaps
from callcenter.core.database import Database
from callcenter.core.errors import Invalid
from callcenter.core.one_moment import one_moment
from callcenter.proving.facts import (
    LATE,
    About,
    Alarm,
    ChainFacts,
    Commands,
    Facts,
    Forwards,
    Gap,
    Numbers,
    Open,
    Overdue,
    Received,
    Span,
    Texts,
    WaitingForward,
    WaitingText,
)
from callcenter.proving.spool import left_in, office_spool_beside
from callcenter.sms.catalogue import TO_DUTY, in_sql

MOST_BROKEN: Final = 200
"""Of one chain; whoever has more has to look at all of it."""


async def read_facts(
    database: Database, span: Span, spool: Path, archive: Path | None = None
) -> Facts:
    """Everything about a span. Raises Invalid `span_archived`, Unavailable, and what asyncpg raises where the tables are those of
    another release.
    """
    async with one_moment(database, "prove") as connection:
        await _demand_rows(connection, span)
        outages = await _outages(connection, span)
        return Facts(
            span=span,
            received=await _received(connection, span),
            alarms=await _alarms(connection, span),
            texts=await _texts(connection, span),
            forwards=await _forwards(connection, span),
            commands=await _commands(connection, span),
            overdue=await _overdue(connection),
            numbers=await _numbers(connection, span),
            open=await _open(connection),
            outages=outages,
            chains=[await _chain(connection, chained, span, archive) for chained in CHAINS],
            spool=await left_in(spool),
            office_spool=await left_in(office_spool_beside(spool)),
            regions=await _regions(connection),
        )


def _about(row: Mapping[str, Any]) -> About:
    if row["incident_id"] is None or row["number"] is None:
        return About()
    return About(
        incident_id=str(row["incident_id"]),
        number=row["number"],
        region_id=row["region_id"],
        region_path=tuple(row["region_path"]),
    )


_ABOUT = "incident.id AS incident_id, incident.number, incident.region_id, incident.region_path"


async def _regions(connection: asyncpg.Connection) -> dict[int, tuple[str, str]]:
    rows = await connection.fetch("SELECT id, name, name_en FROM region")
    return {row["id"]: (row["name"], row["name_en"] or row["name"]) for row in rows}


# ---- received


async def _received(connection: asyncpg.Connection, span: Span) -> Received:
    rows = await connection.fetch(_OUTCOMES, span.since, span.until)
    counted = await connection.fetchrow(_COUNTED, span.since, span.until)
    astray = await connection.fetch(_ASTRAY, span.since, span.until)
    unsignalled = await connection.fetch(_UNSIGNALLED, span.since, span.until)
    names = ("settled", "liveness", "refused", "garbage")
    return Received(
        rows={row["outcome"]: row["n"] for row in rows},
        counted={name: counted[name] for name in names},
        rows_beside=counted["beside"],
        astray=[(str(row["id"]), row["stored_at"]) for row in astray],
        unsignalled=[(_about(row), row["opened_at"]) for row in unsignalled],
    )


_OUTCOMES = """
SELECT outcome, count(*) AS n FROM journal WHERE stored_at >= $1 AND stored_at < $2 GROUP BY outcome ORDER BY outcome
"""
_COUNTED = """
WITH own AS (SELECT * FROM heard_count WHERE since >= $1 AND until <= $2)
SELECT coalesce(sum(settled), 0)::bigint AS settled, coalesce(sum(liveness), 0)::bigint AS liveness,
       coalesce(sum(refused), 0)::bigint AS refused, coalesce(sum(garbage), 0)::bigint AS garbage,
       (SELECT count(*) FROM journal WHERE stored_at >= (SELECT min(since) FROM own) - interval '1 minute'
        AND stored_at <= (SELECT max(until) FROM own)) AS beside
FROM own
"""
_ASTRAY = """
SELECT id, stored_at FROM journal WHERE stored_at >= $1 AND stored_at < $2 AND outcome = 'opened'
AND NOT EXISTS (SELECT FROM incident WHERE incident.id = journal.incident_id)
ORDER BY stored_at
"""
_UNSIGNALLED = f"""
SELECT {_ABOUT}, opened_at FROM incident WHERE opened_at >= $1 AND opened_at < $2
AND NOT EXISTS (SELECT FROM journal WHERE journal.incident_id = incident.id AND outcome = 'opened')
ORDER BY opened_at
"""  # noqa: S608 names of columns


# ---- alarms


async def _alarms(connection: asyncpg.Connection, span: Span) -> list[Alarm]:
    rows = await connection.fetch(_ALARMS, span.since, span.until)
    return [
        Alarm(
            about=_about(row),
            stored=row["opened_at"],
            received=row["received"],
            seen=row["seen"],
            sounding=row["sounding"],
            taken=row["taken"],
            answered=row["answered"],
            duty=row["duty"],
            by_hand=row["source"] == OFFICE,
            part_of_other=row["outcome"] == Outcome.PART_OF_OTHER,
        )
        for row in rows
    ]


_ALARMS = f"""
SELECT {_ABOUT}, opened_at, source, outcome, came.received, proved.seen, proved.sounding, did.taken, did.answered, told.duty
FROM incident
CROSS JOIN LATERAL (
    SELECT min(received_at) AS received FROM journal WHERE journal.incident_id = incident.id AND journal.outcome = 'opened'
) AS came
CROSS JOIN LATERAL (
    SELECT min(at) FILTER (WHERE proof = 'seen') AS seen, min(at) FILTER (WHERE proof = 'sounding') AS sounding
    FROM incident_proof WHERE incident_proof.incident_id = incident.id
) AS proved
CROSS JOIN LATERAL (
    SELECT min(at) FILTER (WHERE kind = 'taken' OR (kind = 'reply' AND data @> '{{"takes": true}}')) AS taken,
           min(at) FILTER (WHERE kind = 'reply') AS answered
    FROM timeline_entry WHERE timeline_entry.incident_id = incident.id
) AS did
CROSS JOIN LATERAL (
    SELECT min(created_at) AS duty FROM sms_message
    WHERE reference = incident.id AND kind IN {in_sql(TO_DUTY)} AND state IN ('submitted', 'buffered', 'delivered')
) AS told
WHERE class = 'alarm' AND mode = 'real' AND opened_at >= $1 AND opened_at < $2
ORDER BY opened_at
"""  # noqa: S608 names of columns


# ---- texts, commands, timers


async def _texts(connection: asyncpg.Connection, span: Span) -> Texts:
    ended = await connection.fetch(_ENDED, span.since, span.until)
    waiting = await connection.fetch(_WAITING, span.since, span.until)
    return Texts(
        ended={row["state"]: row["n"] for row in ended},
        waiting=[
            WaitingText(
                about=_about(row),
                id=str(row["id"]),
                kind=row["kind"],
                state=row["state"],
                created_at=row["created_at"],
                due_at=row["due_at"],
                awaited_until=row["lease_until"],
                withdrawn=row["withdrawn_at"] is not None,
            )
            for row in waiting
        ],
        now=await connection.fetchval("SELECT clock_timestamp()"),
    )


_NOT_ENDED = "('queued', 'submitting', 'submitted', 'buffered', 'unknown')"
_ENDED = f"""
SELECT state, count(*) AS n FROM sms_message
WHERE created_at >= $1 AND created_at < $2 AND state NOT IN {_NOT_ENDED} GROUP BY state ORDER BY state
"""  # noqa: S608 names of states
_WAITING = f"""
SELECT {_ABOUT}, text.id, text.kind, text.state, text.created_at, text.due_at, text.lease_until, text.withdrawn_at
FROM sms_message AS text LEFT JOIN incident ON incident.id = text.reference
WHERE text.created_at >= $1 AND text.created_at < $2 AND text.state IN {_NOT_ENDED} ORDER BY text.created_at
"""  # noqa: S608 likewise


async def _forwards(connection: asyncpg.Connection, span: Span) -> Forwards:
    ended = await connection.fetch(_FORWARDED, span.since, span.until)
    waiting = await connection.fetch(_FORWARDING, span.since, span.until)
    untold = await connection.fetch(_UNTOLD, span.since, span.until, span.now - LATE)
    return Forwards(
        ended={row["state"]: row["n"] for row in ended},
        accepted=sum(row["accepted"] for row in ended),
        waiting=[
            WaitingForward(_about(row), str(row["id"]), row["state"], row["waits_until"])
            for row in waiting
        ],
        untold=[(_about(row), row["settled_at"]) for row in untold],
    )


_FORWARDED = """
SELECT state, count(*) AS n, count(accepted_at) AS accepted FROM forwarding
WHERE created_at >= $1 AND created_at < $2 AND settled_at IS NOT NULL GROUP BY state ORDER BY state
"""
_FORWARDING = f"""
SELECT {_ABOUT}, forwarding.id, forwarding.state, greatest(forwarding.due_at, forwarding.lease_until) AS waits_until
FROM forwarding LEFT JOIN incident ON incident.id = forwarding.incident_id
WHERE forwarding.created_at >= $1 AND forwarding.created_at < $2 AND settled_at IS NULL ORDER BY forwarding.created_at
"""  # noqa: S608 names of columns
_UNTOLD = f"""
SELECT {_ABOUT}, settled_at FROM forwarding LEFT JOIN incident ON incident.id = forwarding.incident_id
WHERE forwarding.created_at >= $1 AND forwarding.created_at < $2 AND news AND settled_at < $3 ORDER BY forwarding.created_at
"""  # noqa: S608 likewise


async def _commands(connection: asyncpg.Connection, span: Span) -> Commands:
    lost = await connection.fetch(_LOST, span.since, span.until)
    torn = await connection.fetch(_TORN, span.since, span.until)
    return Commands(
        carried_out=await connection.fetchval(_CARRIED_OUT, span.since, span.until),
        lost=[(_about(row), row["action"], row["at"]) for row in lost],
        torn=[(_about(row), row["opened_at"]) for row in torn],
    )


_CARRIED_OUT = "SELECT count(*) FROM incident_command WHERE at >= $1 AND at < $2"
_LOST = f"""
SELECT {_ABOUT}, command.action, command.at FROM incident_command AS command
LEFT JOIN incident ON incident.id = command.incident_id
WHERE command.at >= $1 AND command.at < $2 AND NOT EXISTS (
    SELECT FROM timeline_entry AS entry WHERE entry.incident_id = command.incident_id AND entry.number = command.version)
ORDER BY command.at
"""  # noqa: S608 names of columns
_TORN = f"""
SELECT {_ABOUT}, opened_at FROM incident
CROSS JOIN LATERAL (
    SELECT count(*) AS entries, max(entry.number) AS newest FROM timeline_entry AS entry WHERE entry.incident_id = incident.id
) AS told
WHERE opened_at < $2 AND (closed_at IS NULL OR closed_at >= $1)
AND (told.entries <> incident.version OR told.newest IS DISTINCT FROM incident.version)
ORDER BY opened_at
"""  # noqa: S608 likewise


async def _overdue(connection: asyncpg.Connection) -> list[Overdue]:
    rows = await connection.fetch(_OVERDUE, LATE)
    return [Overdue(_about(row), row["kind"], row["due_at"]) for row in rows]


_OVERDUE = f"""
SELECT {_ABOUT}, timer.kind, timer.due_at
FROM incident_timer AS timer JOIN incident_watch AS watch ON timer.due_at < watch.looked_at - $1::interval
LEFT JOIN incident ON incident.id = timer.incident_id
UNION ALL
SELECT NULL, NULL, NULL, NULL, 'call_signal', signal.created_at
FROM call_signal AS signal JOIN incident_watch AS watch ON signal.created_at < watch.looked_at - $1::interval
WHERE signal.raised_at IS NULL
ORDER BY due_at
"""  # noqa: S608 likewise


# ---- numbers, open incidents, outages


async def _numbers(connection: asyncpg.Connection, span: Span) -> Numbers:
    found = await connection.fetch(_GAPS, span.since, span.until)
    missing = [Gap(row["first"], row["last"], row["after"], row["before"]) for row in found]
    times = [time for gap in missing for time in (gap.after, gap.before)]
    around = (min(times) - _AROUND, max(times) + _AROUND) if times else None
    return Numbers(
        incidents=await connection.fetchval(_INCIDENTS, span.since, span.until),
        gaps=missing,
        drawn=await _column(connection, _DRAWN, *around) if around else (),
        started=await _column(connection, _STARTED, *around) if around else (),
        recorded=await explained_gaps(connection),
    )


_AROUND: Final = timedelta(minutes=1)


async def explained_gaps(connection: asyncpg.Connection) -> list[tuple[int, int, str]]:
    """Numbers that were given up, as whoever had drawn them wrote down: first, last, why."""
    rows = await connection.fetch("SELECT first, last, reason FROM number_gap ORDER BY first")
    return [(row["first"], row["last"], row["reason"]) for row in rows]


async def _column(connection: asyncpg.Connection, query: str, *values: datetime) -> list[datetime]:
    return [row[0] for row in await connection.fetch(query, *values)]


_INCIDENTS = "SELECT count(*) FROM incident WHERE opened_at >= $1 AND opened_at < $2"
_GAPS = """
WITH own AS (SELECT min(number) AS first, max(number) AS last FROM incident WHERE opened_at >= $1 AND opened_at < $2 AND number > 0),
before AS (SELECT max(number) AS number FROM incident WHERE number < (SELECT first FROM own)),
pairs AS (
    SELECT number, opened_at, lead(number) OVER (ORDER BY number) AS next_number,
           lead(opened_at) OVER (ORDER BY number) AS next_opened_at
    FROM incident WHERE number BETWEEN (SELECT coalesce(before.number, own.first) FROM own, before) AND (SELECT last FROM own)
)
SELECT number + 1 AS first, next_number - 1 AS last, opened_at AS after, next_opened_at AS before
FROM pairs WHERE next_number > number + 1 ORDER BY number
"""
_DRAWN = """
SELECT stored_at FROM journal WHERE stored_at >= $1 AND stored_at <= $2 AND outcome = 'joined'
AND kind NOT IN ('cancel', 'restore')
"""
_STARTED = """
SELECT since FROM watch_span AS own WHERE since >= $1 AND since <= $2
UNION ALL SELECT started_at FROM database_start WHERE started_at >= $1 AND started_at <= $2
UNION ALL SELECT pg_postmaster_start_time()
"""


async def _open(connection: asyncpg.Connection) -> list[Open]:
    rows = await connection.fetch(_OPEN)
    return [
        Open(
            about=_about(row),
            signal_class=row["class"],
            state=row["state"],
            opened_at=row["opened_at"],
            timers=row["timers"],
            marks=row["marks"],
            there=row["there"],
        )
        for row in rows
    ]


_OPEN = f"""
SELECT {_ABOUT}, class, state, opened_at, marks,
       ARRAY(SELECT kind FROM incident_timer AS timer WHERE timer.incident_id = incident.id) AS timers,
       EXISTS (SELECT FROM seat_presence AS seat WHERE seat.user_id = incident.taken_by
               AND seat.lease_until > clock_timestamp()) AS there
FROM incident WHERE state <> 'closed' AND mode = 'real' ORDER BY opened_at
"""  # noqa: S608 names of columns


async def _outages(connection: asyncpg.Connection, span: Span) -> Sequence[Window]:
    rows = await connection.fetch("SELECT since, until FROM watch_span")
    now = await connection.fetchval("SELECT clock_timestamp()")
    found = gaps(((row["since"], row["until"]) for row in rows), now)
    return [each for each in found if each.since < span.until and each.until >= span.since]


# ---- chains


async def _demand_rows(connection: asyncpg.Connection, span: Span) -> None:
    """Of a time whose rows lie in the archive nothing can be said here. Of a month that came back late the archive has most."""
    high = await connection.fetchval("SELECT high FROM chain_cut ORDER BY high DESC LIMIT 1")
    if high is not None and span.since < (end := made_at(high)):
        raise Invalid(
            f"What was received before {end:%Y-%m-%d %H:%M} UTC lies in the archive: begin later, and prove the files of the time"
            " before by: callcenter archive verify",
            code="span_archived",
            until=end.isoformat(),
        )


async def _chain(
    connection: asyncpg.Connection, chained: Chained, span: Span, archive: Path | None
) -> ChainFacts:
    """Every link that was made since the span began, until the last one that belongs to it; and all that was cut before."""
    head = await head_of(connection, chained)
    number, hash_ = (head.number, head.hash.hex()) if head else (0, "")
    first = await _first_linked_at(connection, chained, span.since, number)
    last = max(
        await _first_linked_at(connection, chained, span.until, number) - 1,
        await connection.fetchval(_last_of_span(chained), span.since, span.until) or 0,
    )
    broken = [
        *await cut_faults(connection, chained),
        *await faults_between(connection, chained, first, last, most=MOST_BROKEN),
    ]
    cuts = await cuts_of(connection, chained)
    files = await asyncio.to_thread(_files, cuts, archive) if archive else []
    settled = min(span.until, span.now - SETTLED)
    outside = await connection.fetch(_outside(chained), span.since, settled, MOST_BROKEN)
    keys = [("/".join(str(part) for part in chained.key_of(row)), row["at"]) for row in outside]
    archived = sum(cut.rows for cut in cuts)
    return ChainFacts(
        chained.name, chained.table, first, last, number, hash_, broken, keys, files, archived
    )


def _files(cuts: Sequence[Cut], archive: Path) -> list[tuple[str, str]]:
    """Those that are not there or not as they were written."""
    found = []
    for cut in cuts:
        try:
            if sha256_of(archive / cut.file) != cut.sha256:
                found.append((cut.file, "changed"))
        except OSError:
            found.append((cut.file, "gone"))
    return found


async def _first_linked_at(
    connection: asyncpg.Connection, chained: Chained, at: datetime, head: int
) -> int:
    """The number of the first link made then or later, one more than the last if there is none; links are in the order of time."""
    low, high = 1, head + 1
    while low < high:
        middle = (low + high) // 2
        found = await connection.fetchrow(_linked_at(chained), middle)
        if found is None or found["linked_at"] is None or found["linked_at"] < at:
            low = middle + 1
        else:
            high = middle
    return low


def _linked_at(chained: Chained) -> str:
    """Of a link, or of the one before it where it is gone."""
    return f"SELECT linked_at FROM {chained.links} WHERE number <= $1 ORDER BY number DESC LIMIT 1"  # noqa: S608 a name


def _last_of_span(chained: Chained) -> str:
    return f"""
    SELECT max(link.number) FROM {chained.table} AS entry JOIN {chained.links} AS link ON {chained.same}
    WHERE entry.{chained.time} >= $1 AND entry.{chained.time} < $2
    """  # noqa: S608 names


def _outside(chained: Chained) -> str:
    keys = ", ".join(f"entry.{each.row}" for each in chained.key)
    return f"""
    SELECT {keys}, entry.{chained.time} AS at FROM {chained.table} AS entry
    WHERE entry.{chained.time} >= $1 AND entry.{chained.time} < $2
    AND NOT EXISTS (SELECT FROM {chained.links} AS link WHERE {chained.same})
    ORDER BY entry.{chained.time} LIMIT $3
    """  # noqa: S608 names
