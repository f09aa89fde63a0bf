"""Every state and what may become of it; what is held never expires."""

from __future__ import annotations

from itertools import product

import pytest

from callcenter.core.errors import Conflict
from callcenter.hotline.recordings.keeping_states import HEARD_IN, TRANSITIONS, Event, apply
from callcenter.hotline.recordings.models import RecordingState as State


def test_every_state_is_in_the_table():
    assert set(TRANSITIONS) == set(State)
    assert TRANSITIONS[State.EXPIRED] == {}
    assert Event.EXPIRE not in TRANSITIONS[State.HELD]


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_what_is_not_in_it_is_refused(state, event):
    if event in TRANSITIONS[state]:
        assert apply(state, event) is TRANSITIONS[state][event]
    else:
        with pytest.raises(Conflict, match=f"that is {state}"):
            apply(state, event)


def test_what_was_repaired_is_so_again():
    assert apply(State.HELD, Event.RELEASE, repaired=True) is State.REPAIRED
    assert apply(State.MISSING, Event.FIND, repaired=True) is State.REPAIRED
    assert apply(State.KEPT, Event.HOLD, repaired=True) is State.HELD
    assert State.MISSING not in HEARD_IN
