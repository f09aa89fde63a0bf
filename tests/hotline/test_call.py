"""The states of a call: what may follow what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from callcenter.core.errors import Conflict
from callcenter.hotline.call import SOUGHT, TRANSITIONS, Call, Event, Leg, Role, State, apply
from callcenter.telephony import numbers
from callcenter.telephony.line import LineKind

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
CALL = Call(
    id=UUID(int=1),
    pbx="pbx",
    pbx_call="1.1",
    kind=LineKind.HOTLINE,
    line="95001",
    region_id=7,
    caller=numbers.read("13912345678", False, (), "0311"),
    offered_at=NOW,
)


@given(st.sampled_from(State), st.sampled_from(Event))
def test_what_does_not_follow_is_refused_by_name(state: State, event: Event):
    if event in TRANSITIONS[state]:
        assert apply(state, event) is TRANSITIONS[state][event]
        return
    with pytest.raises(Conflict) as refused:
        apply(state, event)
    assert refused.value.code == "wrong_state"


def test_every_call_can_end_and_none_goes_on_afterwards():
    assert {state for state in State if Event.END not in TRANSITIONS[state]} == {State.ENDED}
    assert not TRANSITIONS[State.ENDED]


def test_whoever_lost_whom_they_spoke_with_waits_and_is_sought_again():
    for event in (Event.FAIL, Event.LOSE_SEAT, Event.PASS_ON):
        ends = {events[event] for events in TRANSITIONS.values() if event in events}
        assert ends == {State.WAITING}
    assert State.WAITING in SOUGHT


@given(st.lists(st.sampled_from(Event), max_size=12))
def test_each_step_is_a_new_version_of_the_same_call(events: list[Event]):
    call = CALL
    for event in events:
        if event in TRANSITIONS[call.state]:
            later = call.after(event)
            assert (later.version, later.id) == (call.version + 1, call.id)
            call = later


def test_telephones_come_and_go_without_changing_what_stood_before():
    leg = Leg("l", Role.CALLER)
    with_one = CALL.with_leg(leg)
    assert (CALL.legs, with_one.legs) == ({}, {"l": leg})
    without = with_one.without_leg("l").without_leg("never there")
    assert (without.legs, with_one.legs) == ({}, {"l": leg})
    assert without.version > with_one.version > CALL.version


@pytest.mark.parametrize("kind", LineKind)
def test_only_the_red_key_is_an_alarm(kind: LineKind):
    assert replace(CALL, kind=kind).is_red is (kind is LineKind.RED)
