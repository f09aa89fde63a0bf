"""Who a caller's number is, from what the line signalled. Pure.

Exchanges, gateways and mobile networks write one number in many ways: 013912345678, 8613912345678, 008613912345678, 9-013912345678,
87654321 without its area. Rules of the site are tried first, in their order; what none of them knows is read by the plan of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.core.phone import parse_phone

LONGEST: Final = 20
"""ITU-T E.164 has 15 digits, and prefixes of exchanges stand before them. Sixty digits are no number."""
KEPT: Final = 40
"""So much of what was signalled is kept, to be read out to the provider."""
_DIALLED: Final = re.compile(r"\+?[0-9]+", re.ASCII)
_FOREIGN: Final = re.compile(r"00(?!86)([1-9]\d{6,13})", re.ASCII)
_TRUNK_AND_MOBILE: Final = re.compile(r"0(1[3-9]\d{9})", re.ASCII)
_MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)
_OF_THE_PLACE: Final = re.compile(r"[2-9]\d{6,7}", re.ASCII)


class Presentation(StrEnum):
    """What is known of a caller's number."""

    SHOWN = "shown"
    WITHHELD = "withheld"
    MALFORMED = "malformed"
    """Something was signalled that is no number."""


@dataclass(frozen=True, slots=True)
class NumberRule:
    """What begins with `begins`, and has `digits` in all where that is said, loses `drop` of its first characters and gets `put` before it."""

    begins: str
    drop: int = 0
    put: str = ""
    digits: int | None = None

    def fits(self, number: str) -> bool:
        return number.startswith(self.begins) and self.digits in (None, len(number))

    def rewritten(self, number: str) -> str:
        return self.put + number[self.drop :]


@dataclass(frozen=True, slots=True)
class Caller:
    """`raw` is as it was signalled, cut; `e164` where it is a number."""

    raw: str
    e164: str | None
    presentation: Presentation


def read(raw: str, withheld: bool, rules: Iterable[NumberRule], area_code: str) -> Caller:
    """`area_code` is that of the place of the line (0311), for numbers of seven or eight digits."""
    kept = raw[:KEPT]
    if withheld:
        return Caller(kept, None, Presentation.WITHHELD)
    number = _bare(raw)
    if number is None:
        return Caller(kept, None, Presentation.MALFORMED)
    rule = _first(rules, number)
    e164 = _parsed(rule.rewritten(number) if rule else _planned(number, area_code))
    return Caller(kept, e164, Presentation.SHOWN if e164 else Presentation.MALFORMED)


def to_dial(e164: str) -> str:
    """As a telephone of mainland China dials it: mobiles as they are, others with the 0 of their area, abroad with 00."""
    if not e164.startswith("+86"):
        return f"00{e164[1:]}" if e164.startswith("+") else e164
    own = e164.removeprefix("+86")
    return own if _MOBILE.fullmatch(own) else f"0{own}"


def rule_for(raw: str, rules: Iterable[NumberRule]) -> NumberRule | None:
    """The one by which it is read; None: none of them knows it."""
    number = _bare(raw)
    return None if number is None else _first(rules, number)


def _first(rules: Iterable[NumberRule], number: str) -> NumberRule | None:
    return next((each for each in rules if each.fits(number)), None)


def _bare(raw: str) -> str | None:
    """Without what people and exchanges put between; None: no number."""
    number = re.sub(r"[\s().-]", "", raw)
    return number if len(number) <= LONGEST and _DIALLED.fullmatch(number) else None


def _planned(number: str, area_code: str) -> str:
    """As the plan of numbers of mainland China has it."""
    if foreign := _FOREIGN.fullmatch(number):
        return f"+{foreign[1]}"
    if mobile := _TRUNK_AND_MOBILE.fullmatch(number):
        return mobile[1]
    if _OF_THE_PLACE.fullmatch(number):
        return f"{area_code}{number}"
    return number


def _parsed(number: str) -> str | None:
    with suppress(Invalid):
        return parse_phone(number).e164
    return None
