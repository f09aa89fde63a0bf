"""The TCP shell around any codec of frames: sockets in, replies out, everything bounded.

What a connection sends is read when it is its turn (listeners/turns): what one of them sends, or two hundred, and however fast,
keeps nobody waiting who has just begun to speak. A life sign is answered where it is read; every other frame is handed to intake in the
order it came, several at a time, and the codec keeps the order of the replies. Reading stops while a connection has enough
under way, or does not read what is written to it.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import cast

import structlog

from callcenter.core import metrics
from callcenter.core.fullness import Fullness
from callcenter.devices.codec import DeviceKey, Frame, FrameCodec
from callcenter.listeners.bounds import TcpLimits
from callcenter.listeners.delivery import Delivery
from callcenter.listeners.heard import Heard
from callcenter.listeners.places import peer_of
from callcenter.listeners.surroundings import Surroundings
from callcenter.listeners.turns import STEP_S

log = structlog.get_logger(__name__)

SLICE_BYTES = 256
"""Given to the codec in one go: a few frames, or about a millisecond of the worst rubbish."""


class TcpListener:
    """Accepts connections of devices of one source. `start` listens, `stop` lets what is under way finish."""

    def __init__(
        self,
        make_codec: Callable[[], FrameCodec],
        delivery: Delivery,
        keys: Mapping[str, DeviceKey],
        around: Surroundings,
        *,
        limits: TcpLimits | None = None,
    ) -> None:
        self.make_codec = make_codec
        self.delivery = delivery
        self.keys = keys
        self.clock = around.clock
        self.supervisor = around.supervisor
        self.turns = around.turns
        self.places = around.places
        self.limits = limits or around.bounds.tcp
        self._backlog = around.backlog
        self._open: set[_Connection] = set()
        self._in_flight = 0
        most = self.limits.frames_in_all
        self._fullness = Fullness("devices.frames_at_once", most, around.clock.monotonic)
        self._want_room: dict[_Connection, None] = {}
        self._server: asyncio.Server | None = None
        self.heard = Heard(now := around.clock.monotonic(), now)

    @property
    def is_open(self) -> bool:
        """Whether it accepts."""
        return self._server is not None and self._server.is_serving()

    async def start(self, listening: socket.socket, tls: ssl.SSLContext | None = None) -> None:
        """Accept on a copy of this socket; the socket itself stays as it is, also when the listener stops."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self), sock=listening.dup(), ssl=tls, backlog=self._backlog
        )

    async def stop(self) -> None:
        """Take no more connections or bytes, wait for what is being stored (bounded), close.

        The copy is closed, never shut down: who connects from now on waits in the socket for the next listener.
        """
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
        """Called by a new connection; another one may have to go for it."""
        self._open.add(connection)
        self.heard.accepted_at = self.clock.monotonic()
        self.places.take(connection, connection.peer)
        metrics.CONNECTIONS.labels(self.delivery.source.name).inc()

    def closed(self, connection: _Connection) -> None:
        """Called when a connection has ended."""
        self._open.discard(connection)
        self.places.leave(connection, connection.peer)
        metrics.CONNECTIONS.labels(self.delivery.source.name).dec()

    def take_room(self, connection: _Connection) -> bool:
        """Room for one more frame of all; without it the connection is called when there is."""
        if self._in_flight >= self.limits.frames_in_all:
            self._want_room[connection] = None
            return False
        self._in_flight += 1
        self._fullness.note(self._in_flight)
        return True

    def give_room(self) -> None:
        """Called when a frame is settled."""
        self._in_flight -= 1
        if self._want_room:
            first = next(iter(self._want_room))
            del self._want_room[first]
            first.go_on()


