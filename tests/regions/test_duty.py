"""Whom a region calls to an alarm that nobody takes: which numbers are taken, and which are refused with the number named."""

from __future__ import annotations

import pytest

from callcenter.core.errors import Invalid
from callcenter.regions.duty import check_duty_numbers

MOBILE, SECOND = "+8613900000009", "+8613800000008"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ([], []),
        (["139 0000 0009"], [MOBILE]),
        (["13800000008", "+86 139-0000-0009"], [SECOND, MOBILE]),
        (["", " ", "13900000009"], [MOBILE]),
        (["13900000009（班长）"], [MOBILE]),
        (["+44 7400 123456"], ["+447400123456"]),
    ],
)
def test_mobile_numbers_are_kept_in_their_order(typed: list[str], kept: list[str]):
    assert check_duty_numbers(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code", "number", "place"),
    [
        (["0571-88886666"], "duty_not_mobile", "0571-88886666", 0),
        (["13900000009", "0571-88886666"], "duty_not_mobile", "0571-88886666", 1),
        (["1064812345678"], "duty_not_mobile", "1064812345678", 0),  # the SIM of a device
        (["1390000"], "duty_malformed", "1390000", 0),
        (["值班室"], "duty_malformed", "值班室", 0),
        (["13900000009/13800000008"], "duty_malformed", "13900000009/13800000008", 0),
        (["1.39E+10"], "duty_malformed", "1.39E+10", 0),
        (["13900000009转801"], "duty_malformed", "13900000009转801", 0),
        (["13900000009", "+86 139 0000 0009"], "duty_twice", "+86 139 0000 0009", 1),
    ],
)
def test_what_no_text_reaches_is_refused_with_the_number(
    typed: list[str], code: str, number: str, place: int
):
    with pytest.raises(Invalid) as refused:
        check_duty_numbers(typed)
    said = refused.value
    assert (said.code, said.params["number"], said.params["place"]) == (code, number, place)
    assert said.params["field"] == "duty_numbers"
