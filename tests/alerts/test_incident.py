"""The state machine as tables: every state with every event, every join."""

from __future__ import annotations

import pytest

from callcenter.alerts.incident import (
    JOINS,
    TRANSITIONS,
    Actor,
    Event,
    Incident,
    Outcome,
    State,
    apply,
    check_closing,
    join,
)
from callcenter.core.errors import Conflict, Forbidden, Invalid
from callcenter.devices.signals import SignalClass
from tests.support.incidents import incident

TAKER, COLLEAGUE, STRANGER = Actor(7), Actor(8), Actor(9)
SUPERVISOR = Actor(10, supervises=True)
OPEN = [state for state in State if state is not State.CLOSED]

EXPECTED = {
    (State.WAITING, Event.TAKE): State.TAKEN,
    (State.WAITING, Event.RECORD): State.WAITING,
    (State.TAKEN, Event.TAKE): State.TAKEN,
    (State.TAKEN, Event.RELEASE): State.WAITING,
    (State.TAKEN, Event.OFFER): State.TAKEN,
    (State.TAKEN, Event.DECLINE): State.TAKEN,
    (State.TAKEN, Event.FOLLOW): State.FOLLOWING,
    (State.TAKEN, Event.RECORD): State.TAKEN,
    (State.TAKEN, Event.LOSE_TAKER): State.WAITING,
    (State.TAKEN, Event.CLOSE): State.CLOSED,
    (State.FOLLOWING, Event.TAKE): State.TAKEN,
    (State.FOLLOWING, Event.RELEASE): State.WAITING,
    (State.FOLLOWING, Event.RESUME): State.TAKEN,
    (State.FOLLOWING, Event.RECORD): State.FOLLOWING,
    (State.FOLLOWING, Event.CLOSE): State.CLOSED,
}


def standing(state: State, offered_to: int | None = None, priority: int = 1) -> Incident:
    taken_by = None if state is State.WAITING else TAKER.user_id
    return incident(state=state, priority=priority, taken_by=taken_by, offered_to=offered_to)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", State)
def test_every_state_with_every_event(state: State, event: Event):
    expected = EXPECTED.get((state, event))
    if expected is not None:
        assert apply(standing(state), event, None) is expected
        return
    with pytest.raises(Conflict) as error:
        apply(standing(state), event, None)
    assert error.value.code == "wrong_state"
    assert error.value.params == {"state": state, "event": event}


def test_every_state_is_a_key_and_closed_is_the_end():
    assert set(TRANSITIONS) == set(State)
    assert TRANSITIONS[State.CLOSED] == {}
    assert set(JOINS) == {(state, there) for state in OPEN for there in (True, False)}


def test_g9_only_a_taken_or_followed_incident_can_be_closed():
    closable = {state for state, events in TRANSITIONS.items() if Event.CLOSE in events}
    assert closable == {State.TAKEN, State.FOLLOWING}


def test_the_first_taker_wins():
    assert apply(standing(State.WAITING), Event.TAKE, STRANGER) is State.TAKEN
    with pytest.raises(Conflict) as error:
        apply(standing(State.TAKEN), Event.TAKE, STRANGER)
    assert (error.value.code, error.value.params) == (
        "taken_by_other",
        {"user_id": TAKER.user_id, "name": None},
    )


def test_who_it_was_offered_to_takes_it_and_only_they_decline():
    offered = standing(State.TAKEN, offered_to=COLLEAGUE.user_id)
    assert apply(offered, Event.TAKE, COLLEAGUE) is State.TAKEN
    assert apply(offered, Event.DECLINE, COLLEAGUE) is State.TAKEN
    for other in (TAKER, STRANGER, SUPERVISOR):
        with pytest.raises(Forbidden) as error:
            apply(offered, Event.DECLINE, other)
        assert error.value.code == "not_offered"


def test_anybody_takes_what_is_only_followed():
    assert apply(standing(State.FOLLOWING), Event.TAKE, STRANGER) is State.TAKEN


@pytest.mark.parametrize("event", [Event.RELEASE, Event.OFFER, Event.FOLLOW, Event.CLOSE])
def test_only_the_taker_or_a_supervisor_goes_on_with_it(event: Event):
    assert apply(standing(State.TAKEN), event, TAKER)
    assert apply(standing(State.TAKEN), event, SUPERVISOR)
    with pytest.raises(Forbidden) as error:
        apply(standing(State.TAKEN), event, STRANGER)
    assert error.value.code == "not_the_taker"


@pytest.mark.parametrize("state", OPEN)
def test_anybody_leaves_a_note(state: State):
    assert apply(standing(state), Event.RECORD, STRANGER) is state


@pytest.mark.parametrize(
    ("safe_by", "safe_where"), [(None, None), ("老人", None), (None, "家中"), ("", "家中")]
)
def test_g9_no_emergency_closes_without_who_said_safe_and_where(
    safe_by: str | None, safe_where: str | None
):
    with pytest.raises(Invalid) as error:
        check_closing(Outcome.EMERGENCY, safe_by, safe_where)
    assert error.value.code == "needs_safe"


def test_every_other_outcome_closes_without():
    for outcome in Outcome:
        if outcome is not Outcome.EMERGENCY:
            check_closing(outcome, None, None)
    check_closing(Outcome.EMERGENCY, "老人", "家中")


JOINED = {
    (State.WAITING, False): (State.WAITING, False),
    (State.WAITING, True): (State.WAITING, False),
    (State.TAKEN, True): (State.TAKEN, True),
    (State.TAKEN, False): (State.WAITING, True),
    (State.FOLLOWING, True): (State.WAITING, True),
    (State.FOLLOWING, False): (State.WAITING, True),
}


@pytest.mark.parametrize(("state", "there"), list(JOINED))
def test_what_a_further_press_does(state: State, there: bool):
    joined = join(standing(state), SignalClass.ALARM, 1, taker_present=there)
    assert (joined.state, joined.rings) == JOINED[state, there]
    assert joined.texts
    assert joined.keeps_taker is (joined.state is state)


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("state", OPEN)
def test_an_sos_raises_the_priority_and_then_rings_whatever_the_state(state: State, there: bool):
    joined = join(standing(state, priority=2), SignalClass.ALARM, 1, taker_present=there)
    assert (joined.priority, joined.rings) == (1, True)


@pytest.mark.parametrize("state", OPEN)
def test_a_lesser_alarm_lowers_nothing(state: State):
    assert join(standing(state), SignalClass.ALARM, 3, taker_present=True).priority == 1


@pytest.mark.parametrize("signal_class", [c for c in SignalClass if c is not SignalClass.ALARM])
@pytest.mark.parametrize("state", OPEN)
def test_what_is_no_alarm_is_only_written_down(state: State, signal_class: SignalClass):
    joined = join(standing(state), signal_class, 1, taker_present=False)
    assert (joined.state, joined.priority) == (state, 1)
    assert (joined.rings, joined.texts, joined.keeps_taker) == (False, False, True)
