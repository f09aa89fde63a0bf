"""Who carries a duty phone when, and that somebody is always called."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callcenter.regions.duty_shifts import (
    DutyPhone,
    OnDuty,
    Shift,
    on_duty,
    phones_of,
    stored_phones,
)

SHANGHAI = "Asia/Shanghai"
WEEKDAY_NIGHTS = Shift((1, 2, 3, 4, 5), "20:00", "08:00")


def local(text: str) -> datetime:
    """A time at the site; 14 March 2026 is a Saturday."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("shift", "now", "until"),
    [
        (WEEKDAY_NIGHTS, "2026-03-13T19:59", None),
        (WEEKDAY_NIGHTS, "2026-03-13T20:00", "2026-03-14T08:00"),
        (WEEKDAY_NIGHTS, "2026-03-14T07:59", "2026-03-14T08:00"),  # Friday's, on Saturday
        (WEEKDAY_NIGHTS, "2026-03-14T08:00", None),
        (WEEKDAY_NIGHTS, "2026-03-14T20:00", None),  # Saturday has none
        (WEEKDAY_NIGHTS, "2026-03-16T07:00", None),  # nor has Sunday, which would last until Monday
        (Shift((6,), "09:00", "09:00"), "2026-03-14T09:00", "2026-03-15T09:00"),  # a whole day
        (Shift((6,), "09:00", "09:00"), "2026-03-15T09:00", None),
        (Shift((7,), "00:00", "00:00"), "2026-03-15T23:59", "2026-03-16T00:00"),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_began(shift: Shift, now: str, until: str | None):
    phone = DutyPhone("", SHANGHAI, (shift,))
    assert phone.end_if_on(local(now)) == (None if until is None else local(until))


def test_who_is_called_stands_in_the_order_of_the_list_with_until_when():
    phones = {
        "+861": DutyPhone("夜班", SHANGHAI, (WEEKDAY_NIGHTS,)),
        "+863": DutyPhone("白班", SHANGHAI, (Shift(begins="08:00", ends="20:00"),)),
    }
    noon, night = local("2026-03-13T12:00"), local("2026-03-13T21:00")
    numbers = ("+861", "+862", "+863")
    assert on_duty(numbers, phones, noon) == (
        OnDuty("+862"),
        OnDuty("+863", "白班", local("2026-03-13T20:00")),
    )
    assert [one.number for one in on_duty(numbers, phones, night)] == ["+861", "+862"]


def test_where_no_shift_holds_all_of_the_list_is_called():
    phones = dict.fromkeys(("+861", "+862"), DutyPhone("夜班", SHANGHAI, (WEEKDAY_NIGHTS,)))
    called = on_duty(("+861", "+862"), phones, local("2026-03-13T12:00"))
    assert called == (OnDuty("+861", "夜班"), OnDuty("+862", "夜班"))
    assert on_duty((), phones, local("2026-03-13T12:00")) == ()


def test_it_is_stored_and_read_again_and_of_a_phone_that_says_nothing_nothing_is():
    phones = {"+861": DutyPhone("夜班", SHANGHAI, (WEEKDAY_NIGHTS,)), "+862": DutyPhone("", "UTC")}
    stored = stored_phones(phones)
    assert phones_of(stored) == {"+861": phones["+861"]}
    assert stored_phones({"+862": DutyPhone()}) is None


@pytest.mark.parametrize(
    "said",
    [
        None,
        {},
        {"name": "x", "zone": "Nowhere/Land", "shifts": []},
        {"name": "x", "zone": "UTC", "shifts": [{"days": [1], "begins": "late", "ends": "08:00"}]},
        {"name": "x", "zone": "UTC", "shifts": 7},
    ],
)
def test_what_cannot_be_read_is_called_at_any_time(said: object):
    assert phones_of({"+861": said}) == {"+861": DutyPhone()}
    assert phones_of("nothing") == {}
