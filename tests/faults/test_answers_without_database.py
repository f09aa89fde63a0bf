"""A family answers while the database is away: every seat sees it within a second, and it is written once, with its time (G5)."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.faults.test_office_without_database import (
    family_of,
    gateways,
    office_is_killed,
    text_of,
    told,
)
from tests.faults.test_started_without_database import has_kept, is_written
from tests.support.console import Console, open_console
from tests.support.flaky_proxy import FlakyProxy
from tests.support.place import Place
from tests.support.server import Server
from tests.support.sms_gateway import FakeSmsbox, fake_smsbox
from tests.support.waiting import until, until_told
from tests.support.wire import post, sos


def replies(console: Console, incident_id: str) -> list[dict[str, Any]]:
    """As the seat has been shown them."""
    return [
        entry
        for entry in console.entries
        if (entry["incident_id"], entry["kind"]) == (incident_id, "reply")
    ]


async def answers(server: Server, box: FakeSmsbox, home: int, words: str) -> None:
    """The phone of this home's family writes back by the gateway."""
    path = urlsplit(told(box, home)[0].receipt_url).path.rpartition("/")[0]
    said = {"from": family_of(home), "text": words, "charset": "UTF-8", "id": f"answer-{words}"}
    async with httpx.AsyncClient(base_url=server.url, timeout=20, trust_env=False) as client:
        assert (await client.get(f"{path}/inbound", params=said)).status_code == 200


@pytest.mark.parametrize("killed", ["nobody", "both"])
async def test_g5_an_answer_stands_on_every_seat_while_the_database_is_away_and_is_written_once(
    place: Place, killed: str, measured: Callable[[str], None]
):
    [wang, *_] = place.site.operators
    owner = place.site.owner
    async with fake_smsbox() as box, FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn, SMS__GATEWAYS=gateways(box))
        await until(lambda: bool(server.events("office_answers")), "the office", 60)
        await has_kept(server)
        proxy.cut()
        pressed = await post(server.http_port, sos(place.site.phone(1)))
        incident_id = pressed.document["incident_id"]
        await until(lambda: bool(told(box, 1)), "the family to be told", 20)
        async with open_console(server.url, wang) as console:
            await console.shows(incident_id)
            await answers(server, box, 1, "1")
            at = asyncio.get_running_loop().time()
            await until(lambda: bool(replies(console, incident_id)), "the answer at the seat", 10)
            measured(f"shown after {asyncio.get_running_loop().time() - at:.2f} s")
            [shown] = replies(console, incident_id)
            assert (shown["data"]["meaning"], shown["data"]["text"]) == ("yes", "1")
            await answers(server, box, 1, "1")  # the gateway was not sure that we have it
        if killed == "both":
            await office_is_killed(server)
            server.signal("alarm", signal.SIGKILL)
        assert await owner.fetchval("SELECT count(*) FROM sms_inbound") == 0
        proxy.restore()
        async with open_console(server.url, wang) as console:
            await is_written(console)

        async def is_handled() -> bool:
            return await place.count("sms_inbound WHERE handled_at IS NOT NULL") == 1

        await until_told(is_handled, "the answer to be entered", 60)
        [written] = await owner.fetch(
            "SELECT incident_id::text, at, data FROM timeline_entry WHERE kind = 'reply'"
        )
        came = await owner.fetchrow("SELECT id::text, received_at FROM sms_inbound")
        said = written["data"]
        assert written["incident_id"] == incident_id
        assert (said["inbound_id"], said["meaning"]) == (came["id"], "yes")
        assert abs(written["at"] - came["received_at"]) < timedelta(seconds=5)
        assert await place.count("incident") == 1, "no call of a stranger was opened for it"
    assert set(Counter(text_of(each) for each in box.taken).values()) == {1}
    assert len(told(box, 1)) == 2, "the alarm and one word of thanks"
