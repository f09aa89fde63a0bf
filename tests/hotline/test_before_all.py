"""20 wait and 36 seats are on duty: a key for help rings at all of them at once, and stands before everybody; its number is nobody's limit."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from tests.hotline.test_whole import hotline, there
from tests.hotline.waiting_room import Seat, WaitingRoom, desk_phones, serve
from tests.support.asterisk import Running, running
from tests.support.console import open_console
from tests.support.place import Place
from tests.support.server import operator
from tests.support.telephone import Handset, calls_at, one_call
from tests.support.waiting import until, until_told

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEATS, WAITING = 36, 20
OPEN, RED = "95001", "95009"
KEY = "13912345678"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("pbx"), desk_phones=desk_phones()) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(shared_place: Place, exchange: Running) -> WaitingRoom:
    await hotline(shared_place, OPEN)
    await hotline(shared_place, RED, "red")
    await shared_place.site.owner.execute(
        "UPDATE device SET sim = $1 WHERE identifier = $2", KEY, shared_place.site.phone(0)
    )
    return await serve(shared_place, exchange, ask_s=60)


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nothing_stands(room: WaitingRoom) -> AsyncIterator[None]:
    await room.place.clear()
    yield
    await room.exchange.hang_up_all()
    await room.exchange.hang_up_phones()


async def test_a_red_call_rings_at_every_seat_before_20_who_wait(room: WaitingRoom):
    async with AsyncExitStack() as stack:
        seats = await _on_duty(room, stack)
        await room.exchange.rings_us(OPEN, '"" <sip:013800000000@127.0.0.2>', calls=WAITING)
        await until(lambda: len(calls_at(seats[0].console)) == WAITING, "20 who wait", 30)
        began = time.monotonic()
        await room.exchange.rings_us(RED, f'"" <sip:0{KEY}@127.0.0.2>')
        found = await asyncio.gather(*(one_call(each.console, 20, line=RED) for each in seats))
        sys.stdout.write(f"a red call at {SEATS} seats, SIPp's start with it: {1000 * (time.monotonic() - began):.0f} ms\n")  # fmt: skip
        assert {each["wanted"] for each in found} == {None}
        [incident] = await _incidents(room)
        red = found[0]["id"]
        standing = (await seats[-1].handset.asks("GET", "/calls")).json()
        assert standing[0]["id"] == red
        assert len(standing) == WAITING + 1
        await one_call(seats[0].console, 20, id=red, incident_id=incident)
        spoken = await seats[0].takes(id=red)
        waiting = (await seats[1].handset.asks("GET", "/calls")).json()
        assert {each["state"] for each in waiting if each["line"] == OPEN} <= {"ringing", "waiting"}
        await seats[0].hangs_up(spoken)


async def _on_duty(room: WaitingRoom, stack: AsyncExitStack) -> Sequence[Seat]:
    """The first speaks at a desk."""
    first = await stack.enter_async_context(room.seat("seat-0", "desk-1"))
    return [first, *[await _seat(room, stack, n) for n in range(1, SEATS)]]


async def _seat(room: WaitingRoom, stack: AsyncExitStack, n: int) -> Seat:
    who = await operator(room.place.site.community, f"seat-{n}")
    handset = await stack.enter_async_context(Handset.of(room.server, who))
    console = await stack.enter_async_context(open_console(room.server.url, who))
    await there(console)
    return Seat(who, handset, console)


async def _incidents(room: WaitingRoom) -> Sequence[str]:
    async def stands() -> bool:
        return bool(await room.place.count("incident"))

    await until_told(stands, "the incident", 20)
    rows = await room.place.site.owner.fetch("SELECT id FROM incident ORDER BY number")
    return [str(each["id"]) for each in rows]
