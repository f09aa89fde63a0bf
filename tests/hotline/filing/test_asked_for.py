"""Which calls a list asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from callcenter.core.errors import Invalid
from callcenter.core.ids import new_id
from callcenter.hotline.call import Direction
from callcenter.hotline.filing.asked_for import CallFilter, Part, Start, read_start, write_start
from callcenter.telephony.line import LineKind

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_day_is_one_of_the_site():
    _, values = CallFilter(day=date(2026, 11, 12)).conditions(SHANGHAI)
    assert values["since"] == datetime(2026, 11, 11, 16, tzinfo=UTC)
    assert values["until"] == datetime(2026, 11, 12, 16, tzinfo=UTC)


def test_all_that_is_given_must_hold():
    wanted = CallFilter(
        part=Part.MISSED,
        line="12349",
        kind=LineKind.RED,
        direction=Direction.IN,
        resident_id=7,
        disposition="care",
        text="100%",
    )
    conditions, values = wanted.conditions(SHANGHAI)
    assert conditions.count(") AND (") == 6
    assert values["like"] == "%100\\%%"
    assert values["digits"] == "%100%"


def test_two_digits_are_no_number():
    _, values = CallFilter(text="3号").conditions(SHANGHAI)
    assert values["digits"] == "-"


def test_a_cursor_says_where_a_page_ended():
    start = Start(datetime(2026, 11, 12, 9, 26, 53, 589, tzinfo=UTC), new_id())
    assert read_start(write_start(start)) == start


@pytest.mark.parametrize(
    "text",
    ["", "x", "é", "a" * 200, write_start(Start(datetime(2026, 1, 1), UUID(int=1)))],  # noqa: DTZ001
)
def test_a_cursor_of_nobody(text: str):
    with pytest.raises(Invalid) as refused:
        read_start(text)
    assert refused.value.code == "bad_cursor"
