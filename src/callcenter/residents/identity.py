"""Identity numbers of the People's Republic (GB 11643-1999): check digit, what they say, how spreadsheets ruin them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from callcenter.core.errors import Invalid
from callcenter.residents.models import Sex

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"  # ISO 7064, mod 11-2, by the remainder
_FORM = re.compile(r"^\d{17}[\dX]$")
_OLD_FORM = re.compile(r"^\d{15}$")
_EXPONENT = re.compile(r"^\d([.,]\d+)?E\+?\d+$", re.IGNORECASE)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")
_EARLIEST_BIRTH = 1890
_BORN_BEFORE_1900 = "996"


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked number with what it says about its bearer."""

    number: str
    birth_date: date
    sex: Sex


def check_digit(first17: str) -> str:
    """The 18th character for the 17 digits before it."""
    remainder = (
        sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11
    )
    return _CHECK_DIGITS[remainder]


def parse_identity(text: str, today: date) -> Identity:
    """Read a number as people type it. Raises Invalid: missing, mangled, old_form, length, check_digit or birth_date."""
    cleaned = _cleaned(text)
    _refuse_mangled(text, cleaned)
    if _OLD_FORM.match(cleaned):
        raise _invalid(
            "old_form",
            "A 15-digit number of the old form; enter the 18-digit number of the card.",
            text,
        )
    if not _FORM.match(cleaned):
        raise _invalid(
            "length", "An identity number has 17 digits and a check digit (0-9 or X).", text
        )
    if check_digit(cleaned[:17]) != cleaned[17]:
        raise _invalid(
            "check_digit",
            "The check digit does not fit: a digit is wrong or two are swapped.",
            text,
        )
    return Identity(
        cleaned, _birth_date(cleaned, today, text), Sex.MALE if int(cleaned[16]) % 2 else Sex.FEMALE
    )


def worked_out(text: str) -> str:
    """The 18 characters that a number of 15 digits has become, if nothing about it was corrected: the year's century and the check
    digit are added. Orders of 996 and more were given to those born before 1900 (GB 11643-1989).
    """
    old = _cleaned(text)
    century = "18" if old[12:] >= _BORN_BEFORE_1900 else "19"
    first17 = f"{old[:6]}{century}{old[6:]}"
    return first17 + check_digit(first17)


def is_old_form(text: str) -> bool:
    """Whether this is a number of 15 digits."""
    return _OLD_FORM.match(_cleaned(text)) is not None


def mask_identity(number: str) -> str:
    """What may be shown to eyes that need not know it: 6222**********123X."""
    return f"{number[:4]}{'*' * 10}{number[-4:]}"


def mask_number(number: str) -> str:
    """The last digits of the number of a card or certificate, as much as tells two of them apart."""
    shown = number[-4:] if len(number) > 8 else ""
    return "*" * (len(number) - len(shown)) + shown


def _cleaned(text: str) -> str:
    return re.sub(r"[\s\-']", "", text.translate(_FULL_WIDTH)).upper()


def _refuse_mangled(text: str, cleaned: str) -> None:
    if not cleaned:
        raise _invalid("missing", "The identity number is missing.", text)
    # A spreadsheet keeps 15 significant digits of a number: the last three become zero, or an exponent.
    lost_digits = bool(_FORM.match(cleaned)) and cleaned.endswith("000")
    lost_digits = lost_digits and check_digit(cleaned[:17]) != "0"
    as_amount = bool(_EXPONENT.match(cleaned)) or bool(re.match(r"^\d{15,18}\.0+$", cleaned))
    if lost_digits or as_amount:
        raise _invalid(
            "mangled",
            "A spreadsheet took the number for an amount and its last digits are lost; "
            "format the column as text and enter the number again.",
            text,
        )


def _birth_date(number: str, today: date, text: str) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise _invalid("birth_date", "The number holds no possible birth date.", text) from None
    if not born.year >= _EARLIEST_BIRTH or born > today:
        raise _invalid("birth_date", "The birth date in the number is not believable.", text)
    return born


def _invalid(code: str, message: str, value: str) -> Invalid:
    return Invalid(message, code=code, value=value)
