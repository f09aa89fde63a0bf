"""The UDP listener on real sockets."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Iterator

import pytest

from callcenter.core.clock import SystemClock
from callcenter.devices.codec import DeviceKey
from callcenter.devices.protocols.dc09.crypto import format_stamp, seal
from callcenter.devices.protocols.dc09.frame import wrap
from tests.listeners.test_tcp import POLL, ack, press
from tests.support.receiver import Receiver
from tests.support.waiting import until


@pytest.fixture
def device(receiver: Receiver) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.setblocking(False)
        device.connect(("127.0.0.1", receiver.udp_port))
        yield device


async def answer(device: socket.socket) -> bytes:
    return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(device, 2048), 5)


async def test_a_press_in_a_datagram(receiver: Receiver, device: socket.socket):
    device.send(press(1) + b"\0")
    assert await answer(device) == ack(1)
    assert len(receiver.intake.stored) == 1


@pytest.mark.parametrize("padding", [b"", b" " * 2000], ids=["short", "long"])
async def test_a_press_whose_datagram_ends_without_a_carriage_return(
    receiver: Receiver, device: socket.socket, padding: bytes
):
    device.send(wrap(b'"SIA-DCS"0001L#1234[#1234|NQA7]' + padding)[:-1])
    assert b'"ACK"0001L#1234[]' in await answer(device)
    assert [signal.identifier for signal in receiver.intake.stored] == ["1234"]
    assert receiver.intake.undecodable == []


async def test_an_encrypted_press_in_a_datagram(receiver: Receiver, device: socket.socket):
    key = bytes(range(32))
    receiver.keys["1234"] = DeviceKey(key)
    content = b"#1234|NQA7]_" + format_stamp(SystemClock().now())
    device.send(wrap(b'"*SIA-DCS"0001L0#1234[' + seal(content, key)))
    assert b'"*ACK"0001L0#1234[' in await answer(device)


async def test_life_signs_in_a_datagram_are_answered_and_counted(
    receiver: Receiver, device: socket.socket
):
    for _ in range(3):
        device.send(POLL)
        assert await answer(device) == wrap(b'"ACK"0000R1L0#1234[]')
    assert receiver.intake.alive == {"1234": 3}


async def test_a_press_behind_a_long_datagram_of_rubbish_is_read(
    receiver: Receiver, device: socket.socket
):
    device.send(b"\n " * 5000 + press(1))
    assert await answer(device) == ack(1)


async def test_nothing_is_answered_while_the_store_is_away(
    receiver: Receiver, device: socket.socket
):
    receiver.intake.store_is_away = True
    device.send(press(1))
    await until(lambda: receiver.intake.refused, "the press to be refused")
    receiver.intake.store_is_away = False
    device.send(press(1))
    assert await answer(device) == ack(1)
    with pytest.raises(BlockingIOError):
        device.recv(1)


async def test_noise_and_torn_datagrams_are_kept_and_harm_nobody(
    receiver: Receiver, device: socket.socket
):
    rng = random.Random(4)
    device.send(press(1)[:-4])
    for _ in range(100):
        device.send(rng.randbytes(rng.randint(0, 200)))
    device.send(press(2))
    assert await answer(device) == ack(2)
    assert receiver.intake.undecodable[0][0] == press(1)[:-4]


async def test_stopping_waits_for_what_is_being_stored(receiver: Receiver, device: socket.socket):
    receiver.intake.holding = True
    device.send(press(1))
    await until(lambda: receiver.intake.held, "the press to reach intake")
    stopping = asyncio.create_task(receiver.udp.stop())
    await asyncio.sleep(0)
    receiver.intake.held[0].release.set()
    await stopping
    assert await answer(device) == ack(1)
