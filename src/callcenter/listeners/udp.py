"""The UDP shell around any codec of frames: each datagram stands alone, with a codec of its own.

A datagram of life signs is answered where it is read. A long one is read a slice at a time, and others have their turn.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.supervisor import Supervisor
from callcenter.devices.codec import DeviceKey, Frame, FrameCodec
from callcenter.listeners.delivery import Delivery

log = structlog.get_logger(__name__)

SLICE_BYTES = 1024
"""Read in one go: longer than nearly all datagrams."""
DATAGRAMS_IN_FLIGHT = 20_000
"""As many as the lanes of intake hold; beyond it a datagram is dropped and counted, and its device repeats."""
STOP_GRACE_S = 5.0


class UdpListener(asyncio.DatagramProtocol):
    """Takes datagrams of devices of one source. `start` listens, `stop` lets what is under way finish."""

    def __init__(
        self,
        make_codec: Callable[[], FrameCodec],
        delivery: Delivery,
        keys: Mapping[str, DeviceKey],
        clock: Clock,
        supervisor: Supervisor,
    ) -> None:
        self._make_codec = make_codec
        self._delivery = delivery
        self._keys = keys
        self._clock = clock
        self._supervisor = supervisor
        self._in_flight = 0
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._transport: asyncio.DatagramTransport | None = None

    async def start(self, listening: socket.socket) -> None:
        """Read from a copy of this socket; the socket itself stays as it is, also when the listener stops."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, sock=listening.dup())

    async def stop(self) -> None:
        """Take no more datagrams, wait for what is being stored (bounded), close."""
        self._stopping = True
        try:
            await asyncio.wait_for(self._idle.wait(), STOP_GRACE_S)
        except TimeoutError:
            log.warning("listener_stopped_with_frames_under_way", datagrams=self._in_flight)
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        if self._stopping or self._in_flight >= DATAGRAMS_IN_FLIGHT:
            metrics.REFUSED.labels(self._delivery.source.name).inc()
            return
        now = self._clock.now()
        codec = self._make_codec()
        frames = self._answer_at_once(
            codec, codec.receive(data[:SLICE_BYTES], now, self._keys), now, addr
        )
        rest = data[SLICE_BYTES:]
        if not rest:
            frames += self._answer_at_once(codec, codec.finish(now, self._keys), now, addr)
        if not (frames or rest or codec.unfinished()):
            return
        self._in_flight += 1
        self._idle.clear()
        self._supervisor.start_short(self._settle(codec, frames, rest, now, addr), name="datagram")

    def error_received(self, exc: Exception) -> None:
        """An answer could not be delivered (port closed): the device repeats."""
        log.debug("datagram_not_delivered", error=str(exc))

    def _answer_at_once(
        self, codec: FrameCodec, frames: Sequence[Frame], now: datetime, addr: tuple[Any, ...]
    ) -> list[Frame]:
        """Gives the frames that have to be stored."""
        to_store = []
        for frame in frames:
            reply = self._delivery.settle_at_once(codec, frame, now)
            if reply is None:
                to_store.append(frame)
            else:
                self._send(reply, addr)
        return to_store

    def _send(self, reply: bytes, addr: tuple[Any, ...]) -> None:
        if reply and self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(reply, addr)

    async def _settle(
        self,
        codec: FrameCodec,
        frames: Sequence[Frame],
        rest: bytes,
        received_at: datetime,
        addr: tuple[Any, ...],
    ) -> None:
        peer = str(addr[0])
        try:
            await self._store(codec, frames, received_at, addr)
            for at in range(0, len(rest), SLICE_BYTES):
                await asyncio.sleep(0)
                piece = rest[at : at + SLICE_BYTES]
                more = codec.receive(piece, received_at, self._keys)
                await self._answer(codec, more, received_at, addr)
            if rest:
                last = codec.finish(received_at, self._keys)
                await self._answer(codec, last, received_at, addr)
            torn = codec.unfinished()
            if torn:
                await self._delivery.keep_torn(torn, received_at, peer)
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._idle.set()

    async def _answer(
        self,
        codec: FrameCodec,
        frames: Sequence[Frame],
        received_at: datetime,
        addr: tuple[Any, ...],
    ) -> None:
        to_store = self._answer_at_once(codec, frames, received_at, addr)
        await self._store(codec, to_store, received_at, addr)

    async def _store(
        self,
        codec: FrameCodec,
        frames: Sequence[Frame],
        received_at: datetime,
        addr: tuple[Any, ...],
    ) -> None:
        for frame in frames:
            reply = await self._delivery.settle(codec, frame, received_at, str(addr[0]))
            self._send(reply, addr)
