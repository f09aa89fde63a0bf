"""Every pair of state and event of a stop and of a run; the last word counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from callcenter.core.errors import Conflict
from callcenter.rounds.visit import (
    EVENT_OF,
    RUN_TRANSITIONS,
    TRANSITIONS,
    RunEvent,
    RunState,
    VisitEvent,
    VisitState,
    Word,
    apply,
    apply_run,
    counts,
)

AT = datetime(2026, 3, 14, 7, tzinfo=UTC)
LOW, HIGH = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(("state", "event"), list(product(VisitState, VisitEvent)))
def test_a_stop_moves_by_its_table_or_says_why_not(state: VisitState, event: VisitEvent):
    if event in TRANSITIONS[state]:
        assert apply(state, event) is TRANSITIONS[state][event]
    else:
        with pytest.raises(Conflict) as refused:
            apply(state, event)
        assert refused.value.code == "wrong_state"


@pytest.mark.parametrize(("state", "event"), list(product(RunState, RunEvent)))
def test_a_run_moves_by_its_table_or_says_why_not(state: RunState, event: RunEvent):
    if event in RUN_TRANSITIONS[state]:
        assert apply_run(state, event) is RUN_TRANSITIONS[state][event]
    else:
        with pytest.raises(Conflict):
            apply_run(state, event)


def test_what_people_say_is_heard_in_every_state():
    said = {event: state for state, event in EVENT_OF.items()}
    for state, event in product(VisitState, said):
        assert apply(state, event) is said[event]


def test_the_clock_says_something_only_where_nobody_has():
    assert [state for state in VisitState if VisitEvent.MISS in TRANSITIONS[state]] == ["pending"]


def test_only_the_records_take_an_end_back_and_only_their_own():
    back = {
        (state, event)
        for state, events in TRANSITIONS.items()
        for event, after in events.items()
        if after is VisitState.PENDING
    }
    assert back == {(VisitState.AWAY_KNOWN, VisitEvent.RETURN)}


@pytest.mark.parametrize(
    ("word", "standing", "says_more"),
    [
        (Word(AT, LOW), None, True),
        (Word(AT, LOW), Word(AT - timedelta(seconds=1), HIGH), True),
        (Word(AT - timedelta(seconds=1), HIGH), Word(AT, LOW), False),
        (Word(AT, HIGH), Word(AT, LOW), True),
        (Word(AT, LOW), Word(AT, HIGH), False),
        (Word(AT, LOW), Word(AT, LOW), False),
    ],
)
def test_the_later_word_counts(word: Word, standing: Word | None, says_more: bool):
    assert counts(word, standing) is says_more
