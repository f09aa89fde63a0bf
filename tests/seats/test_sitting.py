"""What is noted of who sits where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from callcenter.seats.sitting import MOST_WAITING, Sitting, Sittings

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
SEAT = UUID(int=1)
WANG = Sitting(7, [1], [], False, "off", None, NOW, NOW)
ON_DUTY = replace(WANG, armed=True, state="ready")


def look(sittings: Sittings, after_s: float, *found: Sitting) -> None:
    at = NOW + timedelta(seconds=after_s)
    seats = dict(zip([SEAT], found, strict=False))
    sittings.look(at, seats, lambda seat: replace(seats[seat], heard_at=at))


def noted(sittings: Sittings) -> list[tuple[float, str, bool]]:
    return [
        ((one.at - NOW).total_seconds(), one.sitting.state, one.gone) for one in sittings.waiting
    ]


def test_only_what_changes_is_noted():
    sittings = Sittings()
    for after_s, found in (
        (0, WANG),
        (1, WANG),
        (2, ON_DUTY),
        (3, ON_DUTY),
        (4, replace(ON_DUTY, state="busy")),
    ):
        look(sittings, after_s, found)
    assert noted(sittings) == [(0, "off", False), (2, "ready", False), (4, "busy", False)]


def test_who_is_gone_was_heard_when_somebody_last_heard_them():
    sittings = Sittings()
    look(sittings, 0, ON_DUTY)
    look(sittings, 5, ON_DUTY)
    look(sittings, 6)
    look(sittings, 7)
    assert noted(sittings) == [(0, "ready", False), (6, "ready", True)]
    assert sittings.waiting[-1].sitting.heard_at == NOW + timedelta(seconds=5)


def test_what_is_written_waits_no_longer_and_what_came_meanwhile_does():
    sittings = Sittings()
    look(sittings, 0, WANG)
    writing = list(sittings.waiting)
    look(sittings, 1, ON_DUTY)
    sittings.written(writing)
    assert noted(sittings) == [(1, "ready", False)]
    sittings.written(writing)
    assert noted(sittings) == [(1, "ready", False)]


def test_at_a_clean_stop_all_go():
    sittings = Sittings()
    look(sittings, 0, ON_DUTY)
    sittings.all_go(NOW + timedelta(seconds=3))
    assert noted(sittings) == [(0, "ready", False), (3, "ready", True)]


def test_while_nothing_can_be_written_no_more_than_so_many_wait():
    sittings = Sittings()
    for number in range(MOST_WAITING + 3):
        look(sittings, number, replace(WANG, pause=str(number)))
    assert len(sittings.waiting) == MOST_WAITING
    assert sittings.waiting[-1].sitting.pause == str(MOST_WAITING + 2)
