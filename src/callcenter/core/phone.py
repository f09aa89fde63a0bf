"""Phone numbers: E.164 in the database, never a whole one in a log line."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

from callcenter.core.errors import Invalid

_MANGLED = re.compile(r"^[+-]?\d+([.,]\d+)?[eE][+-]?\d+$|^\d{5,}[.,]0+$")
"""What a spreadsheet makes of a number it took for an amount: 1.38E+10, 13800000001.0."""

_TEXTABLE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that exists in its country's plan; `can_text` says whether an SMS can reach it."""

    e164: str
    can_text: bool


def parse_phone(text: str, default_country: str = "CN") -> PhoneNumber:
    """Read a number as people write it. Raises Invalid: missing, mangled (by a spreadsheet) or not_a_phone_number."""
    cleaned = text.strip()
    if not cleaned:
        raise Invalid("A phone number is missing.", code="missing")
    if _MANGLED.match(cleaned):
        raise Invalid(
            f"{cleaned!r} was changed by a spreadsheet; format the column as text and enter it again.",
            code="mangled",
            value=cleaned,
        )
    try:
        number = phonenumbers.parse(cleaned, default_country)
    except phonenumbers.NumberParseException:
        raise _not_a_number(cleaned) from None
    if not phonenumbers.is_valid_number(number):
        raise _not_a_number(cleaned)
    return PhoneNumber(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        can_text=phonenumbers.number_type(number) in _TEXTABLE,
    )


def _not_a_number(text: str) -> Invalid:
    return Invalid(f"{text!r} is not a phone number.", code="not_a_phone_number", value=text)


def mask(e164: str) -> str:
    """A number as it may stand in a log or in front of eyes that need not call it: 138****0001."""
    digits = re.sub(r"\D", "", e164.removeprefix("+86"))
    if len(digits) < 7:
        return "****"
    return f"{digits[:3]}****{digits[-4:]}"
