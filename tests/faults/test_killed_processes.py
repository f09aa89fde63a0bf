"""kill -9 while alarms pour in: of the server, and of PostgreSQL. What was acknowledged is there, and nothing twice (G1)."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.faults.conftest import OwnDisk
from tests.faults.pouring import nothing_lost_nothing_twice, pouring
from tests.support.console import open_console
from tests.support.place import Place
from tests.support.postgres import kill_postgres
from tests.support.waiting import until
from tests.support.wire import insist, sos

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the dialler's sockets
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # its utcnow()
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


@pytest.fixture(autouse=True)
def their_sockets_are_collected_here() -> Iterator[None]:
    yield
    gc.collect()


async def test_g1_a_killed_server_loses_nothing_that_it_acknowledged(place: Place):
    server = await place.serve()
    async with pouring(server, place.site) as made:
        for _ in range(2):
            await made.more(30)
            server.kill()
            await server.start()
        await made.more(30)
    await nothing_lost_nothing_twice(place.site.owner, made)


@pytest.mark.durability
async def test_g1_postgresql_killed_under_load_loses_nothing_that_was_acknowledged(
    own_disk: OwnDisk,
):
    """Its own cluster on disk with fsync on; the server starts it again by itself and goes on."""
    server = own_disk.server
    async with pouring(server, own_disk.site) as made:
        for _ in range(2):
            await made.more(30)
            killed = own_disk.postmaster()
            assert killed is not None
            kill_postgres(killed)
            await until(lambda: own_disk.postmaster() not in (killed, None), "PostgreSQL", 30)  # noqa: B023
        await made.more(30)
    assert server.alive
    owner = await own_disk.owner()
    await nothing_lost_nothing_twice(owner, made)
    await owner.close()


@pytest.mark.durability
async def test_g1_the_server_killed_with_its_private_postgresql_comes_back_with_everything(
    own_disk: OwnDisk,
):
    server = own_disk.server
    async with pouring(server, own_disk.site) as made:
        await made.more(30)
        server.kill()
        await server.start()
        await made.more(30)
    owner = await own_disk.owner()
    await nothing_lost_nothing_twice(owner, made)
    await owner.close()


async def test_g4_a_console_comes_back_to_the_same_board_after_a_kill(place: Place):
    server = await place.serve()
    [wang, *_] = place.site.operators
    async with open_console(server.url, wang) as console:
        answer = await insist(server.http_port, sos(place.site.phone(0)))
        await console.shows(answer.document["incident_id"])
        await console.gets("proofs")
        server.kill()
        await until(lambda: console.closed_with is not None, "the cut")
    await server.start()
    async with open_console(server.url, wang) as console:
        assert list(console.incidents) == [answer.document["incident_id"]]
