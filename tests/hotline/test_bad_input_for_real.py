"""Names with markup, numbers of 60 digits and floods of keys, through a real Asterisk: each call stands in a clear state, and none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest

from callcenter.core.clock import SystemClock
from callcenter.hotline.call import State
from callcenter.telephony.numbers import Presentation
from tests.hotline.giving_up import Office, channels_of, open_office
from tests.support.asterisk import Running, running
from tests.support.sip_caller import sip_caller

NUMBER = "013912345678"
NAMES = {
    "markup": '"<img src=x onerror=alert(1)>"',
    "a statement": '"Robert\'); DROP TABLE call; --"',
    "turned round": '"\u202e5678\u202c"',
    "a thousand letters": f'"{"x" * 1_000}"',
    "quoted in quotes": r'"a \" b \\ <script>"',
    "no words at all": '"\x07\x1b[31m"',
}
NUMBERS = {
    "60 digits": "1" * 60,
    "a thousand digits": "9" * 1_000,
    "escaped markup": "%3Cscript%3E",
    "escaped nothing": "139%00123",
    "letters": "wang.xiuying",
    "keys": "139*123%23",
}


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("pbx")) as made:
        yield made


@pytest.fixture
async def office(exchange: Running) -> AsyncIterator[Office]:
    await exchange.boots()
    async with open_office(exchange.at, partial(channels_of, exchange.at)) as office:
        yield office


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_whatever_the_name_the_number_is_known_and_the_call_ends(
    name: str, exchange: Running, office: Office
):
    async with sip_caller("95001", exchange.section.sip_port, NUMBER, name) as caller:
        call = await office.state(State.RINGING)
        assert call.caller.e164 == "+8613912345678"
        caller.gives_up()
        await office.all_gone()


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
async def test_whatever_the_number_nobody_is_taken_for_somebody_and_the_call_ends(
    number: str, exchange: Running, office: Office
):
    async with sip_caller("95001", exchange.section.sip_port, number) as caller:
        call = await office.state(State.RINGING)
        assert (call.caller.e164, call.caller.presentation) == (None, Presentation.MALFORMED)
        assert len(call.caller.raw) <= 40
        caller.gives_up()
        await office.all_gone()


async def test_a_flood_of_keys_moves_nothing_and_the_next_call_comes(
    exchange: Running, office: Office
):
    ringing = partial(sip_caller, "95001", exchange.section.sip_port)
    async with ringing(NUMBER) as caller:
        await office.state(State.RINGING)
        async with asyncio.timeout(10):
            while caller.status != 200:
                office.lines.follow(office.lines.board.tick(SystemClock().now()))
                await asyncio.sleep(0.1)
        for n in range(1_000):
            caller.presses("0123456789*#"[n % 12])
            if n % 50 == 0:
                await asyncio.sleep(0.01)
        async with asyncio.timeout(10):
            while caller.taken < 1_000:
                await asyncio.sleep(0.05)
        waiting = await office.state(State.WAITING)
        assert (waiting.call_back_wanted, waiting.taken_by) == (False, None)
        async with ringing("013912345679") as other:
            await office.until(lambda _: len(office.lines.board.calls) == 2)
            other.gives_up()
            await office.until(lambda _: len(office.lines.board.calls) == 1)
        caller.gives_up()
        await office.all_gone()
