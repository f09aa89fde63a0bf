"""Identity numbers: right ones, wrong ones, and ones that a spreadsheet ruined."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from callcenter.core.errors import Invalid
from callcenter.residents.identity import (
    check_digit,
    is_old_form,
    mask_identity,
    mask_number,
    parse_identity,
    worked_out,
)

TODAY = date(2026, 8, 1)


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as caught:
        parse_identity(text, TODAY)
    return caught.value.code


def test_the_number_of_the_standard_tells_birth_date_and_sex():
    identity = parse_identity("11010519491231002X", TODAY)  # the example of GB 11643-1999
    assert identity.birth_date == date(1949, 12, 31)
    assert identity.sex == "female"


def test_spaces_full_width_digits_and_a_small_x_are_what_people_type():
    assert parse_identity(" 110105 19491231 002x ", TODAY).number == "11010519491231002X"
    assert (
        parse_identity("１１０１０５１９４９１２３１００２Ｘ", TODAY).number == "11010519491231002X"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("3.7E+17", "mangled"),
        ("3.70105194912310E+17", "mangled"),
        ("1.10105194912310E17", "mangled"),
        ("110105194912310000", "mangled"),
        ("110105194912310000.0", "mangled"),
        ("110105491231002", "old_form"),
        ("1101051949123100", "length"),
        ("11010519491231002A", "length"),
        ("110105194912310021", "check_digit"),
        ("110105194913310020", "check_digit"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(text, code):
    assert refusal(text) == code


@pytest.mark.parametrize(
    ("old", "number"),
    [
        ("110105491231002", "11010519491231002X"),
        ("１１０１０５-491231 002", "11010519491231002X"),
        ("370105430612061", "370105194306120611"),
        ("110105981231996", "110105189812319960"),
    ],
)
def test_what_an_old_number_has_become(old, number):
    assert is_old_form(old)
    assert worked_out(old) == number
    assert not is_old_form(number)


@pytest.mark.parametrize("birth", ["19491331", "18800101", "20990101"])
def test_a_birth_date_that_cannot_be_is_refused(birth):
    first17 = f"110105{birth}002"
    assert refusal(first17 + check_digit(first17)) == "birth_date"


def test_a_number_that_truly_ends_in_three_zeros_is_right():
    first17 = next(
        n for n in (f"110105194912{day:02d}000" for day in range(1, 31)) if check_digit(n) == "0"
    )
    assert parse_identity(first17 + "0", TODAY).number == first17 + "0"


@given(
    st.dates(date(1900, 1, 1), date(2026, 7, 1)),
    st.integers(1, 998),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_one_wrong_digit_is_always_found(born, serial, position, shift):
    number = f"110105{born:%Y%m%d}{serial:03d}"
    number += check_digit(number)
    wrong = str((int(number[position]) + shift) % 10)
    with pytest.raises(Invalid):
        parse_identity(number[:position] + wrong + number[position + 1 :], TODAY)


def test_only_the_ends_are_shown():
    assert mask_identity("11010519491231002X") == "1101**********002X"


@pytest.mark.parametrize(
    ("number", "shown"), [("370212345678", "********5678"), ("12345678", "********"), ("", "")]
)
def test_a_short_number_shows_nothing(number, shown):
    assert mask_number(number) == shown
