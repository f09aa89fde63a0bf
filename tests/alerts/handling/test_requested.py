"""What an operator does with a request for service."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.alerts.bodies import WantedBody
from callcenter.alerts.entries import Raised, Wanted
from callcenter.alerts.handling.decision import Decision, PlanWait
from callcenter.alerts.handling.requested import RAISE, RECORD_WANT
from callcenter.alerts.incident import RAISED, Incident, IncidentMode, State, Want
from callcenter.alerts.plans.choosing import Choice
from callcenter.core.errors import CallCenterError
from callcenter.regions.tree import RegionSettings
from tests.support.callers import CALLER, DAUGHTER
from tests.support.commands import ACTORS, FACTS, ID, PLAIN, TAKER, by, give, request, standing
from tests.support.community import LONG_AGO

W, T, F, NO = "waiting", "taken", "following", "not_the_taker"
SOON = LONG_AGO + timedelta(hours=1)


def recorded(found: Incident, actor: str = TAKER, **more: Any) -> Decision:
    body = WantedBody(command_id=ID, wanted=Want.MEAL, passed_to="食堂", **more)
    decision = RECORD_WANT.decide(found, FACTS, by(actor), body, LONG_AGO)
    assert decision is not None
    return decision


def outcome(found: Incident, actor: str, **more: Any) -> str:
    try:
        return recorded(found, actor, **more).after.state.value
    except CallCenterError as error:
        return error.code


# state -> what comes of it for taker, colleague, stranger, supervisor: without a time, and with one
TABLE = {
    State.WAITING: ((NO, NO, NO, W), ("wrong_state",) * 4),
    State.TAKEN: ((T, NO, NO, T), (F, NO, NO, F)),
    State.FOLLOWING: ((F, NO, NO, F), (F, NO, NO, F)),
    State.CLOSED: (("wrong_state",) * 4, ("wrong_state",) * 4),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("actor", ACTORS)
def test_what_is_wanted_in_every_state_by_every_actor(state: State, actor: str):
    place = list(ACTORS).index(actor)
    at_once, until = TABLE[state]
    assert outcome(request(state), actor) == at_once[place]
    assert outcome(request(state), actor, until=SOON) == until[place]


def test_with_a_time_it_is_followed_until_then():
    decision = recorded(request(State.TAKEN), note="少盐", until=SOON)
    after = decision.after
    assert (after.wanted, after.follow_due_at, after.taken_by) == ("meal", SOON, 7)
    assert decision.said == Wanted(wanted="meal", note="少盐", passed_to="食堂", until=SOON)
    assert decision.texts == ()


@pytest.mark.parametrize("minutes", [-5, 0, 60 * 24 * 15])
def test_a_time_that_is_over_or_weeks_away_is_none(minutes: int):
    until = LONG_AGO + timedelta(minutes=minutes)
    assert outcome(request(State.TAKEN), TAKER, until=until) == "until_when"


RAISING = {State.WAITING: State.WAITING, State.TAKEN: State.TAKEN, State.FOLLOWING: State.WAITING}


def raised(found: Incident, actor: str = TAKER, facts: Any = FACTS) -> Decision:
    decision = RAISE.decide(found, facts, by(actor), PLAIN, LONG_AGO + timedelta(minutes=8))
    assert decision is not None
    return decision


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("state", RAISING)
@pytest.mark.parametrize("mode", IncidentMode)
def test_anybody_makes_it_an_alarm_and_it_rings_and_texts(
    state: State, actor: str, mode: IncidentMode
):
    found = request(state, mode=mode, marks=("request_due", "request_late"))
    decision = raised(found, actor)
    after = decision.after
    assert decision.said == Raised()
    assert (after.signal_class, after.kind, after.priority) == ("alarm", "sos", 1)
    assert (after.state, after.ring, after.mode) == (RAISING[state], 2, IncidentMode.REAL)
    assert (after.marks, after.call_back_by, list(after.kinds)) == ((), None, ["help", "sos"])
    assert after.taken_by == (7 if state is State.TAKEN else None)
    assert [text.recipient for text in decision.texts] == [DAUGHTER.phone]
    assert decision.texts[0].params["at"] == after.last_signal_at.isoformat()


def test_families_are_not_told_at_once_where_an_operator_confirms_first():
    careful = replace(CALLER, settings=RegionSettings(sms_policy="after_confirmation"))
    assert raised(request(State.TAKEN), facts=replace(FACTS, caller=careful)).texts == []


def test_it_goes_on_with_the_plan_of_an_alarm():
    alarm = Choice("sos", 5, 1)
    begun = replace(FACTS, begun=Choice("help"), alarm_plan=alarm)
    decision = raised(request(State.TAKEN), facts=begun)
    assert (decision.plan, decision.wait) == (alarm, PlanWait(None))
    waiting = raised(request(State.WAITING), facts=replace(FACTS, alarm_plan=alarm))
    assert waiting.plan is None


@pytest.mark.parametrize("signal_class", ["alarm", "technical"])
def test_nothing_else_is_raised(signal_class: Any):
    assert signal_class not in RAISED
    with pytest.raises(CallCenterError) as error:
        raised(standing(State.TAKEN, signal_class=signal_class))
    assert error.value.code == "not_a_request"


@pytest.mark.parametrize("name", ["tell-next", "confirm"])
def test_nobody_is_told_of_a_request(name: str):
    with pytest.raises(CallCenterError) as error:
        give(name, request(State.TAKEN))
    assert error.value.code == "is_request"
