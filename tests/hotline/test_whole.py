"""The whole server beside a real Asterisk: a telephone rings, an operator takes the call, and the two hear each other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from callcenter.hotline.telephone.voice import NOT_LOGGED_IN
from tests.faults.test_started_without_database import has_kept
from tests.support.asterisk import PASSWORD, Running, lasts, loudest, running, tone, tones
from tests.support.console import Console, open_console
from tests.support.flaky_proxy import FlakyProxy
from tests.support.place import Place
from tests.support.server import operator as logged_in
from tests.support.sip_page import SipPage, open_way
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


@pytest.fixture(autouse=True)
async def nothing_recorded(exchange: Running) -> None:
    """Each story finds its own call alone."""
    await exchange.boots()
    await exchange.hang_up_all()
    for each in exchange.recordings.glob("*.wav"):
        each.unlink()


async def there(console: Console) -> None:
    """Until the seat knows that the exchange answers."""

    def known() -> bool:
        told = console.of_kind("calls")
        return bool(told) and told[-1]["exchange"]

    await until(known, "the exchange")


async def _pbx_call(exchange: Running) -> str:
    return (await exchange.only_recording()).stem


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
    await hotline(place)
    server = await place.serve(**settings_of(exchange))
    operator = place.site.operators[0]
    async with (
        Handset.of(server, operator) as handset,
        open_console(server.url, operator) as console,
    ):
        await there(console)
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


async def test_a_caller_is_told_that_the_line_is_recorded_and_then_hears_the_operator(
    place: Place, exchange: Running
):
    await hotline(place)
    tone(exchange.section.folder / "data" / "sounds" / "en" / "cc-recorded.wav", 350, 1.0)
    told = {"RECORDINGS__ANNOUNCED_ON": '["hotline"]'}
    server = await place.serve(**settings_of(exchange), **told)
    operator = place.site.operators[0]
    async with (
        Handset.of(server, operator) as handset,
        open_console(server.url, operator) as console,
    ):
        await there(console)
        await exchange.desk_phone("desk-1")
        await handset.asks("PUT", kind="desk", desk="desk-1")
        await exchange.rings_us("95001", CALLER)
        ringing = await one_call(console, state="ringing")
        await handset.orders(ringing["id"], "take")
        await one_call(console, state="talking")
        heard = exchange.recordings / f"{await _pbx_call(exchange)}-tx.wav"
        await until(lambda: heard.exists() and 1000 in tones(heard), "the operator's voice")
        told_of = tones(heard)
        assert 350 in told_of[: told_of.index(1000)], told_of
        await handset.orders(ringing["id"], "hang-up")
        await one_call(console, state="ended")
        await handset.orders(ringing["id"], "wrapped-up")
    await exchange.hang_up_phones()


async def test_the_telephone_of_a_page_registers_by_the_way_of_the_server_and_is_rung(
    place: Place, exchange: Running
):
    """What it does not take goes back to the front of those that wait; its way ends with the log-in."""
    await hotline(place)
    server = await place.serve(**settings_of(exchange))
    operator = place.site.operators[0]
    async with (
        Handset.of(server, operator) as handset,
        open_console(server.url, operator) as console,
        open_way(server.url, operator) as socket,
    ):
        await there(console)
        telephone = (await handset.asks("GET")).json()
        page = SipPage(socket, telephone["name"], telephone["password"])
        assert (telephone["way"], telephone["kind"]) == ("/ws/v1/voice", "page")
        assert await page.registers() == 200
        await exchange.rings_us("95001", CALLER)
        ringing = await one_call(console, state="ringing")
        await handset.orders(ringing["id"], "take")
        invite = await page.rung()
        assert f"X-Call: {await _pbx_call(exchange)}" in invite
        await page.says(invite, "486 Busy Here")
        waiting = await one_call(console, state="waiting")
        assert (waiting["taken_by"], waiting["legs"][0]["is_up"]) == (None, True)
        assert (await handset.client.post("/api/v1/logout")).status_code == 204
        with pytest.raises(ConnectionClosed):
            while True:
                await socket.recv()
        assert socket.close_code == NOT_LOGGED_IN
    await exchange.hang_up_phones()


async def test_strangers_and_foreign_pages_have_no_way_to_the_exchange(
    place: Place, exchange: Running
):
    server = await place.serve(**settings_of(exchange))
    operator = place.site.operators[0]
    with pytest.raises(InvalidStatus):
        async with open_way(server.url, operator, "http://elsewhere.example"):
            pass
    nobody = replace(operator, cookie="nobody")
    async with open_way(server.url, nobody) as socket:
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == NOT_LOGGED_IN


async def test_a_call_goes_on_while_the_server_is_killed_and_is_found_again(
    place: Place, exchange: Running
):
    await hotline(place)
    server = await place.serve(**settings_of(exchange))
    operator = place.site.operators[0]
    async with Handset.of(server, operator) as handset:
        async with open_console(server.url, operator) as console:
            await there(console)
            await exchange.desk_phone("desk-2")
            await handset.asks("PUT", kind="desk", desk="desk-2")
            await exchange.rings_us("95001", CALLER)
            ringing = await one_call(console, state="ringing")
            await handset.orders(ringing["id"], "take")
            talking = await one_call(console, state="talking")
        heard = exchange.recordings / f"{await _pbx_call(exchange)}-tx.wav"
        server.kill()
        before = heard.stat().st_size / 16_000
        await lasts(heard, before + 3)
        assert loudest(heard) == 1000
        await server.start()
        async with open_console(server.url, operator) as console:
            found = await one_call(console, state="talking")
            assert found["id"] == talking["id"]
            assert (found["taken_by"], len(found["legs"])) == (operator.user_id, 2)
            await handset.orders(found["id"], "hang-up")
            await one_call(console, state="ended")
    await exchange.hang_up_phones()


async def test_a_call_is_taken_while_the_database_is_away_and_while_the_office_is(
    place: Place, exchange: Running
):
    await hotline(place)
    async with FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn, **settings_of(exchange))
        operator = place.site.operators[0]
        async with (
            Handset.of(server, operator) as handset,
            open_console(server.url, operator) as console,
        ):
            await there(console)
            await exchange.desk_phone("desk-1")
            await handset.asks("PUT", kind="desk", desk="desk-1")
            await until(lambda: bool(server.events("office_answers")), "the office", 60)
            proxy.cut()
            server.signal("office", SIGSTOP)
            await until(lambda: not console.of_kind("beat")[-1]["database"], "the outage", 20)
            began = time.monotonic()
            await exchange.rings_us("95001", CALLER)
            ringing = await one_call(console, state="ringing")
            assert (ringing["line_name"], ringing["caller"]["e164"]) == ("热线", "+8613912345678")
            await handset.orders(ringing["id"], "take")
            talking = await one_call(console, state="talking")
            assert time.monotonic() - began < 5
            await handset.orders(talking["id"], "hang-up")
            await one_call(console, state="ended")
            server.signal("office", SIGCONT)
            proxy.restore()
    await exchange.hang_up_phones()


async def test_an_exchange_that_is_killed_is_told_at_the_seats_and_knows_the_telephones_of_pages_again(
    place: Place, tmp_path: Path
):
    with running(tmp_path) as exchange:
        await exchange.boots()
        server = await place.serve(**settings_of(exchange))
        operator = place.site.operators[0]
        async with (
            Handset.of(server, operator) as handset,
            open_console(server.url, operator) as console,
        ):
            await there(console)
            telephone = (await handset.asks("GET")).json()
            exchange.kill()
            await until(lambda: not console.of_kind("calls")[-1]["exchange"], "the loss")
            assert (await handset.asks("GET", "/calls")).json() == []
            exchange.start()
            await there(console)
            await exchange.boots()
            async with open_way(server.url, operator) as socket:
                page = SipPage(socket, telephone["name"], telephone["password"])
                assert await page.registers() == 200


async def test_a_console_that_comes_later_has_all_calls_that_stand_and_who_may_answer_none_has_none(
    place: Place, exchange: Running
):
    await hotline(place)
    server = await place.serve(**settings_of(exchange))
    worker = await logged_in(place.site.community, "worker", "community_worker")
    async with open_console(server.url, place.site.operators[0]) as console:
        await there(console)
        await exchange.rings_us("95001", CALLER)
        ringing = await one_call(console)
    async with (
        open_console(server.url, place.site.operators[1]) as later,
        open_console(server.url, worker, armed=False) as other,
    ):
        [whole, *_] = await later.gets("calls")
        assert (whole["whole"], [each["id"] for each in whole["calls"]]) == (True, [ringing["id"]])
        assert other.of_kind("calls") == []
    async with Handset.of(server, worker) as handset:
        assert (await handset.asks("GET", "/calls")).status_code == 403
    await exchange.hang_up_phones()


async def test_a_server_that_starts_without_the_database_knows_its_lines(
    place: Place, exchange: Running
):
    await hotline(place)
    async with FlakyProxy.to_postgres(place.dsn) as proxy:
        server = await place.serve(proxy.dsn, **settings_of(exchange))
        operator = place.site.operators[0]
        await until(lambda: bool(server.events("office_answers")), "the office", 60)
        await has_kept(server)
        server.kill()
        proxy.cut()
        await server.start()
        async with open_console(server.url, operator) as console:
            await there(console)
            await exchange.rings_us("95001", CALLER)
            assert (await one_call(console))["line_name"] == "热线"
        proxy.restore()
    await exchange.hang_up_phones()
