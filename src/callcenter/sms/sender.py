"""Hands the outbox to the gateways.

A row is `submitting`, with its attempt counted, before the first byte leaves: a crash then shows as `unknown`, never as
silence and never as a second text sent without a word. One short transaction a cycle stores the answers that came and claims
what is due, so the number of commits does not grow with the number of texts. Any number of processes may do this at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg
import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.errors import Unavailable
from callcenter.core.phone import mask
from callcenter.sms import breaker, progress, segments
from callcenter.sms.breaker import Breaker, Route
from callcenter.sms.catalogue import EMERGENCY, MessageKind, render
from callcenter.sms.gateway import HEALTHY, Gateway, Outcome, OutgoingText, SendResult
from callcenter.sms.models import SmsState
from callcenter.sms.progress import Settled, Watched

log = structlog.get_logger(__name__)

NAME: Final = "sms_sender"
PACE_S: Final = 0.05
"""Least time between two claims: under load rows gather, a lone text leaves at once."""
SWEEP_EVERY_S: Final = 1.0
CLOSE_WAIT_S: Final = 2.0
_SWEEP_LIMIT: Final = 500
_KINDS: Final = frozenset(kind.value for kind in MessageKind)


class StartShort(Protocol):
    """Runs one send as a task of its own: the supervisor's `start_short`."""

    def __call__(self, coro: Coroutine[Any, Any, None], /, *, name: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """How the sender reaches the rest of the process."""

    connect: Callable[[str], Awaitable[asyncpg.Connection]]
    start_short: StartShort
    wake: Callable[[], None]
    """Asks for a cycle: an answer has come."""
    on_changed: Callable[[Sequence[UUID]], None] = lambda _: None
    """Told after the commit which rows look different now."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A claimed row on its way, and when it arrived there, what became of it."""

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
    result: SendResult | None = None


class Sender:
    """The processor `sms_sender`."""

    name: Final = NAME
    interval_s: Final = 1.0

    def __init__(
        self,
        ports: Ports,
        gateways: Sequence[Gateway],
        *,
        zone: tzinfo,
        clock: Clock,
        pace_s: float = PACE_S,
    ) -> None:
        self._ports = ports
        self._gateways: Mapping[str, Gateway] = {gateway.name: gateway for gateway in gateways}
        self._routes = {gateway.name: Route(gateway.name, gateway.window) for gateway in gateways}
        self._zone = zone
        self._clock = clock
        self._pace_s = pace_s
        self._connection: asyncpg.Connection | None = None
        self._answered: list[Attempt] = []
        self._cycling = asyncio.Lock()
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False
        self._last_cycle = self._last_sweep = float("-inf")

    async def run_once(self, now: datetime) -> int:
        """One cycle; returns the number of rows it wrote."""
        async with self._cycling:
            return 0 if self._closing else await self._cycle(now)

    async def _cycle(self, now: datetime) -> int:
        await self._keep_pace()
        answered, self._answered = self._answered, []
        claimed: list[Attempt] = []
        try:
            connection = await self._held_connection()
            async with connection.transaction():
                changed = await self._store(connection, answered, now)
                swept = await self._sweep(connection, now) if self._sweep_is_due() else []
                claimed = await self._claim(connection, now)
        except BaseException:
            # The commit may have happened or not; both lists are safe to store again, whichever it was.
            never_sent = SendResult(Outcome.REFUSED, "never_sent")
            self._answered += answered + [replace(row, result=never_sent) for row in claimed]
            self._drop_connection()
            raise
        for attempt in claimed:
            self._start(attempt)
        if changed or swept:
            self._ports.on_changed([*changed, *swept])
        return len(answered) + len(claimed)

    async def close(self) -> None:
        """Waits a moment for texts in flight and stores their answers; the others become `unknown` when their lease is over."""
        self._closing = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_WAIT_S):
                await self._idle.wait()
        async with self._cycling:
            answered, self._answered = self._answered, []
            try:
                if answered:
                    connection = await self._held_connection()
                    await self._store(connection, answered, self._clock.now())
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable) as error:
                log.warning("sms_answers_not_stored", texts=len(answered), error=str(error))
            self._drop_connection()
        for gateway in self._gateways.values():
            await gateway.close()

    def _in_flight(self) -> int:
        return sum(route.in_flight for route in self._routes.values())

    async def _keep_pace(self) -> None:
        pause = self._last_cycle + self._pace_s - self._clock.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        self._last_cycle = self._clock.monotonic()

    def _sweep_is_due(self) -> bool:
        now = self._clock.monotonic()
        if now < self._last_sweep + SWEEP_EVERY_S:
            return False
        self._last_sweep = now
        return True

    async def _held_connection(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._ports.connect(NAME)
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    # ---- claiming

    async def _claim(self, connection: asyncpg.Connection, now: datetime) -> list[Attempt]:
        room = sum(route.window for route in self._routes.values()) - self._in_flight()
        if room <= 0:
            return []
        rows = await connection.fetch(_DUE, now, room)
        if not rows:
            return []
        routes = dict(self._routes)
        attempts = [
            self._attempt(row, chosen, now)
            for row in rows
            if (chosen := self._choose(routes, row)) is not None
        ]
        await connection.execute(
            _SUBMITTING,
            [attempt.id for attempt in attempts],
            [attempt.gateway for attempt in attempts],
            [attempt.segments for attempt in attempts],
            timedelta(seconds=progress.LEASE_S),
        )
        return attempts

    def _choose(self, routes: dict[str, Route], row: Mapping[str, Any]) -> Route | None:
        chosen = breaker.choose(
            list(routes.values()),
            tried=row["gateway"],
            emergency=row["priority"] <= EMERGENCY,
            now=self._clock.monotonic(),
        )
        if chosen is not None:
            routes[chosen.name] = breaker.taken(chosen)
        return chosen

    def _attempt(self, row: Mapping[str, Any], route: Route, now: datetime) -> Attempt:
        message = self._rendered(row, now)
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

    def _rendered(self, row: Mapping[str, Any], now: datetime) -> OutgoingText | None:
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
            text=render(kind, row["params"], row["language"], self._zone),
            priority=row["priority"],
            valid_for_s=progress.valid_for_s(row["expires_at"], now),
        )

    # ---- sending

    def _start(self, attempt: Attempt) -> None:
        route = breaker.taken(self._routes[attempt.gateway])
        self._routes[route.name] = replace(route, breaker=attempt.probe or route.breaker)
        self._idle.clear()
        self._ports.start_short(self._send(attempt), name=f"sms_{attempt.id}")

    async def _send(self, attempt: Attempt) -> None:
        result = SendResult(Outcome.UNKNOWN, "stopped")
        try:
            if attempt.message is None:
                result = SendResult(Outcome.REJECTED, "cannot_render")
            else:
                result = await self._gateways[attempt.gateway].send(attempt.message)
        except Exception:  # A fault in an adapter: whether bytes left is not known.
            log.exception("sms_gateway_failed", gateway=attempt.gateway)
            result = SendResult(Outcome.UNKNOWN, "gateway_fault")
        finally:
            self._answered.append(replace(attempt, result=result))
            self._note_health(attempt, result)
            self._ports.wake()

    def _note_health(self, attempt: Attempt, result: SendResult) -> None:
        route = self._routes[attempt.gateway]
        health = breaker.after(
            route.breaker, healthy=result.outcome in HEALTHY, now=self._clock.monotonic()
        )
        if (health.open_until is None) != (route.breaker.open_until is None):
            log.warning("sms_gateway_health", gateway=route.name, healthy=health.open_until is None)
        self._routes[attempt.gateway] = replace(
            route, in_flight=route.in_flight - 1, breaker=health
        )
        if not self._in_flight():
            self._idle.set()
        if result.outcome not in HEALTHY:
            log.warning(
                "sms_not_sent",
                id=str(attempt.id),
                recipient=mask(attempt.recipient),
                outcome=result.outcome.value,
                error=result.error,
                attempt=attempt.number,
            )

    # ---- writing

    async def _store(
        self, connection: asyncpg.Connection, answered: Sequence[Attempt], now: datetime
    ) -> list[UUID]:
        writes = [
            (
                attempt.id,
                attempt.number,
                self._settled(attempt, attempt.result, now),
                attempt.result,
            )
            for attempt in answered
            if attempt.result is not None
        ]
        return await _write(connection, writes, progress.ANSWER_MOVES, now)

    def _settled(self, attempt: Attempt, result: SendResult, now: datetime) -> Settled:
        return progress.after_answer(
            result,
            priority=attempt.priority,
            attempt=attempt.number,
            gateways=len(self._gateways),
            valid_for_s=progress.valid_for_s(attempt.expires_at, now),
        )

    async def _sweep(self, connection: asyncpg.Connection, now: datetime) -> list[UUID]:
        """What only the clock can decide: expired texts, lost processes, receipts that never came."""
        expired = [row["id"] for row in await connection.fetch(_EXPIRE, now, _SWEEP_LIMIT)]
        writes = [
            (row["id"], row["attempt"], self._after_waiting(row, now), None)
            for row in await connection.fetch(_WATCHED, _SWEEP_LIMIT)
        ]
        return expired + await _write(connection, writes, progress.CLOCK_MOVES, now)

    def _after_waiting(self, row: Mapping[str, Any], now: datetime) -> Settled:
        watched = Watched(
            state=SmsState(row["state"]),
            attempt=row["attempt"],
            priority=row["priority"],
            expires_at=row["expires_at"],
            error=row["error"],
        )
        return progress.after_waiting(watched, gateways=len(self._gateways), now=now)


