"""Taking forwardings that are due, and writing what became of them. An attempt is on disk, under a lease, before its first byte
leaves; leases go by the database's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.core.errors import Invalid
from callcenter.core.sealed import Seal
from callcenter.forwarding.course import (
    LEASE,
    MOVES,
    ForwardState,
    Next,
    Outcome,
    after_attempt,
    after_lost_sender,
)
from callcenter.forwarding.models import WayKind
from callcenter.forwarding.parcel import Detail, Parcel, What
from callcenter.forwarding.way import Line, Sent
from callcenter.forwarding.ways.keys import key_of
from callcenter.forwarding.without_row import Flight

KEY: Final = "other_centre.key"
TOKEN: Final = "other_centre.token"  # noqa: S105 - a context of the seal
SECRET: Final = "other_centre.secret"  # noqa: S105 - likewise
_LOOKED_AT: Final = 100

Open = Callable[[bytes, str], bytes]
"""A sealed value and its context; raises Invalid."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A claimed row on its way. `sent_before`: an attempt before this may have arrived."""

    id: UUID
    number: int
    maybe_sent: int
    expires_at: datetime
    line: Line
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt."""

    attempt: Attempt
    sent: Sent


def opener(seal: Seal) -> Open:
    """Of the seal of this site."""
    return lambda sealed, context: seal.open(sealed, context=context)


def line_of(row: Mapping[str, Any], opened: Open) -> Line:
    """Of a row of LINE_COLUMNS. Raises Invalid where a secret cannot be opened."""

    def said(name: str, context: str) -> bytes | None:
        return opened(row[name], context) if row[name] is not None else None

    key, token = said("key_sealed", KEY), said("token_sealed", TOKEN)
    secret = said("secret_sealed", SECRET)
    return Line(
        centre_id=row["centre_id"],
        name=row["name"],
        way=row["way"],
        addresses=[each for each in (row["address"], row["second_address"]) if each],
        account=row["account"],
        home_digits=row["home_digits"],
        receiver=row["receiver"],
        line=row["line"],
        timeout_s=row["timeout_s"],
        detail=Detail(row["detail"]),
        key=key_of(key.decode()) if key else None,
        token=token.decode() if token else None,
        key_id=row["key_id"],
        secret=secret.decode() if secret else None,
    )


LINE_COLUMNS: Final = (
    "centre.id AS centre_id, centre.name, centre.way, centre.address, centre.second_address, centre.account, centre.home_digits,"
    " centre.receiver, centre.line, centre.timeout_s, centre.detail, centre.key_sealed, centre.token_sealed, centre.key_id,"
    " centre.secret_sealed"
)


async def claim(
    connection: asyncpg.Connection,
    opened: Open,
    now: datetime,
    limit: int,
    flown: Collection[UUID] = (),
) -> list[Attempt]:
    """At most `limit`, each marked as attempted in the caller's transaction; none of those that have left before their rows."""
    rows = await connection.fetch(_DUE, now, limit, list(flown))
    marked = [await _mark(connection, row, opened, now) for row in rows]
    return [attempt for attempt in marked if attempt is not None]


async def _mark(
    connection: asyncpg.Connection, row: Mapping[str, Any], opened: Open, now: datetime
) -> Attempt | None:
    """None: no key of ours opens the secrets of the centre, and the forwarding says so."""
    sequence = row["sequence"]
    if sequence is None and row["way"] == WayKind.DC09:
        sequence = await connection.fetchval(_NEXT_SEQUENCE, row["centre_id"])
    await connection.execute(_MARK, row["id"], sequence, LEASE, now)
    try:
        line = line_of(row, opened)
    except Invalid as error:
        number, sent = row["attempt"] + 1, Sent(Outcome.REFUSED, error.code)
        refused = Next(ForwardState.REFUSED)
        await _settle(connection, row["id"], number, refused, row["maybe_sent"], sent, now)
        return None
    return Attempt(
        id=row["id"],
        number=row["attempt"] + 1,
        maybe_sent=row["maybe_sent"],
        expires_at=row["expires_at"],
        line=line,
        parcel=Parcel(row["id"], What(row["what"]), sequence or 0, row["content"]),
    )


