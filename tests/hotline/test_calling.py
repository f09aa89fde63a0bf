"""Whose telephone rings, and what operators may order where."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from callcenter.auth.permissions import HeldGrant, Role as Granted
from callcenter.auth.sessions import Principal, Sessions
from callcenter.core.clock import SystemClock
from callcenter.core.database import Database
from callcenter.core.errors import Conflict, Forbidden, NotFound
from callcenter.core.ids import new_id
from callcenter.core.sealed import Seal
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import Chosen, Match, Whose
from callcenter.hotline.beginning import Ports
from callcenter.hotline.call import Call, HeardBy, State
from callcenter.hotline.known_lines import KnownLines
from callcenter.hotline.lines import Lines
from callcenter.hotline.switchboard import Switchboard
from callcenter.hotline.telephone.calling import Calling
from callcenter.hotline.telephone.telephones import MOST_WAYS, TelephoneKind, Telephones, WhyClosed
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk
from tests.support.fake_ari import FakeAri, fake_ari

ROOT, EAST, WEST = 1, 2, 3
PATHS = {ROOT: (ROOT,), EAST: (ROOT, EAST), WEST: (ROOT, WEST)}
GRANDMOTHER = Match(whose=Whose.RESIDENT, name="沈玉兰", region_id=EAST, home_id=5, resident_id=7)


def logged_in(user_id: int, *regions: int, role: Granted = Granted.OPERATOR) -> Principal:
    until = datetime.now(UTC) + timedelta(hours=1)
    grants = tuple(HeldGrant(role, each) for each in regions)
    return Principal(user_id, f"u{user_id}", "", "", "en", grants, uuid4().bytes, "", until)


LI, ZHANG = logged_in(1, EAST), logged_in(2, EAST)
CHIEF = logged_in(3, EAST, role=Granted.SUPERVISOR)
WESTERNER = logged_in(4, WEST)


@dataclass
class Floor:
    ari: FakeAri
    calling: Calling
    telephones: Telephones
    board: Switchboard
    starts_again: Callable[[], Telephones]
    """The telephones of a server that knows of nobody yet."""
    closed: list[WhyClosed] = field(default_factory=list)

    async def page_of(self, principal: Principal) -> str:
        """Opened, with its way to the exchange; the name it rings by."""
        telephone = await self.telephones.admit(principal)
        self.telephones.open_way(principal, self.closed.append)
        assert telephone.key is not None
        return telephone.key.name

    async def rings(self) -> Call:
        self.ari.rings_us("95001", "13912345678")
        return await self.until(State.RINGING)

    async def until(self, state: State) -> Call:
        async with asyncio.timeout(5):
            while True:
                for call in self.board.calls.values():
                    if call.state is state:
                        return call
                await asyncio.sleep(0.01)


@pytest.fixture
async def floor(database: Database, tmp_path: Path) -> AsyncIterator[Floor]:
    async with AsyncExitStack() as stack:
        ari = await stack.enter_async_context(fake_ari())
        supervisor = await stack.enter_async_context(Supervisor())
        pbx, clock = Asterisk("trial", ari.at), SystemClock()
        known = KnownLines(lambda: ROOT, [Line("95001", LineKind.HOTLINE, EAST, name="热线")])
        ports = Ports(
            known.line_of, known.caller_of, new_id, matches_of=lambda *_: (GRANDMOTHER, GRANDMOTHER)
        )
        lines = Lines(
            pbx, Switchboard("trial", ports), clock, supervisor.start_short, lambda _calls: None
        )
        seal, sessions = Seal.load(tmp_path), Sessions(database, clock)

        def telephones_of_a_start() -> Telephones:
            made = Telephones(pbx, ["desk-1"], database, sessions, seal)
            stack.push_async_callback(made.connections.close)
            return made

        telephones = telephones_of_a_start()
        supervisor.start(lines.listen(), name="lines")
        calling = Calling(lines, known, telephones, clock, PATHS.__getitem__)
        floor = Floor(ari, calling, telephones, lines.board, telephones_of_a_start)
        async with asyncio.timeout(5):
            while not lines.board.is_connected:
                await asyncio.sleep(0.01)
        yield floor


async def test_a_page_without_a_way_to_the_exchange_is_no_telephone(floor: Floor):
    call = await floor.rings()
    await floor.telephones.admit(LI)
    with pytest.raises(Conflict, match="no telephone"):
        floor.calling.take(LI, call.id)
    assert floor.board.calls[call.id].state is State.RINGING
    await floor.page_of(LI)
    assert floor.calling.take(LI, call.id).taken_by == LI.user_id
    assert (await floor.until(State.TALKING)).id == call.id


async def test_a_desk_telephone_is_of_whoever_chose_it_last(floor: Floor):
    name = await floor.page_of(LI)
    floor.telephones.choose(LI, TelephoneKind.DESK, "desk-1")
    assert floor.telephones.seat_of(LI) == "desk-1"
    floor.telephones.choose(ZHANG, TelephoneKind.DESK, "desk-1")
    assert floor.telephones.seat_of(ZHANG) == "desk-1"
    assert floor.telephones.seat_of(LI) == name
    with pytest.raises(NotFound):
        floor.telephones.choose(ZHANG, TelephoneKind.DESK, "nowhere")


async def test_a_second_page_of_a_log_in_takes_nothing_from_the_first_and_the_fifth_closes_it(
    floor: Floor,
):
    first = await floor.page_of(LI)
    password = floor.ari.admitted["auth", first]["password"]
    for _ in range(MOST_WAYS):
        assert await floor.page_of(LI) == first
    assert floor.closed == [WhyClosed.TOO_MANY]
    assert floor.ari.admitted["auth", first]["password"] == password


async def test_each_log_in_has_a_password_of_its_own(floor: Floor):
    names = [await floor.page_of(each) for each in (LI, ZHANG, CHIEF)]
    assert len({floor.ari.admitted["auth", name]["password"] for name in names}) == 3


async def test_the_telephone_of_a_log_in_that_is_over_is_dismissed(floor: Floor):
    """Nobody here has a row of a log-in."""
    name = await floor.page_of(LI)
    await floor.telephones.run_once(datetime.now(UTC))
    assert floor.closed == [WhyClosed.LOGGED_OUT]
    assert ("endpoint", name) not in floor.ari.admitted
    assert not floor.telephones.has_one(LI.user_id)


async def test_calls_of_another_region_are_not_there(floor: Floor):
    call = await floor.rings()
    await floor.page_of(WESTERNER)
    assert floor.calling.standing(WESTERNER) == []
    assert [each.id for each in floor.calling.standing(LI)] == [call.id]
    with pytest.raises(NotFound):
        floor.calling.take(WESTERNER, call.id)
    with pytest.raises(Forbidden):
        floor.calling.dial(WESTERNER, "13800000001", None, None)


async def test_a_call_is_passed_to_who_could_be_rung_there_and_to_nobody_else(floor: Floor):
    call = await floor.rings()
    await floor.page_of(LI)
    floor.calling.take(LI, call.id)
    await floor.until(State.TALKING)
    for nobody in (ZHANG, WESTERNER):
        with pytest.raises(NotFound):
            floor.calling.pass_on(LI, call.id, nobody.user_id)
    await floor.page_of(WESTERNER)
    with pytest.raises(NotFound):
        floor.calling.consult(LI, call.id, WESTERNER.user_id)
    await floor.page_of(ZHANG)
    assert floor.calling.pass_on(LI, call.id, ZHANG.user_id).wanted == ZHANG.user_id


async def test_a_supervisor_listens_in_and_an_operator_does_not(floor: Floor):
    call = await floor.rings()
    for each in (LI, ZHANG, CHIEF):
        await floor.page_of(each)
    floor.calling.take(LI, call.id)
    await floor.until(State.TALKING)
    with pytest.raises(NotFound):
        floor.calling.listen_in(ZHANG, call.id, HeardBy.NOBODY)
    legs = floor.calling.listen_in(CHIEF, call.id, HeardBy.OPERATOR).legs
    assert [each.heard_by for each in legs if each.user_id == CHIEF.user_id] == ["whisper"]


async def test_who_it_is_is_one_of_those_who_have_the_number(floor: Floor):
    call = await floor.rings()
    with pytest.raises(NotFound):
        floor.calling.attach(LI, call.id, Chosen(Whose.RESIDENT, resident_id=8))
    shown = floor.calling.attach(LI, call.id, Chosen(Whose.RESIDENT, resident_id=7))
    assert shown.attached == GRANDMOTHER


async def test_orders_while_the_exchange_is_away_are_refused_and_change_nothing(floor: Floor):
    call = await floor.rings()
    await floor.page_of(LI)
    floor.board.is_connected = False
    with pytest.raises(Conflict) as refused:
        floor.calling.take(LI, call.id)
    assert refused.value.code == "pbx_away"
    assert floor.board.calls[call.id].state is State.RINGING


async def test_what_was_written_down_is_said_once(floor: Floor):
    call = await floor.rings()
    await floor.page_of(LI)
    floor.calling.take(LI, call.id)
    await floor.until(State.TALKING)
    assert floor.calling.hang_up(LI, call.id).state is State.ENDED
    assert floor.calling.wrapped_up(LI, call.id).wrapped_up_at is not None
    with pytest.raises(NotFound):
        floor.calling.wrapped_up(LI, call.id)


async def test_a_page_that_an_earlier_server_admitted_is_a_telephone_of_this_one(floor: Floor):
    """The server was killed: the page comes again by itself, and the exchange knows it. One that has forgotten it is told the same."""
    name = await floor.page_of(LI)
    told = dict(floor.ari.admitted)
    again = floor.starts_again()
    assert not again.has_one(LI.user_id)
    again.open_way(LI, floor.closed.append)
    assert again.seat_of(LI) == name
    floor.ari.admitted.clear()
    await again.admit_all()
    assert floor.ari.admitted == told
