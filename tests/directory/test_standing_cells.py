"""Codes, lunar birthdays and disabilities as registers write them."""

from __future__ import annotations

import pytest

from callcenter.directory.standing_cells import (
    disability_of,
    hukou_code,
    lunar_day,
    told_by_certificate,
)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("04-08", "04-08"),
        ("L04-08", "L04-08"),
        ("四月初八", "04-08"),
        ("农历闰四月初十", "L04-10"),
        ("正月十五", "01-15"),
        ("腊月廿三", "12-23"),
        ("冬月三十", "11-30"),
        ("十二月二十九", "12-29"),
        ("8月15日", "08-15"),
        ("13-01", None),
        ("04-31", None),
        ("1943-06-12", None),
        ("不记得", None),
    ],
)
def test_a_lunar_birthday_has_no_year(written, day):
    assert lunar_day(written) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [("620902", "620902"), ("620902001", "620902001"), ("6209020010", None), ("榆州", None)],
)
def test_a_region_of_the_household_has_6_9_or_12_digits(written, code):
    assert hukou_code(written) == code


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("肢体", ("physical", "")),
        ("肢体残疾二级", ("physical", "2")),
        ("视力残疾(一级)", ("visual", "1")),
        ("mental", ("mental", "")),
        ("有", (None, "")),
    ],
)
def test_a_disability_says_its_kind_and_perhaps_its_degree(written, read):
    assert disability_of(written) == read


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("62090219500101001544", ("physical", "4")),
        ("62090219500101001X11B1", ("visual", "1")),
        ("62090219500101001X", (None, "")),
    ],
)
def test_a_certificate_says_kind_and_degree_itself(number, read):
    assert told_by_certificate(number) == read
