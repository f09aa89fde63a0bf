"""Numbers as people and spreadsheets write them."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import example, given, strategies as st
from phonenumbers import PhoneNumberType

from callcenter.core.errors import Invalid
from callcenter.core.phone import is_service, mask, parse_phone, takes_texts


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


def accepted(text: str) -> bool:
    try:
        return parse_phone(text).can_text
    except Invalid:
        return False


@given(st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True))
@example("+8616100000000")
def test_chinese_mobiles_are_read_quickly_with_the_same_answer(text: str):
    number = phonenumbers.parse(text, "CN")
    is_mobile = phonenumbers.number_type(number) == PhoneNumberType.MOBILE
    assert accepted(text) is (is_mobile and phonenumbers.is_valid_number(number))
    if is_mobile:
        assert parse_phone(text).e164 == text


def test_every_range_of_chinese_mobiles_has_the_same_answer():
    for head in range(1300, 2000):
        text = f"+86{head}1234567"
        number = phonenumbers.parse(text, "CN")
        assert accepted(text) is (phonenumbers.number_type(number) == PhoneNumberType.MOBILE)


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
    ["10086", "10010", "+8610086", "95588", "12345", "106980095188123", "CMCC", "中国移动", ""],
)
def test_a_carrier_or_a_company_is_nobody_s_phone(sender: str):
    assert is_service(sender)


@pytest.mark.parametrize(
    "sender",
    ["+8613900000001", "13900000001", "0999-8012349", "+861088887777", "661234", "+12025550123"],
)
def test_a_phone_is_one_also_by_the_short_number_of_its_family(sender: str):
    assert not is_service(sender)
