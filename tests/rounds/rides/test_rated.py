"""How a ride was, by one digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.rounds.rides.rated import in_time, rating_of

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
