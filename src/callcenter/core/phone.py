"""Phone numbers: E.164 in the database, never a whole one in a log line."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from callcenter.core.errors import Invalid
from callcenter.core.visible import narrow, visible

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
_LONGEST = 100
_WORDS = re.compile(r"[(（]?\s*[\u3400-\u9fff]+\s*[:：]?\s*[)）]?")
_SPEAKING = re.compile(r"[(（\s]*(?:转|分机|内线|或者|或|和|及)[:：\s)）]*")
"""Words that say how the digits around them are meant."""
_TEXTABLE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


_UNPLANNED_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
"""Eleven digits that begin as a mobile number: ranges are given out faster than any plan is renewed."""
_MACHINE = re.compile(r"(?:\+?86)?(1[04]\d{11})", re.ASCII)
"""Thirteen digits: the SIM of a device (10648..., 14400...). Nobody reads a text there."""
_EXTENSION = re.compile(
    r"\s*[(（]?\s*(?:转|分机|内线|ext\.?|x|#)\s*[:：]?\s*(\d{1,6})\s*[)）]?\s*$", re.IGNORECASE
)
_AREA_APART = re.compile(r"^\(?(0\d{2,3})\)?\s*[/\\、—–_.,，－]\s*(\d{7,8})(?!\d)")
_DIRECT_EXTENSION = re.compile(
    r"^(\(?0[1-9]\d{1,2}\)?[- ]?(?:\d{7,8}|\d{3,4}[- ]\d{4}))\s*[-*,，;； ]\s*(\d{1,5})$"
)
"""0571-88886666-801: what follows a whole number of a landline is dialled within its exchange."""
_LABEL = re.compile(
    r"^(?:tel|telephone|phone|mobile|mob|cell|m|t|p)\s*[.:：]?\s*(?=[\d+(（])", re.IGNORECASE
)
_LETTER = re.compile(r"[A-Za-z]")
"""A keypad has letters, and `phonenumbers` dials them: 1390100xxxx would be somebody's number."""
_ENDS = " \t、,，;；|/\\*.。:：&+-—－"
_WHOLE = re.compile(r"(?<!\d)(?:1[3-9]\d(?:[ -]?\d{4}){2}|0[1-9]\d{1,2}[- ]?\d{7,8})(?!\d)")
_BETWEEN = re.compile(r"[/\\、,，;；|\n]|或者|或|和|及")
_GAPS = (
    _BETWEEN,
    re.compile(rf"{_BETWEEN.pattern}|\s{{2,}}"),
    re.compile(rf"{_BETWEEN.pattern}|\s+"),
)


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number; `can_text` says whether an SMS can reach it, `planned` whether the plan of its country knows it. Of a landline
    behind an exchange `extension` is what to dial there.
    """

    e164: str
    can_text: bool
    planned: bool = True
    extension: str = ""


def parse_phone(text: str, default_country: str = "CN") -> PhoneNumber:
    """Read a number as people write it. Raises Invalid: missing, mangled (by a spreadsheet), several_numbers or
    not_a_phone_number.
    """
    if _CHINESE_MOBILE.fullmatch(text):
        return PhoneNumber(e164=text, can_text=True)
    cleaned = _digits_and_signs(text)
    if len(cleaned) > _LONGEST:
        raise _not_a_number(text)
    if _MANGLED.match(cleaned):
        raise Invalid(
            f"{cleaned!r} was changed by a spreadsheet; format the column as text and enter it again.",
            code="mangled",
            value=cleaned,
        )
    cleaned, extension = _without_extension(_LABEL.sub("", cleaned))
    if _LETTER.search(cleaned):
        raise _not_a_number(text)
    cleaned = _AREA_APART.sub(r"\1-\2", cleaned)
    if _BETWEEN.search(cleaned):
        raise Invalid(f"{text!r} is more than one number.", code="several_numbers", value=text)
    if not cleaned and text.strip():
        raise _not_a_number(text)
    return replace(_parse_any(cleaned, default_country), extension=extension)


def _without_extension(cleaned: str) -> tuple[str, str]:
    if found := _EXTENSION.search(cleaned):
        return cleaned[: found.start()].strip(), found[1]
    if found := _DIRECT_EXTENSION.match(cleaned):
        return found[1], found[2]
    return cleaned, ""


def _digits_and_signs(text: str) -> str:
    """Without the words beside a number: 13901000137（女儿）."""
    plain = narrow(visible(text[: _LONGEST + 1]))
    kept = _WORDS.sub(lambda found: found[0] if _SPEAKING.fullmatch(found[0]) else "  ", plain)
    return kept.rstrip(_ENDS).lstrip(" \t、,，;；|/\\*.。:：&-—－")


def parse_phones(text: str) -> list[PhoneNumber]:
    """All numbers of a cell, in the order they stand: 13901000137/0571-88886666. Raises Invalid as `parse_phone`."""
    try:
        return [parse_phone(text)]
    except Invalid as error:
        for between in _GAPS:  # the narrowest last: blanks stand within numbers, too
            parts = [part for part in between.split(_digits_and_signs(text)) if part.strip()]
            with suppress(Invalid):
                if len(parts) > 1:
                    return [parse_phone(part) for part in parts]
        return [parse_phone(part) for part in _whole_numbers(_digits_and_signs(text), error)]


def _whole_numbers(plain: str, error: Invalid) -> list[str]:
    """Numbers with anything between them (13901000137-13901000138), if they are all that the cell holds."""
    found = _WHOLE.findall(plain)
    if len(found) < 2 or re.sub(r"\D", "", "".join(found)) != re.sub(r"\D", "", plain):
        raise error
    return found


def _parse_any(cleaned: str, default_country: str) -> PhoneNumber:
    if not cleaned:
        raise Invalid("A phone number is missing.", code="missing")
    try:
        number = phonenumbers.parse(cleaned, default_country)
    except phonenumbers.NumberParseException:
        raise _not_a_number(cleaned) from None
    if not phonenumbers.is_valid_number(number):
        return _beyond_the_plan(cleaned)
    return PhoneNumber(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        can_text=phonenumbers.number_type(number) in _TEXTABLE,
    )


def _beyond_the_plan(cleaned: str) -> PhoneNumber:
    digits = re.sub(r"[\s().\-]", "", cleaned)
    if found := _UNPLANNED_MOBILE.fullmatch(digits):
        return PhoneNumber(e164=f"+86{found[1]}", can_text=True, planned=False)
    if found := _MACHINE.fullmatch(digits):
        return PhoneNumber(e164=f"+86{found[1]}", can_text=False, planned=False)
    raise _not_a_number(cleaned)


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
    r"(?:\+|00)?(?:86)?(?:10\d{3,}|11\d{1,4}|12\d{2,}|95\d{3,}|96\d{3,})", re.ASCII
)


_CHANNEL = re.compile(r"(?:\+|00)?(?:86)?(?:106[0-35-9]\d{9}|100\d{7})", re.ASCII)
"""As long as the SIM of a device (1064...) or a landline, but of a company (10690..., 10657..., 10086 with more behind it)."""
_WITHHELD = frozenset({"unknown", "anonymous", "private", "withheld", "restricted", "未知", "未知号码", "隐藏号码"})  # fmt: skip


def is_service(sender: str) -> bool:
    """Whether a text comes from a carrier or a company (10086, 95588, 1069..., a name) and not from somebody's phone."""
    bare = re.sub(r"[\s-]", "", sender)
    if bare.casefold() in _WITHHELD:
        return False
    try:
        parse_phone(sender)
    except Invalid:
        is_name = not bare.strip("+").isdecimal()
        return is_name or _SERVICE.fullmatch(bare) is not None
    return _CHANNEL.fullmatch(bare) is not None


def _not_a_number(text: str) -> Invalid:
    return Invalid(f"{text!r} is not a phone number.", code="not_a_phone_number", value=text)


def mask(e164: str) -> str:
    """A number as it may stand in a log or in front of eyes that need not call it: 138****0001."""
    digits = re.sub(r"\D", "", e164.removeprefix("+86"))
    if len(digits) < 7:
        return "****"
    return f"{digits[:3]}****{digits[-4:]}"


def national(e164: str | None) -> str:
    """As people of the country write it, so that a cell does not begin with +; foreign numbers with 00."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    if number.country_code != 86:
        return f"00{e164.removeprefix('+')}"
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return written.replace(" ", "")
