"""Dates as they stand in registers; tests/directory/test_rows.py has them in their cells."""

from datetime import date

import pytest

from callcenter.core.errors import Invalid
from callcenter.directory.dates import Precision, read_date


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
