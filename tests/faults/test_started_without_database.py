"""The server starts, and starts again, while its database is away: who is logged in hears what is pressed, with card and place (G5)."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.core.data_folder import board_file, directory_file
from callcenter.core.ids import new_id
from tests.support.console import Console, open_console
from tests.support.flaky_proxy import FlakyProxy
from tests.support.place import Place
from tests.support.server import Operator, Server
from tests.support.waiting import until, until_told
from tests.support.wire import insist, insist_dc09, post, sos


async def has_kept(server: Server) -> None:
    """Who is logged in, what is open, and who calls, as of later than this moment."""
    began = time.time()
    board, directory = board_file(server.data_dir), directory_file(server.data_dir)

    def are_there() -> bool:
        return directory.exists() and board.exists() and board.stat().st_mtime > began + 0.6

    await until(are_there, "the snapshot", 60)


@asynccontextmanager
async def without_database(place: Place, how: str) -> AsyncIterator[tuple[Server, FlakyProxy]]:
    """A server whose database is gone, refuses, or hangs; it was there before."""
    async with FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn)
        await has_kept(server)
        assert await server.stop() == 0
        (proxy.cut if how == "refuses" else proxy.hold)(*(["up"] if how == "hangs" else []))
        await server.start()
        try:
            yield server, proxy
        finally:
            proxy.restore()
            assert await server.stop() == 0
            place.servers.remove(server)


async def take(server: Server, who: Operator, incident_id: str) -> dict[str, Any]:
    headers = {"Cookie": f"{COOKIE}={who.cookie}", CSRF_HEADER: who.csrf_token}
    async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
        answer = await client.post(
            f"/api/v1/incidents/{incident_id}/take", json={"command_id": str(new_id())}
        )
    assert answer.status_code == 200, answer.text
    taken: dict[str, Any] = answer.json()
    return taken


async def is_written(console: Console) -> None:
    def is_over() -> bool:
        beats = console.of_kind("beat")
        return bool(beats) and beats[-1]["away_since"] is None

    await until(is_over, "the banner to go", 60)


@pytest.mark.parametrize("how", ["refuses", "hangs"])
async def test_g5_a_server_that_starts_without_its_database_rings(
    place: Place, how: str, measured: Callable[[str], None]
):
    [wang, *_] = place.site.operators
    async with without_database(place, how) as (server, proxy):
        [started] = server.events("started_without_database")
        async with open_console(server.url, wang) as console:
            pressed = await post(server.http_port, sos(place.site.phone(3)))
            assert pressed.document["outcome"] == "opened"
            incident_id = pressed.document["incident_id"]
            await console.shows(incident_id)
            shown = console.incidents[incident_id]
            assert shown["home_id"] == place.site.homes[3]
            assert shown["card"]["people"][0]["name"]
            await insist_dc09(server.tcp_port, place.site.pendant(4), 1)
            assert (await take(server, wang, incident_id))["state"] == "taken"
            await console.gets("beat", 2)
            beat = console.of_kind("beat")[-1]
            assert (beat["database"], beat["as_of"]) == (False, started["as_of"])
            assert await place.count("incident") == 0
            (proxy.restore if how == "refuses" else proxy.release)()
            await is_written(console)
            assert console.of_kind("beat")[-1]["written"] == 3
            assert console.of_kind("beat")[-1]["as_of"] is None
    assert await place.count("journal") == 2
    assert await place.count("incident WHERE state = 'taken' AND home_id IS NOT NULL") == 1
    row = await place.site.owner.fetchrow("SELECT number FROM incident WHERE id = $1", incident_id)
    assert row["number"] == shown["number"]


async def test_g5_what_rang_rings_again_when_the_alarm_process_is_killed_in_an_outage(
    place: Place, measured: Callable[[str], None]
):
    [wang, *_] = place.site.operators
    async with FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn)
        await has_kept(server)
        before = await post(server.http_port, sos(place.site.phone(0)))
        await has_kept(server)
        proxy.hold("up")
        first = await post(server.http_port, sos(place.site.phone(1)))
        second = await post(server.http_port, sos(place.site.phone(2)))
        opened = [each.document["incident_id"] for each in (first, second)]
        await until(lambda: bool(server.events("alarms_not_stored")), "the outage to be known")
        await take(server, wang, opened[1])
        server.signal("alarm", signal.SIGKILL)
        killed_at = asyncio.get_running_loop().time()
        third = await insist(server.http_port, sos(place.site.phone(5)))
        measured(f"pressed again after {asyncio.get_running_loop().time() - killed_at:.2f} s")
        async with open_console(server.url, wang) as console:
            await console.shows(
                before.document["incident_id"], *opened, third.document["incident_id"]
            )
            assert console.incidents[opened[0]]["state"] == "waiting"
            assert console.incidents[opened[0]]["number"] == first.document["number"]
            assert console.incidents[opened[1]]["state"] == "taken"
            assert console.incidents[opened[1]]["taken_by"] == wang.user_id
            numbers = [each["number"] for each in console.incidents.values()]
            assert len(set(numbers)) == len(numbers) == 4
            shown = dict(console.incidents)
            proxy.release()
            await is_written(console)
            await console.shows(*shown)
            assert {one["number"] for one in console.incidents.values()} == set(numbers)
        assert await place.count("journal") == 4
        assert await place.count("incident WHERE press_count = 1 AND home_id IS NOT NULL") == 4
        assert await place.count("incident WHERE state = 'taken'") == 1
        proxy.restore()
        assert await server.stop() == 0
        place.servers.remove(server)


async def test_a_log_in_that_is_over_stays_over(place: Place):
    [wang, li] = place.site.operators
    await place.site.owner.execute(
        "UPDATE login_session SET expires_at = now() + interval '20 seconds' WHERE user_id = $1",
        li.user_id,
    )
    async with (
        without_database(place, "refuses") as (server, _),
        httpx.AsyncClient(base_url=server.url) as client,
    ):

        async def who(one: Operator) -> int:
            cookie = {"Cookie": f"{COOKIE}={one.cookie}"}
            return (await client.get("/api/v1/me", headers=cookie)).status_code

        async def is_over() -> bool:
            return await who(li) != 200

        await until_told(is_over, "the log-in to end by its time", 60)
        assert await who(wang) == 200


@pytest.mark.parametrize("harm", ["torn", "another release's"])
async def test_a_snapshot_of_no_use_is_named_and_the_database_waited_for(place: Place, harm: str):
    async with FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn)
        await has_kept(server)
        assert await server.stop() == 0
        file = directory_file(server.data_dir)
        kept = file.read_bytes()
        file.write_bytes(kept[:-40] if harm == "torn" else kept[:8] + bytes(16) + kept[24:])
        proxy.hold("up")
        starting = asyncio.create_task(server.start())
        await until(lambda: bool(server.events("snapshot_not_used")), "it to be refused", 60)
        assert not starting.done()
        proxy.release()
        await starting
        assert not server.events("started_without_database")