async def adopt(
    connection: asyncpg.Connection, flights: Sequence[Flight], now: datetime
) -> tuple[list[UUID], list[str]]:
    """The rows of what has left without them get the attempts and the answers that there were: whose row has come, and the states
    written. What is in the air is under a lease from here on.
    """
    known = {flight.id: flight for flight in flights if flight.attempt}
    rows = await connection.fetch(_APPEARED, list(known)) if known else []
    states = []
    for row in rows:
        flight = known[row["id"]]
        await connection.execute(_ADOPT, *_of_flight(flight), LEASE)
        if flight.state is not ForwardState.SENDING:
            states += await _settle_flight(connection, flight, now)
    return [row["id"] for row in rows], states


def _of_flight(flight: Flight) -> tuple[object, ...]:
    sequence = flight.sequence if flight.handed.centre["way"] == WayKind.DC09 else None
    return flight.id, flight.attempt, flight.maybe_sent, sequence, flight.attempted_at


async def _settle_flight(
    connection: asyncpg.Connection, flight: Flight, now: datetime
) -> list[str]:
    found = Next(flight.state, flight.due_at if flight.settled_at is None else None)
    sent = Sent(Outcome.UNKNOWN, flight.error, flight.address, flight.reference)
    ended = flight.settled_at or now
    return await _settle(
        connection, flight.id, flight.attempt, found, flight.maybe_sent, sent, ended
    )


async def renew(connection: asyncpg.Connection, attempts: Collection[Attempt]) -> None:
    """We live, and wait for the answers to these."""
    if attempts:
        ids, numbers = [a.id for a in attempts], [a.number for a in attempts]
        await connection.execute(_RENEW, ids, numbers, LEASE)


async def store(
    connection: asyncpg.Connection, answers: Sequence[Answer], now: datetime
) -> list[str]:
    """The states of the rows that changed. Safe to repeat: an attempt is settled once."""
    written = []
    for answer in sorted(answers, key=lambda each: each.attempt.id):
        attempt, sent = answer.attempt, answer.sent
        maybe_sent = attempt.maybe_sent + (sent.outcome is Outcome.UNKNOWN)
        found = after_attempt(
            sent.outcome,
            sent_before=attempt.maybe_sent > 0,
            maybe_sent=maybe_sent,
            attempt=attempt.number,
            now=now,
            expires_at=attempt.expires_at,
        )
        written += await _settle(
            connection, attempt.id, attempt.number, found, maybe_sent, sent, now
        )
        await connection.execute(_HEARD, attempt.line.centre_id, *_path(sent), now)
    return written


async def sweep(
    connection: asyncpg.Connection, now: datetime, flown: Collection[UUID] = ()
) -> list[str]:
    """What the clock decides: senders that died, what is too late, and what was closed here before it left. What has `flown` did leave."""
    written: list[str] = []
    for row in await connection.fetch(_LOST, _LOOKED_AT):
        maybe_sent = row["maybe_sent"] + 1
        found = after_lost_sender(maybe_sent=maybe_sent, now=now, expires_at=row["expires_at"])
        sent = Sent(Outcome.UNKNOWN, "sender_lost")
        written += await _settle(
            connection, row["id"], row["attempt"], found, maybe_sent, sent, now
        )
    for statement in (_TOO_LATE, _CLOSED_HERE):
        written += [
            row["state"] for row in await connection.fetch(statement, now, _LOOKED_AT, list(flown))
        ]
    return written


def _path(sent: Sent) -> tuple[bool, str | None]:
    """Whether they were heard, and what is wrong with the path: a refusal is heard, and is trouble all the same."""
    heard = sent.outcome in (Outcome.DELIVERED, Outcome.REFUSED) or sent.address is not None
    return heard, None if sent.outcome is Outcome.DELIVERED else sent.error or sent.outcome.value


async def note_path(
    connection: asyncpg.Connection, centre_id: int, sent: Sent, now: datetime
) -> None:
    """After a poll."""
    await connection.execute(_HEARD, centre_id, *_path(sent), now)


async def _settle(
    connection: asyncpg.Connection,
    forwarding_id: UUID,
    number: int,
    found: Next,
    maybe_sent: int,
    sent: Sent,
    now: datetime,
) -> list[str]:
    rows = await connection.fetch(
        _SETTLE,
        forwarding_id,
        number,
        found.state.value,
        sent.error,
        found.due_at,
        now if found.is_end else None,
        maybe_sent,
        sent.address,
        sent.reference,
    )
    return [row["state"] for row in rows]


