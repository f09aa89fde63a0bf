"""The switchboard at a server that speaks ARI: what is ordered happens there, and what is lost on the way is ordered again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.supervisor import Supervisor
from callcenter.hotline.beginning import Ports
from callcenter.hotline.call import Call, Role, State
from callcenter.hotline.lines import Lines, Theirs
from callcenter.hotline.switchboard import Switchboard
from callcenter.telephony import numbers
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbx import Heard, SeatKey
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk
from tests.support.fake_ari import Channel, FakeAri, fake_ari
from tests.support.waiting import until

HOTLINE = Line("95001", LineKind.HOTLINE, 7, area_code="0311")
LI = 1


@dataclass
class Office:
    """One exchange, its switchboard, and what has been told of calls."""

    ari: FakeAri
    pbx: Asterisk
    lines: Lines = field(init=False)
    theirs: list[Theirs] = field(default_factory=list)
    rests: bool = False
    told: list[Call] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, calls: Sequence[Call]) -> None:
        self.told += calls
        self._more.set()

    async def until(self, wanted: Callable[[Call], bool]) -> Call:
        async with asyncio.timeout(10):
            while not (found := [each for each in self.told if wanted(each)]):
                self._more.clear()
                await self._more.wait()
        return found[-1]

    def now(self) -> Call:
        [call] = self.lines.board.calls.values()
        return call

    def leg(self, role: Role) -> str:
        return next(each.id for each in self.now().legs.values() if each.role is role)

    def take(self) -> None:
        now = self.lines.board.take(self.now().id, LI, "seat-1", SystemClock().now())
        self.lines.follow(now)

    def together(self) -> set[str]:
        return next(
            (legs for room, legs in self.ari.rooms.items() if room.startswith("talk-")), set()
        )


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    ids = count(1)
    async with AsyncExitStack() as stack:
        ari = await stack.enter_async_context(fake_ari())
        supervisor = await stack.enter_async_context(Supervisor())
        pbx = Asterisk("trial", ari.at)
        ports = Ports(
            line_of=lambda _: HOTLINE,
            caller_of=lambda arrived, line: numbers.read(
                arrived.caller, arrived.withheld, (), line.area_code
            ),
            new_id=lambda: UUID(int=next(ids)),
        )
        office = Office(ari, pbx)
        board = Switchboard("trial", ports)
        office.lines = Lines(
            pbx, board, SystemClock(), supervisor.start_short, office.hear, office.theirs,
            lambda: office.rests,
        )  # fmt: skip
        supervisor.start(office.lines.listen(), name="lines")
        async with asyncio.timeout(10):
            while not board.is_connected:
                await asyncio.sleep(0.01)
        yield office


async def test_a_call_is_taken_and_the_two_hear_each_other(office: Office):
    await office.pbx.admit(SeatKey("seat-1", "once"))
    caller = office.ari.rings_us("95001", "13912345678")
    await office.until(lambda call: call.state is State.RINGING)
    office.take()
    talking = await office.until(lambda call: call.state is State.TALKING)
    async with asyncio.timeout(5):
        while office.together() != set(talking.legs):
            await asyncio.sleep(0.01)
    office.ari.hangs_up(caller.id)
    ended = await office.until(lambda call: call.state is State.ENDED)
    assert (ended.answered_by, ended.cause) == (LI, 16)


async def test_a_telephone_that_cannot_be_rung_gives_the_call_back(office: Office):
    """Nobody has registered as seat-1."""
    office.ari.rings_us("95001", "13912345678")
    await office.until(lambda call: call.state is State.RINGING)
    office.take()
    waiting = await office.until(lambda call: call.state is State.WAITING)
    assert (waiting.taken_by, waiting.front) == (None, True)


async def test_a_supervisor_listens_and_what_joins_them_is_not_hung_up(office: Office):
    for seat in ("seat-1", "seat-2"):
        await office.pbx.admit(SeatKey(seat, "once"))
    office.ari.rings_us("95001", "13912345678")
    await office.until(lambda call: call.state is State.RINGING)
    office.take()
    await office.until(lambda call: call.state is State.TALKING)
    board, now = office.lines.board, SystemClock().now()
    office.lines.follow(board.listen_in(office.now().id, 2, "seat-2", now))
    async with asyncio.timeout(5):
        while not (rooms := [each for each in office.ari.rooms if each.endswith("-room")]):
            await asyncio.sleep(0.01)
        while office.leg(Role.LISTENER) not in office.ari.rooms[rooms[0]]:
            await asyncio.sleep(0.01)
    spy = rooms[0].removesuffix("-room")
    assert office.ari.rooms[rooms[0]] == {spy, office.leg(Role.LISTENER)}


async def test_a_fault_of_one_listener_ends_nothing(office: Office):
    heard: list[Heard] = []

    def faulty(said: Heard) -> bool:
        heard.append(said)
        raise ZeroDivisionError

    office.ari.rings_us("95001", "13912345678")
    call = await office.until(lambda call: call.state is State.RINGING)
    office.theirs.append(faulty)
    office.ari.rings_us("95001", "13700000000")
    await until(lambda: heard, "the fault")
    office.theirs.clear()
    office.take()
    assert (await office.until(lambda each: each.taken_by == LI)).id == call.id


async def test_an_exchange_that_a_newer_server_has_is_left_to_it_and_taken_back(office: Office):
    office.rests = True
    async with asyncio.timeout(10):
        while office.pbx.is_there or office.lines.board.is_connected:
            await asyncio.sleep(0.01)
    office.rests = False
    async with asyncio.timeout(10):
        while not office.lines.board.is_connected:
            await asyncio.sleep(0.01)
    office.ari.rings_us("95001", "13912345678")
    await office.until(lambda call: call.state is State.RINGING)


async def test_what_was_lost_with_the_way_is_ordered_again(office: Office):
    await office.pbx.admit(SeatKey("seat-1", "once"))
    office.ari.rings_us("95001", "13912345678")
    await office.until(lambda call: call.state is State.RINGING)
    office.take()
    await office.until(lambda call: call.state is State.TALKING)
    office.ari.rooms.clear()
    await office.ari.hangs_its_sockets_up()
    async with asyncio.timeout(10):
        while office.together() != set(office.now().legs):
            await asyncio.sleep(0.01)


async def test_no_seat_is_rung_for_a_caller_who_has_given_up_before_it_was_its_turn(office: Office):
    """Picking up takes a moment, with words about the recording some seconds."""
    await office.pbx.admit(SeatKey("seat-1", "once"))
    caller = office.ari.rings_us("95001", "13912345678")
    await office.until(lambda call: call.state is State.RINGING)
    office.ari.stands_still = True
    office.take()
    [taken] = office.lines.board.calls.values()
    office.ari.hangs_up(caller.id)
    await office.until(lambda call: call.state is State.ENDED)
    office.ari.stands_still = False
    next_one = office.ari.rings_us("95001", "13912345679")
    await office.until(lambda call: call.id != taken.id)
    office.take()
    await office.until(lambda call: call.state is State.TALKING)
    async with asyncio.timeout(5):
        while next_one.id not in office.together():
            await asyncio.sleep(0.01)
    rung = [each for each in office.ari.asked if each.startswith("POST channels/operator")]
    assert len(rung) == 1, "the seat of the call that is over was rung, too"


async def test_a_call_whose_end_nobody_was_told_of_ends_all_the_same(office: Office):
    await office.pbx.admit(SeatKey("seat-1", "once"))
    caller = office.ari.rings_us("95001", "13912345678")
    await office.until(lambda call: call.state is State.RINGING)
    office.take()
    await office.until(lambda call: call.state is State.TALKING)
    del office.ari.channels[caller.id]
    await office.lines.look_once()
    assert office.lines.board.calls
    await office.lines.look_once()
    assert not office.lines.board.calls
    async with asyncio.timeout(5):
        while office.ari.channels:
            await asyncio.sleep(0.01)


async def test_a_call_that_came_unheard_is_there_and_a_seat_that_was_left_is_hung_up(
    office: Office,
):
    office.ari.channels["fake-7"] = Channel(
        "fake-7", args=["line", "95001", "fake-6", "allowed"], number="13912345678"
    )
    office.ari.channels["operator-1-left"] = Channel("operator-1-left", "Up", ["called", "x"])
    await office.lines.look_once()
    await office.lines.look_once()
    assert (await office.until(lambda call: call.state is State.RINGING)).pbx_call == "fake-6"
    async with asyncio.timeout(5):
        while "operator-1-left" in office.ari.channels:
            await asyncio.sleep(0.01)
