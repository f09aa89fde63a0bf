"""Numbers as people and spreadsheets write them."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import example, given, strategies as st

from callcenter.core.errors import Invalid
from callcenter.core.phone import is_service, mask, parse_phone, parse_phones, takes_texts


@pytest.mark.parametrize(
    ("text", "e164", "can_text"),
    [
        ("13912340001", "+8613912340001", True),
        ("+86 139-1234-0001", "+8613912340001", True),
        ("0086 139 1234 0001", "+8613912340001", True),
        ("１３９１２３４０００１", "+8613912340001", True),
        (" 13912340001\t", "+8613912340001", True),
        ("021-62345678", "+862162345678", False),
        ("+44 7911 123456", "+447911123456", True),
        ("+1 202 555 0143", "+12025550143", True),
        ("13912340001（女儿）", "+8613912340001", True),
        ("手机：13912340001", "+8613912340001", True),
        ("0571/88886666", "+8657188886666", False),
        ("0571—88886666", "+8657188886666", False),
        ("(0571)88886666", "+8657188886666", False),
        ("14905001234", "+8614905001234", True),
        ("1440012345678", "+861440012345678", False),
        ("+86 1064812345678", "+861064812345678", False),
        ("\u202a13912340001\u202c", "+8613912340001", True),
    ],
)
def test_numbers_are_kept_as_e164(text: str, e164: str, can_text: bool):
    number = parse_phone(text)
    assert (number.e164, number.can_text) == (e164, can_text)


def test_the_country_decides_how_a_national_number_reads():
    assert parse_phone("07911 123456", "GB").e164 == "+447911123456"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("1.38E+10", "mangled"),
        ("1,38E+10", "mangled"),
        ("13800000001.0", "mangled"),
        ("1.38e10", "mangled"),
        ("12345", "not_a_phone_number"),
        ("无", "not_a_phone_number"),
        ("139123400011", "not_a_phone_number"),
        ("1" * 5000, "not_a_phone_number"),
        ("12345678901", "not_a_phone_number"),
        ("13912340001/13912340002", "several_numbers"),
        ("13912340001、02162345678", "several_numbers"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text: str, code: str):
    with pytest.raises(Invalid) as caught:
        parse_phone(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("e164", "masked"),
    [
        ("+8613912340001", "139****0001"),
        ("13912340001", "139****0001"),
        ("+447911123456", "447****3456"),
        ("120", "****"),
        ("", "****"),
    ],
)
def test_masking_leaves_too_little_to_call(e164: str, masked: str):
    assert mask(e164) == masked


@pytest.mark.parametrize(
    "between", ["/", "、", "，", "；", "\n", "或", "  ", " / ", "（女儿）", "，女儿"]
)
def test_two_numbers_are_two(between: str):
    numbers = parse_phones(f"139 1234 0001{between}0571-88886666")
    assert [number.e164 for number in numbers] == ["+8613912340001", "+8657188886666"]


def test_blanks_within_a_number_divide_nothing():
    assert [number.e164 for number in parse_phones("0571 8888 6666")] == ["+8657188886666"]
    assert [number.e164 for number in parse_phones("0571/88886666")] == ["+8657188886666"]


@pytest.mark.parametrize(
    "extension", ["转801", "-转801", "分机801", "（转801）", " ext. 801", "#801", "转：801"]
)
def test_an_extension_is_kept_beside_the_number(extension: str):
    number = parse_phone(f"0571-88886666{extension}")
    assert (number.e164, number.extension) == ("+8657188886666", "801")


def test_a_number_that_no_plan_knows_is_said_to_be_one():
    assert not parse_phone("14905001234").planned
    assert parse_phone("13912340001").planned


def accepted(text: str) -> bool:
    try:
        return parse_phone(text).can_text
    except Invalid:
        return False


@given(st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True))
@example("+8616100000000")
@example("+8619312340001")
def test_whatever_begins_as_a_chinese_mobile_takes_texts(text: str):
    number = parse_phone(text)
    known = phonenumbers.parse(text, "CN")
    assert (number.e164, number.can_text) == (text, True)
    assert number.planned is phonenumbers.is_valid_number(known)


@given(
    st.from_regex(r"\+86[0-9]{5,12}|\+1[0-9]{10}|\+447[0-9]{9}|\+86[a-z1]{3,12}", fullmatch=True)
)
@example("+862162345678")
@example("+864001234567")
@example("")
def test_whether_a_number_takes_texts_is_what_reading_it_says(text: str):
    assert takes_texts(text) is accepted(text)


@pytest.mark.parametrize(
    "sender",
    [
        "10086",
        "10010",
        "+8610086",
        "95588",
        "12345",
        "106980095188123",
        "1069012345678",
        "1008612345",
        "+861065712345678",
        "CMCC",
        "中国移动",
        "CMCC10086",
        "中国移动10086",
        "O2",
        "",
    ],
)
def test_a_carrier_or_a_company_is_nobody_s_phone(sender: str):
    assert is_service(sender)


@pytest.mark.parametrize(
    "sender",
    [
        "+8613900000001",
        "13900000001",
        "0999-8012349",
        "+861088887777",
        "661234",
        "+12025550123",
        "+861064812345678",
        "Unknown",
        "未知号码",
    ],
)
def test_a_phone_is_one_also_by_the_short_number_of_its_family(sender: str):
    assert not is_service(sender)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("13901000137；", ["+8613901000137"]),
        ("13901000137、", ["+8613901000137"]),
        ("13901000137/无", ["+8613901000137"]),
        ("13901000137-13901000138", ["+8613901000137", "+8613901000138"]),
        ("13901000137--13901000138", ["+8613901000137", "+8613901000138"]),
        ("13901000137+13901000138", ["+8613901000137", "+8613901000138"]),
        ("13901000137&13901000138", ["+8613901000137", "+8613901000138"]),
        ("1390100 0137 1390100 0138", ["+8613901000137", "+8613901000138"]),
        ("139 0100 0137 139 0100 0138", ["+8613901000137", "+8613901000138"]),
        ("0571-88886666-13901000137", ["+8657188886666", "+8613901000137"]),
        ("Tel: 13901000137", ["+8613901000137"]),
        ("M13901000137", ["+8613901000137"]),
    ],
)
def test_numbers_with_anything_between_and_around_them(text, numbers):
    assert [number.e164 for number in parse_phones(text)] == numbers


@pytest.mark.parametrize(
    "text", ["0571-88886666-801", "0571-88886666*801", "0571-88886666 801", "0571-88886666,801", "057188886666-801"]
)  # fmt: skip
def test_an_extension_without_a_word(text):
    [number] = parse_phones(text)
    assert (number.e164, number.extension) == ("+8657188886666", "801")


@pytest.mark.parametrize(
    "text", ["1390100xxxx", "1390100XXXX", "139O1000137", "139a1000137", "0571-CALLNOW"]
)
def test_letters_of_a_keypad_are_nobodys_number(text):
    """`phonenumbers` dials them: 1390100xxxx would be somebody's."""
    with pytest.raises(Invalid):
        parse_phones(text)
