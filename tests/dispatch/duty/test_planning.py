"""Which days, from when until when, and what speaks against a shift."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from callcenter.dispatch.duty.planning import (
    Away,
    Flag,
    LeftOut,
    Span,
    Standing,
    a_week_on,
    days_from,
    flags_of,
    left_out,
    on_day,
)

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 9)
SHIFT = Span(1, *on_day(MONDAY, time(8), time(16), SHANGHAI))


def test_days_of_the_week_with_both_ends():
    assert days_from(MONDAY, date(2026, 3, 16), {1, 6}) == [
        MONDAY,
        date(2026, 3, 14),
        date(2026, 3, 16),
    ]


def test_a_night_ends_on_the_next_day():
    begins, ends = on_day(MONDAY, time(22), time(6), SHANGHAI)
    assert begins == datetime(2026, 3, 9, 14, tzinfo=UTC)
    assert ends == datetime(2026, 3, 9, 22, tzinfo=UTC)


def test_a_week_on_is_by_the_clock_on_the_wall():
    """The night in which Berlin loses an hour: 8 o'clock stays 8 o'clock."""
    before = Span(1, *on_day(date(2026, 3, 23), time(8), time(16), BERLIN))
    after = a_week_on(before, 2, BERLIN)
    assert (after.staff_id, after.begins.astimezone(BERLIN).hour) == (2, 8)
    assert after.begins.astimezone(UTC).hour == before.begins.astimezone(UTC).hour - 1


@pytest.mark.parametrize(
    ("begins", "ends", "overlaps"),
    [(6, 8, False), (6, 9, True), (10, 12, True), (16, 20, False), (15, 20, True)],
)
def test_shifts_of_one_person_overlap_where_they_share_a_moment(begins, ends, overlaps):
    other = Span(1, *on_day(MONDAY, time(begins), time(ends), SHANGHAI))
    assert SHIFT.overlaps(other) is other.overlaps(SHIFT) is overlaps
    assert not SHIFT.overlaps(Span(2, other.begins, other.ends))


@pytest.mark.parametrize(
    ("standing", "holidays", "flags"),
    [
        (Standing(), (), ()),
        (Standing(away=(Away(MONDAY),)), (), (Flag.ABSENT,)),
        (Standing(away=(Away(date(2026, 3, 8), MONDAY),)), (), ()),
        (Standing(), (MONDAY,), (Flag.HOLIDAY,)),
        (Standing(active_until=MONDAY), (), (Flag.WORKS_NO_MORE,)),
        (Standing(active_until=date(2026, 3, 10)), (), ()),
        (Standing(certificate_until=date(2026, 3, 8)), (), (Flag.CERTIFICATE_ENDED,)),
        (Standing(certificate_until=MONDAY), (), ()),
    ],
)
def test_what_speaks_against_a_shift_is_said(standing, holidays, flags):
    assert flags_of(SHIFT, standing, holidays, SHANGHAI) == flags


def test_a_copied_week_leaves_out_what_overlaps_and_who_is_away_and_keeps_the_rest():
    assert left_out(SHIFT, Standing(), (), SHANGHAI) is None
    assert left_out(SHIFT, Standing(), [SHIFT], SHANGHAI) is LeftOut.OVERLAPS
    assert left_out(SHIFT, Standing(away=(Away(MONDAY),)), (), SHANGHAI) is LeftOut.ABSENT
    gone = Standing(active_until=MONDAY)
    assert left_out(SHIFT, gone, (), SHANGHAI) is LeftOut.WORKS_NO_MORE
    lapsed = Standing(certificate_until=date(2026, 1, 1))
    assert left_out(SHIFT, lapsed, (), SHANGHAI) is None
