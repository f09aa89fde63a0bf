"""Whom an alarm is offered to: every reason, and a model in which seats come and go."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from callcenter.alerts.board import Wanted
from callcenter.seats import distribution
from callcenter.seats.distribution import Candidate, Distribution

CITY, EAST, WEST = 1, 2, 3
WANG, LI, ZHAO = 7, 8, 9
HOME = 70
NINGBO = frozenset({"宁波话"})


class Room:
    """Loads are said by the test."""

    def __init__(self, *ready: Candidate) -> None:
        self.load: Counter[int] = Counter()
        self.distribution = Distribution(self.load.__getitem__)
        self.distribution.seat(ready)

    def best(self, *path: int, home: int | None = None, speaks: frozenset[str] = frozenset()):
        return self.distribution.best(path or (CITY,), Wanted(home, speaks))


def ready(user: int, region: int = CITY, skills: frozenset[str] = frozenset()) -> Candidate:
    return Candidate(user, frozenset({region}), skills)


def test_nobody_is_ready():
    assert Room().best() is None


def test_only_who_sees_it_there_is_asked():
    room = Room(ready(WANG, EAST), ready(LI, WEST))
    assert [room.best(CITY, WEST) for _ in range(3)] == [LI, LI, LI]
    assert room.best(CITY) is None


def test_whoever_is_idle_longest_is_asked_first():
    room = Room(ready(LI), ready(WANG))
    assert [room.best() for _ in range(4)] == [LI, WANG, LI, WANG]


def test_whoever_comes_has_the_last_turn_and_who_stays_keeps_theirs():
    room = Room(ready(WANG), ready(LI))
    assert room.best() == WANG
    room.distribution.seat([ready(WANG), ready(LI), ready(ZHAO)])
    assert [room.best() for _ in range(3)] == [LI, WANG, ZHAO]


def test_fewest_open():
    room = Room(ready(WANG), ready(LI))
    room.load[WANG] = 1
    assert [room.best(), room.best()] == [LI, LI]


def test_whoever_had_the_home_last_unless_they_have_something():
    room = Room(ready(WANG), ready(LI))
    room.distribution.took(LI, HOME)
    assert [room.best(home=HOME), room.best(home=HOME)] == [LI, LI]
    room.load[LI] = 1
    assert room.best(home=HOME) == WANG
    assert room.best(home=HOME + 1) == WANG


def test_whoever_speaks_as_the_resident_does_before_all_else():
    room = Room(ready(WANG), ready(LI, skills=NINGBO))
    room.load[LI] = 5
    room.distribution.took(WANG, HOME)
    assert room.best(home=HOME, speaks=NINGBO) == LI


def test_where_nobody_speaks_it_the_others_count():
    assert Room(ready(WANG)).best(speaks=NINGBO) == WANG


def test_many_regions_are_not_all_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distribution, "POOLS", 2)
    room = Room(ready(WANG))
    assert {room.best(CITY, region) for region in range(2, 9)} == {WANG}


@given(st.integers(1, 30), st.integers(1, 5))
def test_nobody_starves(seats: int, rounds: int):
    """Among equals everybody is asked once before anybody is asked again."""
    room = Room(*(ready(user) for user in range(seats)))
    for _ in range(rounds):
        assert sorted(room.best() for _ in range(seats)) == list(range(seats))


class SeatsComeAndGo(RuleBasedStateMachine):
    """No alarm is offered to who is not there, and none is offered to nobody while somebody is."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Room()
        self.there: dict[int, Candidate] = {}

    def sit(self) -> None:
        self.room.distribution.seat(self.there.values())

    @rule(user=st.integers(1, 6), region=st.sampled_from([CITY, EAST, WEST]), speaks=st.booleans())
    def comes(self, user: int, region: int, speaks: bool) -> None:
        self.there[user] = ready(user, region, NINGBO if speaks else frozenset())
        self.sit()

    @rule(user=st.integers(1, 6))
    def goes(self, user: int) -> None:
        self.there.pop(user, None)
        self.sit()

    @rule(user=st.integers(1, 6), load=st.integers(0, 3))
    def works(self, user: int, load: int) -> None:
        self.room.load[user] = load

    @rule(region=st.sampled_from([EAST, WEST]), home=st.integers(1, 3), speaks=st.booleans())
    def rings(self, region: int, home: int, speaks: bool) -> None:
        seeing = {u for u, one in self.there.items() if one.scope & {CITY, region}}
        found = self.room.best(CITY, region, home=home, speaks=NINGBO if speaks else frozenset())
        assert (found in seeing) if seeing else found is None
        if found is not None:
            self.room.distribution.took(found, home)

    @rule()
    def a_quiet_hour_of_strangers(self) -> None:
        """With nothing open, as many calls as there are seats reach each of them."""
        self.room.load.clear()
        everywhere = [user for user, one in self.there.items() if CITY in one.scope]
        assert sorted(self.room.best(CITY) for _ in everywhere) == sorted(everywhere)

    @invariant()
    def whoever_is_gone_is_forgotten(self) -> None:
        assert self.room.distribution._turns.keys() == self.there.keys()


TestSeatsComeAndGo = SeatsComeAndGo.TestCase
TestSeatsComeAndGo.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
