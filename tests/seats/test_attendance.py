"""The sessions of those who sit here, as they come, work, pause and go."""

from __future__ import annotations

from datetime import datetime, timedelta

from callcenter.seats.attendance import Attendance
from callcenter.seats.session import SeatState
from tests.support.community import LONG_AGO

WANG, LI = 7, 8


class Room:
    """Who works is said by the test; ten seconds to write down."""

    def __init__(self) -> None:
        self.working: set[int] = set()
        self.now: datetime = LONG_AGO
        self.attendance = Attendance(self.working.__contains__, timedelta(seconds=10))

    def state(self, user: int = WANG, *, after_s: float = 0.0) -> SeatState:
        self.now += timedelta(seconds=after_s)
        self.attendance.settle({WANG: None, LI: None}, self.now)
        return self.attendance.of(user, self.now).state


def test_whoever_is_not_there_is_off():
    assert Attendance(lambda _: False, timedelta()).of(WANG, LONG_AGO).state is SeatState.OFF


def test_taken_makes_busy_and_the_end_gives_time_to_write_down():
    room = Room()
    assert room.state() is SeatState.READY
    room.working.add(WANG)
    assert (room.state(), room.state(LI)) == (SeatState.BUSY, SeatState.READY)
    room.working.clear()
    assert room.state() is SeatState.WRAP_UP
    assert room.state(after_s=9) is SeatState.WRAP_UP
    assert room.state(after_s=1) is SeatState.READY


def test_without_time_to_write_down_one_is_ready_at_once():
    working = {WANG}
    attendance = Attendance(working.__contains__, timedelta())
    attendance.settle({WANG: None}, LONG_AGO)
    working.clear()
    attendance.settle({WANG: None}, LONG_AGO)
    assert attendance.of(WANG, LONG_AGO).state is SeatState.READY


def test_a_pause_ends_when_its_user_says_so_or_takes_an_alarm():
    room = Room()
    room.state()
    room.attendance.wish(WANG, "meal", room.now)
    assert room.state(after_s=600) is SeatState.PAUSE
    room.attendance.wish(WANG, None, room.now)
    assert room.state() is SeatState.READY
    room.attendance.wish(WANG, "meal", room.now)
    room.working.add(WANG)
    assert room.state() is SeatState.BUSY


def test_a_pause_holds_over_a_line_that_was_lost():
    room = Room()
    room.attendance.settle({WANG: "meal"}, room.now)
    session = room.attendance.of(WANG, room.now)
    assert (session.state, session.reason) == (SeatState.PAUSE, "meal")


def test_whoever_leaves_is_off_and_what_they_wished_is_forgotten():
    room = Room()
    room.state()
    room.attendance.wish(WANG, "meal", room.now)
    room.attendance.settle({LI: None}, room.now)
    assert room.attendance.of(WANG, room.now).state is SeatState.OFF
    assert room.state() is SeatState.READY
