"""Dates as they stand in registers; tests/directory/test_rows.py has them in their cells."""

from datetime import date

import pytest

from callcenter.core.errors import Invalid
from callcenter.directory.dates import Precision, WrittenDate, read_date


@pytest.mark.parametrize(
    "text", ["", "13", "1943-02-30", "1943-13", "12/06/1943", "0000-01-01", "9" * 400]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(Invalid) as caught:
        read_date(text)
    assert caught.value.code == "not_a_date"


def test_a_month_means_any_of_its_days():
    written = read_date("1943.06")
    assert (written.day, written.precision) == (date(1943, 6, 1), Precision.MONTH)
    assert written.agrees(date(1943, 6, 30))
    assert not written.agrees(date(1943, 7, 1))


def test_a_number_cell_without_its_format_is_the_day_it_counts():
    assert read_date("15869").day == date(1943, 6, 12)


@pytest.mark.parametrize(
    "text",
    [
        *("一九四三年六月十二日", "1943–06–12", "1943—06—12", "1943_06_12", "1943·06·12", "1943\\6\\12", "'1943-06-12"),
        *("12-Jun-1943", "1943-Jun-12", "Jun 12, 1943", "12 June 1943", "June 12th, 1943", "15869.0", "19430612.0"),
        *("1943年6月12日出生", "1943-06-12(公历)", "1943-06-12 星期六", "1943-06-12 08:00:00", "1943-06-12T00:00:00+08:00"),
    ],
)  # fmt: skip
def test_a_day_in_many_spellings(text):
    assert read_date(text) == WrittenDate(date(1943, 6, 12), Precision.DAY)


@pytest.mark.parametrize(
    "text", ["1943年6月份", "1943年6月生", "一九四三年六月", "1943-06-00", "19430600"]
)
def test_a_month_in_many_spellings(text):
    assert read_date(text) == WrittenDate(date(1943, 6, 1), Precision.MONTH)


@pytest.mark.parametrize("text", ["约1943年", "1943年左右", "一九四三年", "1943-00-00", "1943年生"])
def test_a_year_in_many_spellings(text):
    assert read_date(text) == WrittenDate(date(1943, 1, 1), Precision.YEAR)


@pytest.mark.parametrize(
    "text",
    ["农历1943年五月初十", "1943年五月初十", "1943-06-12(阴历)", "43-06-12", "6/12/1943", "12-Jup-1943", "1943-06-11T16:00:00Z"],
)  # fmt: skip
def test_what_may_mean_two_days_is_none(text):
    with pytest.raises(Invalid):
        read_date(text)


def test_days_may_be_counted_from_1904():
    assert read_date("14407", since_1904=True).day == date(1943, 6, 12)
    assert read_date("1943-06-12", since_1904=True).day == date(1943, 6, 12)
