"""Whom a region calls to an alarm that nobody takes: mobile numbers, since they are called by text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.core.phone import PhoneNumber, parse_phone

MOST_NUMBERS: Final = 10


def check_duty_numbers(typed: Sequence[str]) -> list[str]:
    """In E.164, in the order in which they are called; empty lines are left out. Raises Invalid with `number` as it was typed and
    its `place` (from 0): `duty_malformed`, `duty_not_mobile`, `duty_twice`.
    """
    numbers: list[str] = []
    for place, text in enumerate(typed):
        if not text.strip():
            continue
        e164 = _mobile(text, place)
        if e164 in numbers:
            raise _refused("duty_twice", text, place, "is on the list twice.")
        numbers.append(e164)
    return numbers


def _mobile(text: str, place: int) -> str:
    number = _parsed(text, place)
    if not number.can_text:
        raise _refused(
            "duty_not_mobile", text, place, "cannot be texted: the duty list is called by text."
        )
    if number.extension:
        raise _refused("duty_malformed", text, place, "has an extension, which no text can reach.")
    return number.e164


def _parsed(text: str, place: int) -> PhoneNumber:
    try:
        return parse_phone(text)
    except Invalid as error:
        raise _refused("duty_malformed", text, place, "is not one phone number.") from error


def _refused(code: str, text: str, place: int, why: str) -> Invalid:
    return Invalid(f"{text!r} {why}", code=code, field="duty_numbers", number=text, place=place)
