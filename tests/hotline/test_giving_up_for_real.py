"""The same at a real Asterisk with a caller over SIP; and one who gives up as the answer crosses it, and says no word more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from callcenter.hotline.call import State
from callcenter.telephony.pbxs.asterisk.configuring import GIVEN_UP_AFTER_MS
from tests.hotline.giving_up import (
    ACTS,
    Act,
    adds,
    at_each_instant,
    channels_of,
    open_office,
    takes,
)
from tests.support.asterisk import PASSWORD, Running, running
from tests.support.sip_caller import sip_caller

CALLER = "013912345678"
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    phones = [{"name": f"desk-{n}", "password": PASSWORD} for n in (1, 2)]
    with running(tmp_path_factory.mktemp("pbx"), desk_phones=phones, server_within_s=20) as made:
        yield made


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_whoever_gives_up_is_gone_whatever_was_being_said(act: Act, exchange: Running):
    await exchange.boots()
    for desk in ("desk-1", "desk-2"):
        await exchange.desk_phone(desk, 200)
    if act is adds:
        await exchange.answers("answers", 100)
    rings = partial(sip_caller, "95001", exchange.section.sip_port, CALLER)
    async with open_office(exchange.at, partial(channels_of, exchange.at)) as office:
        assert await at_each_instant(office, act, rings, step=3) > 15
    await exchange.hang_up_phones()


async def test_a_caller_whose_last_word_crossed_the_answer_is_let_go_soon(exchange: Running):
    """They gave up, did not hear that they were answered, and are away: the exchange waits for their acknowledgement, then for their farewell."""
    await exchange.boots()
    await exchange.desk_phone("desk-1", 200)
    async with (
        open_office(exchange.at, partial(channels_of, exchange.at)) as office,
        sip_caller("95001", exchange.section.sip_port, CALLER) as caller,
    ):
        await office.state(State.RINGING)
        caller.is_silent = True
        await takes(office)
        caller.gives_up()
        await office.all_gone(2 * GIVEN_UP_AFTER_MS / 1000 + 4)
    await exchange.hang_up_phones()