def moves_in_sql() -> str:
    """The table of states as pairs, for the guard of the database and its test."""
    return ", ".join(
        f"('{one.value}', '{other.value}')" for one in ForwardState for other in sorted(MOVES[one])
    )


_DUE = f"""
SELECT forwarding.id, what, content, forwarding.sequence, attempt, maybe_sent, expires_at, {LINE_COLUMNS}
FROM forwarding JOIN other_centre AS centre ON centre.id = centre_id
WHERE settled_at IS NULL AND forwarding.state IN ('waiting', 'unknown') AND due_at <= $1 AND expires_at > $1 AND centre.active
  AND forwarding.id <> ALL($3::uuid[])
ORDER BY created_at LIMIT $2 FOR UPDATE OF forwarding SKIP LOCKED
"""  # noqa: S608 constant columns

_APPEARED = """
SELECT id FROM forwarding WHERE id = ANY($1::uuid[]) AND state = 'waiting' AND attempt = 0 FOR UPDATE SKIP LOCKED
"""

_ADOPT = """
WITH adopted AS (
    UPDATE forwarding SET state = 'sending', attempt = $2, maybe_sent = $3, sequence = $4::bigint, attempted_at = $5,
        lease_until = clock_timestamp() + $6::interval
    WHERE id = $1 RETURNING centre_id, sequence
) UPDATE other_centre SET sequence = adopted.sequence FROM adopted WHERE other_centre.id = centre_id AND adopted.sequence IS NOT NULL
"""
"""The centre goes on counting from there."""

_NEXT_SEQUENCE = """
UPDATE other_centre SET sequence = sequence % 9999 + 1 WHERE id = $1 RETURNING sequence
"""

_MARK = """
UPDATE forwarding SET state = 'sending', attempt = attempt + 1, sequence = $2, attempted_at = $4,
    lease_until = clock_timestamp() + $3::interval
WHERE id = $1
"""

_RENEW = """
UPDATE forwarding SET lease_until = clock_timestamp() + $3::interval
FROM unnest($1::uuid[], $2::bigint[]) AS flying (id, attempt)
WHERE forwarding.id = flying.id AND forwarding.attempt = flying.attempt AND state = 'sending'
"""

_SETTLE = """
UPDATE forwarding SET state = $3, error = $4, due_at = coalesce($5::timestamptz, due_at), settled_at = $6::timestamptz,
    maybe_sent = $7, address = coalesce($8::bigint, address), reference = coalesce($9::text, reference), lease_until = NULL,
    news = true
WHERE id = $1 AND attempt = $2 AND state = 'sending' RETURNING state
"""

_HEARD = """
UPDATE other_centre SET tried_at = $4, heard_at = CASE WHEN $2::boolean THEN $4 ELSE heard_at END, trouble = $3::text,
    trouble_since = CASE WHEN $3::text IS NULL THEN NULL ELSE coalesce(trouble_since, $4) END
WHERE id = $1
"""

_LOST = """
SELECT id, attempt, maybe_sent, expires_at FROM forwarding
WHERE settled_at IS NULL AND state = 'sending' AND lease_until <= clock_timestamp()
ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
"""

_TOO_LATE = """
UPDATE forwarding SET state = CASE forwarding.state WHEN 'waiting' THEN 'expired' ELSE forwarding.state END,
    error = coalesce(error, 'expired'), settled_at = $1, news = true
FROM (
    SELECT id FROM forwarding WHERE settled_at IS NULL AND state IN ('waiting', 'unknown') AND expires_at <= $1
      AND id <> ALL($3::uuid[])
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
) AS late WHERE forwarding.id = late.id RETURNING forwarding.state
"""

_CLOSED_HERE = """
UPDATE forwarding SET state = 'expired', error = 'closed_here', settled_at = $1, news = true
FROM (
    SELECT forwarding.id FROM forwarding JOIN incident ON incident.id = incident_id
    WHERE settled_at IS NULL AND forwarding.state = 'waiting' AND what = 'alarm' AND incident.state = 'closed'
      AND due_at <= $1 AND forwarding.id <> ALL($3::uuid[])
    ORDER BY forwarding.id LIMIT $2 FOR UPDATE OF forwarding SKIP LOCKED
) AS over WHERE forwarding.id = over.id RETURNING forwarding.state
"""
