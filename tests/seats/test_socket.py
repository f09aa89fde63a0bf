"""The seat's socket on the real server: from hello to proofs, and everything that ends it."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.seats.link import TALKS_TOO_MUCH
from tests.support.console import open_console
from tests.support.place import Place, durable_databases, shared_place
from tests.support.server import Server, operator
from tests.support.waiting import until
from tests.support.wire import bearer, insist, sos

__all__ = ["durable_databases", "shared_place"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOT_UNDERSTOOD, NOT_LOGGED_IN = 4400, 4401


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(shared_place: Place) -> Server:
    return await shared_place.serve()


@pytest_asyncio.fixture(loop_scope="module")
async def place(shared_place: Place, running: Server) -> Place:
    """Nothing has happened there yet."""
    await shared_place.clear()
    return shared_place


@pytest_asyncio.fixture(loop_scope="module")
async def server(place: Place, running: Server) -> Server:
    return running


async def test_a_snapshot_first_then_every_change(place: Place, server: Server):
    [wang, *_] = place.site.operators
    before = await insist(server.http_port, sos(place.site.phone(0)))
    async with open_console(server.url, wang) as console:
        assert [m["type"] for m in console.messages[:2]] == ["hello", "snapshot"]
        assert list(console.incidents) == [before.document["incident_id"]]
        after = await insist(server.http_port, sos(place.site.phone(1)))
        await console.shows(after.document["incident_id"])
        assert console.snapshots == 1
        await insist(server.http_port, sos(place.site.phone(1)))
        incident = after.document["incident_id"]
        await until(lambda: console.incidents[incident]["version"] == 2, "the second press", 20)
        assert console.numbers[incident] == [1, 2]


async def test_g4_seen_and_sounding_are_stored_once_per_ring_whoever_answers(
    place: Place, server: Server
):
    wang, li = place.site.operators
    async with open_console(server.url, wang) as one, open_console(server.url, li) as two:
        incident = (await insist(server.http_port, sos(place.site.phone(0)))).document[
            "incident_id"
        ]
        await one.gets("proofs")
        await two.gets("proofs")
        await one.send("seen", incidents=[{"incident_id": incident, "ring": 2}])  # too early
        for console in (one, two, one):
            await console.send("seen", incidents=[{"incident_id": incident, "ring": 1}])
        await place.site.owner.execute("UPDATE incident SET ring = 2")
        await two.send("seen", incidents=[{"incident_id": incident, "ring": 2}])
        await until(
            lambda: any(p["ring"] == 2 for m in one.of_kind("proofs") for p in m["proofs"]),
            "the proof of the second ring",
            20,
        )
    rows = await place.site.owner.fetch("SELECT ring, proof FROM incident_proof ORDER BY 1, 2")
    assert [tuple(row) for row in rows] == [(1, "seen"), (1, "sounding"), (2, "seen")]
    assert await place.count("incident WHERE version = 1") == 1  # proofs bump no version


async def test_g8_a_seat_of_one_region_gets_nothing_of_another(place: Place, server: Server):
    community = place.site.community
    elsewhere = await community.region(community.root, "district", "西柳区")
    stranger = await operator(community, "zhao", "operator", elsewhere)
    [wang, *_] = place.site.operators
    async with (
        open_console(server.url, stranger) as apart,
        open_console(server.url, wang) as console,
    ):
        incident = (await insist(server.http_port, sos(place.site.phone(0)))).document[
            "incident_id"
        ]
        await console.shows(incident)
        await console.gets("proofs")
        await apart.gets("beat", 2)
        assert apart.incidents == {}
        assert not apart.of_kind("proofs")
        assert incident not in json.dumps(apart.messages)


async def test_logging_out_cuts_the_seat_within_two_seconds(place: Place, server: Server):
    leaving = await operator(place.site.community, "sun")
    async with open_console(server.url, leaving) as console:
        cookies = {COOKIE: leaving.cookie}
        async with httpx.AsyncClient(
            base_url=server.url, cookies=cookies, trust_env=False
        ) as client:
            answer = await client.post("/api/v1/logout", headers={CSRF_HEADER: leaving.csrf_token})
        assert answer.is_success
        await until(lambda: console.closed_with is not None, "the cut", 2)
        assert console.closed_with == NOT_LOGGED_IN


async def test_a_grant_taken_away_behind_our_back_cuts_the_seat_by_the_sweep(
    place: Place, server: Server
):
    losing = await operator(place.site.community, "zhou")
    async with open_console(server.url, losing) as console:
        await place.site.owner.execute("DELETE FROM role_grant WHERE user_id = $1", losing.user_id)
        await until(lambda: console.closed_with is not None, "the cut", 20)
        assert console.closed_with == NOT_LOGGED_IN


async def test_a_console_that_floods_is_cut_and_the_others_go_on(place: Place, server: Server):
    wang, li = place.site.operators
    pulse = Frame(Opcode.TEXT, b'{"type":"pulse"}').serialize(mask=True)
    async with open_console(server.url, li) as calm, open_console(server.url, wang) as flooding:
        flooding.socket.transport.write(pulse * 30_000)
        await until(lambda: flooding.closed_with is not None, "the cut", 20)
        assert flooding.closed_with == TALKS_TOO_MUCH
        incident = (await insist(server.http_port, sos(place.site.phone(0)))).document[
            "incident_id"
        ]
        await calm.shows(incident)
        await calm.gets("proofs")


@pytest.mark.parametrize(
    ("said", "code"),
    [(b"not JSON", NOT_UNDERSTOOD), (b'{"type":"pulse\xff"}', 1007)],
    ids=["not-json", "not-utf-8"],
)
async def test_what_is_wrong_is_answered_before_what_is_said_after_it(
    place: Place, server: Server, said: bytes, code: int
):
    wang, li = place.site.operators
    incident = (await insist(server.http_port, sos(place.site.phone(0)))).document["incident_id"]
    seen = {"type": "seen", "incidents": [{"incident_id": incident, "ring": 1}]}
    texts = [b'{"type":"pulse"}', said, json.dumps(seen).encode()]
    async with open_console(server.url, wang, answering=False) as console:
        console.socket.transport.write(
            b"".join(Frame(Opcode.TEXT, text).serialize(mask=True) for text in texts)
        )
        await until(lambda: console.closed_with is not None, "the end", 20)
        assert console.closed_with == code
    async with open_console(server.url, li) as other:
        await other.gets("proofs")
    assert {r[0] for r in await place.site.owner.fetch("SELECT user_id FROM incident_proof")} == {
        li.user_id
    }


async def test_a_crowd_that_comes_back_at_once_is_refused_nothing(place: Place, server: Server):
    wang, li = place.site.operators
    incident = (await insist(server.http_port, sos(place.site.phone(0)))).document["incident_id"]

    looks = "audit_entry WHERE action = 'board_opened' AND detail ? 'home_ids'"
    before = await place.count(looks)

    async def come(number: int) -> None:
        async with open_console(server.url, (wang, li)[number % 2]) as console:
            assert console.incidents.keys() == {incident}

    await asyncio.gather(*map(come, range(60)))
    assert await place.count(looks) == before + 60


async def test_colleagues_see_a_pause_and_a_console_that_is_mute(place: Place, server: Server):
    [wang, li, *_] = place.site.operators
    async with open_console(server.url, wang) as console, open_console(server.url, li) as other:

        def shown() -> tuple[str, str | None]:
            """How 王 sits there, as 李 sees it."""
            me = console.of_kind("hello")[0]["user_id"]
            seats = [m["seats"] for m in other.messages if "seats" in m][-1]
            [row] = [row for row in seats if row["user_id"] == me]
            return row["state"], row["pause"]

        await until(lambda: shown() == ("ready", None), "on duty", 20)
        await console.send("duty", armed=True, pause="meal")
        await until(lambda: shown() == ("pause", "meal"), "the pause", 20)
        await console.send("pulse", sounds=False)
        await until(lambda: shown() == ("off", None), "a seat that cannot be heard", 20)
        await console.send("pulse", sounds=True)
        await until(lambda: shown() == ("pause", "meal"), "the pause goes on", 20)
        await console.send("duty", armed=True)
        await until(lambda: shown() == ("ready", None), "back", 20)


async def test_without_an_origin_nobody_gets_in(place: Place, server: Server):
    [wang, *_] = place.site.operators
    address = server.url.replace("http", "ws") + "/ws/v1/seat"
    for origin in (None, "http://elsewhere.example", "null"):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(
                address,
                origin=origin,  # type: ignore[arg-type]
                additional_headers={"Cookie": f"{COOKIE}={wang.cookie}"},
                proxy=None,
            ):
                pass
        assert refused.value.response.status_code == 403


async def test_a_page_of_another_name_that_leads_here_reads_nothing_and_an_alarm_rings_under_any(
    place: Place, server: Server
):
    """DNS rebinding: name and origin agree, and the browser takes the server for that page's own."""
    [wang, *_] = place.site.operators
    foreign = {"Host": "evil.test"}
    async with httpx.AsyncClient(base_url=server.url, cookies={COOKIE: wang.cookie}) as client:
        for path in ("/", "/api/v1/me", "/api/v1/residents", "/docs", "/assets/x.js"):
            refused = await client.get(path, headers=foreign)
            assert (refused.status_code, refused.json()["error"]["code"]) == (421, "host_refused")
            assert "content-security-policy" in refused.headers
        rings = await client.post(
            "/ingest/v1/signals", content=sos(place.site.phone(0)), headers=foreign | bearer()
        )
    assert rings.status_code == 201
    reader, writer = await asyncio.open_connection("127.0.0.1", server.http_port)
    writer.write(
        b"GET /ws/v1/seat HTTP/1.1\r\nHost: evil.test\r\nOrigin: http://evil.test\r\n"
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: %s=%s\r\n\r\n"
        % (COOKIE.encode(), wang.cookie.encode())
    )
    assert (await reader.readline()).startswith(b"HTTP/1.1 403 ")
    writer.close()


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ('{"type": "hello", "protocol": 2, "build": "test"}', NOT_UNDERSTOOD),
        ('{"type": "pulse"}', NOT_UNDERSTOOD),
        ("not JSON", NOT_UNDERSTOOD),
        (b"\x00\x01", NOT_UNDERSTOOD),
        ('{"type": "hello", "protocol": 1, "build": "' + "x" * 70_000 + '"}', 1009),
    ],
    ids=["protocol", "no-hello", "not-json", "binary", "too-large"],
)
async def test_who_does_not_speak_the_protocol_is_told_so(
    place: Place, server: Server, first: str | bytes, code: int
):
    [wang, *_] = place.site.operators
    async with connect(
        server.url.replace("http", "ws") + "/ws/v1/seat",
        origin=server.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": f"{COOKIE}={wang.cookie}"},
        proxy=None,
    ) as socket:
        await socket.send(first)
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == code


async def test_who_is_not_logged_in_is_told_to(place: Place, server: Server):
    async with connect(
        server.url.replace("http", "ws") + "/ws/v1/seat",
        origin=server.url,  # type: ignore[arg-type]
        proxy=None,
    ) as socket:
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == NOT_LOGGED_IN
