"""The UDP shell around any codec: each datagram stands alone, with a codec of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.supervisor import Supervisor
from callcenter.devices.codec import Codec, DeviceKey, Frame
from callcenter.listeners.delivery import Delivery

log = structlog.get_logger(__name__)

DATAGRAMS_IN_FLIGHT = 20_000
"""As many as the lanes of intake hold; beyond it a datagram is dropped and counted, and its device repeats."""
STOP_GRACE_S = 5.0


class UdpListener(asyncio.DatagramProtocol):
    """Takes datagrams of devices of one source. `start` binds, `stop` lets what is under way finish."""

    def __init__(
        self,
        make_codec: Callable[[], Codec],
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

    async def start(self, host: str, port: int) -> int:
        """Listen; gives the port. Raises OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, port))
        return cast(int, transport.get_extra_info("sockname")[1])

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
        frames = codec.receive(data, now, self._keys)
        self._in_flight += 1
        self._idle.clear()
        self._supervisor.start_short(self._settle(codec, frames, now, addr), name="datagram")

    def error_received(self, exc: Exception) -> None:
        """An answer could not be delivered (port closed): the device repeats."""
        log.debug("datagram_not_delivered", error=str(exc))

    async def _settle(
        self, codec: Codec, frames: Sequence[Frame], received_at: datetime, addr: tuple[Any, ...]
    ) -> None:
        peer = str(addr[0])
        try:
            for frame in frames:
                reply = await self._delivery.settle(codec, frame, received_at, peer)
                if reply and self._transport is not None and not self._transport.is_closing():
                    self._transport.sendto(reply, addr)
            torn = codec.unfinished()
            if torn:
                await self._delivery.keep_torn(torn, received_at, peer)
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._idle.set()
