"""DC-09 listeners on real sockets in front of an intake in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from callcenter.core.clock import SystemClock
from callcenter.core.descriptors import Shares
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import SourceRef
from callcenter.devices.codec import DeviceKey, Transport
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.listeners.binding import bind
from callcenter.listeners.bounds import TcpLimits
from callcenter.listeners.delivery import Delivery
from callcenter.listeners.samples import Samples
from callcenter.listeners.surroundings import Surroundings
from callcenter.listeners.tcp import TcpListener
from callcenter.listeners.udp import UdpListener
from tests.support.intake import MemoryIntake

SOURCE = SourceRef(name="dc09", kind="dc09", region_id=1)


@dataclass(slots=True)
class Receiver:
    """Both listeners of a receiving centre, on one loop."""

    intake: MemoryIntake
    tcp: TcpListener
    udp: UdpListener
    supervisor: Supervisor
    keys: dict[str, DeviceKey] = field(default_factory=dict)
    tcp_port: int = 0
    udp_port: int = 0

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.tcp_port)


PLACES = 4

LIMITS = TcpLimits(
    idle_s=30.0,
    frames_in_flight=4,
    frames_in_all=8,
    replies_held_back=100,
    write_buffer_bytes=1024,
    stop_grace_s=2.0,
)


@asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    """Both listeners, closed again at the end whatever is held."""
    intake = MemoryIntake()
    keys: dict[str, DeviceKey] = {}
    clock = SystemClock()
    delivery = Delivery(SOURCE, intake, samples=Samples(in_all=5))
    async with Supervisor() as supervisor:
        around = Surroundings.of(clock, supervisor, Shares(PLACES, PLACES, 16))
        tcp = TcpListener(Dc09Codec, delivery, keys, around, limits=LIMITS)
        udp = UdpListener(Dc09Codec, delivery, keys, around)
        receiver = Receiver(intake, tcp, udp, supervisor, keys)
        with (
            bind("127.0.0.1", 0, Transport.TCP, key="tcp") as stream,
            bind("127.0.0.1", 0, Transport.UDP, key="udp") as datagrams,
        ):
            await tcp.start(stream)
            await udp.start(datagrams)
            receiver.tcp_port = stream.getsockname()[1]
            receiver.udp_port = datagrams.getsockname()[1]
        yield receiver
        for commit in intake.held:
            commit.release.set()
        await tcp.stop()
        await udp.stop()
