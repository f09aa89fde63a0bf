"""Every (state, event) of a task."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, strategies as st

from callcenter.core.errors import Conflict, Invalid
from callcenter.dispatch.task import ENDED, HELD, SEEKING, TaskEvent, TaskState, apply, finish

S, E = TaskState, TaskEvent
ALLOWED = {
    (S.OPEN, E.OFFER): S.OFFERED,
    (S.OPEN, E.GIVE_UP): S.UNPLACED,
    (S.OPEN, E.ACCEPT): S.ACCEPTED,
    (S.OPEN, E.CANCEL): S.CANCELLED,
    (S.OFFERED, E.OFFER): S.OFFERED,
    (S.OFFERED, E.LAPSE): S.OPEN,
    (S.OFFERED, E.GIVE_UP): S.UNPLACED,
    (S.OFFERED, E.ACCEPT): S.ACCEPTED,
    (S.OFFERED, E.CANCEL): S.CANCELLED,
    (S.UNPLACED, E.OFFER): S.OFFERED,
    (S.UNPLACED, E.ACCEPT): S.ACCEPTED,
    (S.UNPLACED, E.CANCEL): S.CANCELLED,
    (S.ACCEPTED, E.SET_OUT): S.UNDER_WAY,
    (S.ACCEPTED, E.ARRIVE): S.ARRIVED,
    (S.ACCEPTED, E.FINISH): S.DONE,
    (S.ACCEPTED, E.GIVE_BACK): S.OPEN,
    (S.ACCEPTED, E.CANCEL): S.CANCELLED,
    (S.UNDER_WAY, E.ARRIVE): S.ARRIVED,
    (S.UNDER_WAY, E.FINISH): S.DONE,
    (S.UNDER_WAY, E.GIVE_BACK): S.OPEN,
    (S.UNDER_WAY, E.CANCEL): S.CANCELLED,
    (S.ARRIVED, E.FINISH): S.DONE,
    (S.ARRIVED, E.GIVE_BACK): S.OPEN,
    (S.ARRIVED, E.CANCEL): S.CANCELLED,
}


@pytest.mark.parametrize(("state", "event"), list(product(TaskState, TaskEvent)))
def test_every_state_and_event(state: TaskState, event: TaskEvent):
    if (state, event) in ALLOWED:
        assert apply(state, event) is ALLOWED[state, event]
    else:
        with pytest.raises(Conflict) as refused:
            apply(state, event)
        assert refused.value.code == "wrong_state"


def test_every_state_is_sought_for_held_or_over():
    assert set(TaskState) == SEEKING | HELD | ENDED
    assert {S.DONE, S.CANCELLED} == ENDED


@pytest.mark.parametrize(
    ("checked_in", "checked_out", "reason", "holds"),
    [
        (True, True, "", True),
        (True, False, "", False),
        (False, True, "", False),
        (False, False, " ", False),
        (False, False, "她在电话里说已经做完", True),
    ],
)
def test_done_needs_both_check_ins_or_a_reason(
    checked_in: bool, checked_out: bool, reason: str, holds: bool
):
    if holds:
        assert (
            finish(S.ARRIVED, checked_in=checked_in, checked_out=checked_out, reason=reason)
            is S.DONE
        )
    else:
        with pytest.raises(Invalid) as refused:
            finish(S.ARRIVED, checked_in=checked_in, checked_out=checked_out, reason=reason)
        assert refused.value.code == "reason_wanted"


@given(st.lists(st.sampled_from(TaskEvent), max_size=30))
def test_whatever_happens_nothing_leaves_an_end(events: list[TaskEvent]):
    state, ended = TaskState.OPEN, False
    for event in events:
        try:
            state = apply(state, event)
        except Conflict:
            continue
        assert not ended
        ended = state in ENDED
