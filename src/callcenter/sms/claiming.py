"""Taking texts that are due. An attempt is on disk, under a lease, before its first byte leaves.

The lease goes by the database's clock, and a living sender renews it. When the sender dies, the lease runs out, and what was on
its way is unknown: it may have gone out, and nobody sends it again blindly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.sms import folding, lifetime, progress, segments
from callcenter.sms.breaker import Breaker, Route
from callcenter.sms.catalogue import EMERGENCY, LINK, RULES, TO_CONTACTS, MessageKind
from callcenter.sms.gateway import OutgoingText
from callcenter.sms.lifetime import Trust
from callcenter.sms.links import LinkOf, no_link
from callcenter.sms.models import SmsState
from callcenter.sms.rendering import render

SLICE: Final = 20
"""Texts claimed in one transaction: few enough that nobody waits for the rendering, many enough to share a commit."""
RENEW_EVERY_S: Final = 1.0

_LEASE: Final = timedelta(seconds=progress.LEASE_S)
_KINDS: Final = frozenset(kind.value for kind in MessageKind)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A claimed row on its way."""

    id: UUID
    number: int
    gateway: str
    recipient: str
    priority: int
    expires_at: datetime
    segments: int
    probe: Breaker | None
    """Set when this text is the one that tries out a gateway left alone."""
    message: OutgoingText | None
    """None: the row cannot be rendered."""


LONGEST_PUT_OFF: Final = timedelta(minutes=10)
"""Longer than any text is put off, after a failure or to be folded."""
EMERGENCY_PUT_OFF: Final = folding.ONCE_IN
"""Nor is an emergency ever put off for longer."""
_NONE: Final[Mapping[UUID, Attempt]] = MappingProxyType({})

Choose = Callable[[str | None, int], Route | None]
"""Gateway for a text, by the gateway tried last and the priority; None: it stays where it is."""


async def claim(  # noqa: PLR0913 - what the sender knows, each by name
    connection: asyncpg.Connection,
    choose: Choose,
    zone: tzinfo,
    now: datetime,
    limit: int,
    trusted: Trust,
    flown: Mapping[UUID, Attempt] = _NONE,
    *,
    link_of: LinkOf = no_link,
) -> list[Attempt]:
    """At most `limit` texts, emergencies first, each marked as attempted in the caller's transaction; one that has `flown` already,
    by that attempt. What the database does not let be marked, as the text of a drill, goes nowhere.
    """
    rows = await folding.fold(
        connection,
        await connection.fetch(
            _DUE,
            now,
            limit,
            LONGEST_PUT_OFF,
            EMERGENCY_PUT_OFF,
            EMERGENCY,
            trusted.steady,
            trusted.lived,
            list(flown),
        ),
        now,
        flown.keys(),
    )
    attempts = []
    for row in rows:
        if row["id"] in flown:
            attempts.append(flown[row["id"]])
        elif (route := choose(row["gateway"], row["priority"])) is not None:
            attempts.append(attempt_of(row, route, zone, now, link_of))
    if not attempts:
        return []
    marked = {
        row["id"]
        for row in await connection.fetch(
            _MARK,
            [attempt.id for attempt in attempts],
            [attempt.gateway for attempt in attempts],
            [attempt.segments for attempt in attempts],
            _LEASE,
        )
        if row["state"] == SmsState.SUBMITTING
    }
    return [attempt for attempt in attempts if attempt.id in marked]


async def renew(connection: asyncpg.Connection, attempts: Collection[Attempt]) -> None:
    """We live, and are still waiting for the answers to these."""
    if attempts:
        await connection.execute(
            _RENEW,
            [attempt.id for attempt in attempts],
            [attempt.number for attempt in attempts],
            _LEASE,
        )


def attempt_of(
    row: Mapping[str, Any],
    route: Route,
    zone: tzinfo,
    now: datetime,
    link_of: LinkOf = no_link,
) -> Attempt:
    """The next attempt at a text, by this gateway."""
    message = _rendered(row, zone, now, link_of)
    return Attempt(
        id=row["id"],
        number=row["attempt"] + 1,
        gateway=route.name,
        recipient=row["recipient"],
        priority=row["priority"],
        expires_at=row["expires_at"],
        segments=segments.count(message.text) if message else 0,
        probe=route.breaker if route.breaker.probing else None,
        message=message,
    )


def _rendered(
    row: Mapping[str, Any], zone: tzinfo, now: datetime, link_of: LinkOf
) -> OutgoingText | None:
    """The text of a row, or None for one that a later version of this program must have written."""
    if row["kind"] not in _KINDS or not isinstance(row["params"], dict):
        return None
    kind = MessageKind(row["kind"])
    return OutgoingText(
        id=row["id"],
        attempt=row["attempt"] + 1,
        recipient=row["recipient"],
        kind=kind,
        params=row["params"],
        language=row["language"],
        text=said_in(row, zone, link_of),
        priority=row["priority"],
        valid_for_s=lifetime.left_s(row["expires_at"], now, RULES[kind].valid_for),
    )


def said_in(row: Mapping[str, Any], zone: tzinfo, link_of: LinkOf) -> str:
    """The words of a row of the outbox, with the address of the family page where there is one."""
    kind = MessageKind(row["kind"])
    link = {LINK: link_of(row)} if kind in TO_CONTACTS else {}
    return render(kind, {**row["params"], **link}, row["language"], zone)


_DUE = f"""
SELECT id, reference, contact_id, attempt, recipient, kind, params, language, priority, gateway, created_at, expires_at
FROM sms_message
WHERE state = 'queued' AND (due_at <= $1 OR attempt = 0 AND created_at > $1
       OR due_at > $1 + CASE WHEN priority <= $5 THEN $4::interval ELSE $3::interval END)
  AND (id = ANY($8::uuid[]) OR NOT {lifetime.over("$1", "$6", "$7")}) AND withdrawn_at IS NULL
ORDER BY priority, due_at
LIMIT $2
FOR UPDATE SKIP LOCKED
"""  # noqa: S608 names of parameters
"""Or written by a clock that has been set back since: nothing is due later than it was put off. What has left is claimed however late its
row comes."""

# Leases are between processes: they go by the database's clock, and so does everything compared with them.
_MARK = """
UPDATE sms_message AS message
SET state = 'submitting', attempt = message.attempt + 1, gateway = claimed.gateway, segments = claimed.segments,
    lease_until = clock_timestamp() + $4::interval
FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS claimed (id, gateway, segments)
WHERE message.id = claimed.id
RETURNING message.id, message.state
"""

_RENEW = """
UPDATE sms_message AS message
SET lease_until = clock_timestamp() + $3::interval
FROM unnest($1::uuid[], $2::bigint[]) AS flying (id, attempt)
WHERE message.id = flying.id AND message.attempt = flying.attempt AND message.state = 'submitting'
"""
