"""An exchange in memory: what an operator's orders come to, and what everybody outside does, without any sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI

from callcenter.api.assembly import assemble
from callcenter.core.errors import Misconfigured, NotFound
from callcenter.settings import load
from callcenter.telephony.pbx import (
    Answered,
    Arrived,
    Connected,
    Digit,
    Ended,
    Heard,
    Pbx,
    PbxAway,
    PbxRefused,
    Rings,
    SaidOut,
    SeatKey,
    Shown,
    To,
)
from callcenter.telephony.pbxs.simulated.exchange import Simulated
from callcenter.telephony.pbxs.simulated.router import outside_router

ELDER = "+8613900000001"
LINE = "95001"
SPELT = ("0120", "+86120", "0311120", "86010119", "12345", "9110", "+110")


@dataclass
class Ear:
    """Hears what the exchange says, in its order."""

    said: asyncio.Queue[Heard] = field(default_factory=asyncio.Queue)

    async def next(self) -> Heard:
        async with asyncio.timeout(5):
            return await self.said.get()


@asynccontextmanager
async def running(exchange: Simulated) -> AsyncIterator[Ear]:
    ear = Ear()
    task = asyncio.create_task(exchange.run(ear.said.put_nowait))
    try:
        yield ear
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def exchange_of_the_demo() -> Simulated:
    return Simulated("simulated", {"120": "950120"})


async def test_somebody_rings_is_answered_speaks_presses_a_key_and_hangs_up():
    exchange = exchange_of_the_demo()
    pbx: Pbx = exchange
    async with running(exchange) as ear:
        assert await ear.next() == Connected({}, {})
        leg = exchange.ring_in(LINE, ELDER)
        assert await ear.next() == Arrived(leg, leg, LINE, ELDER)
        assert [(each.number, each.state) for each in exchange.outside] == [(ELDER, "calls")]
        await pbx.admit(SeatKey("seat-1", "secret"))
        await pbx.ring("seat-leg", To(seat="seat-1"), Shown(ELDER), 12, leg)
        assert [await ear.next(), await ear.next()] == [Rings("seat-leg"), Answered("seat-leg")]
        await pbx.answer(leg)
        await pbx.talk("talk-1", [leg, "seat-leg"])
        assert [each.state for each in exchange.outside] == ["speaks"]
        exchange.press(leg, "1")
        assert await ear.next() == Digit(leg, "1")
        exchange.put_down(leg)
        assert await ear.next() == Ended(leg, 16)
        assert exchange.outside == []


async def test_whoever_is_rung_answers_or_declines():
    exchange = exchange_of_the_demo()
    async with running(exchange) as ear:
        await ear.next()
        for leg in ("one", "two"):
            await exchange.ring(leg, To(number=ELDER, by_hand=True), Shown(LINE), 45, "call")
            assert await ear.next() == Rings(leg)
        exchange.pick_up("one")
        assert await ear.next() == Answered("one")
        exchange.put_down("two")
        assert await ear.next() == Ended("two", 21)


@pytest.mark.parametrize(
    ("to", "rings"),
    [
        (To(number="120", by_hand=True), "950120"),
        (To(number="120"), None),
        *((To(number=each, by_hand=True), None) for each in SPELT),
    ],
)
async def test_an_emergency_number_is_rung_by_nobody_and_120_stands_for_another(to, rings):
    exchange = exchange_of_the_demo()
    async with running(exchange) as ear:
        await ear.next()
        await exchange.ring("one", to, Shown(LINE), 45, "call")
        assert await ear.next() == (Rings("one") if rings else Ended("one", 21))
        assert [each.number for each in exchange.outside] == ([rings] if rings else [])


async def test_what_is_said_is_over_when_it_is_hushed_and_when_they_hang_up():
    exchange = exchange_of_the_demo()
    async with running(exchange) as ear:
        await ear.next()
        leg = exchange.ring_in(LINE, ELDER)
        await ear.next()
        await exchange.say("first", leg, ["cc-one-moment"] * 100, "zh")
        await exchange.hush("first")
        assert await ear.next() == SaidOut("first", leg)
        await exchange.say("second", leg, ["cc-one-moment"] * 100, "zh")
        exchange.put_down(leg)
        assert [await ear.next(), await ear.next()] == [SaidOut("second", leg), Ended(leg, 16)]
        await exchange.hang_up(leg)  # what is gone needs not be ended
        with pytest.raises(PbxRefused):
            await exchange.say("third", leg, [], "zh")


async def test_an_exchange_that_does_not_run_takes_no_order():
    exchange = exchange_of_the_demo()
    with pytest.raises(PbxAway):
        exchange.ring_in(LINE, ELDER)
    with pytest.raises(PbxAway):
        await exchange.answer("one")


# ---- over HTTP, and in the settings


def page_of(exchange: Simulated) -> FastAPI:
    return assemble([outside_router(exchange, "token")], [], with_console=False)


async def test_the_page_outside_rings_and_hangs_up_and_strangers_do_not():
    exchange = exchange_of_the_demo()
    transport = httpx.ASGITransport(page_of(exchange))
    async with (
        running(exchange) as ear,
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http,
    ):
        await ear.next()
        path, token = "/api/demo/telephone", {"X-Demo-Token": "token"}
        wanted = {"line": LINE, "number": ELDER}
        assert (await http.post(f"{path}/ring", json=wanted)).status_code == 401
        assert exchange.outside == []
        rung = (await http.post(f"{path}/ring", json=wanted, headers=token)).json()
        told = (await http.get(path, headers=token)).json()
        assert told == {"there": True, "calls": [rung | {"number": ELDER, "state": "calls"}]}
        bad = {"line": LINE, "number": "<b>"}
        assert (await http.post(f"{path}/ring", json=bad, headers=token)).status_code == 422
        assert (await http.post(f"{path}/hang-up", json=rung, headers=token)).status_code == 200
        assert (await http.post(f"{path}/hang-up", json=rung, headers=token)).status_code == 404


def test_simulated_calls_are_for_the_demo_alone():
    given = {"telephony": {"kind": "simulated"}}
    with pytest.raises(Misconfigured, match="for the demo alone"):
        load(environ={}, overrides=given)
    found = load(environ={}, overrides=given | {"demo": True}).telephony
    assert found is not None
    assert found.kind == "simulated"


async def test_nobody_answers_for_a_call_that_is_not_there():
    with pytest.raises(NotFound):
        exchange_of_the_demo().pick_up("nothing")
