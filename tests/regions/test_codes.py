"""Codes of regions and the days on which they change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from callcenter.core.errors import Conflict, Invalid
from callcenter.regions.codes import FURTHEST, check_code, check_day

TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("province", "620000000000"),
        ("city", "620900000000"),
        ("district", "620902000000"),
        ("street", "620902001000"),
        ("community", "620902001003"),
        ("grid", "620902001003-G01"),
        ("grid", "6209020010037"),
    ],
)
def test_what_is_a_code(level: str, code: str):
    check_code(level, code)


@pytest.mark.parametrize(
    ("level", "code", "reason"),
    [
        ("district", "620902", "twelve"),
        ("community", "62090200100x", "twelve"),
        ("community", "020902001003", "twelve"),
        ("community", "６２０９０２００１００３", "twelve"),
        ("street", "620902001003", "zeros"),
        ("province", "620902000000", "zeros"),
        ("grid", "620902001003", "grid"),
        ("grid", "yuyinli-1", "grid"),
    ],
)
def test_what_is_none_is_refused_with_the_reason(level: str, code: str, reason: str):
    with pytest.raises(Invalid) as refused:
        check_code(level, code)
    assert (refused.value.code, refused.value.params["reason"]) == ("region_code", reason)


def test_a_code_holds_from_today_or_from_a_day_that_was_after_the_one_before():
    check_day(TODAY, TODAY, None)
    check_day(date(2026, 12, 31), TODAY, None)
    check_day(date(2026, 1, 1), TODAY, date(2026, 1, 1))
    with pytest.raises(Invalid) as early:
        check_day(TODAY + FURTHEST + timedelta(days=1), TODAY, None)
    assert early.value.code == "code_day"
    with pytest.raises(Conflict) as late:
        check_day(date(2025, 12, 31), TODAY, date(2026, 1, 1))
    assert late.value.params == {"since": "2026-01-01"}
