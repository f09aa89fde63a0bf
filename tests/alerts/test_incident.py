"""The state machine as tables: every state with every event, every join."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.alerts.incident import (
    ESCALATION_OVER,
    JOINS,
    TRANSITIONS,
    Actor,
    Event,
    Incident,
    IncidentMode,
    Outcome,
    State,
    apply,
    check_closing,
    check_served,
    join,
    mode_after,
)
from callcenter.core.errors import Conflict, Forbidden, Invalid
from callcenter.devices.signals import CLASS_OF, GRAVITY, Kind, SignalClass
from tests.support.incidents import incident

TAKER, COLLEAGUE, STRANGER = Actor(7), Actor(8), Actor(9)
SUPERVISOR = Actor(10, supervises=True)
OPEN = [state for state in State if state is not State.CLOSED]

EXPECTED = {
    (State.WAITING, Event.TAKE): State.TAKEN,
    (State.WAITING, Event.RECORD): State.WAITING,
    (State.WAITING, Event.CALL_OFF): State.CLOSED,
    (State.WAITING, Event.MERGE): State.CLOSED,
    (State.WAITING, Event.RAISE): State.WAITING,
    (State.TAKEN, Event.RAISE): State.TAKEN,
    (State.FOLLOWING, Event.RAISE): State.WAITING,
    (State.TAKEN, Event.TAKE): State.TAKEN,
    (State.TAKEN, Event.RELEASE): State.WAITING,
    (State.TAKEN, Event.OFFER): State.TAKEN,
    (State.TAKEN, Event.DECLINE): State.TAKEN,
    (State.TAKEN, Event.FOLLOW): State.FOLLOWING,
    (State.TAKEN, Event.REASSIGN): State.TAKEN,
    (State.TAKEN, Event.RECORD): State.TAKEN,
    (State.TAKEN, Event.LOSE_TAKER): State.WAITING,
    (State.TAKEN, Event.CLOSE): State.CLOSED,
    (State.TAKEN, Event.CALL_OFF): State.CLOSED,
    (State.FOLLOWING, Event.TAKE): State.TAKEN,
    (State.FOLLOWING, Event.RELEASE): State.WAITING,
    (State.FOLLOWING, Event.FOLLOW): State.FOLLOWING,
    (State.FOLLOWING, Event.REMIND): State.FOLLOWING,
    (State.FOLLOWING, Event.REASSIGN): State.FOLLOWING,
    (State.FOLLOWING, Event.LOSE_TAKER): State.WAITING,
    (State.FOLLOWING, Event.RESUME): State.TAKEN,
    (State.FOLLOWING, Event.RECORD): State.FOLLOWING,
    (State.FOLLOWING, Event.CLOSE): State.CLOSED,
    (State.FOLLOWING, Event.CALL_OFF): State.CLOSED,
}


def standing(state: State, **fields: Any) -> Incident:
    taken_by = None if state is State.WAITING else TAKER.user_id
    return incident(**{"state": state, "taken_by": taken_by, **fields})


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", State)
def test_every_state_with_every_event(state: State, event: Event):
    mode = IncidentMode.DRILL if event is Event.CALL_OFF else IncidentMode.REAL
    expected = EXPECTED.get((state, event))
    if expected is not None:
        assert apply(standing(state, mode=mode), event, None) is expected
        return
    with pytest.raises(Conflict) as error:
        apply(standing(state, mode=mode), event, None)
    assert error.value.code == "wrong_state"
    assert error.value.params == {"state": state, "event": event}


def test_every_state_is_a_key_and_closed_is_the_end():
    assert set(TRANSITIONS) == set(State)
    assert TRANSITIONS[State.CLOSED] == {}
    assert set(JOINS) == {(state, there) for state in OPEN for there in (True, False)}


@pytest.mark.parametrize("mode", [IncidentMode.REAL, IncidentMode.TEST])
@pytest.mark.parametrize("state", OPEN)
def test_g9_nothing_but_a_drill_is_called_off(state: State, mode: IncidentMode):
    with pytest.raises(Conflict):
        apply(standing(state, mode=mode), Event.CALL_OFF, None)


@pytest.mark.parametrize("state", OPEN)
def test_nobody_calls_a_drill_off_by_hand(state: State):
    with pytest.raises(Conflict):
        apply(standing(state, mode=IncidentMode.DRILL), Event.CALL_OFF, SUPERVISOR)


@pytest.mark.parametrize("state", OPEN)
def test_g9_only_an_unknown_caller_whom_nobody_has_taken_is_part_of_another(state: State):
    for found, actor in (
        (standing(state, home_id=5), None),
        (standing(state, mode=IncidentMode.DRILL), None),
        (standing(state), SUPERVISOR),
    ):
        with pytest.raises(Conflict):
            apply(found, Event.MERGE, actor)


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


def test_only_a_supervisor_gives_it_to_another():
    assert apply(standing(State.TAKEN), Event.REASSIGN, SUPERVISOR) is State.TAKEN
    for other in (TAKER, COLLEAGUE, STRANGER):
        with pytest.raises(Forbidden) as error:
            apply(standing(State.TAKEN), Event.REASSIGN, other)
        assert error.value.code == "needs_supervisor"


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
    joined = join(standing(state), Kind.SOS, taker_present=there)
    assert (joined.state, joined.rings) == JOINED[state, there]
    assert joined.texts
    assert joined.keeps_taker is (joined.state is state)


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("state", OPEN)
def test_an_sos_raises_the_priority_and_then_rings_whatever_the_state(state: State, there: bool):
    joined = join(
        standing(state, priority=2, kind="water", kinds=("water",)), Kind.SOS, taker_present=there
    )
    assert (joined.priority, joined.rings) == (1, True)


@pytest.mark.parametrize("state", OPEN)
def test_a_lesser_alarm_lowers_nothing(state: State):
    assert join(standing(state), Kind.WATER, taker_present=True).priority == 1


MOVING = {SignalClass.ALARM, SignalClass.SERVICE}


@pytest.mark.parametrize("kind", [k for k in Kind if CLASS_OF[k] not in MOVING])
@pytest.mark.parametrize("state", OPEN)
def test_what_is_neither_alarm_nor_request_is_only_written_down(state: State, kind: Kind):
    joined = join(standing(state), kind, taker_present=False)
    assert (joined.state, joined.priority) == (state, 1)
    assert (joined.rings, joined.texts, joined.keeps_taker) == (False, False, True)


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("state", OPEN)
def test_a_request_made_again_is_seen_as_an_alarm_is_and_texts_nobody(state: State, there: bool):
    asked = standing(state, kind="help", signal_class="service", priority=3)
    joined = join(asked, Kind.HELP, taker_present=there)
    rule = JOINS[state, there]
    assert (joined.state, joined.rings) == (rule.state, rule.rings)
    assert (joined.kind, joined.priority, joined.texts) == ("help", 3, False)
    tried = join(asked, Kind.HELP, taker_present=there, mode=IncidentMode.TEST)
    assert (tried.state, tried.rings) == (state, False)


@pytest.mark.parametrize(
    ("signal_class", "outcome", "wanted", "code"),
    [
        ("service", Outcome.SERVICE_DONE, "meal", None),
        ("service", Outcome.SERVICE_NOT_DONE, None, "needs_wanted"),
        ("alarm", Outcome.SERVICE_DONE, "meal", "not_a_request"),
        ("technical", Outcome.SERVICE_DONE, "meal", "not_a_request"),
        ("service", Outcome.MISTAKEN_PRESS, None, None),
        ("alarm", Outcome.EMERGENCY, None, None),
    ],
)
def test_only_a_request_ends_as_served_and_says_what_was_wanted(
    signal_class: Any, outcome: Outcome, wanted: str | None, code: str | None
):
    if code is None:
        check_served(signal_class, outcome, wanted)
        return
    with pytest.raises(Invalid) as error:
        check_served(signal_class, outcome, wanted)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("kinds", "heading", "comes", "then", "rings"),
    [
        (("unknown",), "unknown", Kind.SOS, "sos", True),  # the code nobody knows, then the key
        (("sos",), "sos", Kind.SMOKE, "smoke", True),
        (("smoke",), "smoke", Kind.SOS, "smoke", True),  # somebody is at home, and awake
        (("inactivity",), "inactivity", Kind.FALL, "fall", True),
        (("sos",), "sos", Kind.UNKNOWN, "sos", False),
        (("sos",), "sos", Kind.WATER, "sos", False),
        (("sos",), "sos", Kind.SOS, "sos", False),  # it is ringing already
        (("sos", "smoke"), "smoke", Kind.SOS, "smoke", False),
        (("unknown",), "unknown", Kind.INACTIVITY, "inactivity", True),
    ],
)
def test_the_gravest_kind_heads_the_incident_and_another_grave_one_rings_anew(
    kinds: tuple[str, ...], heading: str, comes: Kind, then: str, rings: bool
):
    waits = standing(State.WAITING, kind=heading, kinds=kinds, priority=1)
    joined = join(waits, comes, taker_present=False)
    assert (joined.kind, joined.rings) == (then, rings)
    assert list(joined.kinds) == list(dict.fromkeys((*kinds, comes.value)))


@pytest.mark.parametrize("kind", [Kind.SOS, Kind.WATER])
def test_a_press_at_an_alarm_that_has_grown_too_old_to_call_anybody_rings_anew(kind: Kind):
    old = standing(State.WAITING, marks=(ESCALATION_OVER,), kinds=("sos", "water"))
    assert join(old, kind, taker_present=False).rings
    assert not join(old, Kind.LOW_BATTERY, taker_present=False).rings


def test_every_alarm_has_its_gravity_and_nothing_else():
    assert set(GRAVITY) == {kind for kind in Kind if CLASS_OF[kind] is SignalClass.ALARM}


def test_a_restored_smoke_detector_is_no_kind_of_alarm():
    joined = join(standing(State.WAITING), Kind.RESTORE, taker_present=False)
    assert joined.kinds == ("sos",)


# ---- tests

SOON, LATER = timedelta(seconds=60), timedelta(seconds=61)


@pytest.mark.parametrize(
    ("stands", "kind", "comes", "passed", "becomes"),
    [
        ("test", Kind.SOS, "test", SOON, "real"),
        ("test", Kind.SOS, "test", LATER, "test"),
        ("test", Kind.FALL, "test", SOON, "test"),
        ("test", Kind.FALL, "real", LATER, "real"),
        ("test", Kind.RESTORE, "real", SOON, "test"),
        ("test", Kind.LOW_BATTERY, "real", LATER, "real"),
        ("real", Kind.SOS, "test", LATER, "real"),
        ("drill", Kind.FALL, "drill", LATER, "drill"),
    ],
)
def test_a_test_becomes_real_and_nothing_real_a_test(
    stands: str, kind: Kind, comes: str, passed: timedelta, becomes: str
):
    found = incident(mode=IncidentMode(stands))
    assert mode_after(found, kind, IncidentMode(comes), passed) == becomes


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("state", OPEN)
def test_a_further_press_in_test_moves_nothing_and_a_real_one_rings(state: State, there: bool):
    stands = replace(standing(state), mode=IncidentMode.TEST)
    tried = join(stands, Kind.SOS, taker_present=there, mode=IncidentMode.TEST)
    assert (tried.state, tried.rings, tried.texts, tried.keeps_taker) == (state, False, False, True)
    real = join(stands, Kind.SOS, taker_present=there, mode=IncidentMode.REAL)
    assert (real.rings, real.texts, real.mode) == (True, True, IncidentMode.REAL)
