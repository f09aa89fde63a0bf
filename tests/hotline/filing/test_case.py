"""A case moves as its table says."""

from __future__ import annotations

from itertools import product

import pytest

from callcenter.core.errors import Conflict, Invalid
from callcenter.hotline.filing.case import TRANSITIONS, CaseState, CaseStep, after


@pytest.mark.parametrize(("state", "step"), list(product(CaseState, CaseStep)))
def test_every_step_from_every_state(state: CaseState, step: CaseStep):
    following = TRANSITIONS[state].get(step)
    if following is None:
        with pytest.raises(Conflict):
            after(state, step, words="said", minutes=5)
    else:
        assert after(state, step, words="said", minutes=5) is following


@pytest.mark.parametrize("step", [CaseStep.NOTED, CaseStep.DONE])
def test_what_came_of_it_is_said(step: CaseStep):
    with pytest.raises(Invalid, match="Say what"):
        after(CaseState.OPEN, step, words="  ", minutes=None)


def test_later_says_until_when():
    with pytest.raises(Invalid, match="for how long"):
        after(CaseState.OPEN, CaseStep.POSTPONED, words="", minutes=None)
