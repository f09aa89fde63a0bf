"""The shell around any codec of requests: a request in, a response out, whatever carried them.

`wire` serves it below ASGI, where nearly all signals come; `beside` serves it as an ASGI application, for a request that
follows another one on a connection of the API. Neither knows a format: each brings its path.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

import orjson
import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.errors import Unavailable
from callcenter.devices.callers import SourceRef
from callcenter.devices.codec import (
    STANDARD,
    FrameError,
    Habits,
    Outcome,
    Refusal,
    Request,
    RequestCodec,
    RequestFrame,
    Requests,
    Response,
    SenderKey,
    WireFormat,
)
from callcenter.devices.registry import Credentials
from callcenter.devices.signals import Signal
from callcenter.listeners.bounds import USUAL, DeviceBounds
from callcenter.listeners.heard import Heard
from callcenter.listeners.samples import Samples

log = structlog.get_logger(__name__)

MAX_BODY_BYTES: Final = 64 * 1024
MAX_DISCARDED_BYTES: Final = 1024 * 1024
"""A body that is too large is read on for so long, so that its sender can read the answer."""

WRITING: Final = (b"POST", b"PUT", b"PATCH")
"""Methods by which somebody may send a signal."""
NAMELESS: Final = "device_missing"
"""Flag of a signal that says not who calls."""
_SLASHES: Final = re.compile(rb"/{2,}")
_NEAR: Final = re.compile(
    rb"/(?:[^/]+/)*(?:ingest[^/]*(?:/.*)?|signals?(?:[.;][^/]*)?)", re.IGNORECASE
)


class IntakePort(Protocol):
    """What this listener needs of intake."""

    async def accept(
        self, source: SourceRef, signals: Sequence[Signal], received_at: datetime
    ) -> Sequence[Outcome]:
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
class Route:
    """One format's path, with the codec that serves all its requests."""

    name: str
    method: bytes
    codec: RequestCodec
    odd: tuple[str, ...] = ()
    """What is odd about the request: it came to a path beside the format's, or by another method. Whoever proves to be a source
    is heard all the same.
    """


@dataclass(frozen=True, slots=True)
class _Senders:
    """Who may send: what the codec sees of them, and the sources behind the names."""

    credentials: Sequence[Credentials]
    keys: Mapping[str, SenderKey]
    sources: Mapping[str, SourceRef]

    @classmethod
    def of(cls, credentials: Sequence[Credentials], habits: HabitsOf) -> _Senders:
        keys = {
            each.source.name: SenderKey(
                each.bearer_hash, each.key_id, each.secret, habits(each.source.name), each.former
            )
            for each in credentials
        }
        return cls(credentials, keys, {each.source.name: each.source for each in credentials})


HabitsOf = Callable[[str], Habits]
"""What the signals of the source of this name mean where they do not say it."""


def usual(name: str) -> Habits:  # noqa: ARG001 (of every source)
    """UTC and WGS-84."""
    return STANDARD


@dataclass(frozen=True, slots=True)
class _Unread:
    """A body that means nothing, why, and whose it is."""

    body: bytes
    detail: str
    peer: str

    @property
    def reason(self) -> str:
        return f"{self.detail} (from {self.peer})"


