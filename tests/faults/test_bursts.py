"""Many alarms at once, on one server and on two."""

from __future__ import annotations

import asyncio

from tests.support.console import open_console
from tests.support.place import Place
from tests.support.waiting import until_told
from tests.support.wire import insist, sos


async def test_a_burst_of_600_is_acknowledged_and_shown_completely(place: Place):
    server = await place.serve()
    [wang, *_] = place.site.operators
    async with open_console(server.url, wang) as console:
        bodies = [sos(f"unknown-{n}") for n in range(600)]
        answers = await asyncio.gather(*(insist(server.http_port, body) for body in bodies))
        ids = [answer.document["incident_id"] for answer in answers]
        assert len(set(ids)) == 600
        await console.shows(*ids)

    async def is_written() -> bool:
        """What the database did not take in 300 ms has rung from the spool, and is written behind it."""
        return await place.count("incident") == await place.count("journal") == 600

    await until_told(is_written, "all of it to be written", 30)
