"""How a ride was, by one digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.dispatch.task import TaskKind
from callcenter.rounds.rides.rated import (
    RATED,
    RESTS,
    asked_now,
    in_time,
    may_ask,
    rating_of,
)

AT = datetime(2026, 3, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "rating"),
    [("5", 5), ("５分。", 5), ("回复4", 4), ("打3分", 3), ("5 stars", 5), (" 1 ", 1)]
    + [(text, None) for text in ("0", "6", "55", "1 482", "5?", "很好", "", "不是5")],
)
def test_one_digit_is_a_rating(text: str, rating: int | None):
    assert rating_of(text) == rating


def test_it_is_answered_within_a_day():
    day = timedelta(days=1)
    assert in_time(AT, AT)
    assert in_time(AT, AT + day)
    assert not in_time(AT, AT + day + timedelta(seconds=1))
    assert not in_time(AT, AT - timedelta(seconds=1))


def test_who_was_asked_lately_is_left_alone_but_for_a_ride():
    for kind in RATED:
        assert may_ask(kind, None, AT)
        assert may_ask(kind, AT, AT + RESTS)
        assert may_ask(kind, AT, AT + timedelta(days=6)) is (kind is TaskKind.RIDE)


@pytest.mark.parametrize(
    ("hour", "asked"), [(7, {TaskKind.RIDE}), (8, RATED), (20, RATED), (21, {TaskKind.RIDE})]
)
def test_nobody_is_asked_at_night_how_a_visit_was(hour: int, asked: set[TaskKind]):
    assert asked_now(datetime(2026, 11, 28, hour, tzinfo=UTC)) == asked
