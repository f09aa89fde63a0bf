"""Gaps between the times in which alarms could be stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from callcenter.calls.outage import SHORTEST, Window, gaps

NINE = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_a_stop_and_a_start_leave_a_window():
    spans = [(at(0), at(10)), (at(25), at(60))]
    assert gaps(spans, at(60)) == [Window(at(10), at(25))]


def test_a_second_server_covers_it():
    assert gaps([(at(0), at(10)), (at(25), at(60)), (at(5), at(26))], at(60)) == []


def test_a_long_span_is_not_forgotten_behind_a_short_one():
    assert gaps([(at(0), at(60)), (at(1), at(2))], at(60)) == []


def test_the_newest_stands_first_and_an_outage_may_last_until_now():
    spans = [(at(0), at(10)), (at(20), at(30))]
    assert gaps(spans, at(40)) == [Window(at(30), at(40)), Window(at(10), at(20))]


def test_a_restart_that_devices_bridge_by_themselves_is_none():
    assert gaps([(at(0), at(10)), (at(10.9), at(20))], at(20)) == []


def test_before_the_first_word_nothing_is_known():
    assert gaps([], at(0)) == []


SPANS = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 100)).map(lambda s: (at(s[0]), at(s[0] + s[1]))),
    max_size=20,
)


@given(SPANS)
def test_no_window_lies_in_a_span_and_none_is_short(spans: list[tuple[datetime, datetime]]):
    for window in gaps(spans, at(700)):
        assert window.length >= SHORTEST
        assert not any(since < window.until and until > window.since for since, until in spans)
