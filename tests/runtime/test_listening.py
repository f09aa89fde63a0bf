"""The listeners as a part: sources first, open last, ready only when all of them are."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.core.descriptors import shares
from callcenter.core.metrics import exposition
from callcenter.core.supervisor import Supervisor
from callcenter.devices.codec import Transport
from callcenter.devices.registry import Registry
from callcenter.listeners.binding import Bound, bind_listeners
from callcenter.runtime.ground import Ground
from callcenter.runtime.listening import Listening
from tests.listeners.test_tcp import ack, press
from tests.support.intake import MemoryIntake
from tests.support.reading import read_whole
from tests.support.wanted import Wanted


@pytest.fixture
def bound():
    made = bind_listeners([Wanted(), Wanted(transport=Transport.UDP)])
    yield made
    for each in made:
        each.socket.close()


async def test_devices_are_answered_once_all_is_open_and_not_before(
    ground: Ground, bound: list[Bound], owner
):
    listening, registry, intake = (
        Listening(bound, shares(1024)),
        Registry(lambda sealed, _: sealed),
        MemoryIntake(),
    )
    await listening.place(owner)
    assert await owner.fetch("SELECT name, kind FROM source") == [("dc09", "dc09")]
    await read_whole(registry, owner)
    part = listening.part(ground, registry, intake)
    reader, writer = await asyncio.open_connection("127.0.0.1", bound[0].port)
    writer.write(press(1))
    assert not await listening.all_open()
    async with Supervisor() as supervisor:
        await part.open(supervisor)
        assert await listening.all_open()
        assert await reader.readuntil(b"\r") == ack(1)
        name = f"dc09/tcp:{bound[0].port}"
        age = listening.ages(ground.clock.monotonic())[name]
        assert (age.open, age.read_s) == (True, pytest.approx(0.0, abs=10.0))
        assert f'read_age_seconds{{listener="{name}"}}' in exposition().decode()
        await part.close()
        assert not await listening.all_open()
        assert await reader.read() == b""
    writer.close()
    assert [signal.identifier for signal in intake.stored] == ["1234"]


async def test_a_site_without_a_region_gets_its_root_with_the_sources(
    ground: Ground, bound: list[Bound], owner
):
    await Listening(bound, shares(1024)).place(owner)
    roots = await owner.fetch("SELECT id FROM region WHERE parent_id IS NULL")
    assert len(roots) == 1
    assert await owner.fetchval("SELECT region_id FROM source") == roots[0]["id"]


async def test_a_site_that_listens_to_nothing_is_ready_at_once(ground: Ground):
    assert await Listening([], shares(1024)).all_open()
