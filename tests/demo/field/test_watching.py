"""Dots beside what phones have said: behind, missing, hollow after five minutes and filled again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from callcenter.demo.field.watching import Heard, Watch

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
LI = 7


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_a_dot_where_its_phone_is() -> None:
    watch = Watch()
    watch.look({LI: NOW}, {LI: Heard(NOW, NOW)}, NOW + seconds(9), NOW + seconds(9))
    assert watch.holds
    assert watch.behind == timedelta()


def test_what_was_acknowledged_just_before_the_look_may_be_missing_for_two_seconds() -> None:
    watch = Watch()
    heard = {LI: Heard(NOW + seconds(20), NOW + seconds(21))}
    watch.look({LI: NOW}, heard, NOW + seconds(22.9), NOW + seconds(22.9))
    assert (watch.behind, watch.holds) == (seconds(1.9), True)
    watch.look({LI: NOW}, heard, NOW + seconds(23.1), NOW + seconds(23.1))
    assert (watch.too_far_behind, watch.behind, watch.holds) == (1, seconds(2.1), False)


def test_a_dot_that_is_missing() -> None:
    watch = Watch()
    watch.look({}, {LI: Heard(NOW, NOW)}, NOW + seconds(2), NOW + seconds(2))
    assert (watch.without, watch.holds) == (0, True)
    watch.look({}, {LI: Heard(NOW, NOW)}, NOW + seconds(2.1), NOW + seconds(2.1))
    assert (watch.without, watch.holds) == (1, False)


def test_a_phone_that_is_closed_turns_hollow_once_and_is_filled_when_it_is_back() -> None:
    watch = Watch()
    heard = {LI: Heard(NOW, NOW)}
    for age in (299, 300, 301, 303):
        watch.look({LI: NOW}, heard, NOW + seconds(age), NOW + seconds(age))
    assert (watch.turned, watch.youngest, watch.back, watch.hollow) == (1, seconds(301), 0, {LI})
    back = NOW + seconds(360)
    watch.look({LI: back}, {LI: Heard(back, back)}, back, back)
    assert (watch.turned, watch.back, watch.hollow) == (1, 1, set())
    assert "1 turned hollow after 301 s, 1 of them back" in watch.line()
