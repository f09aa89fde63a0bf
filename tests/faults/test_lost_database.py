"""The database hangs, is cut off, or answers too late: no acknowledgement that is not true, and nothing lost (G1)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.console import open_console
from tests.support.flaky_proxy import Direction, FlakyProxy
from tests.support.place import Place
from tests.support.server import Server
from tests.support.waiting import until, until_told
from tests.support.wire import Answer, dc09, dc09_ack, insist, insist_dc09, post, sos

SILENCE_S = 1.0
"""Shorter than the 3 s after which a device is told to come again."""


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def proxy(shared_place: Place) -> AsyncIterator[FlakyProxy]:
    async with FlakyProxy.to_postgres(shared_place.dsn) as made:
        yield made
        made.restore()
        for server in shared_place.servers:
            assert await server.stop() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(shared_place: Place, proxy: FlakyProxy) -> Server:
    """Reaches its database by way of the proxy."""
    return await shared_place.serve(proxy.dsn)


@pytest_asyncio.fixture(loop_scope="module")
async def place(shared_place: Place, running: Server, proxy: FlakyProxy) -> Place:
    """Nothing has happened there yet."""
    proxy.restore()
    await shared_place.clear()
    return shared_place


@pytest_asyncio.fixture(loop_scope="module")
async def server(place: Place, running: Server) -> Server:
    """Has stored a crowd already, so that both connections of the lane stand and know their statement: one that first
    asks PostgreSQL to prepare it waits for that answer, and commits nothing while answers are held.
    """
    crowd = (insist(running.http_port, sos(f"warm-{n}-{k}")) for n in range(8) for k in range(4))
    await asyncio.gather(*crowd)
    await insist_dc09(running.tcp_port, "9999", 1)
    return running


async def stays_silent(*waits: asyncio.Future[object]) -> None:
    done, _ = await asyncio.wait(waits, timeout=SILENCE_S)
    assert not done, [wait.result() for wait in done]


async def send_dc09(server: Server, account: str, seq: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.tcp_port)
    try:
        writer.write(dc09(account, seq))
        return await reader.readuntil(b"\r")
    finally:
        writer.close()


@pytest.mark.parametrize("direction", ["up", "down"], ids=["before-the-commit", "after-the-commit"])
async def test_g1_a_held_back_commit_lets_no_acknowledgement_out(
    place: Place, server: Server, proxy: FlakyProxy, direction: Direction
):
    before = await place.count("journal")
    proxy.hold(direction, only_present=True)
    http = asyncio.create_task(post(server.http_port, sos(place.site.phone(0))))
    tcp = asyncio.create_task(send_dc09(server, place.site.pendant(1), 1))
    await proxy.held(direction, 20)
    if (
        direction == "down"
    ):  # held may be another connection's answer: the commit itself is waited for
        await until_stored(place, before + 1)
    await stays_silent(http, tcp)
    assert (await place.count("journal") > before) is (direction == "down")
    proxy.release()
    answer: Answer = await http
    assert (answer.status, answer.document["outcome"]) == (201, "opened")
    assert await tcp == dc09_ack(place.site.pendant(1), 1)
    assert await place.count("journal") == before + 2


async def test_g1_a_commit_whose_answer_is_lost_is_looked_up_and_not_made_twice(
    place: Place, server: Server, proxy: FlakyProxy
):
    await until(lambda: bool(server.events("registry_complete")), "every home to be known", 20)
    before = await place.count("journal")
    proxy.hold("down", only_present=True)
    http = asyncio.create_task(post(server.http_port, sos(place.site.phone(0))))
    await proxy.held("down", 20)
    await until_stored(place, before + 1)
    await stays_silent(http)
    proxy.cut()
    proxy.restore()
    answer = await http
    assert (answer.status, answer.document["outcome"]) == (201, "opened")
    assert await place.count("journal") == before + 1
    assert await place.count("incident WHERE home_id IS NOT NULL") == 1


async def until_stored(place: Place, rows: int) -> None:
    async def are_stored() -> bool:
        return await place.count("journal") >= rows

    await until_told(are_stored, "the signals are in the journal", 20)


async def test_g1_while_the_database_is_away_nothing_is_acknowledged_and_then_everything(
    place: Place, server: Server, proxy: FlakyProxy
):
    [wang, *_] = place.site.operators
    async with open_console(server.url, wang) as console:
        proxy.cut()
        body = sos(place.site.phone(0))
        refused = await post(server.http_port, body)
        assert refused.status == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.document["error"]["code"]
        silent = asyncio.create_task(send_dc09(server, place.site.pendant(1), 1))
        await stays_silent(silent)
        silent.cancel()
        await asyncio.gather(silent, return_exceptions=True)
        await until(
            lambda: any(not beat["database"] for beat in console.of_kind("beat")), "the banner", 30
        )
        repeats = [
            asyncio.create_task(insist(server.http_port, body)),
            asyncio.create_task(insist_dc09(server.tcp_port, place.site.pendant(1), 1)),
        ]
        proxy.restore()
        answer, _ = await asyncio.gather(*repeats)
        assert isinstance(answer, Answer)
        await console.shows(answer.document["incident_id"])
        await until(lambda: console.of_kind("beat")[-1]["database"], "the banner to go", 30)
    assert server.alive
    assert await place.count("incident WHERE home_id IS NOT NULL") == 2
    assert await place.count("incident WHERE press_count > 1") == 0


async def test_a_slow_database_slows_and_loses_nothing(
    place: Place, server: Server, proxy: FlakyProxy
):
    proxy.delay(0.05)
    bodies = [sos(place.site.phone(n % 8)) for n in range(40)]
    answers = await asyncio.gather(*(insist(server.http_port, body) for body in bodies))
    assert {answer.status for answer in answers} <= {200, 201}
    proxy.restore()
    presses = await place.site.owner.fetch(
        "SELECT press_count FROM incident WHERE home_id IS NOT NULL"
    )
    assert [row["press_count"] for row in presses] == [5] * 8
