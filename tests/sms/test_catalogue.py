"""Each kind of text: how it is sent, and what it takes."""

from datetime import timedelta

import pytest

from callcenter.sms.catalogue import PARAMS, RULES, MessageKind


def test_every_kind_says_what_it_takes_and_how_it_is_sent():
    assert set(PARAMS) == set(RULES) == set(MessageKind)


@pytest.mark.parametrize(
    "kind",
    [
        MessageKind.SAFE_CLOSED,
        MessageKind.MISTAKEN_PRESS,
        MessageKind.NOBODY_REACHED,
        MessageKind.CLOSED_OTHER,
        MessageKind.CORRECTION,
    ],
)
def test_how_it_ended_may_arrive_hours_late(kind: MessageKind):
    """A phone that was off all evening must not keep the alarm as its last word."""
    assert RULES[kind].valid_for >= timedelta(hours=6)
