"""A contact does not answer while the database is away: the next one is told in their time, and an answer ends it (G5)."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.test_answers_without_database import answers
from tests.faults.test_office_without_database import gateways, text_of, told
from tests.faults.test_started_without_database import has_kept, is_written
from tests.support.console import open_console
from tests.support.flaky_proxy import FlakyProxy
from tests.support.place import Place
from tests.support.sms_gateway import FakeSmsbox, fake_smsbox
from tests.support.waiting import until
from tests.support.wire import post, sos

SECOND, THIRD = "+8613900000101", "+8613900000102"
AFTER_S = 4
"""Shorter than anybody may set it."""


async def a_larger_family(place: Place) -> None:
    """Of home 1: three contacts, one after the other."""
    owner, homes = place.site.owner, place.site.homes
    resident = await owner.fetchval("SELECT id FROM resident WHERE home_id = $1", homes[1])
    for rank, phone in enumerate([SECOND, THIRD], 2):
        await place.site.community.contact(resident, phone=phone, rank=rank)
    await owner.execute("ALTER TABLE region DROP CONSTRAINT ck_region_next_contact_s_known")
    await owner.execute("UPDATE region SET next_contact_s = $1", AFTER_S)


def texted(box: FakeSmsbox, phone: str) -> int:
    return sum(each.recipient == phone for each in box.taken)


@pytest.mark.parametrize("killed", [False, True], ids=["all live", "alarm process killed"])
async def test_g5_the_next_contact_is_told_when_nobody_answers_and_nobody_after_a_yes(
    place: Place, killed: bool, measured: Callable[[str], None]
):
    [wang, *_] = place.site.operators
    await a_larger_family(place)
    async with fake_smsbox() as box, FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn, SMS__GATEWAYS=gateways(box))
        await until(lambda: bool(server.events("office_answers")), "the office", 60)
        await has_kept(server)
        proxy.cut()
        pressed = await post(server.http_port, sos(place.site.phone(1)))
        await until(lambda: bool(told(box, 1)), "the first contact", 20)
        at = asyncio.get_running_loop().time()
        await until(lambda: texted(box, SECOND) == 1, "the second contact", 30)
        measured(f"second contact told after {asyncio.get_running_loop().time() - at:.1f} s")
        if killed:
            server.signal("alarm", signal.SIGKILL)
        await until(lambda: texted(box, THIRD) == 1, "the third contact", 40)
        await answers(server, box, 1, "1")
        async with open_console(server.url, wang) as console:
            await console.shows(pressed.document["incident_id"])
            proxy.restore()
            await is_written(console)
        rows = await place.site.owner.fetch(
            "SELECT data FROM timeline_entry WHERE kind = 'told' ORDER BY number"
        )
        assert [(row["data"]["kind"], row["data"]["by_itself"]) for row in rows] == [
            ("can_you_go", True)
        ] * 2
        sent = Counter(text_of(each) for each in box.taken)
        known = await place.site.owner.fetch("SELECT id::text FROM sms_message")
        assert set(sent) <= {row["id"] for row in known}, "each text has its row"
    assert set(sent.values()) == {1}
