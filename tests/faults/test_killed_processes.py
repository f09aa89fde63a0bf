"""kill -9 while alarms pour in: of the server, and of PostgreSQL. What was acknowledged is there, and nothing twice (G1)."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import UUID

import pytest
from websockets.exceptions import WebSocketException

from tests.faults.conftest import OwnDisk
from tests.faults.pouring import nothing_lost_nothing_twice, pouring
from tests.support.console import open_console
from tests.support.place import Place
from tests.support.postgres import kill_postgres
from tests.support.server import Operator
from tests.support.waiting import until
from tests.support.wire import dc09, dc09_ack, insist, post, sos

LOADS_WITHIN_S = 30.0
"""On any machine; how fast it is, `make bench ARGS=--restart` shows."""

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the dialler's sockets
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # its utcnow()
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]

Measured = Callable[[str], None]


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
async def test_a_killed_server_answers_and_shows_its_board_soon_after_its_start(
    own_disk: OwnDisk, measured: Measured
):
    """All that a service manager does is start it again; what takes time is loading, and PostgreSQL recovers meanwhile."""
    server = own_disk.server
    [wang, *_] = own_disk.site.operators
    async with pouring(server, own_disk.site) as made:
        for _ in range(3):
            await made.more(200)
            killed_at = time.monotonic()
            server.kill()
            presses = asyncio.create_task(insist(server.http_port, sos(own_disk.site.phone(6))))
            seat = asyncio.create_task(back_at(server.url, wang))
            await server.start()
            await presses
            answered = time.monotonic() - killed_at
            measured(f"SOS after {answered:.2f} s, console after {await seat - killed_at:.2f} s")
            made.took.clear()
    owner = await own_disk.owner()
    await nothing_lost_nothing_twice(owner, made)
    await owner.close()


@pytest.mark.durability
async def test_g1_a_press_that_comes_while_the_server_loads_waits_and_is_acknowledged(
    own_disk: OwnDisk,
):
    """A device that calls once, in the second in which everything is still being loaded, is not turned away."""
    server = own_disk.server
    body = sos(own_disk.site.phone(3))
    server.kill()
    bound, served = len(server.events("listening")), len(server.events("serving"))
    starting = asyncio.create_task(server.start())
    await until(lambda: len(server.events("listening")) == bound + 3, "the sockets")
    press = asyncio.create_task(post(server.http_port, body))
    panel = asyncio.create_task(call(server.tcp_port, dc09(own_disk.site.pendant(2), 1)))
    await asyncio.sleep(0)
    assert len(server.events("serving")) == served, "nobody serves yet"
    answer = await press
    assert answer.status == 201
    assert dc09_ack(own_disk.site.pendant(2), 1) in await panel
    await starting
    owner = await own_disk.owner()
    stored = await owner.fetchval(
        "SELECT count(*) FROM incident WHERE id = $1", UUID(answer.document["incident_id"])
    )
    assert stored == 1
    await owner.close()


async def call(port: int, frame: bytes) -> bytes:
    """What one connection to a listener is answered to one frame."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(frame)
        async with asyncio.timeout(LOADS_WITHIN_S):
            return await reader.readuntil(b"\r")
    finally:
        writer.close()


async def back_at(url: str, operator: Operator) -> float:
    """When a console that calls over and over has its board again."""
    while True:
        with suppress(OSError, WebSocketException):
            async with open_console(url, operator):
                return time.monotonic()
        await asyncio.sleep(0.02)


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