class _Connection(asyncio.Protocol):
    """One device's connection. Frames that wait are at most those of one slice."""

    __slots__ = (
        "__weakref__",
        "_at",
        "_codec",
        "_ended",
        "_finished",
        "_heard_at",
        "_held",
        "_in_flight",
        "_listener",
        "_loop",
        "_reading",
        "_replies_held_back",
        "_scheduled",
        "_timer",
        "_torn_due",
        "_transport",
        "_unread",
        "_waiting",
        "_write_full",
        "idle",
        "last_read_at",
        "peer",
    )

    def __init__(self, listener: TcpListener) -> None:
        self._listener = listener
        self._codec = listener.make_codec()
        self._unread = b""
        self._at = 0
        """So many bytes of `_unread` have been read."""
        self._waiting: deque[tuple[Frame, datetime]] = deque()
        self._in_flight = 0
        self._replies_held_back = 0
        self._reading = True
        self._scheduled = False
        """It waits for its turn."""
        self.last_read_at = float("-inf")
        self._held = False
        self._write_full = False
        self._ended = False
        self._finished = False
        """Nothing comes any more, and a frame that lacks only its end has been taken."""
        self._torn_due = False
        """The connection has gone, and what it left of a frame is not kept yet."""
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self.idle = asyncio.Event()
        """Set while no frame is being stored."""
        self.idle.set()

    # ---- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=self._listener.limits.write_buffer_bytes)
        self.peer = peer_of(transport)
        self._timer = self._loop.call_later(self._listener.limits.idle_s, self._check_idle)
        self._listener.opened(self)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        self._listener.places.heard(self, self.peer)
        self._unread = self._unread[self._at :] + data
        self._at = 0
        self.go_on()

    def eof_received(self) -> bool:
        """Some diallers close their side after the last frame and still wait for the answer."""
        self._ended = True
        self.go_on()
        return not self._transport.is_closing() and not self._transport.get_extra_info("sslcontext")

    def pause_writing(self) -> None:
        self._write_full = True
        self.go_on()

    def resume_writing(self) -> None:
        self._write_full = False
        self.go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (why it ended changes nothing)
        self._timer.cancel()
        self._listener.closed(self)
        self._torn_due = True
        self._write_full = False
        self.go_on()

    # ---- called by the listener

    def hold(self) -> None:
        """Read no more: the server is stopping."""
        self._held = True
        self.go_on()

    def close(self) -> None:
        """Close after what is written has left; at once where nobody reads it."""
        if self._write_full:
            self._transport.abort()
        else:
            self._transport.close()

    @property
    def may_be_given_up(self) -> bool:
        """Nothing of it is being stored."""
        return self.idle.is_set() and not self._waiting

    @property
    def is_gone(self) -> bool:
        """It says so itself when it ends."""
        return False

    def give_up(self) -> None:
        """Close now: its place is needed."""
        self._transport.abort()

    def go_on(self) -> None:
        """Whatever has changed: store what may be stored now, and read on or pause."""
        self._advance()
        if self._at < len(self._unread):
            if self._may_read() and not self._scheduled:
                self._scheduled = True
                self._listener.turns.wait(self)
        else:
            self._finish()
        self._adjust_reading()
        self._close_when_done()

    # ---- bytes

    def _may_read(self) -> bool:
        limits = self._listener.limits
        return not (
            self._waiting
            or self._in_flight >= limits.frames_in_flight
            or self._replies_held_back >= limits.replies_held_back
            or self._write_full
            or self._held
        )

    def read_step(self) -> bool:
        """Its turn: read until the step is over or enough is under way."""
        clock = self._listener.clock
        self.last_read_at = self._listener.heard.read_at = clock.monotonic()
        while self._has_more() and clock.monotonic() < self.last_read_at + STEP_S:
            self._read_slice()
            self._advance()
        self._scheduled = self._has_more()
        self.go_on()
        return self._scheduled

    def _has_more(self) -> bool:
        return self._at < len(self._unread) and self._may_read()

    def _read_slice(self) -> None:
        piece = self._unread[self._at : self._at + SLICE_BYTES]
        self._at += len(piece)
        if self._at >= len(self._unread):
            self._unread, self._at = b"", 0
        now = self._listener.clock.now()
        self._take(self._codec.receive(piece, now, self._listener.keys), now)

    def _finish(self) -> None:
        """All has been read. After the other side's end: what waits in the codec is a whole frame, or torn."""
        if (self._ended or self._torn_due) and not (self._finished or self._held):
            self._finished = True
            now = self._listener.clock.now()
            self._take(self._codec.finish(now, self._listener.keys), now)
            self._advance()
        if self._torn_due:
            self._keep_torn()

    def _take(self, frames: Sequence[Frame], now: datetime) -> None:
        """Answer what can be answered at once; the rest waits to be stored."""
        delivery = self._listener.delivery
        replies = []
        for frame in frames:
            reply = delivery.settle_at_once(self._codec, frame, now, self.peer)
            if reply is None:
                self._waiting.append((frame, now))
            elif reply:
                replies.append(reply)
            elif self._in_flight or self._waiting:
                self._replies_held_back += 1
        if replies:
            self._write(b"".join(replies))

    def _adjust_reading(self) -> None:
        wanted = self._may_read() and not self._unread
        if wanted == self._reading or self._transport.is_closing() or self._ended:
            return
        self._reading = wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _keep_torn(self) -> None:
        self._torn_due = False
        torn = self._codec.unfinished()
        if torn and not self._held:
            keep = self._listener.delivery.keep_torn(torn, self._listener.clock.now(), self.peer)
            self._listener.supervisor.start_short(keep, name="torn-frame")

    # ---- frames

    def _advance(self) -> None:
        limit = self._listener.limits.frames_in_flight
        take_room = self._listener.take_room
        while self._waiting and self._in_flight < limit and take_room(self):
            frame, received_at = self._waiting.popleft()
            self._in_flight += 1
            self.idle.clear()
            self._listener.supervisor.start_short(self._settle(frame, received_at), name="frame")

    async def _settle(self, frame: Frame, received_at: datetime) -> None:
        try:
            reply = await self._listener.delivery.settle(self._codec, frame, received_at, self.peer)
            if reply:
                self._write(reply)
        finally:
            self._listener.give_room()
            self._settled()

    def _settled(self) -> None:
        self._in_flight -= 1
        if not self._in_flight:
            self._replies_held_back = 0
        self.go_on()
        if not self._in_flight:
            self.idle.set()

    def _write(self, reply: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(reply)

    def _close_when_done(self) -> None:
        if self._ended and not (self._in_flight or self._waiting or self._unread):
            self._transport.close()

    def _check_idle(self) -> None:
        silent_s = self._loop.time() - self._heard_at
        left_s = self._listener.limits.idle_s - silent_s
        if left_s > 0 or self._in_flight:
            self._timer = self._loop.call_later(max(left_s, 1.0), self._check_idle)
        else:
            self._transport.abort()
