"""Phone numbers: E.164 in the database, never a whole one in a log line."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from callcenter.core.errors import Invalid

_MANGLED = re.compile(r"^[+-]?\d+([.,]\d+)?[eE][+-]?\d+$|^\d{5,}[.,]0+$")
"""What a spreadsheet makes of a number it took for an amount: 1.38E+10, 13800000001.0."""


def _chinese_mobile() -> re.Pattern[str]:
    """A mobile number of mainland China as E.164, which nearly every number here is; the plan is that of `phonenumbers`."""
    china = PhoneMetadata.metadata_for_region("CN")
    if china is None or china.mobile is None:
        raise AssertionError("phonenumbers comes with every country")
    plan = china.mobile.national_number_pattern
    return re.compile(rf"\+86(?=1[3-9]\d{{9}}$)(?:{plan})", re.ASCII)


_CHINESE_MOBILE = _chinese_mobile()
_CHINESE_OTHER = re.compile(r"\+86[2-9]")
"""Every mobile number of mainland China begins with 1."""
_TEXTABLE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that exists in its country's plan; `can_text` says whether an SMS can reach it."""

    e164: str
    can_text: bool


def parse_phone(text: str, default_country: str = "CN") -> PhoneNumber:
    """Read a number as people write it. Raises Invalid: missing, mangled (by a spreadsheet) or not_a_phone_number."""
    if _CHINESE_MOBILE.fullmatch(text):
        return PhoneNumber(e164=text, can_text=True)
    return _parse_any(text.strip(), default_country)


def _parse_any(cleaned: str, default_country: str) -> PhoneNumber:
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


def takes_texts(e164: str) -> bool:
    """Whether an SMS can reach a number as it is kept in the database; False for what is no number at all."""
    if _CHINESE_MOBILE.fullmatch(e164):
        return True
    if _CHINESE_OTHER.match(e164):
        return False
    try:
        return parse_phone(e164).can_text
    except Invalid:
        return False


_SERVICE = re.compile(
    r"(?:\+|00)?(?:86)?(?:10\d{3,}|11\d{1,3}|12\d{3,}|95\d{3,}|96\d{3,})", re.ASCII
)


def is_service(sender: str) -> bool:
    """Whether a text comes from a carrier or a company (10086, 95588, 1069..., a name) and not from somebody's phone."""
    try:
        parse_phone(sender)
    except Invalid:
        bare = re.sub(r"[\s-]", "", sender)
        return _SERVICE.fullmatch(bare) is not None or not any(c.isdigit() for c in bare)
    return False


def _not_a_number(text: str) -> Invalid:
    return Invalid(f"{text!r} is not a phone number.", code="not_a_phone_number", value=text)


def mask(e164: str) -> str:
    """A number as it may stand in a log or in front of eyes that need not call it: 138****0001."""
    digits = re.sub(r"\D", "", e164.removeprefix("+86"))
    if len(digits) < 7:
        return "****"
    return f"{digits[:3]}****{digits[-4:]}"
