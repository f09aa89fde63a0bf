"""How somebody sits at a seat: every event in every state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from callcenter.seats.session import SESSIONS, SeatEvent, SeatState, Session
from tests.support.community import LONG_AGO

OFF, READY, BUSY, WRAP_UP, PAUSE = SeatState
EVENTS = tuple(SeatEvent)

# state -> what follows on, off, pause, resume, take, free, wrapped
FOLLOWS = {
    OFF: (READY, OFF, OFF, OFF, OFF, OFF, OFF),
    READY: (READY, OFF, PAUSE, READY, BUSY, READY, READY),
    BUSY: (BUSY, OFF, BUSY, BUSY, BUSY, WRAP_UP, BUSY),
    WRAP_UP: (WRAP_UP, OFF, PAUSE, READY, BUSY, WRAP_UP, READY),
    PAUSE: (PAUSE, OFF, PAUSE, READY, BUSY, PAUSE, PAUSE),
}
LATER = LONG_AGO + timedelta(seconds=5)


@pytest.mark.parametrize("state", SeatState)
@pytest.mark.parametrize("event", SeatEvent)
def test_every_event_in_every_state(state: SeatState, event: SeatEvent):
    after = Session(state, LONG_AGO).after(event, LATER, "meal")
    assert after.state is FOLLOWS[state][EVENTS.index(event)]
    assert after.since == (LONG_AGO if after.state is state else LATER)
    assert after.reason == ("meal" if event is SeatEvent.PAUSE and after.state is PAUSE else None)


def test_every_state_is_in_the_table():
    assert set(SESSIONS) == set(SeatState)


def test_another_reason_is_the_same_pause():
    meal = Session(PAUSE, LONG_AGO, "meal")
    assert meal.after(SeatEvent.PAUSE, LATER, "training") == Session(PAUSE, LONG_AGO, "training")


@given(st.lists(st.sampled_from(SeatEvent)))
def test_whoever_takes_is_busy_whatever_was_before(events: list[SeatEvent]):
    session = Session(READY, LONG_AGO)
    for event in events:
        session = session.after(event, LONG_AGO, "break")
    taken = session.after(SeatEvent.TAKE, LONG_AGO)
    assert taken.state is (OFF if session.state is OFF else BUSY)
    assert (session.reason is not None) == (session.state is PAUSE)


@pytest.mark.parametrize(
    ("state", "passed", "over"),
    [(WRAP_UP, 9, False), (WRAP_UP, 10, True), (WRAP_UP, -3_600, True), (READY, 60, False)],
)
def test_the_time_to_write_down_ends(state: SeatState, passed: int, over: bool):
    now = LONG_AGO + timedelta(seconds=passed)
    assert Session(state, LONG_AGO).is_wrapped_up(timedelta(seconds=10), now) is over