async def _write(
    connection: asyncpg.Connection,
    writes: Sequence[tuple[UUID, int, Settled, SendResult | None]],
    moves: Sequence[str],
    now: datetime,
) -> list[UUID]:
    """Writes outcomes where the row is still at that attempt and the move is allowed; returns the rows that changed."""
    if not writes:
        return []
    in_order = sorted(writes, key=lambda write: write[0])
    rows = await connection.fetch(
        _SETTLE,
        [row_id for row_id, _, _, _ in in_order],
        [attempt for _, attempt, _, _ in in_order],
        [settled.state.value for _, _, settled, _ in in_order],
        [settled.error for _, _, settled, _ in in_order],
        [_after(now, settled.due_in_s) for _, _, settled, _ in in_order],
        [_seconds(settled.watch_for_s) for _, _, settled, _ in in_order],
        [result.provider_id if result else None for _, _, _, result in in_order],
        moves,
        now,
    )
    changed = [row["id"] for row in rows]
    states = {row_id: settled.state.value for row_id, _, settled, _ in in_order}
    for row_id in changed:
        metrics.SMS.labels(states[row_id]).inc()
    return changed


def _after(now: datetime, seconds: float | None) -> datetime | None:
    return None if seconds is None else now + timedelta(seconds=seconds)


