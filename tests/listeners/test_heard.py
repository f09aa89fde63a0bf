"""When a listener last heard of anybody, as it is told."""

from __future__ import annotations

import asyncio

from callcenter.listeners.heard import Heard, ListenerAge
from tests.listeners.test_tcp import ack, press
from tests.support.receiver import Receiver


def test_ages_are_rounded_and_never_negative():
    age = ListenerAge.of(Heard(accepted_at=10.0, read_at=99.96), 100.0, is_open=True)
    assert (age.open, age.accepted_s, age.read_s) == (True, 90.0, 0.0)
    assert ListenerAge.of(Heard(101.0, 101.0), 100.0, is_open=False) == ListenerAge(False, 0.0, 0.0)


async def test_a_connection_and_what_is_read_of_it_are_noted_each_by_itself(receiver: Receiver):
    heard = receiver.tcp.heard
    began = heard.accepted_at
    assert heard.read_at == began
    reader, writer = await receiver.connect()
    writer.write(press(1))
    assert await reader.readuntil(b"\r") == ack(1)
    assert began < heard.accepted_at <= heard.read_at
    accepted, read = heard.accepted_at, heard.read_at
    writer.write(press(2))
    assert await reader.readuntil(b"\r") == ack(2)
    assert (heard.accepted_at, heard.read_at > read) == (accepted, True)
    writer.close()
    assert receiver.udp.heard.read_at < heard.read_at


async def test_who_was_stopped_is_not_open(receiver: Receiver):
    assert receiver.tcp.is_open
    assert receiver.udp.is_open
    await asyncio.gather(receiver.tcp.stop(), receiver.udp.stop())
    assert not receiver.tcp.is_open
    assert not receiver.udp.is_open
