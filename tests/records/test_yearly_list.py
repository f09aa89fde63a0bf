"""A list of holidays as people copy it; a wrong line is named, and half a year is no year. The days are invented."""

from __future__ import annotations

from datetime import date

import pytest

from callcenter.records.models import DayKind
from callcenter.records.yearly_list import ListedDay, read_list
from callcenter.residents.problems import InvalidFields

LEAST = "2030-01-01,holiday,元旦\n2030-05-01,放假,劳动节\n2030-10-01,holiday,国庆节\n"


def test_days_are_read_in_order_with_their_words():
    days = read_list("日期,类型,名称\n2030-09-28,上班,\n2030-10-04,rest\n\n" + LEAST, 2030)
    assert days[0] == ListedDay(date(2030, 1, 1), DayKind.HOLIDAY, "元旦")
    assert [each.kind for each in days[2:4]] == [DayKind.WORKDAY, DayKind.HOLIDAY]
    assert len(days) == 5


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("2031-01-01,holiday,元旦", "line 4", "another_year"),
        ("2030-02-30,holiday,", "line 4", "not_a_date"),
        ("2030-02-03,perhaps,", "line 4", "not_a_choice"),
        ("2030-05-01,rest,", "line 4", "day_twice"),
    ],
)
def test_a_wrong_line_is_named(line, column, code):
    with pytest.raises(InvalidFields) as refused:
        read_list(LEAST + line, 2030)
    told = refused.value.params["problems"]
    assert [(each["column"], each["code"]) for each in told] == [(column, code)]


@pytest.mark.parametrize("text", ["", "2030-01-01,holiday,元旦", LEAST.replace("放假", "上班")])
def test_half_a_year_is_no_year(text):
    with pytest.raises(InvalidFields) as refused:
        read_list(text, 2030)
    assert {each["code"] for each in refused.value.params["problems"]} == {"not_a_whole_year"}
