"""Only what differs twice differs, and what an earlier start has left is left alone."""

from __future__ import annotations

from callcenter.hotline.differing import Differing, Looks
from callcenter.telephony.pbx import Arrived, Connected, LegFound

NOTHING = Differing()
CAME = Arrived("fake-2", "fake-1", "95001", "13912345678")


def found(*legs: str, came: Arrived | None = None) -> Connected:
    called = {each: LegFound(is_up=True, ours=True) for each in legs}
    arrived = {came.leg: LegFound(is_up=False, ours=True, arrived=came)} if came else {}
    return Connected({**called, **arrived}, {})


def test_a_leg_that_is_not_there_twice_is_gone():
    looks = Looks()
    assert looks.look(["operator-1-a"], ["operator-1-a"], found()) == NOTHING
    gone = looks.look(["operator-1-a"], ["operator-1-a"], found())
    assert gone == Differing(gone=frozenset({"operator-1-a"}))


def test_what_was_ordered_or_said_between_two_looks_differs_in_one_alone():
    looks = Looks()
    held = ["operator-1-a"]
    assert looks.look(held, held, found()) == NOTHING
    assert looks.look(held, held, found("operator-1-a")) == NOTHING
    assert looks.look((), (), found("operator-1-a")) == NOTHING
    assert looks.look((), (), found()) == NOTHING


def test_whom_nobody_was_told_to_ring_yet_is_not_missing():
    looks = Looks()
    for _ in range(3):
        assert looks.look(["other-a"], (), found()) == NOTHING


def test_a_call_that_came_unheard_is_missed_once():
    looks = Looks()
    assert looks.look((), (), found(came=CAME)) == NOTHING
    assert looks.look((), (), found(came=CAME)) == Differing(missed=(CAME,))
    assert looks.look([CAME.leg], [CAME.leg], found(came=CAME)) == NOTHING


def test_a_telephone_that_belongs_to_no_call_is_left_over_unless_it_stood_there_before():
    looks = Looks(before=frozenset({"operator-1-old"}))
    there = found("operator-1-old", "spy-a", "desk-1-0000", "auto-5")
    assert looks.look((), (), there) == NOTHING
    assert looks.look((), (), there) == Differing(left=frozenset({"spy-a"}))
