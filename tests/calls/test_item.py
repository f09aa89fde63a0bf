"""Every (state, event) and every (kind, result) of a call that is to be made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from callcenter.calls.item import (
    CALLED_OUT,
    ENDED,
    OF_DEVICES,
    TRANSITIONS,
    CallResult,
    CallState,
    Event,
    ListKind,
    apply,
    report,
    stale_after,
    state_when_written,
)
from callcenter.calls.policy import STANDARD
from callcenter.core.errors import Conflict, Invalid
from callcenter.devices.signals import Kind as SignalKind

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DAILY = STANDARD[ListKind.WELL_BEING].pace

ALLOWED = {
    (CallState.OPEN, Event.LEASE): CallState.LEASED,
    (CallState.OPEN, Event.SETTLE): CallState.DONE,
    (CallState.OPEN, Event.RETRY): CallState.OPEN,
    (CallState.OPEN, Event.GIVE_UP): CallState.GIVEN_UP,
    (CallState.OPEN, Event.ESCALATE): CallState.ESCALATED,
    (CallState.OPEN, Event.MISS): CallState.MISSED,
    (CallState.OPEN, Event.RECOVER): CallState.DONE,
    (CallState.OPEN, Event.WITHDRAW): CallState.GIVEN_UP,
    (CallState.LEASED, Event.LEASE): CallState.LEASED,
    (CallState.LEASED, Event.LAPSE): CallState.OPEN,
    (CallState.LEASED, Event.SETTLE): CallState.DONE,
    (CallState.LEASED, Event.RETRY): CallState.OPEN,
    (CallState.LEASED, Event.GIVE_UP): CallState.GIVEN_UP,
    (CallState.LEASED, Event.ESCALATE): CallState.ESCALATED,
    (CallState.MISSED, Event.LEASE): CallState.LEASED,
    (CallState.MISSED, Event.REOPEN): CallState.OPEN,
}


@pytest.mark.parametrize(("state", "event"), list(product(CallState, Event)))
def test_every_state_and_event(state: CallState, event: Event):
    if (state, event) in ALLOWED:
        assert apply(state, event) is ALLOWED[state, event]
    else:
        with pytest.raises(Conflict) as refused:
            apply(state, event)
        assert refused.value.code == "wrong_state"


def test_every_state_stands_in_the_table_and_the_ended_ones_lead_nowhere():
    assert set(TRANSITIONS) == set(CallState)
    assert {CallState.DONE, CallState.GIVEN_UP, CallState.ESCALATED} == ENDED


CALLED = (ListKind.WELL_BEING, ListKind.ROLL_CALL, ListKind.DOOR)
ENDS = {
    **dict.fromkeys(product(ListKind, [CallResult.WELL]), (CallState.DONE, None)),
    **dict.fromkeys(product(ListKind, [CallResult.NEEDS_HELP]), (CallState.DONE, SignalKind.SOS)),
    **dict.fromkeys(
        product(ListKind, [CallResult.NEEDS_SERVICE]), (CallState.DONE, SignalKind.HELP)
    ),
    **dict.fromkeys(product(ListKind, [CallResult.POSTPONED]), (CallState.OPEN, None)),
    **dict.fromkeys(product(ListKind, [CallResult.NOT_NEEDED]), (CallState.GIVEN_UP, None)),
    **dict.fromkeys(
        product(OF_DEVICES | CALLED_OUT, [CallResult.WRONG_NUMBER]), (CallState.GIVEN_UP, None)
    ),
    **dict.fromkeys(
        product(OF_DEVICES | CALLED_OUT, [CallResult.NO_ANSWER]), (CallState.GIVEN_UP, None)
    ),
    **dict.fromkeys(
        product(CALLED, [CallResult.NO_ANSWER]), (CallState.ESCALATED, SignalKind.INACTIVITY)
    ),
    (ListKind.WELL_BEING, CallResult.WRONG_NUMBER): (CallState.GIVEN_UP, None),
    (ListKind.ROLL_CALL, CallResult.WRONG_NUMBER): (CallState.ESCALATED, SignalKind.INACTIVITY),
    (ListKind.DOOR, CallResult.WRONG_NUMBER): (CallState.ESCALATED, SignalKind.INACTIVITY),
}


@pytest.mark.parametrize(("kind", "result"), list(product(ListKind, CallResult)))
def test_what_the_last_try_leads_to(kind: ListKind, result: CallResult):
    decision = report(
        kind, CallState.LEASED, 2, result, pace=STANDARD[kind].pace, postponed=HOUR, now=NOW
    )
    assert (decision.state, decision.raises) == ENDS[kind, result]


@pytest.mark.parametrize(
    ("kind", "attempts", "pause"),
    [
        (ListKind.WELL_BEING, 0, 15 * MINUTE),
        (ListKind.WELL_BEING, 1, 60 * MINUTE),
        (ListKind.ROLL_CALL, 0, 10 * MINUTE),
        (ListKind.ROLL_CALL, 1, 30 * MINUTE),
        (ListKind.DOOR, 0, 20 * MINUTE),
        *((kind, 0, DAY) for kind in sorted(OF_DEVICES)),
        *((kind, 1, 3 * DAY) for kind in sorted(OF_DEVICES)),
    ],
)
def test_nobody_answers_and_it_is_tried_again(kind: ListKind, attempts: int, pause: timedelta):
    decision = report(
        kind,
        CallState.LEASED,
        attempts,
        CallResult.NO_ANSWER,
        pace=STANDARD[kind].pace,
        postponed=None,
        now=NOW,
    )
    assert decision.state is CallState.OPEN
    assert decision.next_try_at == NOW + pause
    assert decision.attempts == attempts + 1
    assert decision.raises is None


def test_a_postponed_call_was_no_try():
    decision = report(
        ListKind.WELL_BEING,
        CallState.LEASED,
        1,
        CallResult.POSTPONED,
        pace=DAILY,
        postponed=HOUR,
        now=NOW,
    )
    assert (decision.attempts, decision.next_try_at) == (1, NOW + HOUR)
    assert decision.stale_at == NOW + HOUR + 4 * HOUR


@pytest.mark.parametrize("postponed", [None, timedelta(), timedelta(days=8)])
def test_for_how_long_must_be_said(postponed: timedelta | None):
    with pytest.raises(Invalid):
        report(
            ListKind.WELL_BEING,
            CallState.LEASED,
            0,
            CallResult.POSTPONED,
            pace=DAILY,
            postponed=postponed,
            now=NOW,
        )


@pytest.mark.parametrize("state", sorted(ENDED | {CallState.MISSED}))
def test_what_has_ended_takes_no_report(state: CallState):
    with pytest.raises(Conflict):
        report(ListKind.WELL_BEING, state, 0, CallResult.WELL, pace=DAILY, postponed=None, now=NOW)


@pytest.mark.parametrize(
    ("kind", "late", "state"),
    [
        (ListKind.WELL_BEING, 4 * HOUR - MINUTE, CallState.OPEN),
        (ListKind.WELL_BEING, 4 * HOUR, CallState.MISSED),
        (ListKind.PRESS_TEST, 6 * DAY, CallState.OPEN),
        (ListKind.PRESS_TEST, 7 * DAY, CallState.MISSED),
        (ListKind.ROLL_CALL, 100 * DAY, CallState.OPEN),
    ],
)
def test_what_is_too_late_is_missed_from_the_beginning(
    kind: ListKind, late: timedelta, state: CallState
):
    assert state_when_written(STANDARD[kind].pace, NOW - late, NOW) is state


def test_a_roll_call_is_never_too_late():
    assert stale_after(STANDARD[ListKind.ROLL_CALL].pace, NOW) is None