def _seconds(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


_DUE = """
SELECT id, attempt, recipient, kind, params, language, priority, gateway, expires_at
FROM sms_message
WHERE state = 'queued' AND due_at <= $1 AND expires_at > $1
ORDER BY priority, due_at
LIMIT $2
FOR UPDATE SKIP LOCKED
"""

# Leases are between processes: they go by the database's clock, and so does everything compared with them.
_SUBMITTING = """
UPDATE sms_message AS message
SET state = 'submitting', attempt = message.attempt + 1, gateway = claimed.gateway, segments = claimed.segments,
    lease_until = clock_timestamp() + $4::interval
FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS claimed (id, gateway, segments)
WHERE message.id = claimed.id
"""

_SETTLE = """
UPDATE sms_message AS message
SET state = new.state,
    error = new.error,
    due_at = coalesce(new.due_at, message.due_at),
    lease_until = clock_timestamp() + new.watch_for,
    provider_id = coalesce(new.provider_id, message.provider_id),
    submitted_at = CASE WHEN new.state IN ('submitted', 'buffered', 'delivered')
                        THEN coalesce(message.submitted_at, $9) ELSE message.submitted_at END,
    settled_at = CASE WHEN new.state IN ('delivered', 'failed', 'unknown') THEN $9::timestamptz END,
    version = message.version + 1
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::interval[], $7::text[])
     AS new (id, attempt, state, error, due_at, watch_for, provider_id)
WHERE message.id = new.id AND message.attempt = new.attempt
  AND message.state || '>' || new.state = ANY ($8::text[])
RETURNING message.id
"""

_EXPIRE = """
UPDATE sms_message AS message
SET state = 'expired', error = coalesce(message.error, 'expired'), settled_at = $1, version = message.version + 1
FROM (SELECT id FROM sms_message WHERE state = 'queued' AND expires_at <= $1
      ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED) AS stale
WHERE message.id = stale.id
RETURNING message.id
"""

_WATCHED = """
SELECT id, state, attempt, priority, expires_at, error
FROM sms_message
WHERE lease_until <= clock_timestamp()
ORDER BY lease_until
LIMIT $1
FOR UPDATE SKIP LOCKED
"""
