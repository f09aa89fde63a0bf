"""A console that does not read slows no other; it is cut and comes back with everything."""

from __future__ import annotations

import asyncio
import socket

import pytest
from websockets.asyncio.client import connect

from callcenter.auth.guards import COOKIE
from tests.support.console import open_console
from tests.support.place import Place
from tests.support.server import Operator, Server
from tests.support.waiting import until
from tests.support.wire import insist, sos

LONG_TEXT = "救" * 1000
ALARMS = 1500


async def frozen_console(server: Server, operator: Operator):
    """Logged in, on the board, and never reading again; its receive buffer is small."""
    raw = socket.create_connection(("127.0.0.1", server.http_port))
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client = await connect(
        server.url.replace("http", "ws") + "/ws/v1/seat",
        sock=raw,
        origin=server.url,
        additional_headers={"Cookie": f"{COOKIE}={operator.cookie}"},
        compression=None,
        proxy=None,
        ping_interval=None,
    )
    await client.send('{"type": "hello", "protocol": 1, "build": "test"}')
    await client.recv()
    client.transport.pause_reading()
    return client


@pytest.mark.slow
async def test_one_frozen_console_slows_no_other_and_comes_back_with_a_snapshot(place: Place):
    server = await place.serve()
    wang, li = place.site.operators
    frozen = await frozen_console(server, li)
    async with open_console(server.url, wang) as console:
        answers = await asyncio.gather(
            *(insist(server.http_port, sos(f"x-{n}", text=LONG_TEXT)) for n in range(ALARMS))
        )
        ids = {answer.document["incident_id"] for answer in answers}
        await console.shows(*ids)
        await until(lambda: server.events("seat_too_slow"), "the frozen console to be cut", 30)
    frozen.transport.abort()
    async with open_console(server.url, li) as back:
        await back.shows(*ids)  # a large board comes in parts
        assert back.incidents.keys() == ids
    assert server.alive


async def test_consoles_that_vanish_without_a_word_harm_nobody(place: Place):
    """Their sockets are reset while alarms go out: writing to them must not end the server."""
    server = await place.serve()
    wang, li = place.site.operators

    async def vanish() -> None:
        for _ in range(15):
            async with open_console(server.url, li, pulsing=False) as console:
                console.socket.transport.abort()

    async with open_console(server.url, wang) as console:
        _, *answers = await asyncio.gather(
            vanish(), *(insist(server.http_port, sos(f"x-{n}")) for n in range(200))
        )
        await console.shows(*(answer.document["incident_id"] for answer in answers))
    assert server.alive
    assert not server.events("required_task_failed")


async def test_g4_a_silent_console_is_unmanned_after_six_seconds_and_the_duty_number_is_told(
    place: Place,
):
    server = await place.serve()
    [wang, *_] = place.site.operators
    async with open_console(server.url, wang, pulsing=False, answering=False):
        first = await insist(server.http_port, sos(place.site.phone(0)))
        assert await duty_texts(place) == []
        async with asyncio.timeout(30):
            while len(await duty_texts(place)) < 1:
                await asyncio.sleep(0.05)
        second = await insist(server.http_port, sos(place.site.phone(1)))
        ids = [answer.document["incident_id"] for answer in (first, second)]
        assert await duty_texts(place) == ids


async def duty_texts(place: Place) -> list[str]:
    rows = await place.site.owner.fetch(
        "SELECT reference FROM sms_message WHERE kind = 'duty_alarm' ORDER BY created_at"
    )
    return [str(row["reference"]) for row in rows]
