"""A refusal after an outage stands on the timeline of what is still open, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.alerts.handling.decision import SYSTEM
from callcenter.alerts.handling.refused_later import Refused, say_refused
from callcenter.alerts.incident import State
from tests.support.commands import FACTS, standing
from tests.support.community import LONG_AGO

REFUSED = Refused("take", "taken_by_other", "王敏")


@pytest.mark.parametrize("state", [State.WAITING, State.TAKEN, State.FOLLOWING])
def test_it_says_what_was_refused_and_changes_nothing_else(state: State) -> None:
    before = standing(state)
    decision = say_refused(before, FACTS, SYSTEM, REFUSED, LONG_AGO)
    assert decision is not None
    assert decision.after == before
    assert (decision.said.command, decision.said.code) == ("take", "taken_by_other")
    assert decision.said.note == "王敏"


def test_a_closed_incident_says_itself_how_it_ended() -> None:
    closed = replace(standing(State.TAKEN), state=State.CLOSED)
    assert say_refused(closed, FACTS, SYSTEM, REFUSED, LONG_AGO) is None
