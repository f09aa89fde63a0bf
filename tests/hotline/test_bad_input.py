"""What lines signal may be anything, and whoever rings may press anything: each call stands in a clear state, and a red one is an alarm."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.hotline.test_whole import hotline
from tests.support.console import Console, open_console
from tests.support.fake_ari import FakeAri, fake_ari
from tests.support.place import Place
from tests.support.server import Server
from tests.support.telephone import Handset, calls_at, one_call
from tests.support.waiting import until, until_told

HOTLINE, RED = "95001", "95009"
ODD = {
    "markup": "<img src=x onerror=alert(1)>",
    "60 digits": "1" * 60,
    "a megabyte": "9" * 2**20,
    "a statement": "'; DROP TABLE call; --",
    "a byte of nothing": "139\x00123",
    "turned round": "\u202e5678\u202c",
    "a line of its own": "139\r\nX-Evil: 1",
    "nothing": "",
    "full width": "１３９１２３４５６７８",
}


@dataclass
class Centre:
    place: Place
    ari: FakeAri
    server: Server
    console: Console
    handset: Handset

    async def rows(self) -> list[Any]:
        return list(await self.place.site.owner.fetch("SELECT * FROM call"))

    async def ended(self, calls: int) -> list[Any]:
        async def all_ended() -> bool:
            rows = await self.rows()
            return len(rows) == calls and all(row["state"] == "ended" for row in rows)

        await until_told(all_ended, f"{calls} rows of calls that have ended", 30)
        return await self.rows()


@pytest.fixture
async def centre(place: Place) -> AsyncIterator[Centre]:
    await hotline(place, HOTLINE)
    await hotline(place, RED, "red")
    async with fake_ari() as ari:
        folder = place.folder / "pbx"
        folder.mkdir()
        settings = {
            "TELEPHONY__NAME": "trial",
            "TELEPHONY__FOLDER": str(folder),
            "TELEPHONY__HTTP": ari.address,
            "TELEPHONY__PASSWORD": "only-in-tests",
        }
        server = await place.serve(**settings)
        operator = place.site.operators[0]
        async with (
            Handset.of(server, operator) as handset,
            open_console(server.url, operator) as console,
        ):
            await until(lambda: _says_it_is_there(console), "the exchange", 20)
            yield Centre(place, ari, server, console, handset)
        assert await server.stop() == 0


def _says_it_is_there(console: Console) -> bool:
    frames = console.of_kind("calls")
    return bool(frames) and frames[-1]["exchange"] is True


async def test_whatever_a_line_signals_each_call_is_shown_and_a_row_and_each_red_one_an_alarm(
    centre: Centre,
):
    both = 2 * len(ODD)
    rung = [
        centre.ari.rings_us(line, number, f'"{number}')
        for line in (HOTLINE, RED)
        for number in ODD.values()
    ]
    await until(lambda: len(calls_at(centre.console)) == both, "all of them", 30)
    shown = [each["caller"] for each in calls_at(centre.console).values()]
    assert {each["presentation"] for each in shown} == {"malformed", "withheld"}
    assert [each["e164"] for each in shown] == [None] * both
    assert all(len(each["raw"]) <= 40 for each in shown)
    for channel in rung:
        centre.ari.hangs_up(channel.id)
    rows = await centre.ended(both)
    assert {row["presentation"] for row in rows} == {"malformed", "withheld"}

    async def all_have_one() -> bool:
        rows = await centre.rows()
        return all(row["incident_id"] for row in rows if row["kind"] == "red")

    await until_told(all_have_one, "an incident of each red call", 30)
    assert await centre.place.count("journal WHERE source = 'telephone'") == len(ODD)


async def test_whoever_presses_thousands_of_keys_waits_on_and_keys_that_are_none_are_refused(
    centre: Centre,
):
    channel = centre.ari.rings_us(HOTLINE, "013912345678")
    call = (await one_call(centre.console, state="ringing"))["id"]
    for n in range(5_000):
        centre.ari.presses(channel.id, "0123456789*#"[n % 12])
    waiting = await one_call(centre.console, 30, state="waiting")
    assert (waiting["id"], waiting["call_back_wanted"]) == (call, False)
    for digits in ("", "12a", "1" * 1000, "<b>"):
        answer = await centre.handset.asks("POST", f"/calls/{call}/keys", digits=digits)
        assert answer.status_code == 422, (digits, answer.text)
    for number in ("", "<script>", "1" * 60, "12\r\n34"):
        answer = await centre.handset.asks("POST", "/calls", number=number)
        assert answer.status_code == 422, (number, answer.text)
    other = centre.ari.rings_us(HOTLINE, "013912345679")
    await one_call(centre.console, 20, state="ringing")
    for each in (channel, other):
        centre.ari.hangs_up(each.id)
    await centre.ended(2)
