"""One caller, many ways in which a line writes the number."""

from __future__ import annotations

import pytest

from callcenter.telephony.numbers import Caller, NumberRule, Presentation, read, to_dial

OF_THE_OFFICE = [NumberRule("9", drop=1, digits=12), NumberRule("700", drop=3, put="0311")]


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("13912345678", "+8613912345678"),
        ("013912345678", "+8613912345678"),
        ("8613912345678", "+8613912345678"),
        ("+86 139-1234-5678", "+8613912345678"),
        ("008613912345678", "+8613912345678"),
        ("913912345678", "+8613912345678"),
        ("87654321", "+8631187654321"),
        ("031187654321", "+8631187654321"),
        ("70087654321", "+8631187654321"),
        ("0085223456789", "+85223456789"),
    ],
)
def test_one_number_in_all_its_spellings(raw: str, e164: str):
    assert read(raw, False, OF_THE_OFFICE, "0311") == Caller(raw, e164, Presentation.SHOWN)


@pytest.mark.parametrize(
    "raw", ["", "王秀英", "1" * 60, "<script>", "139123", "+", "13912345678;drop"]
)
def test_what_is_no_number_is_kept_as_it_came(raw: str):
    assert read(raw, False, OF_THE_OFFICE, "0311") == Caller(raw[:40], None, Presentation.MALFORMED)


def test_a_withheld_number_is_nobodys():
    found = read("13912345678", True, (), "0311")
    assert (found.e164, found.presentation) == (None, Presentation.WITHHELD)


@pytest.mark.parametrize(
    ("e164", "dialled"),
    [
        ("+8613912345678", "13912345678"),
        ("+8631187654321", "031187654321"),
        ("+861012345678", "01012345678"),
        ("+4930123456", "004930123456"),
        ("12349", "12349"),
    ],
)
def test_a_number_is_dialled_as_a_telephone_here_dials_it(e164: str, dialled: str):
    assert to_dial(e164) == dialled
