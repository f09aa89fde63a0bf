"""`POST /ingest/v1/signals`: an ASGI application of its own, in front of the API, so that an alarm passes no framework.

201 after the commit, 200 for a repeat, 401 without a valid signature or token, 413 and 422 for what can never be accepted,
503 with Retry-After when it cannot be stored now.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol

import orjson
import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.errors import Unavailable
from callcenter.devices.callers import SourceRef
from callcenter.devices.protocols import http_json
from callcenter.devices.registry import Credentials
from callcenter.devices.signals import Signal
from callcenter.listeners.delivery import UNDECODABLE_PER_MINUTE, MinuteCap

log = structlog.get_logger(__name__)

PATH: Final = "/ingest/v1/signals"
MAX_BODY_BYTES: Final = 64 * 1024
MAX_DISCARDED_BYTES: Final = 1024 * 1024
BODY_WITHIN_S: Final = 10.0
"""A signal is one small message; whoever needs longer than this holds a connection for nothing."""
RETRY_AFTER_S: Final = b"2"
REMEMBERED_IDS: Final = 20_000

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Settled(Protocol):
    """What the answer says of one signal."""

    @property
    def journal_id(self) -> object: ...
    @property
    def outcome(self) -> str: ...
    @property
    def incident_id(self) -> object: ...
    @property
    def number(self) -> int | None: ...


class IntakePort(Protocol):
    """What this listener needs of intake."""

    async def accept(
        self, source: SourceRef, signals: Sequence[Signal], received_at: datetime
    ) -> Sequence[Settled]:
        """Return after the commit; raise Unavailable when it cannot be stored now."""

    async def keep_undecodable(
        self,
        source: SourceRef,
        raw: bytes,
        identifier: str | None,
        reason: str,
        received_at: datetime,
    ) -> None:
        """Journal a body nobody can read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, JSON document, further headers."""

    status: int
    document: Mapping[str, Any]
    headers: Sequence[tuple[bytes, bytes]] = ()


def refusal(status: int, code: str, message: str, **params: object) -> Answer:
    """The error shape of the whole API."""
    return Answer(status, {"error": {"code": code, "message": message, "params": params}})


class HttpListener:
    """The ASGI application. `credentials` is a live view that the runtime refreshes."""

    def __init__(
        self,
        intake: IntakePort,
        clock: Clock,
        credentials: Callable[[], Sequence[Credentials]],
    ) -> None:
        self._intake = intake
        self._clock = clock
        self._credentials = credentials
        self._caps: dict[str, MinuteCap] = {}
        self._ids: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        answer = await self._answer(scope, receive)
        body = orjson.dumps(answer.document, default=str)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            *answer.headers,
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Message, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            wrong = refusal(405, "method_not_allowed", "Signals are sent by POST.")
            return replace(wrong, headers=[(b"allow", b"POST")])
        try:
            body = await _body(receive)
        except _NoBody as none:
            metrics.REFUSED.labels("http").inc()
            return replace(none.answer, headers=[(b"connection", b"close")])
        headers: dict[bytes, bytes] = dict(scope["headers"])
        source = self._authenticate(headers, body)
        if source is None:
            metrics.REFUSED.labels("http").inc()
            message = (
                "Send 'Authorization: Bearer <token>', or X-Timestamp and X-Signature: v1=<hmac>."
            )
            unknown = refusal(401, "unauthenticated", message)
            return replace(unknown, headers=[(b"www-authenticate", b"Bearer")])
        return await self._take(source, headers, body)

    async def _take(self, source: SourceRef, headers: Mapping[bytes, bytes], body: bytes) -> Answer:
        now = self._clock.now()
        try:
            reading = http_json.read(body, now)
        except http_json.NeverAcceptable as error:
            await self._keep(source, body, str(error), now)
            return refusal(422, "invalid", str(error), field=error.field)
        timestamp = headers.get(b"x-timestamp")
        flags = http_json.clock_flags(_text(timestamp) if timestamp else None, now)
        flags += self._id_flags(source, reading)
        signal = replace(reading.signal, flags=reading.signal.flags + flags)
        try:
            [settled] = await self._intake.accept(source, [signal], now)
        except Unavailable as error:
            away = refusal(503, error.code, error.message)
            return replace(away, headers=[(b"retry-after", RETRY_AFTER_S)])
        return _stored(settled)

    def _authenticate(self, headers: Mapping[bytes, bytes], body: bytes) -> SourceRef | None:
        given = _text(headers.get(b"x-signature", b""))
        if given:
            return self._signed_by(headers, body, given)
        scheme, _, token = _text(headers.get(b"authorization", b"")).partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        token_hash = hashlib.sha256(token.strip().encode()).digest()
        return next((c.source for c in self._credentials() if c.bearer_hash == token_hash), None)

    def _signed_by(
        self, headers: Mapping[bytes, bytes], body: bytes, given: str
    ) -> SourceRef | None:
        """The source whose secret made the signature; X-Key-Id saves trying them all."""
        timestamp = _text(headers.get(b"x-timestamp", b""))
        key_id = _text(headers.get(b"x-key-id", b""))
        for known in self._credentials():
            if known.secret is None or (key_id and known.key_id != key_id):
                continue
            if http_json.signature_matches(known.secret, timestamp, body, given):
                return known.source
        return None

    def _id_flags(self, source: SourceRef, reading: http_json.Reading) -> tuple[str, ...]:
        """The same id with other content is a new signal, and remarkable (design 6b.1)."""
        key = (source.name, reading.signal.identifier, reading.message_id)
        before = self._ids.get(key)
        self._ids[key] = reading.content_hash
        if len(self._ids) > REMEMBERED_IDS:
            self._ids.popitem(last=False)
        return ("id_reused",) if before not in (None, reading.content_hash) else ()

    async def _keep(self, source: SourceRef, body: bytes, reason: str, now: datetime) -> None:
        """Into the journal, as far as the source's share for rubbish goes; beyond it is counted."""
        cap = self._caps.setdefault(source.name, MinuteCap(UNDECODABLE_PER_MINUTE))
        if not cap.take(now):
            metrics.GARBAGE.labels("http").inc()
            return
        try:
            await self._intake.keep_undecodable(source, body, None, reason, now)
        except Unavailable:
            metrics.REFUSED.labels("http").inc()
            log.warning("undecodable_body_not_kept", source=source.name, reason=reason)


