"""Which codes lie below a region."""

from __future__ import annotations

import pytest

from callcenter.records.hukou import digits_that_name


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("370000", "37"),
        ("370200000000", "3702"),
        ("370202", "370202"),
        ("370202001", "370202001"),
        ("370202001000", "370202001"),
        ("370202001003", "370202001003"),
        ("000000", None),
        ("yuyinli", None),
        ("37020", None),
        (None, None),
    ],
)
def test_the_digits_that_name_a_region(code, digits):
    assert digits_that_name(code) == digits
