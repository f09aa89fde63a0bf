"""Rubbish leaves enough behind to be found, and no more, however it is poured in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from callcenter.listeners.bounds import SampleBounds
from callcenter.listeners.samples import Samples

NOW = datetime(2026, 11, 22, 4, 12, 59, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


def test_the_share_begins_again_each_minute():
    samples = Samples(in_all=2)
    assert [samples.take(NOW, "10.0.0.9") for _ in range(3)] == [True, True, False]
    assert samples.take(NOW + timedelta(seconds=1), "10.0.0.9")


def test_rubbish_of_two_minutes_in_turns_does_not_begin_the_share_again_each_time():
    samples = Samples(in_all=60, of_one=60)
    times = [NOW, NOW + A_MINUTE] * 1_000
    assert sum(samples.take(at, "10.0.0.9") for at in times) == 61  # one before the minute turned


def test_one_that_floods_does_not_hide_another():
    samples = Samples(in_all=60, of_one=5)
    assert sum(samples.take(NOW, "10.0.0.9") for _ in range(1_000)) == 5
    assert samples.take(NOW, "10.0.0.8")


def test_two_hundred_addresses_leave_no_more_than_all_may():
    samples = Samples(in_all=60, of_one=5)
    kept = [samples.take(NOW, f"127.0.0.{n % 200}") for n in range(10_000)]
    assert sum(kept) == 60


def test_a_clock_set_back_does_not_end_the_keeping():
    samples = Samples(in_all=1)
    assert samples.take(NOW, "10.0.0.9")
    assert not samples.take(NOW - A_MINUTE, "10.0.0.9")
    assert samples.take(NOW - timedelta(days=1), "10.0.0.9")


def test_it_is_told_before_a_source_has_used_up_its_share():
    samples = Samples.within(SampleBounds(a_minute=5, of_one=5), lambda: 0.0)
    with capture_logs() as told:
        for n in range(5):
            assert samples.take(NOW, f"10.0.0.{n}")
    assert [(line["limit"], line["used"]) for line in told] == [("devices.unread_a_minute", 4)]
