"""From settings to running listeners: each format has its source, each listener its region."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.descriptors import shares
from callcenter.core.errors import Misconfigured
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import SourceRef
from callcenter.devices.formats import FORMATS
from callcenter.devices.registry import Registry
from callcenter.listeners.binding import bind_listeners
from callcenter.listeners.opening import open_listeners, place_sources
from callcenter.listeners.surroundings import Surroundings
from tests.listeners.test_tcp import ack, press
from tests.support.community import Community
from tests.support.intake import MemoryIntake
from tests.support.reading import read_whole
from tests.support.wanted import Wanted


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    founded = await Community.found(owner)
    await owner.execute("UPDATE region SET code = 'street' WHERE id = $1", founded.street)
    return founded


async def region_of_source(owner: asyncpg.Connection) -> int:
    return await owner.fetchval(
        "SELECT region_id FROM source WHERE name = 'dc09' AND kind = 'dc09'"
    )


async def test_every_listened_format_gets_its_source(owner, community: Community):
    root, street = community.root, community.street
    assert await place_sources(owner, [], root) == []
    assert await owner.fetchval("SELECT count(*) FROM source") == 0
    assert await place_sources(owner, [Wanted(), Wanted()], root) == [None, None]
    assert await region_of_source(owner) == root
    assert await place_sources(owner, [Wanted(), Wanted("street")], root) == [None, street]
    assert await region_of_source(owner) == street
    await place_sources(owner, [Wanted()], root)
    assert await region_of_source(owner) == street


async def test_a_region_that_is_not_there_is_told_with_its_key(owner, community: Community):
    with pytest.raises(Misconfigured, match=r"listeners\.1\.region: there is no .*'nowhere'"):
        await place_sources(owner, [Wanted(), Wanted("nowhere")], community.root)


class Regions(MemoryIntake):
    """Notes the region of each source that hands something in."""

    async def accept(self, source: SourceRef, signals, received_at):
        self.refused = source.region_id
        return await MemoryIntake.accept(self, source, signals, received_at)


async def test_a_listener_answers_for_the_region_it_names(owner, community: Community):
    wanted = [Wanted(), Wanted("street")]
    regions = await place_sources(owner, wanted, community.root)
    await owner.execute("UPDATE source SET region_id = $1", community.root)
    registry = Registry(unseal=lambda sealed, context: sealed)
    await read_whole(registry, owner)
    intake, clock, heard = Regions(), SystemClock(), []
    bound = bind_listeners(wanted)
    async with Supervisor() as supervisor:
        around = Surroundings.of(clock, supervisor, shares(1024))
        opened = await open_listeners(bound, FORMATS, registry, intake, regions, around)
        for number, each in enumerate(bound):
            reader, writer = await asyncio.open_connection("127.0.0.1", each.port)
            writer.write(press(number))
            assert await reader.readuntil(b"\r") == ack(number)
            heard.append(intake.refused)
            writer.close()
        for listener in opened:
            await listener.stop()
    for each in bound:
        each.socket.close()
    assert heard == [community.root, community.street]
