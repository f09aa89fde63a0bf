"""What leaves the boards when a drill is over, and what never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.alerts.entries import CalledOff
from callcenter.alerts.handling.calling_off import CALL_OFF, call_off
from callcenter.alerts.handling.decision import SYSTEM, Facts
from callcenter.alerts.incident import IncidentMode, State
from tests.support.commands import standing
from tests.support.community import LONG_AGO

OPEN = [state for state in State if state is not State.CLOSED]


@pytest.mark.parametrize("state", OPEN)
def test_a_drill_is_closed_as_a_test_in_whatever_state_it_is_and_tells_nobody(state: State):
    found = replace(standing(state), mode=IncidentMode.DRILL, offered_to=8)
    decision = call_off(found, Facts(), SYSTEM, None, LONG_AGO)
    assert decision is not None
    after = decision.after
    assert (after.state, after.outcome, after.closed_at) == (State.CLOSED, "test", LONG_AGO)
    assert (after.taken_by, after.offered_to) == (found.taken_by, None)
    assert decision.said == CalledOff()
    assert decision.texts == ()


@pytest.mark.parametrize("mode", [IncidentMode.REAL, IncidentMode.TEST])
@pytest.mark.parametrize("state", State)
def test_g9_whatever_is_no_drill_stays(state: State, mode: IncidentMode):
    found = replace(standing(state), mode=mode)
    assert CALL_OFF.decide(found, Facts(), SYSTEM, None, LONG_AGO) is None


def test_what_is_closed_is_not_closed_again():
    found = replace(standing(State.CLOSED), mode=IncidentMode.DRILL)
    assert call_off(found, Facts(), SYSTEM, None, LONG_AGO) is None
