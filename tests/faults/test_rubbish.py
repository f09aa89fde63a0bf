"""Everything a network can throw at the ways in, between good signals: none of those is lost, and all of it is accounted for."""

from __future__ import annotations

import asyncio
import random

import httpx
import pytest
import pytest_asyncio

from callcenter.devices.protocols.dc09.frame import wrap
from tests.support.place import Place
from tests.support.server import Server
from tests.support.waiting import until, until_told
from tests.support.wire import (
    bearer,
    dc09,
    dc09_ack,
    insist,
    insist_dc09,
    post,
    request,
    signed,
    sos,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEED = 20260314
LINE_FEEDS = b"\n" * 1_000_000


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


async def metrics(server: Server) -> dict[str, float]:
    """Every sample of /metrics by name and labels."""
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    lines = (line for line in answer.text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_g3_presses_between_random_bytes_and_torn_frames_are_all_acknowledged(
    place: Place, server: Server
):
    rubbish = random.Random(SEED)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.tcp_port)
    for seq in range(1, 31):
        writer.write(b"\r" + rubbish.randbytes(rubbish.randrange(1, 200)) + b"\r")
        frame = dc09(place.site.pendant(seq % 8), seq)
        cut = rubbish.randrange(1, len(frame))
        writer.write(frame[:cut])
        await writer.drain()
        writer.write(frame[cut:])
    acknowledged = [dc09_ack(place.site.pendant(seq % 8), seq) for seq in range(1, 31)]
    async with asyncio.timeout(20):
        while acknowledged:
            answer = await reader.readuntil(b"\r")
            if answer == acknowledged[0]:
                acknowledged.pop(0)
    writer.close()
    assert await place.count("journal WHERE outcome IN ('opened', 'joined')") == 30


async def test_g3_many_bad_connections_keep_no_good_one_waiting(place: Place, server: Server):
    async def torment(seed: int) -> None:
        rubbish = random.Random(seed)
        _, writer = await asyncio.open_connection("127.0.0.1", server.tcp_port)
        frame = dc09(place.site.pendant(0), seed)
        writer.write(rubbish.choice([rubbish.randbytes(3000), frame[:-5], b"\n" * 500, b"\n0000"]))
        await writer.drain()
        writer.transport.abort()

    async with asyncio.TaskGroup() as tasks:
        for seed in range(100):
            tasks.create_task(torment(seed))
        presses = [
            tasks.create_task(insist_dc09(server.tcp_port, place.site.pendant(n), 7))
            for n in range(8)
        ]
    assert all(press.result() for press in presses)
    assert server.alive


async def test_g3_line_feeds_and_life_signs_at_full_speed_keep_no_press_waiting(
    place: Place, server: Server
):
    poll = wrap(b'"NULL"0000L0#1000[]') * 500
    drops = (LINE_FEEDS, LINE_FEEDS, poll, poll)

    async def pour(drop: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.tcp_port)
        try:
            while True:
                writer.write(drop)
                await writer.drain()
                while drop is not LINE_FEEDS and len(await reader.read(65_536)) == 65_536:
                    pass
        finally:
            writer.transport.abort()

    async with asyncio.TaskGroup() as tasks:
        pouring = [tasks.create_task(pour(drop)) for drop in drops]
        for n in range(8):
            async with asyncio.timeout(10):
                await insist_dc09(server.tcp_port, place.site.pendant(n), 9)
        for each in pouring:
            each.cancel()
    assert await place.count("journal WHERE outcome = 'opened'") == 8


async def test_g3_a_flood_of_wrong_signatures_stops_no_press(place: Place, server: Server):
    async def forge(number: int) -> int:
        body = sos(f"forged-{number}")
        return (await post(server.http_port, body, signed(body, secret=b"a guess"))).status

    forged, pressed = await asyncio.gather(
        asyncio.gather(*(forge(n) for n in range(200))),
        asyncio.gather(*(insist(server.http_port, sos(place.site.phone(n))) for n in range(8))),
    )
    assert set(forged) == {401}
    assert [answer.document["outcome"] for answer in pressed] == ["opened"] * 8
    assert await place.count("journal WHERE source = 'phones'") == 8


async def test_random_requests_get_a_clear_answer_or_a_cut_and_harm_nobody(
    place: Place, server: Server
):
    rubbish = random.Random(SEED)
    for _ in range(40):
        try:
            answer = await request(server.http_port, rubbish.randbytes(400) + b"\r\n\r\n")
            assert answer.status == 400
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
    answers = [await post(server.http_port, rubbish.randbytes(300)) for _ in range(20)]
    assert {answer.status for answer in answers} == {422}
    assert (await insist(server.http_port, sos(place.site.phone(0)))).status == 201


async def test_g2_received_is_the_sum_of_the_outcomes(place: Place, server: Server):
    """Every request and frame stands in the journal with one outcome, or in a counter of its listener."""
    before = await metrics(server)
    port = server.http_port
    body = sos(place.site.phone(0))
    sent = [
        (body, bearer(), 201),  # opened
        (body, bearer(), 200),  # a repeat
        (sos(place.site.phone(0)), bearer(), 201),  # joined
        (sos("nobody"), bearer(), 201),  # an unknown caller rings
        (sos("nobody", kind="heartbeat"), bearer(), 201),  # unknown device
        (sos(place.site.phone(0), kind="heartbeat"), bearer(), 201),  # recorded
        (b"{", bearer(), 422),  # undecodable
        (body, {}, 401),  # refused
        (b"x" * 70_000, bearer(), 413),  # refused
    ]
    for content, headers, status in sent:
        assert (await post(port, content, headers)).status == status
    await insist_dc09(server.tcp_port, place.site.pendant(1), 1)
    assert (await request_dc09(server, b"\n0000" + dc09(place.site.pendant(1), 2)[5:])) == b""

    async def both_undecodable() -> bool:
        """In the journal, or beyond the minute's share of it."""
        now = await metrics(server)
        kept = sum(
            v for n, v in grown(now, before, "callcenter_signals_total") if "undecodable" in n
        )
        beyond = sum(v for _, v in grown(now, before, "callcenter_listener_garbage_total"))
        return kept + beyond >= 2

    await until_told(both_undecodable, "the rubbish is counted", 20)
    rows = await place.site.owner.fetch("SELECT outcome, count(*) FROM journal GROUP BY 1")
    journal = {row["outcome"]: row["count"] for row in rows}
    kept = journal.pop("undecodable", 0)
    expected = {"opened": 3, "duplicate": 1, "joined": 1, "unknown_device": 1, "recorded": 1}
    assert journal == expected
    after = await metrics(server)
    outcomes = sum(v for _, v in grown(after, before, "callcenter_signals_total"))
    refused = sum(v for _, v in grown(after, before, "callcenter_listener_refused_total"))
    garbage = sum(v for _, v in grown(after, before, "callcenter_listener_garbage_total"))
    assert outcomes == sum(expected.values()) + kept
    assert (refused, kept + garbage) == (2, 2)
    received = len(sent) + 2
    assert received == outcomes + refused + garbage


def grown(after: dict[str, float], before: dict[str, float], name: str) -> list[tuple[str, float]]:
    """By how much each sample of this metric has grown."""
    return [(n, v - before.get(n, 0)) for n, v in after.items() if n.startswith(name + "{")]


async def request_dc09(server: Server, data: bytes) -> bytes:
    """What comes back before we close; a broken frame gets no acknowledgement."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.tcp_port)
    writer.write(data)
    writer.write_eof()
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    return b"" if b"ACK" not in answer else answer


async def test_a_body_that_never_ends_is_cut_and_no_connection_is_held_for_ever(
    place: Place, server: Server
):
    _, writer = await asyncio.open_connection("127.0.0.1", server.http_port)
    head = "POST /ingest/v1/signals HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(head.encode())
    chunk = b"%x\r\n%s\r\n" % (16_384, b"x" * 16_384)
    with pytest.raises(ConnectionError):
        async with asyncio.timeout(20):
            while True:
                writer.write(chunk)
                await writer.drain()
    await until(lambda: server.alive, "the server")
    assert (await insist(server.http_port, sos(place.site.phone(0)))).status == 201
