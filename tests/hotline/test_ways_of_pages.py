"""A page's way to the exchange, opened and torn down in every manner: nothing stays behind, and nobody reads a traceback."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidMessage

from tests.hotline.test_bad_input import Centre, centre
from tests.support.sip_page import open_way
from tests.support.waiting import until

__all__ = ["centre"]
TIMES = 60


async def torn_down(centre: Centre, nth: int) -> None:
    """Closed as it should be, cut without a word, cut while the page speaks, or given something that is no SIP."""
    operator = centre.place.site.operators[0]
    with suppress(ConnectionClosed, InvalidMessage, OSError):
        async with open_way(centre.server.url, operator) as socket:
            match nth % 4:
                case 1:
                    socket.transport.abort()
                case 2:
                    await socket.send("REGISTER sip:asterisk SIP/2.0\r\n\r\n" * 50)
                    socket.transport.abort()
                case 3:
                    await _babbles(socket)
                case _:
                    pass


async def _babbles(socket: ClientConnection) -> None:
    await socket.send(os.urandom(1_000))
    await socket.recv()


async def test_a_way_that_is_opened_and_torn_down_over_and_over_leaves_nothing_behind(
    centre: Centre,
):
    for begin in range(0, TIMES, 10):
        await asyncio.gather(*(torn_down(centre, begin + n) for n in range(10)))
    await until(lambda: centre.ari.ways == 0, "no way at the exchange", 20)
    assert "Traceback" not in centre.server.log()
    operator = centre.place.site.operators[0]
    async with open_way(centre.server.url, operator):
        await until(lambda: centre.ari.ways == 1, "a way for whoever comes after", 20)
        telephone = (await centre.handset.asks("GET")).json()
        assert telephone["kind"] == "page"
