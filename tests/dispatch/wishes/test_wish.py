"""A wish is fulfilled or withdrawn once, with a word."""

from __future__ import annotations

import pytest

from callcenter.core.errors import Conflict, Invalid
from callcenter.dispatch.wishes.wish import TRANSITIONS, WishEvent, WishState, apply


def test_the_table_knows_every_state():
    assert set(TRANSITIONS) == set(WishState)


@pytest.mark.parametrize("state", WishState)
@pytest.mark.parametrize("event", WishEvent)
def test_what_has_ended_stays_so(state: WishState, event: WishEvent):
    following = TRANSITIONS[state].get(event)
    if following is None:
        with pytest.raises(Conflict):
            apply(state, event, "聊了")
        return
    assert apply(state, event, "聊了") is following
    with pytest.raises(Invalid):
        apply(state, event, "  ")
