"""Calls with sound: a real exchange, the telephone network as SIPp, operators in Chromium. Every tone is measured where it is heard.

Run by test_calls_heard.py within a network of its own: nothing collects this file by itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket

import pytest
from playwright.async_api import async_playwright, expect

from tests.support.asterisk import NETWORK, PASSWORD, Running, running
from tests.support.place import Place, durable_databases, folder, place
from tests.support.server import Server
from tests.support.sound import HEARD_WITHIN_S, LOUD_DB, Ear, Seat, Seats
from tests.support.waiting import until

__all__ = ["durable_databases", "folder", "place"]
pytestmark = pytest.mark.timeout(240)

LINE = "95001"
CALLER = '"王秀英" <sip:013912345678@127.0.0.2>'
CALLS, MUSIC, FIRST, SECOND, CONTACT = 1000, 500, 1400, 440, 700
"""In Hz: the caller, music, the operators, somebody who is rung."""
ALL = (CALLS, MUSIC, FIRST, SECOND, CONTACT)


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "pbx", server_within_s=20) as made:
        yield made


@pytest.fixture
async def seats(tmp_path: Path) -> AsyncIterator[Seats]:
    async with async_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        opened = Seats(playwright, tmp_path)
        yield opened
        await opened.close()
        assert opened.complaints == []


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear(NETWORK)
    yield made
    made.close()


async def served(place: Place, exchange: Running) -> Server:
    """With a hotline."""
    await exchange.boots()
    community = place.site.community
    await community.owner.execute(
        "INSERT INTO line (number, name, name_en, kind, region_id, area_code) VALUES ($1, '热线', 'Hotline', 'hotline', $2, '0311')",
        LINE, community.root,
    )  # fmt: skip
    section = exchange.section.model_dump(mode="json") | {"password": PASSWORD}
    return await place.serve(
        **{
            f"TELEPHONY__{name.upper()}": value if isinstance(value, str) else json.dumps(value)
            for name, value in section.items()
            if value is not None and name not in ("stands_for", "in_service", "kind")
        }
    )


async def two_seats(place: Place, exchange: Running, seats: Seats) -> tuple[Seat, Seat]:
    server = await served(place, exchange)
    first = await seats.seat(server, place.site.operators[0], FIRST)
    return first, await seats.seat(server, place.site.operators[1], SECOND, "en")


async def hears(ear: Ear, *wanted: int, nth: int = 0) -> None:
    """Exactly these of the tones go to the telephone that was the `nth` to hear anything; 0 is the caller."""

    powers: Mapping[int, float] = {}
    loop = asyncio.get_running_loop()
    deadline = loop.time() + HEARD_WITHIN_S
    while {hertz for hertz, db in powers.items() if db > LOUD_DB} != set(wanted):
        assert loop.time() < deadline, f"telephone {nth} hears {powers} dB, not {wanted}"
        await asyncio.sleep(0.1)
        ports = ear.ports()
        powers = ear.powers(ports[nth], ALL) if len(ports) > nth else {}


async def hears_no_voice(ear: Ear) -> None:
    """The caller, for two seconds on end; music or nothing."""
    still = 0
    while still < 20:
        await asyncio.sleep(0.1)
        heard = {hertz for hertz, db in ear.powers(ear.ports()[0], ALL).items() if db > LOUD_DB}
        still = still + 1 if heard <= {MUSIC} else 0


async def test_two_seats_hear_the_caller_and_the_second_has_them_after_it_was_asked(
    place: Place, exchange: Running, seats: Seats, ear: Ear
):
    first, second = await two_seats(place, exchange, seats)
    await exchange.rings_us(LINE, CALLER)
    for seat in (first, second):
        await expect(seat.page.get_by_test_id("waiting-call")).to_contain_text("139 1234 5678")
    await first.press("F2")
    await expect(first.page.get_by_test_id("own-state")).to_have_text("通话中")
    await first.hears(CALLS, among=ALL)
    await hears(ear, FIRST)

    await first.press("F4")
    await expect(first.page.get_by_test_id("own-state")).to_have_text("保持中")
    await hears(ear, MUSIC)
    await first.press("F4")
    await first.hears(CALLS, among=ALL)
    await first.press("F8")
    await expect(first.page.get_by_test_id("muted")).to_be_visible()
    await first.press("F8")

    await first.press("Shift+F4")
    await first.page.get_by_test_id(f"consult-{second.operator.user_id}").click()
    await expect(second.page.get_by_test_id("own-state")).to_have_text("A colleague asks you")
    await second.press("F2")
    await first.hears(SECOND, among=ALL)
    await second.hears(FIRST, among=ALL)
    await hears_no_voice(ear)

    await first.press("Shift+F4")
    await second.hears(CALLS, among=ALL)
    await hears(ear, SECOND)
    await expect(second.page.get_by_test_id("own-state")).to_have_text("Talking")
    await expect(first.page.get_by_test_id("own-call")).to_have_count(0)
    await second.press("F9")
    await expect(second.page.get_by_test_id("call-over")).to_contain_text("139 1234 5678")
    await second.page.get_by_test_id("wrapped-up").click()
    await expect(second.page.get_by_test_id("call-over")).to_have_count(0)
    await exchange.hang_up_phones()


async def test_a_contact_joins_the_talk_and_all_three_hear_each_other(
    place: Place, exchange: Running, seats: Seats, ear: Ear
):
    server = await served(place, exchange)
    seat = await seats.seat(server, place.site.operators[0], FIRST)
    await exchange.rings_us(LINE, CALLER)
    await seat.page.get_by_test_id("call-take").click()
    await seat.hears(CALLS, among=ALL)

    await exchange.answers(exchange.speaking(CONTACT))
    await until(lambda: not is_free(exchange.network_port), "the contact's telephone", 20)
    await seat.press("Shift+F9")
    await seat.page.get_by_test_id("add-number").fill("13900000001")
    await seat.press("Enter")
    await expect(seat.page.get_by_test_id("in-talk")).to_contain_text("通话中")
    await seat.hears(CALLS, CONTACT, among=ALL)
    await hears(ear, FIRST, CONTACT)
    await hears(ear, FIRST, CALLS, nth=1)
    await seat.press("F9")
    await exchange.hang_up_phones()


def is_free(port: int) -> bool:
    """Whether no telephone of the network listens there yet."""
    with socket(AF_INET, SOCK_DGRAM) as probe, suppress(OSError):
        probe.bind((NETWORK, port))
        return True
    return False
