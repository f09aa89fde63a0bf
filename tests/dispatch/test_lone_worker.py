"""Asked by text, then to be called, then an alarm; whatever is heard from them begins it anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.dispatch.lone_worker import Deed, Seen, Watch, watch
from tests.support.field import NOW, later

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("at", "asked", "alarm", "called", "expected"),
    [
        (49, None, None, None, Watch(Deed.WAIT, later(minutes=50))),
        (50, None, None, None, Watch(Deed.ASK, later(minutes=60))),
        (55, 50, None, None, Watch(Deed.WAIT, later(minutes=60))),
        (60, 50, None, None, Watch(Deed.ALARM, None)),
        (70, 50, 60, None, Watch(Deed.WAIT, None)),
        (60, 50, None, 55, Watch(Deed.WAIT, later(minutes=85))),
        (85, 50, None, 55, Watch(Deed.ASK, later(minutes=95))),
        (75, 50, 60, 70, Watch(Deed.WAIT, later(minutes=100))),  # found: she had fallen asleep
        (20, None, None, 10, Watch(Deed.WAIT, later(minutes=50))),
    ],
)
def test_what_is_due(at, asked, alarm, called, expected):
    moments = [None if each is None else later(minutes=each) for each in (asked, alarm, called)]
    assert watch(Seen(NOW, HALF_AN_HOUR, *moments), later(minutes=at)) == expected
