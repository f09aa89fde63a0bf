"""Who is next, and what is said to whoever waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from callcenter.hotline.call import SOUGHT, Call, State
from callcenter.hotline.waiting import (
    PLACES,
    Heard,
    Patience,
    due,
    in_order,
    is_over,
    place,
    prompts,
)
from callcenter.telephony.line import LineKind
from tests.hotline.test_call import CALL, NOW

PATIENCE = Patience(pick_up_s=3, say_place_every_s=30, offer_call_back_s=60, overflow_s=180)


def waits(nth: int, kind: LineKind, since: float = 0, **more: object) -> Call:
    offered = NOW + timedelta(seconds=since)
    return replace(CALL, id=UUID(int=nth), kind=kind, offered_at=offered, **more)  # type: ignore[arg-type]


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_red_before_green_before_the_hotline_however_long_they_wait():
    calls = [
        waits(1, LineKind.OFFICE, 0),
        waits(2, LineKind.HOTLINE, 1),
        waits(3, LineKind.GREEN, 2),
        waits(4, LineKind.RED, 3),
    ]
    assert [call.id.int for call in in_order(calls)] == [4, 3, 2, 1]


def test_of_one_kind_who_spoke_already_and_then_who_waits_longest():
    calls = [
        waits(1, LineKind.HOTLINE, 5),
        waits(2, LineKind.HOTLINE, 1),
        waits(3, LineKind.HOTLINE, 9, front=True),
    ]
    assert [call.id.int for call in in_order(calls)] == [3, 2, 1]
    assert [place(call, calls) for call in calls] == [3, 2, 1]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(LineKind), st.sampled_from(State), st.booleans(), st.integers(0, 9)
        ),
        max_size=12,
    )
)
def test_everybody_who_is_sought_has_a_place_of_their_own(
    drawn: list[tuple[LineKind, State, bool, int]],
):
    calls = [
        waits(nth, kind, since, state=state, front=front)
        for nth, (kind, state, front, since) in enumerate(drawn, 1)
    ]
    order = in_order(calls)
    assert {call.id for call in order} == {call.id for call in calls if call.state in SOUGHT}
    assert [place(call, calls) for call in order] == list(range(1, len(order) + 1))
    kinds = [list(LineKind).index(call.kind) for call in order]
    assert kinds == sorted(kinds), "red, green, hotline, office: as they are written"


def test_first_they_are_picked_up_then_told_their_place_and_then_offered_a_call_back():
    call = waits(1, LineKind.HOTLINE)
    assert due(call, None, after(2.9), PATIENCE) is None
    assert due(call, None, after(3), PATIENCE) is Heard.ONE_MOMENT
    assert due(call, after(3), after(32.9), PATIENCE) is None
    assert due(call, after(3), after(33), PATIENCE) is Heard.YOUR_PLACE
    assert due(call, after(33), after(63), PATIENCE) is Heard.CALL_BACK


def test_nobody_who_calls_for_help_is_told_to_hang_up():
    red = waits(1, LineKind.RED)
    assert due(red, after(600), after(700), PATIENCE) is Heard.YOUR_PLACE


@pytest.mark.parametrize("state", State)
def test_another_centre_is_asked_for_who_waits_and_again_after_the_same_time(state: State):
    call = waits(1, LineKind.HOTLINE, state=state)
    assert is_over(call, None, after(180), PATIENCE) is (state is State.WAITING)
    assert not is_over(call, None, after(179.9), PATIENCE)
    assert not is_over(call, after(180), after(359.9), PATIENCE)
    assert is_over(call, after(180), after(360), PATIENCE) is (state is State.WAITING)


@pytest.mark.parametrize("heard", Heard)
def test_each_has_its_words_and_far_behind_the_last_number_is_said(heard: Heard):
    assert all(name.startswith("cc-") for name in prompts(heard, 1))
    assert prompts(heard, PLACES + 90) == prompts(heard, PLACES)
