"""Sockets that outlive their listeners."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field

import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.descriptors import shares
from callcenter.core.errors import Misconfigured
from callcenter.core.supervisor import Supervisor
from callcenter.devices.codec import FormatOptions, Transport
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.listeners.binding import bind, bind_listeners
from callcenter.listeners.delivery import Delivery
from callcenter.listeners.surroundings import Surroundings
from callcenter.listeners.tcp import TcpListener
from callcenter.listeners.udp import UdpListener
from tests.listeners.test_tcp import ack, press
from tests.support.intake import MemoryIntake
from tests.support.receiver import SOURCE


@dataclass(frozen=True)
class Wanted:
    transport: Transport = Transport.TCP
    port: int = 0
    host: str = "127.0.0.1"
    format: str = "dc09"
    region: str | None = None
    options: FormatOptions = field(default_factory=FormatOptions)


def test_every_listener_gets_its_socket():
    bound = bind_listeners([Wanted(), Wanted(Transport.UDP), Wanted(host="::1")])
    assert [each.key for each in bound] == ["listeners.0", "listeners.1", "listeners.2"]
    assert all(each.port for each in bound)
    for each in bound:
        each.socket.close()


def test_an_address_that_cannot_be_had_is_told_with_its_key():
    with bind("127.0.0.1", 0, Transport.TCP, key="x") as taken:
        port = taken.getsockname()[1]
        told = rf"listeners\.1\.port: cannot listen on 127\.0\.0\.1:{port} \(tcp\): Address already"
        with pytest.raises(Misconfigured, match=told):
            bind_listeners([Wanted(), Wanted(port=port)])
    with pytest.raises(Misconfigured, match=r"listeners\.0\.port: cannot listen on 192\.0\.2\.1"):
        bind_listeners([Wanted(host="192.0.2.1")])


async def test_a_device_that_calls_between_two_listeners_waits_for_the_second():
    intake = MemoryIntake()
    with bind("127.0.0.1", 0, Transport.TCP, key="x") as listening:
        async with Supervisor() as supervisor:
            for number in range(3):
                reader, writer = await asyncio.open_connection(*listening.getsockname())
                writer.write(press(number))
                around = Surroundings.of(SystemClock(), supervisor, shares(1024))
                listener = TcpListener(Dc09Codec, Delivery(SOURCE, intake), {}, around)
                await listener.start(listening)
                assert await reader.readuntil(b"\r") == ack(number)
                writer.close()
                await listener.stop()
    assert len(intake.stored) == 3


async def test_a_datagram_between_two_listeners_waits_for_the_second():
    intake = MemoryIntake()
    with (
        bind("127.0.0.1", 0, Transport.UDP, key="x") as listening,
        socket.socket(type=socket.SOCK_DGRAM) as device,
    ):
        device.connect(listening.getsockname())
        device.setblocking(False)
        async with Supervisor() as supervisor:
            for number in range(3):
                device.send(press(number))
                around = Surroundings.of(SystemClock(), supervisor, shares(1024))
                listener = UdpListener(Dc09Codec, Delivery(SOURCE, intake), {}, around)
                await listener.start(listening)
                answer = asyncio.get_running_loop().sock_recv(device, 2048)
                assert await asyncio.wait_for(answer, 5) == ack(number)
                await listener.stop()
    assert len(intake.stored) == 3
