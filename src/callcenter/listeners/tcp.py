"""The TCP shell around any codec: sockets in, replies out, everything bounded.

Frames of one connection are handed to intake in the order they came, several at a time; the codec keeps the order of
the replies. Reading stops while a connection has enough under way, or does not read what is written to it.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.supervisor import Supervisor
from callcenter.devices.codec import Codec, DeviceKey, Frame
from callcenter.listeners.delivery import Delivery

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TcpLimits:
    """Bounds of one TCP listener. Times in seconds."""

    connections: int = 10_000
    idle_s: float = 1800.0
    """Diallers poll at most every 890 s (EN 50136-1, SP2); twice that and the connection is given up."""
    frames_in_flight: int = 64
    write_buffer_bytes: int = 64 * 1024
    stop_grace_s: float = 5.0


class TcpListener:
    """Accepts connections of devices of one source. `start` binds, `stop` lets what is under way finish."""

    def __init__(
        self,
        make_codec: Callable[[], Codec],
        delivery: Delivery,
        keys: Mapping[str, DeviceKey],
        clock: Clock,
        supervisor: Supervisor,
        *,
        limits: TcpLimits | None = None,
    ) -> None:
        self.make_codec = make_codec
        self.delivery = delivery
        self.keys = keys
        self.clock = clock
        self.supervisor = supervisor
        self.limits = limits or TcpLimits()
        self._open: OrderedDict[_Connection, None] = OrderedDict()
        """The connection heard of least recently first."""
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; gives the port, which matters when 0 was asked for. Raises OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self), host, port, ssl=tls, backlog=1024
        )
        return cast(int, self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no more connections or bytes, wait for what is being stored (bounded), close."""
        if self._server is not None:
            self._server.close()
        for connection in self._open:
            connection.hold()
        under_way = [c.idle.wait() for c in self._open]
        if under_way:
            try:
                await asyncio.wait_for(asyncio.gather(*under_way), self.limits.stop_grace_s)
            except TimeoutError:
                log.warning("listener_stopped_with_frames_under_way", connections=len(self._open))
        for connection in list(self._open):
            connection.close()

    def opened(self, connection: _Connection) -> None:
        """Called by a new connection. A full listener gives up the one silent for longest: the new one may be an SOS."""
        if len(self._open) >= self.limits.connections:
            silent = next((c for c in self._open if c.idle.is_set()), None)
            if silent is not None:
                silent.abort()
                self.closed(silent)
        self._open[connection] = None
        metrics.CONNECTIONS.labels(self.delivery.source.name).inc()

    def heard(self, connection: _Connection) -> None:
        """Called when a connection gave bytes."""
        if connection in self._open:
            self._open.move_to_end(connection)

    def closed(self, connection: _Connection) -> None:
        """Called when a connection has ended."""
        if connection in self._open:
            del self._open[connection]
            metrics.CONNECTIONS.labels(self.delivery.source.name).dec()


class _Connection(asyncio.Protocol):
    """One device's connection. Frames that wait are at most those of one read."""

    __slots__ = (
        "__weakref__",
        "_codec",
        "_ended",
        "_heard_at",
        "_held",
        "_in_flight",
        "_listener",
        "_loop",
        "_peer",
        "_reading",
        "_timer",
        "_transport",
        "_waiting",
        "_write_full",
        "idle",
    )

    def __init__(self, listener: TcpListener) -> None:
        self._listener = listener
        self._codec = listener.make_codec()
        self._waiting: deque[tuple[Frame, datetime]] = deque()
        self._in_flight = 0
        self._reading = True
        self._held = False
        self._write_full = False
        self._ended = False
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self.idle = asyncio.Event()
        """Set while no frame is being stored."""
        self.idle.set()

    # ---- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=self._listener.limits.write_buffer_bytes)
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]) if peer else "unknown"
        self._timer = self._loop.call_later(self._listener.limits.idle_s, self._check_idle)
        self._listener.opened(self)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        self._listener.heard(self)
        now = self._listener.clock.now()
        frames = self._codec.receive(data, now, self._listener.keys)
        self._waiting.extend((frame, now) for frame in frames)
        self._advance()

    def eof_received(self) -> bool:
        """Some diallers close their side after the last frame and still wait for the answer."""
        self._ended = True
        self._close_when_done()
        return not self._transport.is_closing() and not self._transport.get_extra_info("sslcontext")

    def pause_writing(self) -> None:
        self._write_full = True
        self._adjust_reading()

    def resume_writing(self) -> None:
        self._write_full = False
        self._adjust_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (why it ended changes nothing)
        self._timer.cancel()
        self._listener.closed(self)
        torn = self._codec.unfinished()
        if torn and not self._held:
            keep = self._listener.delivery.keep_torn(torn, self._listener.clock.now(), self._peer)
            self._listener.supervisor.start_short(keep, name="torn-frame")

    # ---- called by the listener

    def hold(self) -> None:
        """Read no more: the server is stopping."""
        self._held = True
        self._adjust_reading()

    def close(self) -> None:
        """Close after what is written has left; at once where nobody reads it."""
        if self._write_full:
            self._transport.abort()
        else:
            self._transport.close()

    def abort(self) -> None:
        """Close now."""
        self._transport.abort()

    # ---- frames

    def _advance(self) -> None:
        while self._waiting and self._in_flight < self._listener.limits.frames_in_flight:
            frame, received_at = self._waiting.popleft()
            self._in_flight += 1
            self.idle.clear()
            self._listener.supervisor.start_short(self._settle(frame, received_at), name="frame")
        self._adjust_reading()

    async def _settle(self, frame: Frame, received_at: datetime) -> None:
        try:
            reply = await self._listener.delivery.settle(
                self._codec, frame, received_at, self._peer
            )
            if reply and not self._transport.is_closing():
                self._transport.write(reply)
        finally:
            self._in_flight -= 1
            self._advance()
            if not self._in_flight:
                self.idle.set()
                self._close_when_done()

    def _adjust_reading(self) -> None:
        busy = self._in_flight >= self._listener.limits.frames_in_flight
        wanted = not (busy or self._waiting or self._write_full or self._held)
        if wanted == self._reading or self._transport.is_closing() or self._ended:
            return
        self._reading = wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _close_when_done(self) -> None:
        if self._ended and not self._in_flight and not self._waiting:
            self._transport.close()

    def _check_idle(self) -> None:
        silent_s = self._loop.time() - self._heard_at
        left_s = self._listener.limits.idle_s - silent_s
        if left_s > 0 or self._in_flight:
            self._timer = self._loop.call_later(max(left_s, 1.0), self._check_idle)
        else:
            self._transport.abort()
