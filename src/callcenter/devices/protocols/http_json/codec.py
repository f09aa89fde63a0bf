"""One JSON signal a request, and what is answered: 201 when it is stored, 200 for a repeat, 401 without a valid signature
or token, 422 for what can never be accepted, 503 with Retry-After when it cannot be stored now. Pure.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Final

import orjson

from callcenter.core.errors import Unavailable
from callcenter.devices.codec import (
    Former,
    FrameError,
    Outcome,
    Refusal,
    Request,
    RequestFrame,
    Response,
    SenderKey,
    Token,
)
from callcenter.devices.protocols.http_json.documents import is_json
from callcenter.devices.protocols.http_json.reading import (
    NeverAcceptable,
    Reading,
    clock_flags,
    read,
)
from callcenter.devices.protocols.http_json.signing import signature_matches
from callcenter.devices.signals import Signal

RETRY_AFTER_S: Final = b"2"
REMEMBERED_IDS: Final = 20_000

_JSON: Final = (b"content-type", b"application/json")
_HOW: Final = "Send 'Authorization: Bearer <token>', or X-Timestamp and X-Signature: v1=<hmac>."


@dataclass(frozen=True, slots=True)
class _Open:
    """A request whose response is not settled: what was wrong with it, and in which field."""

    error: FrameError | None = None
    field: str | None = None


class HttpJsonCodec:
    """Reads requests and holds their responses back; remembers the ids of the last signals."""

    def __init__(self) -> None:
        self._open: dict[Token, _Open] = {}
        self._next = 0
        self._ids: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    def is_whole(self, body: bytes) -> bool:
        """A whole object or list."""
        return body.rstrip().endswith((b"}", b"]")) and is_json(body, dict, list)

    def receive(
        self, request: Request, now: datetime, senders: Mapping[str, SenderKey]
    ) -> RequestFrame:
        """Who sent it, and its signal; see callcenter.devices.codec."""
        source = _sender(request, now, senders)
        if source is None:
            return self._wrong(None, FrameError(Refusal.STRANGER, _HOW), None)
        try:
            readings = read(request.body, now, senders[source].habits)
        except NeverAcceptable as error:
            wrong = FrameError(Refusal.UNDECODABLE, str(error))
            return self._wrong(source, wrong, error.field)
        timestamp = request.headers.get(b"x-timestamp")
        flags = clock_flags(_text(timestamp) if timestamp else None, now)
        signals = [self._flagged(source, each, flags) for each in readings]
        return RequestFrame(self._issue(_Open()), source, signals)

    def commit(self, token: Token, outcomes: Sequence[Outcome]) -> Response:
        """201, or 200 for a repeat, with what became of the signal; of several, of the first and then of each."""
        del self._open[token]
        told = [_told(settled) for settled in outcomes]
        document = told[0] if len(told) == 1 else {**told[0], "signals": told}
        status = 200 if all(settled.outcome == "duplicate" for settled in outcomes) else 201
        return Response(status, orjson.dumps(document, default=str))

    def refuse(
        self, token: Token, reason: Refusal, unavailable: Unavailable | None = None
    ) -> Response:
        """401, 422 or 503."""
        found = self._open.pop(token)
        detail = found.error.detail if found.error else ""
        if reason is Refusal.STRANGER:
            return _error(401, "unauthenticated", detail, (b"www-authenticate", b"Bearer"))
        if reason is Refusal.UNDECODABLE:
            return _error(422, "invalid", detail, field=found.field)
        code = unavailable.code if unavailable else "not_stored"
        message = unavailable.message if unavailable else "Not stored: send it again."
        return _error(503, code, message, (b"retry-after", RETRY_AFTER_S))

    def _wrong(self, source: str | None, error: FrameError, field: str | None) -> RequestFrame:
        return RequestFrame(self._issue(_Open(error, field)), source, error=error)

    def _issue(self, settled_later: _Open) -> Token:
        token = Token(self._next)
        self._next += 1
        self._open[token] = settled_later
        return token

    def _flagged(self, source: str, reading: Reading, flags: tuple[str, ...]) -> Signal:
        more = (*flags, *self._id_flags(source, reading))
        signal = reading.signal
        return replace(signal, flags=(*signal.flags, *more)) if more else signal

    def _id_flags(self, source: str, reading: Reading) -> tuple[str, ...]:
        """The same id with other content is a new signal, and remarkable (design 6b.1)."""
        key = (source, reading.signal.identifier, reading.message_id)
        before = self._ids.get(key)
        self._ids[key] = reading.content_hash
        if len(self._ids) > REMEMBERED_IDS:
            self._ids.popitem(last=False)
        return ("id_reused",) if before not in (None, reading.content_hash) else ()


def _told(settled: Outcome) -> dict[str, object]:
    return {
        "journal_id": settled.journal_id,
        "outcome": settled.outcome,
        "incident_id": settled.incident_id,
        "number": settled.number,
    }


def _error(
    status: int, code: str, message: str, *headers: tuple[bytes, bytes], **params: object
) -> Response:
    """The error shape of the whole API."""
    document = {"error": {"code": code, "message": message, "params": params}}
    return Response(status, orjson.dumps(document), (_JSON, *headers))


def _sender(request: Request, now: datetime, senders: Mapping[str, SenderKey]) -> str | None:
    """By a signature, or by a token: a gateway that adds its own signature to a device's token takes nothing from that."""
    given = _text(request.headers.get(b"x-signature", b""))
    if given and (signer := _signer(request, given, now, senders)):
        return signer
    scheme, _, token = _text(request.headers.get(b"authorization", b"")).partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    token_hash = hashlib.sha256(token.strip().encode()).digest()
    found = next((name for name, key in senders.items() if key.bearer_hash == token_hash), None)
    if found is not None:
        return found
    former = _former(now, senders)
    return next((name for name, _, key in former if key.bearer_hash == token_hash), None)


def _signer(
    request: Request, given: str, now: datetime, senders: Mapping[str, SenderKey]
) -> str | None:
    """The source whose secret made the signature; X-Key-Id saves trying them all. Renewed secrets are tried last."""
    timestamp = _text(request.headers.get(b"x-timestamp", b""))
    key_id = _text(request.headers.get(b"x-key-id", b""))
    current = ((name, key.key_id, key.secret) for name, key in senders.items())
    former = ((name, key_id_, key.secret) for name, key_id_, key in _former(now, senders))
    for name, known_as, secret in chain(current, former):
        if secret is None or (key_id and known_as != key_id):
            continue
        if signature_matches(secret, timestamp, request.body, given):
            return name
    return None


def _former(
    now: datetime, senders: Mapping[str, SenderKey]
) -> Iterator[tuple[str, str | None, Former]]:
    """Name, key id and what was renewed, of those for which it still holds."""
    for name, key in senders.items():
        if key.former is not None and now < key.former.until:
            yield name, key.key_id, key.former


def _text(value: bytes) -> str:
    return value.decode("latin-1").strip()
