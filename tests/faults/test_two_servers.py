"""Two server processes on one database: bursts for the same homes, consoles on either, hints that get lost."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import pytest_asyncio

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.core.ids import new_id
from tests.support.community import LONG_AGO
from tests.support.console import open_console
from tests.support.place import Place
from tests.support.server import Operator, Server
from tests.support.waiting import until, until_told
from tests.support.wire import insist, insist_dc09, sos

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(shared_place: Place) -> tuple[Server, Server]:
    first = await shared_place.serve()
    return first, await shared_place.serve()


@pytest_asyncio.fixture(loop_scope="module")
async def place(shared_place: Place, pair: tuple[Server, Server]) -> Place:
    """Nothing has happened there yet."""
    await shared_place.clear()
    return shared_place


async def _is_written(place: Place, presses: int) -> bool:
    """A device is acknowledged when the spool has it; on a busy machine that is sooner."""
    return await place.count("journal WHERE outcome IN ('opened', 'joined')") == presses


async def test_bursts_for_the_same_homes_make_one_incident_each_and_no_deadlock(
    place: Place, pair: tuple[Server, Server]
):
    homes = range(len(place.site.homes))
    presses = [
        insist(server.http_port, sos(place.site.phone(n)))
        for _ in range(12)
        for n in homes
        for server in pair
    ]
    frames = [
        insist_dc09(server.tcp_port, place.site.pendant(n), 10 * number + turn)
        for turn in range(5)
        for n in homes
        for number, server in enumerate(pair)
    ]
    await asyncio.gather(*presses, *frames)
    everything = (24 + 10) * len(place.site.homes)
    await until_told(lambda: _is_written(place, everything), "what is acknowledged to be written")
    rows = await place.site.owner.fetch(
        "SELECT home_id, count(*), sum(press_count) FROM incident GROUP BY home_id ORDER BY home_id"
    )
    assert [tuple(row) for row in rows] == [(home, 1, 24 + 10) for home in place.site.homes]
    gaps = await place.count(
        "incident WHERE version <> (SELECT count(*) FROM timeline_entry WHERE incident_id = incident.id)"
    )
    assert gaps == 0
    assert await place.count("journal WHERE outcome = 'opened'") == len(place.site.homes)
    deadlocks = await place.site.owner.fetchval(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    assert deadlocks == 0


async def test_g1_the_same_frame_to_both_servers_is_one_press(
    place: Place, pair: tuple[Server, Server]
):
    """A device that repeats on its second path before the first has answered."""
    bodies = [sos(place.site.phone(n)) for n in range(8)]
    answers = await asyncio.gather(
        *(insist(server.http_port, body) for body in bodies for server in pair)
    )
    assert sorted(answer.status for answer in answers) == [200] * 8 + [201] * 8
    assert await place.count("incident WHERE press_count = 1") == await place.count("incident") == 8


async def test_an_alarm_at_one_server_appears_at_the_console_of_the_other(
    place: Place, pair: tuple[Server, Server]
):
    first, second = pair
    wang, li = place.site.operators
    async with open_console(first.url, wang) as here, open_console(second.url, li) as there:
        await until(lambda: _colleagues(here, there) == [2, 2], "each to see the other", 20)
        answer = await insist(first.http_port, sos(place.site.phone(0)))
        incident = answer.document["incident_id"]
        await asyncio.gather(here.shows(incident), there.shows(incident))
        taken = await take(second, li, incident)
        assert taken.status_code == 200
        await until(lambda: here.incidents[incident]["state"] == "taken", "the taker's name", 20)
        assert here.incidents[incident]["taken_by_name"] == li.login
        assert here.numbers[incident] == there.numbers[incident] == [1, 2]


def _colleagues(*consoles) -> list[int]:
    said = [console.of_kind("seats") or console.of_kind("snapshot") for console in consoles]
    return [len(messages[-1]["seats"]) for messages in said]


async def take(server: Server, operator: Operator, incident: str) -> httpx.Response:
    cookies = {COOKIE: operator.cookie}
    async with httpx.AsyncClient(base_url=server.url, cookies=cookies, trust_env=False) as client:
        return await client.post(
            f"/api/v1/incidents/{incident}/take",
            json={"command_id": str(new_id())},
            headers={CSRF_HEADER: operator.csrf_token},
        )


async def test_what_no_hint_told_of_is_found_by_the_sweep(
    place: Place, pair: tuple[Server, Server]
):
    """A row written without a NOTIFY is what a lost NOTIFY looks like."""
    first, second = pair
    wang, li = place.site.operators
    async with open_console(first.url, wang) as here, open_console(second.url, li) as there:
        incident = new_id()
        await place.site.owner.execute(
            "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at,"
            " last_signal_at) VALUES ($1, 'caller:dc09:7', 'alarm', 'sos', 1, $2::bigint, ARRAY[$2::bigint], 'dc09', '{\"people\": []}',"
            " $3, $3)",
            incident,
            place.site.community.root,
            LONG_AGO,
        )
        await asyncio.gather(here.shows(str(incident)), there.shows(str(incident)))


async def test_a_killed_server_leaves_the_other_working_and_its_seats_run_out(
    place: Place, pair: tuple[Server, Server]
):
    first, second = pair
    wang, li = place.site.operators
    async with open_console(first.url, wang), open_console(second.url, li) as there:
        await until(lambda: _colleagues(there) == [2], "both colleagues", 20)
        first.kill()
        answer = await insist(second.http_port, sos(place.site.phone(0)))
        await there.shows(answer.document["incident_id"])
        await until(lambda: _colleagues(there) == [1], "the lease of the killed one to end", 30)
