"""The switchboard against an exchange that does what it is told: stories, and any order of anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st

from callcenter.core.errors import CallCenterError, Conflict
from callcenter.hotline.call import TRANSITIONS, Call, Event, Role, State
from callcenter.hotline.deeds import Deed, HangUp, Join, Leave, PickUp, Ring, Say, Wait
from callcenter.hotline.switchboard import Ports, Switchboard
from callcenter.telephony import numbers
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbx import Answered, Arrived, Connected, Ended, LegFound

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
HOTLINE = Line("95001", LineKind.HOTLINE, 7, area_code="0311")
RED = Line("95009", LineKind.RED, 7, area_code="0311")
LI, ZHANG = 1, 2


def switchboard() -> Switchboard:
    ids = count(1)
    lines = {each.number: each for each in (HOTLINE, RED)}
    return Switchboard(
        "pbx",
        Ports(
            line_of=lines.__getitem__,
            caller_of=lambda arrived, line: numbers.read(
                arrived.caller, arrived.withheld, (), line.area_code
            ),
            new_id=lambda: UUID(int=next(ids)),
        ),
    )


class Exchange:
    """Carries deeds out and says what a real one would: telephones ring until `answers` or `ends`."""

    def __init__(self) -> None:
        self.board = switchboard()
        self.now = NOW
        self.legs: dict[str, bool] = {}
        """Whether each is up."""
        self.rooms: dict[str, str] = {}
        """In which room each hears others; music is a room, too."""
        self.numbers = count(1)

    def does(self, deeds: Sequence[Deed]) -> None:
        for deed in deeds:
            match deed:
                case Ring(leg=leg):
                    self.legs[leg] = False
                case PickUp(leg):
                    self.legs[leg] = True
                case Join(talk, legs):
                    self.rooms |= dict.fromkeys(legs, talk)
                case Wait(leg):
                    self.rooms[leg] = "music"
                case Leave(_, leg):
                    self.rooms.pop(leg, None)
                case HangUp(leg):
                    self.ends(leg)
                case _:
                    pass

    def rings(self, line: Line = HOTLINE, caller: str = "13912345678") -> Call:
        leg = f"leg-{next(self.numbers)}"
        self.legs[leg] = False
        self.does(self.board.hear(Arrived(leg, leg, line.number, caller), self.now))
        return next(each for each in self.board.calls.values() if leg in each.legs)

    def answers(self, leg: str) -> None:
        self.legs[leg] = True
        self.does(self.board.hear(Answered(leg), self.now))

    def ends(self, leg: str, cause: int = 16) -> None:
        if self.legs.pop(leg, None) is not None:
            self.rooms.pop(leg, None)
            self.does(self.board.hear(Ended(leg, cause), self.now))

    def of(self, call: Call) -> Call:
        return self.board.calls[call.id]

    def leg(self, call: Call, role: Role) -> str:
        return next(each.id for each in self.of(call).legs.values() if each.role is role)

    def hear_each_other(self, *legs: str) -> bool:
        return (
            len({self.rooms.get(each, each) for each in legs}) == 1
            and self.rooms.get(legs[0]) != "music"
        )


def spoken_with(exchange: Exchange, user: int = LI) -> Call:
    call = exchange.rings()
    exchange.does(exchange.board.take(call.id, user, f"seat-{user}", exchange.now))
    exchange.answers(exchange.leg(call, Role.OPERATOR))
    return exchange.of(call)


def test_the_first_who_takes_a_call_has_it_and_the_two_hear_each_other():
    exchange = Exchange()
    call = exchange.rings()
    exchange.does(exchange.board.take(call.id, LI, "seat-1", NOW))
    with pytest.raises(Conflict):
        exchange.board.take(call.id, ZHANG, "seat-2", NOW)
    exchange.answers(exchange.leg(call, Role.OPERATOR))
    found = exchange.of(call)
    assert (found.state, found.answered_by, found.answered_at) == (State.TALKING, LI, NOW)
    assert exchange.hear_each_other(*found.legs)


def test_whoever_waits_is_picked_up_and_told_and_a_red_call_goes_first():
    exchange = Exchange()
    exchange.rings()
    exchange.now += timedelta(seconds=4)
    red = exchange.rings(RED)
    deeds = exchange.board.tick(exchange.now)
    assert [type(each) for each in deeds] == [PickUp, Wait, Say]
    exchange.does(deeds)
    exchange.now += timedelta(seconds=4)
    first, *_ = exchange.board.tick(exchange.now)
    assert first == PickUp(exchange.leg(red, Role.CALLER))


def test_a_page_that_dies_sends_nobody_away():
    exchange = Exchange()
    call = spoken_with(exchange)
    exchange.ends(exchange.leg(call, Role.OPERATOR), 38)
    found = exchange.of(call)
    assert (found.state, found.taken_by, found.front) == (State.WAITING, None, True)
    assert exchange.rooms[exchange.leg(call, Role.CALLER)] == "music"


def test_a_colleague_is_asked_first_and_then_has_it():
    exchange = Exchange()
    call = spoken_with(exchange)
    exchange.does(exchange.board.consult(call.id, LI, ZHANG, "seat-2", NOW))
    with pytest.raises(Conflict):
        exchange.board.give(call.id, LI, NOW)
    exchange.answers(exchange.leg(call, Role.COLLEAGUE))
    caller, own = exchange.leg(call, Role.CALLER), exchange.leg(call, Role.OPERATOR)
    assert exchange.rooms[caller] == "music"
    assert exchange.hear_each_other(own, exchange.leg(call, Role.COLLEAGUE))
    exchange.does(exchange.board.give(call.id, LI, NOW))
    found = exchange.of(call)
    assert (found.state, found.taken_by, set(found.legs)) == (
        State.TALKING,
        ZHANG,
        {caller, exchange.leg(call, Role.OPERATOR)},
    )
    assert exchange.hear_each_other(*found.legs)
    assert own not in exchange.legs


def test_whom_an_operator_rings_is_rung_when_the_operator_listens():
    exchange = Exchange()
    id_, deeds = exchange.board.dial(HOTLINE, "13800000001", LI, "seat-1", NOW)
    exchange.does(deeds)
    call = exchange.board.calls[id_]
    other = exchange.leg(call, Role.OTHER)
    assert other not in exchange.legs
    exchange.answers(exchange.leg(call, Role.OPERATOR))
    exchange.answers(other)
    assert exchange.of(call).state is State.TALKING
    assert exchange.hear_each_other(*exchange.of(call).legs)
    exchange.ends(other)
    assert exchange.legs == {}
    assert exchange.board.changed[id_].state is State.ENDED


def test_what_happened_while_the_way_was_lost_is_found():
    exchange = Exchange()
    gone, stays = exchange.rings(), exchange.rings()
    here = exchange.leg(stays, Role.CALLER)
    arrived = Arrived("new", "new", HOTLINE.number, "13900000009")
    legs = {
        here: LegFound(is_up=False, ours=True),
        "new": LegFound(is_up=False, ours=True, arrived=arrived),
    }
    exchange.board.hear(Connected(legs, {}), NOW)
    assert {each.pbx_call for each in exchange.board.calls.values()} == {stays.pbx_call, "new"}
    assert exchange.board.changed[gone.id].state is State.ENDED


ACTS = (
    "rings",
    "take",
    "answers",
    "ends",
    "hang_up",
    "hold",
    "resume",
    "consult",
    "give",
    "take_back",
    "pass_on",
    "add",
    "dial",
    "listen_in",
    "tick",
)


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.sampled_from((LI, ZHANG))),
        max_size=40,
    )
)
def test_any_order_of_anything(acts: list[tuple[str, int, int]]):
    """Nobody is left on a telephone that no call knows, and nobody who rang hears nothing."""
    exchange = Exchange()
    for act, nth, user in acts:
        exchange.now += timedelta(seconds=2)
        with suppress(CallCenterError):
            _act(exchange, act, nth, user)
        _holds(exchange)


def _act(exchange: Exchange, act: str, nth: int, user: int) -> None:  # noqa: C901, PLR0912 - one line for each
    board, now = exchange.board, exchange.now
    calls, legs = sorted(board.calls, key=lambda each: each.int), sorted(exchange.legs)
    call = calls[nth % len(calls)] if calls else UUID(int=0)
    leg = legs[nth % len(legs)] if legs else "none"
    seat = f"seat-{user}"
    match act:
        case "rings":
            exchange.rings(RED if nth % 2 else HOTLINE)
        case "answers" if legs and not exchange.legs[leg] and not leg.startswith("leg-"):
            exchange.answers(leg)
        case "ends":
            exchange.ends(leg)
        case "take":
            exchange.does(board.take(call, user, seat, now))
        case "hang_up":
            exchange.does(board.hang_up(call, user, now))
        case "hold":
            exchange.does(board.hold(call, user))
        case "resume":
            exchange.does(board.resume(call, user))
        case "consult":
            exchange.does(board.consult(call, user, 3 - user, f"seat-{3 - user}", now))
        case "give":
            exchange.does(board.give(call, user, now))
        case "take_back":
            exchange.does(board.take_back(call, user))
        case "pass_on":
            exchange.does(board.pass_on(call, user, 3 - user if nth % 2 else None, now))
        case "add":
            exchange.does(board.add(call, user, "13800000001", now))
        case "dial":
            exchange.does(board.dial(HOTLINE, "13800000001", user, seat, now)[1])
        case "listen_in":
            exchange.does(board.listen_in(call, user, seat, now))
        case "tick":
            exchange.does(board.tick(now))


def _holds(exchange: Exchange) -> None:
    known = {leg for call in exchange.board.calls.values() for leg in call.legs}
    assert set(exchange.legs) <= known, "a telephone that no call knows"
    for call in exchange.board.calls.values():
        operators = [each for each in call.legs.values() if each.role is Role.OPERATOR]
        assert len(operators) <= 1
        assert (call.taken_by is None) == (not operators)
        assert (call.answered_at is None) == (call.answered_by is None)
        if call.state is State.TALKING:
            outside = [
                each.id
                for each in call.legs.values()
                if each.role in (Role.CALLER, Role.OTHER) and each.is_up
            ]
            assert exchange.hear_each_other(*outside, operators[0].id), call
        if call.state in (State.WAITING, State.HELD):
            callers = [each.id for each in call.legs.values() if each.role is Role.CALLER]
            assert all(exchange.rooms.get(each) == "music" for each in callers), call


def test_every_state_is_a_key():
    assert set(TRANSITIONS) == set(State)
    assert {event for events in TRANSITIONS.values() for event in events} == set(Event)
