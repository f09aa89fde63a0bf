"""A server is stopped, upgraded or killed while another one lives: its seats go on there, and what it worked on is taken over."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import httpx

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.core.migrating import latest_revision
from tests.support.console import Console, open_console
from tests.support.place import Place
from tests.support.server import Operator, Server
from tests.support.waiting import until, until_told
from tests.support.wire import insist, insist_dc09, sos

TAKEN_OVER_S = 10.0
"""A dead server's seats, timers and texts that wait. One that was on its way waits for a receipt as well."""
RENEWED_S = 2.0


async def two_of(place: Place) -> tuple[Server, Server]:
    """The list of addresses names both, as far as a console is concerned; ports are known only when they serve."""
    servers = json.dumps(["http://127.0.0.1:1", "http://127.0.0.1:2"])
    first = await place.serve(SEVERAL__SERVERS=servers)
    return first, await place.serve(SEVERAL__SERVERS=servers)


async def test_a_server_that_is_stopped_sends_its_seats_on_and_loses_no_press(place: Place):
    first, second = await two_of(place)
    wang, _ = place.site.operators
    async with open_console(first.url, wang) as here:
        answer = await insist(first.http_port, sos(place.site.phone(0)))
        incident = answer.document["incident_id"]
        await here.shows(incident)
        await command(first, wang, incident, "take")
        stopping = asyncio.create_task(first.stop())
        [going] = await here.gets("going")
        assert (going["why"], len(going["servers"])) == ("stopping", 2)
        assert (await readiness(first))["checks"]["staying"] is False
        late = await insist(first.http_port, sos(place.site.phone(1)))  # it still takes all in
        assert late.status == 201
        async with open_console(second.url, wang) as there:
            await there.shows(incident, late.document["incident_id"])
            assert there.incidents[incident]["taken_by"] == wang.user_id
            await here.socket.close()
            began = time.monotonic()
            assert await stopping == 0
            assert time.monotonic() - began < 8
            await command(second, wang, incident, "release")


async def readiness(server: Server) -> dict:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        return (await client.get("/readyz")).json()


async def command(server: Server, operator: Operator, incident: str, name: str) -> None:
    async with client_of(server, operator) as client:
        body = {"command_id": str(new_id())}
        answer = await client.post(f"/api/v1/incidents/{incident}/{name}", json=body)
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def client_of(server: Server, operator: Operator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=server.url,
        cookies={COOKIE: operator.cookie},
        headers={CSRF_HEADER: operator.csrf_token},
        trust_env=False,
    ) as client:
        yield client


async def test_an_older_server_leaves_the_work_to_a_newer_one_and_goes_on_ringing(place: Place):
    [server, _] = await two_of(place)
    wang, _ = place.site.operators
    await until(lambda: bool(server.events("office_answers")), "the office", 30)
    async with open_console(server.url, wang) as console:
        await place.site.owner.execute("UPDATE alembic_version SET version_num = '9999'")
        await until(lambda: bool(server.events("schema_newer")), "the schema to be noticed", 20)
        assert (await readiness(server))["ready"] is True  # nobody else does the work
        assert not server.events("stands_back")

        async with newer_server(place):
            [going] = await console.gets("going")
            assert going["why"] == "schema_newer"
            checks = (await readiness(server))["checks"]
            assert checks["schema_known"] is False
            assert checks["database"] is True
            await until(
                lambda: stands_back(server) == {"alarm", "office"}, "the office as well", 20
            )
            async with client_of(server, wang) as client:
                refused = await client.post("/api/v1/calls/lists", json={})
                assert (refused.status_code, refused.json()["error"]["code"]) == (
                    503,
                    "schema_newer",
                )
                assert (await client.get("/api/v1/regions")).status_code == 200
            pressed = await insist(server.http_port, sos(place.site.phone(0)))
            await console.shows(pressed.document["incident_id"])
            await insist_dc09(server.tcp_port, place.site.pendant(1), 1)
            await command(server, wang, pressed.document["incident_id"], "take")

        await until(lambda: bool(server.events("works_again")), "the work to be taken up again", 20)

        async def is_ready() -> bool:
            return (await readiness(server))["ready"] is True

        await until_told(is_ready, "traffic to be welcome again", 20)
        await place.site.owner.execute(
            "UPDATE alembic_version SET version_num = $1", latest_revision()
        )


