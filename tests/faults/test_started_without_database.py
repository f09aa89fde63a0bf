"""The server starts, and starts again, while its database is away: who is logged in hears what is pressed, with card and place (G5)."""

from __future__ import annotations

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
from tests.support.waiting import until
from tests.support.wire import insist_dc09, post, sos


async def has_kept(server: Server, since: float = 0.0) -> None:
    """Who is logged in and who calls, as of later than `since` (s since 1970)."""
    files = board_file(server.data_dir), directory_file(server.data_dir)

    def are_there() -> bool:
        return all(each.exists() and each.stat().st_mtime > since for each in files)

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
    await until(lambda: console.of_kind("beat")[-1]["away_since"] is None, "the banner to go", 60)


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
