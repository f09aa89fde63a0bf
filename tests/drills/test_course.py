"""What a look at a running drill leads to: every case."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from callcenter.devices.signals import CLASS_OF, SignalClass
from callcenter.drills.course import (
    PRESSED,
    REST,
    TOO_LATE,
    Move,
    Standing,
    ends_at,
    is_missed,
    move,
)
from tests.support.community import LONG_AGO

LATER = LONG_AGO + timedelta(minutes=5)

# paused, a real alarm waits, presses are left, something is open -> what comes next
MOVES = {
    (False, False, True, True): Move.PRESS,
    (False, False, True, False): Move.PRESS,
    (False, False, False, True): Move.REST,
    (False, False, False, False): Move.END,
    (False, True, True, True): Move.PAUSE,
    (False, True, True, False): Move.PAUSE,
    (False, True, False, True): Move.PAUSE,
    (False, True, False, False): Move.PAUSE,
    (True, False, True, True): Move.RESUME,
    (True, False, True, False): Move.RESUME,
    (True, False, False, True): Move.RESUME,
    (True, False, False, False): Move.RESUME,
    (True, True, True, True): Move.REST,
    (True, True, True, False): Move.REST,
    (True, True, False, True): Move.REST,
    (True, True, False, False): Move.REST,
}


def test_every_case_is_decided():
    assert set(MOVES) == set(product((True, False), repeat=4))


@pytest.mark.parametrize("case", MOVES)
def test_every_case(case: tuple[bool, bool, bool, bool]):
    assert move(Standing(LATER, *case), LONG_AGO) is MOVES[case]


@pytest.mark.parametrize("case", MOVES)
def test_nothing_is_pressed_while_a_real_alarm_waits_nor_after_its_time(
    case: tuple[bool, bool, bool, bool],
):
    if case[1]:
        assert move(Standing(LATER, *case), LONG_AGO) is not Move.PRESS
    assert move(Standing(LATER, *case), LATER) is Move.END


def test_what_is_due_for_too_long_is_missed():
    assert not is_missed(LONG_AGO, LONG_AGO + TOO_LATE)
    assert is_missed(LONG_AGO, LONG_AGO + TOO_LATE + timedelta(seconds=1))


def test_it_ends_a_rest_after_its_last_press():
    assert ends_at(LONG_AGO, [60, 10]) == LONG_AGO + timedelta(seconds=60) + REST


def test_nothing_but_alarms_is_pressed():
    assert {CLASS_OF[kind] for kind in PRESSED} == {SignalClass.ALARM}