def stands_back(server: Server) -> set[str]:
    return {event["process"] for event in server.events("stands_back")}


@asynccontextmanager
async def newer_server(place: Place) -> AsyncIterator[None]:
    """Of a release that this one does not know; it lives as long as this lasts."""
    database = Database(place.dsn, role=None)
    connection = await database.connect("newer server")
    living = asyncio.create_task(_live(connection, new_id()))
    try:
        yield
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await connection.execute("DELETE FROM server_life WHERE name = 'newer'")
        await connection.close()
        await database.close()


async def _live(connection: asyncpg.Connection, process_id: UUID) -> None:
    while True:
        await connection.execute(
            "INSERT INTO server_life (process_id, name, build, revision, leaving, lease_until)"
            " VALUES ($1, 'newer', '99', '9999', false, clock_timestamp() + interval '6 s')"
            " ON CONFLICT (process_id) DO UPDATE SET lease_until = excluded.lease_until",
            process_id,
        )
        await asyncio.sleep(RENEWED_S)


async def test_what_a_dead_server_worked_on_is_taken_over_within_ten_seconds(
    place: Place, measured: Callable[[str], None]
):
    first, second = await two_of(place)
    wang, li = place.site.operators
    await until(lambda: bool(second.events("office_answers")), "the office that is left", 30)
    async with open_console(first.url, wang), open_console(second.url, li) as there:
        await until(lambda: colleagues(there) == 2, "both colleagues", 20)
        answer = await insist(first.http_port, sos(place.site.phone(0)))
        incident = UUID(answer.document["incident_id"])
        first.kill()
        killed_at = time.monotonic()
        await place.site.owner.execute(
            "UPDATE incident_timer SET due_at = clock_timestamp() WHERE incident_id = $1", incident
        )
        left: dict[str, float] = {}

        async def seats_are_gone() -> bool:
            return colleagues(there) == 1

        async def timers_ran() -> bool:
            query = "incident_timer WHERE incident_id = $1 AND due_at > clock_timestamp()"
            return await place.count(query, incident) == 1

        async def texts_left() -> bool:
            waiting = "sms_message WHERE state = 'queued' AND attempt = 0"
            return await place.count(waiting) == 0

        async def life_is_over() -> bool:
            return await place.count("server_life WHERE lease_until > clock_timestamp()") == 1

        asks = (seats_are_gone, timers_ran, texts_left, life_is_over)

        async def all_are() -> bool:
            for ask in asks:
                if ask.__name__ not in left and await ask():
                    left[ask.__name__] = time.monotonic() - killed_at
            return len(left) == len(asks)

        await until_told(all_are, f"all of it; until now {left}", 30)
        measured(", ".join(f"{name} {after:.1f} s" for name, after in left.items()))
        assert max(left.values()) < TAKEN_OVER_S


def colleagues(console: Console) -> int:
    said = console.of_kind("seats") or console.of_kind("snapshot")
    return len(said[-1]["seats"])


async def test_the_page_of_one_server_may_ask_the_other_one(place: Place):
    """As the browser asks: whether the page may, and then with the cookie and the page's origin."""
    first, _ = await two_of(place)
    origin = {"Origin": "http://127.0.0.1:2"}
    async with client_of(first, place.site.operators[0]) as client:
        page = await client.get("/")
        assert "ws://127.0.0.1:2" in page.headers["Content-Security-Policy"]
        asked = {**origin, "Access-Control-Request-Method": "POST"}
        assert (await client.options("/api/v1/me", headers=asked)).status_code == 204
        answer = await client.get("/api/v1/me", headers=origin)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == origin["Origin"]
        stranger = await client.post("/api/v1/logout", headers={"Origin": "http://evil.test"})
        assert stranger.status_code == 403
