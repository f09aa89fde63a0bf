"""One moment, in all the ways in which devices write it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from callcenter.devices.protocols.http_json.times import read_moment
from callcenter.devices.tolerance import UNREADABLE

MOMENT = datetime(2026, 3, 14, 4, 12, 7, tzinfo=UTC)
SECONDS = int(MOMENT.timestamp())
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "written",
    [
        SECONDS,
        float(SECONDS),
        str(SECONDS),
        f"{SECONDS}.0",
        SECONDS * 1000,
        str(SECONDS * 1000),
        SECONDS * 10**6,
        SECONDS * 10**9,
        "2026-03-14T04:12:07Z",
        "2026-03-14t04:12:07z",
        "2026-03-14T12:12:07+08:00",
        "2026-03-14T12:12:07+0800",
        "2026-03-14 12:12:07 +08:00",
        "2026-03-14T04:12:07.000Z",
        "2026-03-14T04:12:07.000000000Z",
        "2026-03-14 04:12:07 UTC",
        "2026-03-14T12:12:07",
        "2026-03-14 12:12:07",
        "2026/3/14 12:12:07",
        "2026.03.14 12:12:07",
        "20260314121207",
        "20260314T121207",
        "2026年3月14日 12:12:07",
        "2026年3月14日12时12分7秒",
        "２０２６-03-14 12:12:07",
        f" {SECONDS} ",
        f"{SECONDS * 1000}ms",
        {"seconds": SECONDS, "nanos": 0},
        {"$date": "2026-03-14T04:12:07Z"},
        [SECONDS],
        f"/Date({SECONDS * 1000}+0800)/",
        20260314121207,
        "20260314121207000",
        "20260314 121207",
        "20260314-121207",
        "20260314041207Z",
        "20260314121207+0800",
        "2026-3-14 12:12:7",
        "2026-03-14-12:12:07",
        "2026-03-14 12.12.07",
        "2026-03-14 121207",
        "2026–03–14 12：12：07",
        "2026-03-14 12:12:07 GMT+8",
        "2026-03-14 12:12:07 (UTC+08:00)",
        "2026-03-14T12:12:07+8",
        "2026-03-14T12:12:07+08:00[Asia/Shanghai]",
        "2026-03-14T12:12:07 Asia/Shanghai",
        "2026-03-14 12:12:07 CST",
        "2026-03-14 12:12:07 PM",
        "2026-03-14 下午12:12:07",
        "2026年3月14日下午12点12分7秒",
        "Sat, 14 Mar 2026 04:12:07 GMT",
        "Sat Mar 14 04:12:07 2026 UTC",
        "Sat Mar 14 2026 12:12:07 GMT+0800",
        "Mar 14, 2026 12:12:07 PM",
        "14-Mar-2026 12:12:07",
        "2026-Mar-14 12:12:07",
        "'2026-03-14T04:12:07Z'",
    ],
)
def test_one_moment(written: object) -> None:
    assert read_moment(written, SHANGHAI) == MOMENT


@pytest.mark.parametrize(
    "written", ["2026-03-14 12:12", "2026/3/14 12:12", "202603141212", 202603141212]
)
def test_a_minute_is_enough(written: object) -> None:
    assert read_moment(written, SHANGHAI) == MOMENT.replace(second=0)


def test_the_evening_is_not_the_morning() -> None:
    evening = datetime(2026, 3, 14, 20, 5, tzinfo=UTC)
    for written in (
        "2026-03-14 8:05 PM",
        "2026-03-14 08:05pm",
        "2026年3月14日 晚上8:05",
        "2026-03-14 20:05",
    ):
        assert read_moment(written, UTC) == evening
    assert read_moment("2026-03-14 12:05 AM", UTC) == datetime(2026, 3, 14, 0, 5, tzinfo=UTC)


def test_a_zone_that_only_has_a_name_counts_where_it_is_the_source_s() -> None:
    assert read_moment("2026-03-14 12:12:07 CST", UTC) is None
    assert read_moment("2026-03-14 12:12:07 PST", SHANGHAI) is None


def test_a_time_without_a_zone_is_one_of_the_source_s_zone() -> None:
    assert read_moment("2026-03-14T04:12:07", UTC) == MOMENT
    assert read_moment("2026-03-14T12:12:07", SHANGHAI) == MOMENT


@pytest.mark.parametrize(
    "written",
    [
        *("yesterday", "", "03-14-2026 04:12:07", "14-03-2026", "2026-13-01", 1e300, "9" * 400),
        *("14.03.2026 12:12:07", "03/14/2026 12:12:07", "12:12:07", "26-03-14 12:12:07", "now"),
        *("0000-00-00 00:00:00", "2026-02-30 12:12:07", "2026-03-14 25:00:00", [], {}, True),
    ],
)
def test_what_is_no_time_is_not_guessed(written: object) -> None:
    with suppress(*UNREADABLE):
        assert read_moment(written, UTC) is None


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.none()))
def test_nothing_but_what_is_expected_is_raised(value: object) -> None:
    with suppress(*UNREADABLE):
        read_moment(value, SHANGHAI)