class HttpListener:
    """Serves all formats that are carried by requests. `credentials` is a live view that the registry refreshes."""

    def __init__(
        self,
        formats: Iterable[WireFormat],
        intake: IntakePort,
        clock: Clock,
        credentials: Callable[[], Sequence[Credentials]],
        habits: HabitsOf = usual,
        bounds: DeviceBounds = USUAL,
    ) -> None:
        self._intake = intake
        self.clock = clock
        self._credentials = credentials
        self._habits = habits
        self._senders = _Senders.of((), habits)
        self.bounds = bounds.requests
        self.heard = Heard(now := clock.monotonic(), now)
        """Of the port that its signals share with the API: accepted for either, read for signals."""
        self._kept = bounds.samples
        self._told = Samples(self._kept.told_a_minute, self._kept.of_one)
        self._samples: dict[str, Samples] = {}
        self._routes = {
            each.carried.path.encode(): Route(
                each.name, each.carried.method.encode(), each.carried.codec()
            )
            for each in formats
            if isinstance(each.carried, Requests)
        }

    def route(self, target: bytes, method: bytes) -> Route | None:
        """Whose request this is. No signal is lost for a slash too many, nor one that is sent to a path near by."""
        found = self._routes.get(target)
        if found is None:
            path = _path(target)
            found = self._routes.get(path) or self._near(path, method)
        if found is None or found.method == method or method not in WRITING:
            return found
        return replace(found, method=method, odd=(*found.odd, "method_odd"))

    def _near(self, path: bytes, method: bytes) -> Route | None:
        if method not in WRITING or not _NEAR.fullmatch(path):
            return None
        return next((replace(each, odd=("path_odd",)) for each in self._routes.values()), None)

    async def answer(self, route: Route, request: Request, peer: str) -> Response:
        """Store what the request of this address holds, then say so."""
        now = self.clock.now()
        self.heard.read_at = self.clock.monotonic()
        senders = self._senders_now()
        frame = route.codec.receive(request, now, senders.keys)
        source = senders.sources.get(frame.source or "")
        if (route.odd or source is None) and self._told.take(now, peer):
            told = source.name if source else None
            log.warning("signal_refused_or_astray", source=told, peer=peer)
        if frame.error is not None or source is None:
            error = frame.error or FrameError(Refusal.STRANGER, "")
            await self._keep(route, source, _Unread(request.body, error.detail, peer), now)
            return route.codec.refuse(frame.token, error.refusal)
        signals = [_from(each, peer, route.odd) for each in frame.signals]
        return await self._store(route, source, replace(frame, signals=signals), now)

    async def _store(
        self, route: Route, source: SourceRef, frame: RequestFrame, now: datetime
    ) -> Response:
        try:
            outcomes = await self._intake.accept(source, frame.signals, now)
        except Unavailable as error:
            return route.codec.refuse(frame.token, Refusal.NOT_STORED, error)
        except Exception:  # A fault of ours with one signal: its sender repeats it.
            log.exception("frame_failed", source=source.name, identifier=None)
            return route.codec.refuse(frame.token, Refusal.NOT_STORED)
        return route.codec.commit(frame.token, outcomes)

    def _senders_now(self) -> _Senders:
        credentials = self._credentials()
        if credentials is not self._senders.credentials:
            self._senders = _Senders.of(credentials, self._habits)
        return self._senders

    async def _keep(
        self,
        route: Route,
        source: SourceRef | None,
        unread: _Unread,
        now: datetime,
    ) -> None:
        """Into the journal, as far as the source's share for rubbish goes; beyond it is counted, and so are strangers."""
        if source is None:
            metrics.REFUSED.labels(route.name).inc()
            return
        samples = self._samples.get(source.name)
        if samples is None:
            samples = Samples.within(self._kept, self.clock.monotonic)
            self._samples[source.name] = samples
        if not samples.take(now, unread.peer):
            metrics.GARBAGE.labels(route.name).inc()
            return
        try:
            await self._intake.keep_undecodable(source, unread.body, None, unread.reason, now)
        except Unavailable:
            metrics.REFUSED.labels(route.name).inc()
            log.warning("undecodable_body_not_kept", source=source.name, reason=unread.reason)


def _from(signal: Signal, peer: str, odd: tuple[str, ...]) -> Signal:
    """Who names no device is known by the address alone, so that two of them are two homes."""
    if NAMELESS in signal.flags:
        signal = replace(signal, peer=peer)
    return replace(signal, flags=(*signal.flags, *odd)) if odd else signal


def _path(target: bytes) -> bytes:
    """Without query, without `http://host`, with single slashes and none at the end."""
    if not target.startswith(b"/"):
        _, _, behind = target.partition(b"://")
        target = b"/" + behind.partition(b"/")[2]
    path = target.partition(b"?")[0]
    if b"%" in path:
        path = urllib.parse.unquote_to_bytes(path)
    return _SLASHES.sub(b"/", path).rstrip(b"/")


# ---- what is wrong with a request whatever its format


def refusal(
    status: int, code: str, message: str, *headers: tuple[bytes, bytes], **params: object
) -> Response:
    """The error shape of the whole API."""
    document = {"error": {"code": code, "message": message, "params": params}}
    return Response(
        status, orjson.dumps(document), ((b"content-type", b"application/json"), *headers)
    )


CLOSING: Final = (b"connection", b"close")


def wrong_method(route: Route, method: bytes) -> Response:
    """405. To HEAD without a body, or the next answer on the connection would seem to begin with it."""
    message = f"Signals are sent by {route.method.decode()}."
    answer = refusal(405, "method_not_allowed", message, (b"allow", route.method))
    return replace(answer, body=b"") if method == b"HEAD" else answer


def too_large() -> Response:
    """413"""
    message = f"A signal has at most {MAX_BODY_BYTES} bytes."
    return refusal(413, "too_large", message, CLOSING, limit=MAX_BODY_BYTES)


def too_slow(within_s: float) -> Response:
    """408"""
    message = f"The body did not come within {within_s:g} s."
    return refusal(408, "too_slow", message, CLOSING)


LENGTH_OFF: Final = "length_off"
"""Flag of signals whose body is whole although its length said more, or nothing."""


def incomplete() -> Response:
    """400"""
    return refusal(400, "incomplete", "The connection ended within the body.", CLOSING)
