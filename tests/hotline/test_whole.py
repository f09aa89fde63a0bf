"""The whole server beside a real Asterisk: a telephone rings, an operator takes the call, and the two hear each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.asterisk import PASSWORD, Running, lasts, loudest, running
from tests.support.console import open_console
from tests.support.place import Place
from tests.support.telephone import Handset, one_call
from tests.support.waiting import until

CALLER = '"王秀英" <sip:013912345678@127.0.0.2>'


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    phones = [{"name": f"desk-{n}", "password": PASSWORD} for n in (1, 2)]
    with running(tmp_path_factory.mktemp("pbx"), desk_phones=phones, server_within_s=20) as made:
        yield made


def settings_of(exchange: Running) -> dict[str, str]:
    return exchange.settings


async def hotline(place: Place, number: str = "95001", kind: str = "hotline") -> None:
    community = place.site.community
    await community.owner.execute(
        "INSERT INTO line (number, name, kind, region_id, area_code) VALUES ($1, '热线', $2, $3, '0311')"
        " ON CONFLICT DO NOTHING",
        number,
        kind,
        community.root,
    )


async def test_an_operator_takes_a_call_at_their_desk_and_the_two_hear_each_other(
    place: Place, exchange: Running
):
    await exchange.boots()
    await hotline(place)
    server = await place.serve(**settings_of(exchange))
    operator = place.site.operators[0]
    async with (
        Handset.of(server, operator) as handset,
        open_console(server.url, operator) as console,
    ):
        await until(
            lambda: console.of_kind("calls")[-1:] and console.of_kind("calls")[-1]["exchange"],
            "the exchange",
        )
        assert (await handset.asks("PUT", kind="desk", desk="nowhere")).status_code == 404
        await exchange.desk_phone("desk-1")
        chosen = (await handset.asks("PUT", kind="desk", desk="desk-1")).json()
        assert (chosen["kind"], chosen["exchange"]) == ("desk", True)
        await exchange.rings_us("95001", CALLER)
        ringing = await one_call(console, state="ringing")
        assert (ringing["caller"]["e164"], ringing["line_name"]) == ("+8613912345678", "热线")
        assert ringing["wanted"] == operator.user_id
        await handset.orders(ringing["id"], "take")
        talking = await one_call(console, state="talking")
        assert talking["answered_by"] == operator.user_id
        heard = exchange.recordings / f"{await _pbx_call(exchange)}-tx.wav"
        await lasts(heard, 4.0)
        await until(lambda: loudest(heard) == 1000, "the caller's tone, given back by the desk")
        await handset.orders(talking["id"], "hang-up")
        ended = await one_call(console, state="ended")
        assert (ended["cause"], ended["legs"]) == (16, [])
        await handset.orders(talking["id"], "wrapped-up")
    await exchange.hang_up_phones()


async def _pbx_call(exchange: Running) -> str:
    return (await exchange.only_recording()).stem
