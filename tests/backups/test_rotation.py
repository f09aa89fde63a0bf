"""Which copies are kept: days, weeks, and the newest always."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from callcenter.backups.rotation import name_at, newest, time_of, to_go

NOW = datetime(2026, 11, 28, 3, 10, tzinfo=UTC)


def _days(count: int) -> list[str]:
    return [name_at(NOW - timedelta(days=n)) for n in range(count)]


def test_days_and_weeks_are_kept_and_the_rest_goes():
    names = _days(60)
    kept = [name for name in names if name not in to_go(names, daily=7, weekly=5)]
    assert kept[:7] == names[:7]
    times = [time_of(name) for name in kept]
    assert len({at.isocalendar()[:2] for at in times if at}) == 5
    assert len(kept) == 7 + 3


def test_of_a_day_the_last_one_is_kept():
    early, late = name_at(NOW), name_at(NOW + timedelta(hours=9))
    assert to_go([early, late], daily=7, weekly=5) == [early]


def test_the_newest_never_goes_nor_what_is_not_ours():
    assert to_go([name_at(NOW)], daily=0, weekly=0) == []
    assert to_go(["holiday.jpg", ".callcenter-x.unfinished"], daily=1, weekly=0) == []


def test_the_newest_is_found_by_its_name():
    assert newest(["last.json", *_days(3)]) == name_at(NOW)
    assert newest(["last.json"]) is None
