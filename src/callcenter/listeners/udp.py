"""The UDP shell around any codec of frames: each datagram stands alone, with a codec of its own.

A datagram is read when it is its turn (listeners/turns): those of an address that floods wait behind all others, and are dropped
first. A life sign is answered where it is read.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import structlog

from callcenter.core import metrics
from callcenter.core.fullness import Fullness
from callcenter.devices.codec import DeviceKey, Frame, FrameCodec
from callcenter.listeners.bounds import UdpLimits
from callcenter.listeners.delivery import Delivery
from callcenter.listeners.heard import Heard
from callcenter.listeners.surroundings import Surroundings
from callcenter.listeners.turns import STEP_S

log = structlog.get_logger(__name__)

SLICE_BYTES = 256
"""Given to the codec in one go: longer than nearly all datagrams."""


class UdpListener(asyncio.DatagramProtocol):
    """Takes datagrams of devices of one source. `start` listens, `stop` lets what is under way finish."""

    def __init__(
        self,
        make_codec: Callable[[], FrameCodec],
        delivery: Delivery,
        keys: Mapping[str, DeviceKey],
        around: Surroundings,
        *,
        limits: UdpLimits | None = None,
    ) -> None:
        self.make_codec = make_codec
        self.delivery = delivery
        self.keys = keys
        self.clock = around.clock
        self._supervisor = around.supervisor
        self._turns = around.turns
        self._limits = limits or around.bounds.udp
        most = self._limits.datagrams
        self._fullness = Fullness("devices.datagrams_at_once", most, around.clock.monotonic)
        self._in_flight = 0
        self._bytes = 0
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._transport: asyncio.DatagramTransport | None = None
        self.heard = Heard(now := around.clock.monotonic(), now)

    @property
    def is_open(self) -> bool:
        """Whether it takes datagrams."""
        return self._transport is not None and not self._transport.is_closing()

    async def start(self, listening: socket.socket) -> None:
        """Read from a copy of this socket; the socket itself stays as it is, also when the listener stops."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, sock=listening.dup())

    async def stop(self) -> None:
        """Take no more datagrams, wait for what is being stored (bounded), close."""
        self._stopping = True
        try:
            await asyncio.wait_for(self._idle.wait(), self._limits.stop_grace_s)
        except TimeoutError:
            log.warning("listener_stopped_with_frames_under_way", datagrams=self._in_flight)
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        if self._stopping or not self._has_room(len(data), str(addr[0])):
            metrics.REFUSED.labels(self.delivery.source.name).inc()
            return
        self._in_flight += 1
        self._fullness.note(self._in_flight)
        self._bytes += len(data)
        self._idle.clear()
        self._turns.wait(_Datagram(self, data, addr))

    def error_received(self, exc: Exception) -> None:
        """An answer could not be delivered (port closed): the device repeats."""
        log.debug("datagram_not_delivered", error=str(exc))

    def _has_room(self, size: int, peer: str) -> bool:
        limits = self._limits
        if self._in_flight >= limits.datagrams or self._bytes + size > limits.most:
            return False
        return self._in_flight < limits.of_floods or self._turns.is_light(
            peer, self.clock.monotonic()
        )

    # ---- called by datagrams

    def send(self, reply: bytes, addr: tuple[Any, ...]) -> None:
        """Where there is something to say."""
        if reply and self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(reply, addr)

    def store(self, datagram: _Datagram) -> None:
        """It holds something that must be on disk before it is answered."""
        self._supervisor.start_short(datagram.settle(), name="datagram")

    def done(self, size: int) -> None:
        """Nothing of this datagram is left."""
        self._in_flight -= 1
        self._bytes -= size
        if not self._in_flight:
            self._idle.set()


class _Datagram:
    """One datagram that waits for its turn, and then for the disk."""

    __slots__ = (
        "_addr",
        "_at",
        "_codec",
        "_data",
        "_listener",
        "_received_at",
        "_to_store",
        "peer",
    )

    last_read_at = float("-inf")
    """It has its turn once, unless it is very long."""

    def __init__(self, listener: UdpListener, data: bytes, addr: tuple[Any, ...]) -> None:
        self._listener = listener
        self._codec = listener.make_codec()
        self._data = data
        self._at = 0
        self._addr = addr
        self._received_at = listener.clock.now()
        self._to_store: list[Frame] = []
        self.peer = str(addr[0])

    def read_step(self) -> bool:
        """Read on until the step is over; answer what need not be stored."""
        clock = self._listener.clock
        heard = self._listener.heard
        heard.read_at = heard.accepted_at = clock.monotonic()
        until = heard.read_at + STEP_S
        while self._at < len(self._data):
            if clock.monotonic() >= until:
                return True
            self._read_slice()
        self._take(self._codec.finish(self._received_at, self._listener.keys))
        if self._to_store or self._codec.unfinished():
            self._listener.store(self)
        else:
            self._listener.done(len(self._data))
        return False

    def _read_slice(self) -> None:
        piece = self._data[self._at : self._at + SLICE_BYTES]
        self._at += len(piece)
        self._take(self._codec.receive(piece, self._received_at, self._listener.keys))

    def _take(self, frames: Sequence[Frame]) -> None:
        """Answer what can be answered at once; the rest waits to be stored."""
        delivery = self._listener.delivery
        for frame in frames:
            reply = delivery.settle_at_once(self._codec, frame, self._received_at, self.peer)
            if reply is None:
                self._to_store.append(frame)
            else:
                self._listener.send(reply, self._addr)

    async def settle(self) -> None:
        """Store what was read, frame by frame, and answer each."""
        delivery = self._listener.delivery
        try:
            for frame in self._to_store:
                reply = await delivery.settle(self._codec, frame, self._received_at, self.peer)
                self._listener.send(reply, self._addr)
            torn = self._codec.unfinished()
            if torn:
                await delivery.keep_torn(torn, self._received_at, self.peer)
        finally:
            self._listener.done(len(self._data))
