"""The end of a key's call stands on the timeline of what is still open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.alerts.handling.call_ended import Ended, say_call_ended
from callcenter.alerts.handling.decision import SYSTEM
from callcenter.alerts.incident import State
from tests.support.commands import FACTS, standing
from tests.support.community import LONG_AGO

ENDED = Ended("pbx/1.0", None, 16, 4, 61, 3, "王敏", answered=True)


@pytest.mark.parametrize("state", [State.WAITING, State.TAKEN, State.FOLLOWING])
def test_it_is_said_and_changes_nothing_else(state: State):
    before = standing(state)
    decision = say_call_ended(before, FACTS, SYSTEM, ENDED, LONG_AGO)
    assert decision is not None
    assert decision.after == before
    said = decision.said
    assert (said.cause, said.rang_s, said.talked_s, said.answered_by_name) == (16, 4, 61, "王敏")


def test_of_a_closed_one_the_call_itself_says_it():
    closed = replace(standing(State.TAKEN), state=State.CLOSED)
    assert say_call_ended(closed, FACTS, SYSTEM, ENDED, LONG_AGO) is None