def _stored(settled: Settled) -> Answer:
    document = {
        "journal_id": settled.journal_id,
        "outcome": settled.outcome,
        "incident_id": settled.incident_id,
        "number": settled.number,
    }
    return Answer(200 if settled.outcome == "duplicate" else 201, document)


def _text(value: bytes) -> str:
    return value.decode("latin-1").strip()


class _NoBody(Exception):
    """The body cannot be taken; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


async def _body(receive: Receive) -> bytes:
    """The whole body. Raises _NoBody when it is too large, comes too slowly, or its sender went away."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise _too_large()
        return body
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            return await _long_body(message, receive)
    except TimeoutError:
        slow = f"The body did not come within {BODY_WITHIN_S:g} s."
        raise _NoBody(refusal(408, "too_slow", slow)) from None


async def _long_body(message: Message, receive: Receive) -> bytes:
    """One that comes in pieces. What is too large is read on for a while, so that its sender can read the answer."""
    chunks = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise _NoBody(refusal(400, "incomplete", "The connection ended within the body."))
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= MAX_BODY_BYTES:
            chunks.append(chunk)
        if size > MAX_DISCARDED_BYTES or (size > MAX_BODY_BYTES and not message.get("more_body")):
            raise _too_large()
        if not message.get("more_body"):
            return b"".join(chunks)
        message = await receive()


def _too_large() -> _NoBody:
    message = f"A signal has at most {MAX_BODY_BYTES} bytes."
    return _NoBody(refusal(413, "too_large", message, limit=MAX_BODY_BYTES))
