"""The database hangs, is cut off, or answers too late: alarms ring, no acknowledgement is untrue, nothing is lost (G1, G5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from tests.support.console import Console, open_console
from tests.support.flaky_proxy import Direction, FlakyProxy
from tests.support.place import Place
from tests.support.server import Operator, Server
from tests.support.waiting import until, until_told
from tests.support.wire import Answer, dc09, dc09_ack, insist, insist_dc09, post, sos

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


# Each test presses in homes of its own: the server knows what is open, and does not expect it to vanish.
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
    await until(lambda: bool(running.events("registry_complete")), "every home to be known", 20)
    return running


async def send_dc09(server: Server, account: str, seq: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.tcp_port)
    try:
        writer.write(dc09(account, seq))
        return await reader.readuntil(b"\r")
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("direction", "home"),
    [("up", 0), ("down", 2)],
    ids=["before-the-commit", "after-the-commit"],
)
async def test_g5_while_a_commit_hangs_the_alarm_rings_and_is_acknowledged_from_the_spool(
    place: Place, server: Server, proxy: FlakyProxy, direction: Direction, home: int
):
    before = await place.count("journal")
    [wang, *_] = place.site.operators
    async with open_console(server.url, wang) as console:
        proxy.hold(direction, only_present=True)
        http = asyncio.create_task(post(server.http_port, sos(place.site.phone(home))))
        tcp = asyncio.create_task(send_dc09(server, place.site.pendant(home + 1), 1))
        answer: Answer = await http
        assert (answer.status, answer.document["outcome"]) == (201, "opened")
        assert await tcp == dc09_ack(place.site.pendant(home + 1), 1)
        await console.shows(answer.document["incident_id"])
        assert len(waiting(console)) == 2
        if direction == "up":
            assert await place.count("journal") == before
        proxy.release()
        await all_written(console)
        assert len(waiting(console)) == 2
    assert await place.count("journal") == before + 2
    assert await place.count("incident WHERE home_id IS NOT NULL") == 2
    assert await place.count("incident WHERE press_count > 1") == 0


def waiting(console: Console) -> list[dict[str, Any]]:
    """Of homes: the crowd before calls from nowhere."""
    return [i for i in console.incidents.values() if i["home_id"] and i["state"] == "waiting"]


async def all_written(console: Console) -> None:
    """The console has the board as the database has it."""
    begun = console.snapshots
    await until(lambda: console.snapshots > begun, "the board to be shown anew", 30)
    await until(lambda: console.of_kind("beat")[-1]["away_since"] is None, "the banner to go", 30)


async def test_g1_a_commit_whose_answer_is_lost_is_looked_up_and_not_made_twice(
    place: Place, server: Server, proxy: FlakyProxy
):
    before = await place.count("journal")
    proxy.hold("down", only_present=True)
    http = asyncio.create_task(post(server.http_port, sos(place.site.phone(4))))
    await proxy.held("down", 20)
    await until_stored(place, before + 1)
    answer = await http
    proxy.cut()
    proxy.restore()
    assert (answer.status, answer.document["outcome"]) == (201, "opened")
    again = await insist(server.http_port, sos(place.site.phone(4)))
    assert again.document["incident_id"] == answer.document["incident_id"]
    await until_stored(place, before + 2)
    assert await place.count("incident WHERE home_id IS NOT NULL") == 1


async def until_stored(place: Place, rows: int) -> None:
    async def are_stored() -> bool:
        return await place.count("journal") >= rows

    await until_told(are_stored, "the signals are in the journal", 20)


async def test_g5_an_alarm_is_worked_from_press_to_close_while_the_database_is_away(
    place: Place, server: Server, proxy: FlakyProxy
):
    [wang, *_] = place.site.operators
    await until(lambda: bool(server.events("office_answers")), "the office, which sends texts", 60)
    body = sos(place.site.phone(5))
    before = await place.count("journal")
    async with open_console(server.url, wang) as console, Desk(server, wang) as desk:
        proxy.cut()
        pressed = await post(server.http_port, body)
        repeated = await post(server.http_port, body)
        again = await post(server.http_port, sos(place.site.phone(5)))
        outcomes = [one.document["outcome"] for one in (pressed, repeated, again)]
        assert outcomes == ["opened", "duplicate", "joined"]
        incident_id = pressed.document["incident_id"]
        await console.shows(incident_id)
        await until(lambda: not console.of_kind("beat")[-1]["database"], "the banner", 30)
        assert console.incidents[incident_id]["card"]["people"]

        await desk.give(incident_id, "take")
        await desk.give(incident_id, "steps", step="call_back", result="reached", note="fell")
        closed = await desk.give(
            incident_id, "close", outcome="emergency", safe_by="wife", safe_where="at home"
        )
        assert (closed["state"], closed["number"]) == ("closed", pressed.document["number"])
        async with open_console(server.url, wang, armed=False) as second:
            assert incident_id not in second.incidents
        assert await place.count("journal") == before
        await until(lambda: server.events("sms_sent_without_row"), "the family to be told", 20)

        proxy.restore()
        await all_written(console)
    row = await place.site.owner.fetchrow("SELECT * FROM incident WHERE home_id IS NOT NULL")
    assert (row["state"], row["press_count"], row["number"]) == ("closed", 2, closed["number"])
    assert (row["safe_by"], str(row["id"])) == ("wife", incident_id)
    kinds = await place.site.owner.fetch(
        "SELECT kind FROM timeline_entry WHERE incident_id = $1 ORDER BY number", row["id"]
    )
    assert [one["kind"] for one in kinds] == ["opened", "joined", "taken", "step", "closed"]
    assert await place.count("journal") == before + 3
    late = "timeline_entry WHERE incident_id = $1 AND at > $2"
    assert await place.count(late, row["id"], row["closed_at"]) == 0
    assert await place.count("incident_command") == 3

    async def is_known_to_be_sent() -> bool:
        told = (
            "sms_message WHERE kind = 'alarm_raised' AND attempt = 1 AND submitted_at IS NOT NULL"
        )
        return await place.count(told) == 1

    await until_told(is_known_to_be_sent, "the row of what was sent before it", 20)


class Desk:
    """An operator's commands over HTTP."""

    def __init__(self, server: Server, operator: Operator) -> None:
        self._client = httpx.AsyncClient(
            base_url=server.url,
            cookies={COOKIE: operator.cookie},
            headers={CSRF_HEADER: operator.csrf_token},
            timeout=20,
            trust_env=False,
        )

    async def __aenter__(self) -> Desk:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def give(self, incident_id: str, command: str, **fields: object) -> dict[str, Any]:
        body = {"command_id": str(uuid4()), **fields}
        answer = await self._client.post(f"/api/v1/incidents/{incident_id}/{command}", json=body)
        assert answer.status_code == 200, answer.text
        given: dict[str, Any] = answer.json()
        return given


async def test_a_slow_database_slows_and_loses_nothing(
    place: Place, server: Server, proxy: FlakyProxy
):
    before = await place.count("journal")
    proxy.delay(0.05)
    bodies = [sos(place.site.phone(n % 8)) for n in range(40)]
    answers = await asyncio.gather(*(insist(server.http_port, body) for body in bodies))
    assert {answer.status for answer in answers} <= {200, 201}
    proxy.restore()
    await until_stored(place, before + 40)
    presses = await place.site.owner.fetch(
        "SELECT press_count FROM incident WHERE home_id IS NOT NULL"
    )
    assert [row["press_count"] for row in presses] == [5] * 8
