"""The switchboard against an exchange that does what it is told: stories, and any order of anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st

from callcenter.core.errors import CallCenterError, Conflict, NotFound
from callcenter.hotline.beginning import Ports
from callcenter.hotline.call import TRANSITIONS, Call, Event, HeardBy, Role, State
from callcenter.hotline.deeds import (
    Deed,
    GiveAway,
    HangUp,
    Hush,
    Join,
    Keys,
    Leave,
    ListenIn,
    PickUp,
    Ring,
    Say,
    Wait,
)
from callcenter.hotline.switchboard import Switchboard
from callcenter.telephony import numbers
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbx import (
    Answered,
    Arrived,
    Connected,
    Digit,
    Ended,
    LegFound,
    Lost,
    SaidOut,
)

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
HOTLINE = Line("95001", LineKind.HOTLINE, 7, area_code="0311")
RED = Line("95009", LineKind.RED, 7, area_code="0311")
LI, ZHANG = 1, 2


ELSEWHERE = "031187654321"
CENTRE = Line("95002", LineKind.HOTLINE, 7, overflow_number=ELSEWHERE)
"""Another centre helps out where nobody here comes."""
DAYTIME = Line("95003", LineKind.OFFICE, 7, closed_prompt="closed-today")
"""Nobody is there now."""


def switchboard(manned: Callable[[Line], bool] = lambda _line: True) -> Switchboard:
    ids = count(1)
    lines = {each.number: each for each in (HOTLINE, RED, CENTRE, DAYTIME)}
    return Switchboard(
        "pbx",
        Ports(
            line_of=lines.__getitem__,
            caller_of=lambda arrived, line: numbers.read(
                arrived.caller, arrived.withheld, (), line.area_code
            ),
            new_id=lambda: UUID(int=next(ids)),
            ask=lambda _call, may: next((user for user in (LI, ZHANG) if may(user)), None),
            staffed=lambda line, _now: line is not DAYTIME,
            manned=manned,
        ),
    )


class Exchange:
    """Carries deeds out and says what a real one would: telephones ring until `answers` or `ends`."""

    def __init__(self) -> None:
        self.is_manned = True
        self.board = switchboard(lambda _line: self.is_manned)
        self.now = NOW
        self.legs: dict[str, bool] = {}
        """Whether each is up."""
        self.rooms: dict[str, str] = {}
        """In which room each hears others; music is a room, too."""
        self.numbers = count(1)
        self.saying: dict[str, Say] = {}
        """What runs, until `finishes` or it is hushed."""
        self.pressed: list[tuple[str, str]] = []

    def does(self, deeds: Sequence[Deed]) -> None:  # noqa: C901, PLR0912 - one line for each
        for deed in deeds:
            match deed:
                case Ring(leg=leg):
                    self.legs[leg] = False
                case PickUp(leg):
                    self.legs[leg] = True
                case Join(talk, legs):
                    self.rooms |= dict.fromkeys(legs, talk)
                case Wait(leg, music):
                    self.rooms[leg] = "music" if music else "quiet"
                case GiveAway(leg):
                    self.rooms[leg] = "duty"
                case Leave(_, leg):
                    self.rooms.pop(leg, None)
                case HangUp(leg):
                    self.ends(leg)
                case Say(saying=saying):
                    self.saying[saying] = deed
                case Hush(saying):
                    self.finishes(saying)
                case Keys(leg, digits):
                    self.pressed.append((leg, digits))
                case ListenIn(spy, _, supervisor):
                    self.legs[spy] = True
                    self.rooms |= {spy: f"{spy}-room", supervisor: f"{spy}-room"}
                    self.does(self.board.hear(Answered(spy), self.now))
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

    def finishes(self, saying: str) -> None:
        said = self.saying.pop(saying, None)
        if said is not None:
            self.does(self.board.hear(SaidOut(saying, said.leg), self.now))

    def presses(self, call: Call, digit: str) -> None:
        self.does(self.board.hear(Digit(self.leg(call, Role.CALLER), digit), self.now))

    def after(self, seconds: float) -> None:
        """Nothing happens for so long, but that prompts end and time is looked at."""
        until = self.now + timedelta(seconds=seconds)
        while self.now < until:
            self.now += timedelta(seconds=1)
            self.does(self.board.tick(self.now))
            for saying in list(self.saying):
                self.finishes(saying)

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


def test_whoever_went_back_to_the_caller_gives_nothing_and_keeps_their_telephone():
    exchange = Exchange()
    call = spoken_with(exchange)
    own = exchange.leg(call, Role.OPERATOR)
    exchange.does(exchange.board.consult(call.id, LI, ZHANG, "seat-2", NOW))
    exchange.answers(exchange.leg(call, Role.COLLEAGUE))
    exchange.does(exchange.board.resume(call.id, LI))
    with pytest.raises(Conflict):
        exchange.board.give(call.id, LI, NOW)
    exchange.ends(own)
    assert exchange.of(call).state is State.WAITING
    assert exchange.rooms[exchange.leg(call, Role.CALLER)] == "music"


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


def test_one_seat_is_asked_first_then_the_next_then_everybody():
    exchange = Exchange()
    call = exchange.rings()
    assert exchange.of(call).wanted == LI
    exchange.after(11)
    assert exchange.of(call).wanted == ZHANG
    exchange.after(11)
    assert exchange.of(call).wanted is None
    assert exchange.rings(RED).wanted is None


def test_whoever_speaks_or_writes_down_is_not_asked():
    exchange = Exchange()
    call = spoken_with(exchange)
    assert exchange.board.calls[exchange.rings().id].wanted == ZHANG
    exchange.does(exchange.board.hang_up(call.id, LI, exchange.now))
    assert exchange.board.calls[exchange.rings().id].wanted == ZHANG
    wrapped = exchange.board.wrapped_up(call.id, LI, exchange.now)
    assert (wrapped.state, wrapped.wrapped_up_at) == (State.ENDED, exchange.now)
    assert exchange.board.changed[call.id] == wrapped
    assert exchange.board.calls[exchange.rings().id].wanted == LI


def test_the_time_to_write_down_ends_by_itself_and_with_the_next_call():
    exchange = Exchange()
    first = spoken_with(exchange)
    exchange.does(exchange.board.hang_up(first.id, LI, exchange.now))
    exchange.after(11)
    assert exchange.board.is_free(LI)
    assert exchange.board.changed[first.id].wrapped_up_at is not None
    second = spoken_with(exchange)
    exchange.does(exchange.board.hang_up(second.id, LI, exchange.now))
    spoken_with(exchange)
    assert exchange.board.changed[second.id].wrapped_up_at == exchange.now
    with pytest.raises(NotFound):
        exchange.board.wrapped_up(second.id, LI, exchange.now)


def test_key_1_wants_to_be_rung_once_that_was_offered_and_ends_with_thanks():
    exchange = Exchange()
    call = exchange.rings()
    exchange.after(10)
    exchange.presses(call, "1")
    assert not exchange.of(call).call_back_wanted
    exchange.after(70)
    exchange.presses(call, "2")
    assert not exchange.of(call).call_back_wanted
    exchange.presses(call, "1")
    exchange.presses(call, "1")
    [thanks] = exchange.saying.values()
    assert (exchange.of(call).call_back_wanted, thanks.prompts) == (True, ("cc-will-call-back",))
    exchange.finishes(thanks.saying)
    ended = exchange.board.changed[call.id]
    assert (ended.state, ended.call_back_wanted, exchange.legs) == (State.ENDED, True, {})


def test_who_takes_a_call_that_is_being_thanked_speaks_with_them():
    exchange = Exchange()
    call = exchange.rings()
    exchange.after(100)
    exchange.presses(call, "1")
    exchange.does(exchange.board.take(call.id, LI, "seat-1", exchange.now))
    exchange.answers(exchange.leg(call, Role.OPERATOR))
    assert (exchange.of(call).state, exchange.saying) == (State.TALKING, {})


def test_another_centre_is_rung_while_the_caller_waits_and_the_first_has_it():
    exchange = Exchange()
    call = exchange.rings(CENTRE)
    exchange.after(182)
    other = exchange.leg(call, Role.OTHER)
    assert (exchange.of(call).state, exchange.legs[other]) == (State.WAITING, False)
    exchange.answers(other)
    found = exchange.of(call)
    assert (found.state, found.taken_by, found.answered_at) == (State.TALKING, None, None)
    assert exchange.hear_each_other(*found.legs)
    exchange.ends(other)
    assert (exchange.of(call).state, exchange.of(call).front) == (State.WAITING, True)
    exchange.ends(exchange.leg(call, Role.CALLER))
    assert exchange.board.calls == {}


def test_another_centre_that_was_too_slow_is_hung_up():
    exchange = Exchange()
    call = exchange.rings(CENTRE)
    exchange.after(182)
    other = exchange.leg(call, Role.OTHER)
    exchange.does(exchange.board.take(call.id, LI, "seat-1", exchange.now))
    assert other not in exchange.legs
    exchange.answers(exchange.leg(call, Role.OPERATOR))
    assert exchange.hear_each_other(*exchange.of(call).legs)


def closed() -> tuple[Exchange, Call, Say]:
    """Whoever rings a closed line, and what they are told."""
    exchange = Exchange()
    call = exchange.rings(DAYTIME)
    assert call.wanted is None
    exchange.now += timedelta(seconds=4)
    exchange.does(exchange.board.tick(exchange.now))
    [said] = exchange.saying.values()
    return exchange, call, said


def test_a_line_that_is_closed_says_so_takes_word_without_music_and_hangs_up_in_the_end():
    exchange, call, said = closed()
    assert (said.prompts, said.language) == (["closed-today", "cc-closed-keys"], "zh")
    exchange.finishes(said.saying)
    assert exchange.rooms[exchange.leg(call, Role.CALLER)] == "quiet"
    exchange.after(110)
    assert exchange.of(call).state is State.WAITING
    assert not exchange.saying
    exchange.after(12)
    assert (exchange.board.changed[call.id].state, exchange.legs) == (State.ENDED, {})


def test_whoever_rings_a_closed_line_can_wish_to_be_rung():
    exchange, call, _ = closed()
    exchange.presses(call, "1")
    [thanks] = exchange.saying.values()
    exchange.finishes(thanks.saying)
    ended = exchange.board.changed[call.id]
    assert (ended.state, ended.call_back_wanted) == (State.ENDED, True)


def test_where_nobody_is_at_a_seat_the_duty_phones_have_it_as_soon_as_it_would_be_picked_up():
    exchange = Exchange()
    exchange.is_manned = False
    call = exchange.rings(RED)
    exchange.after(3)
    assert (exchange.of(call).state, exchange.saying) == (State.RINGING, {})
    exchange.after(2)
    given = exchange.of(call)
    assert (given.state, given.given_away, given.taken_by) == (State.TALKING, True, None)
    assert exchange.rooms[exchange.leg(call, Role.CALLER)] == "duty"
    with pytest.raises(Conflict):
        exchange.board.take(call.id, LI, "seat-1", exchange.now)
    exchange.ends(exchange.leg(call, Role.CALLER))
    assert exchange.board.changed[call.id].state is State.ENDED


def test_a_seat_whose_page_is_loaded_again_loses_nobody_who_waits():
    exchange = Exchange()
    call = exchange.rings()
    exchange.after(5)
    exchange.is_manned = False
    exchange.after(8)
    exchange.is_manned = True
    exchange.after(8)
    assert exchange.of(call).state is State.WAITING
    exchange.is_manned = False
    exchange.after(12)
    assert exchange.of(call).given_away


def test_a_supervisor_listens_whispers_and_speaks():
    exchange = Exchange()
    call = spoken_with(exchange)
    exchange.does(exchange.board.listen_in(call.id, ZHANG, "seat-2", exchange.now))
    own = exchange.leg(call, Role.LISTENER)
    exchange.answers(own)
    spies = [each for each in exchange.legs if each.startswith("spy-")]
    assert exchange.hear_each_other(own, *spies)
    for heard_by in (HeardBy.OPERATOR, HeardBy.ALL):
        exchange.does(exchange.board.listen_in(call.id, ZHANG, "seat-2", exchange.now, heard_by))
    caller = exchange.leg(call, Role.CALLER)
    assert exchange.hear_each_other(own, caller)
    assert not [each for each in exchange.legs if each.startswith("spy-")]
    exchange.ends(exchange.leg(call, Role.OPERATOR))
    assert set(exchange.legs) == {caller}


def test_an_operator_who_is_passed_the_call_is_listened_to_as_well():
    exchange = Exchange()
    call = spoken_with(exchange)
    exchange.does(exchange.board.listen_in(call.id, 3, "seat-3", exchange.now))
    exchange.answers(exchange.leg(call, Role.LISTENER))
    exchange.does(exchange.board.consult(call.id, LI, ZHANG, "seat-2", exchange.now))
    exchange.answers(exchange.leg(call, Role.COLLEAGUE))
    exchange.does(exchange.board.give(call.id, LI, exchange.now))
    [spy] = [each for each in exchange.legs if each.startswith("spy-")]
    assert exchange.hear_each_other(spy, exchange.leg(call, Role.LISTENER))


def test_a_server_that_was_started_again_finds_who_speaks_with_whom():
    """The same exchange, and a switchboard that knows nothing."""
    talking, held, waiting = UUID(int=1), UUID(int=2), UUID(int=3)
    found = {
        f"leg-{n}": LegFound(True, True, Arrived(f"leg-{n}", f"leg-{n}", "95001", "13912345678"))
        for n in (1, 2, 3)
    } | {"operator-1-a": LegFound(True, False), "operator-2-b": LegFound(True, False)}
    talks = {
        f"talk-{talking}": frozenset({"leg-1", "operator-1-a"}),
        f"talk-{held}": frozenset({"operator-2-b"}),
    }
    exchange = Exchange()
    exchange.legs = dict.fromkeys(found, True)
    exchange.does(exchange.board.hear(Connected(found, talks), NOW))
    calls = exchange.board.calls
    assert [(calls[each].state, calls[each].taken_by) for each in (talking, held, waiting)] == [
        (State.TALKING, LI),
        (State.HELD, ZHANG),
        (State.WAITING, None),
    ]
    exchange.does(exchange.board.hang_up(talking, LI, NOW))
    assert set(exchange.legs) == {"leg-2", "leg-3", "operator-2-b"}


def test_whoever_is_left_of_a_call_out_that_nobody_knows_any_more_is_hung_up_with_the_other():
    exchange = Exchange()
    found = {"operator-1-a": LegFound(True, False), "other-b": LegFound(True, False)}
    exchange.legs = dict.fromkeys(found, True)
    talks = {f"talk-{UUID(int=9)}": frozenset(found)}
    exchange.does(exchange.board.hear(Connected(found, talks), NOW))
    assert set(exchange.legs) == set(found)
    exchange.ends("operator-1-a")
    assert exchange.legs == {}


def test_nobody_rings_two_people_at_once():
    exchange = Exchange()
    call = spoken_with(exchange)
    with pytest.raises(Conflict, match="hold"):
        exchange.board.dial(HOTLINE, "13800000001", LI, "seat-1", NOW)
    exchange.does(exchange.board.keys(call.id, LI, "*5"))
    assert exchange.pressed == [(exchange.leg(call, Role.CALLER), "*5")]


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
    "presses",
    "finishes",
    "waits",
    "keys",
    "wrapped_up",
    "loses_its_way",
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
            exchange.rings((HOTLINE, RED, CENTRE, DAYTIME)[nth % 4])
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
            heard_by = list(HeardBy)[nth % 3]
            exchange.does(board.listen_in(call, user, seat, now, heard_by))
        case "presses" if legs:
            exchange.does(board.hear(Digit(leg, "1"), now))
        case "finishes":
            for saying in sorted(exchange.saying)[:1]:
                exchange.finishes(saying)
        case "waits":
            exchange.after(70)
        case "keys":
            exchange.does(board.keys(call, user, "5"))
        case "wrapped_up":
            board.wrapped_up(call, user, now)
        case "loses_its_way":
            found = {each: LegFound(is_up=up, ours=True) for each, up in exchange.legs.items()}
            exchange.does(board.hear(Lost("cut"), now))
            exchange.does(board.hear(Connected(found, {}), now))
        case "tick":
            exchange.does(board.tick(now))


def _holds(exchange: Exchange) -> None:
    known = {leg for call in exchange.board.calls.values() for leg in call.legs}
    known |= set(exchange.board._spies.values())
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
            assert exchange.hear_each_other(*outside, *(each.id for each in operators)), call
            assert len(outside) + len(operators) > 1
        if call.state in (State.WAITING, State.HELD):
            callers = [each.id for each in call.legs.values() if each.role is Role.CALLER]
            assert {exchange.rooms.get(each) for each in callers} <= _waits_in(call), call


def _waits_in(call: Call) -> set[str]:
    """Music, but none over what is said at a home that has called for help, and none over a message on a line that is closed."""
    if call.is_red:
        return {"quiet"}
    return {"music", "quiet"} if call.line == DAYTIME.number else {"music"}


def test_every_state_is_a_key():
    assert set(TRANSITIONS) == set(State)
    assert {event for events in TRANSITIONS.values() for event in events} == set(Event)
