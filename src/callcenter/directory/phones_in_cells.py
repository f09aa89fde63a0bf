"""Telephone numbers as registers have them: as amounts of a spreadsheet, without their area code, several in a cell. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.core.phone import PhoneNumber, parse_phone, parse_phones

_AMOUNT: Final = re.compile(r"(\d)\.(\d+)E\+?(\d{1,2})", re.IGNORECASE)
_WHOLE_AMOUNT: Final = re.compile(r"(\d{7,13})\.0+")
_ZEROS_LOST: Final = 2
"""Zeros at the end of an amount that are not written; more, and digits were lost."""
_LOCAL: Final = re.compile(r"[2-8]\d{6,7}")
_WITHIN: Final = re.compile(r"[\s-]")
_EXTENSION: Final = re.compile(r"\s*(?:转|分机)\s*\d{1,6}$")
_BETWEEN: Final = re.compile(r"\s*(?:[/\\、,，;；|\n]|或者|或|和|及|\s{2,})\s*")
_LEADS: Final = re.compile(r"\(?(0[1-9]\d{1,2})\)?[-\s]?\d{7,8}")


@dataclass(slots=True)
class ReadPhones:
    """The numbers that can be dialled, local ones that cannot, and codes of what is to be said of them."""

    numbers: list[PhoneNumber]
    local: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_phones(text: str, area_code: str) -> ReadPhones:
    """The numbers of a cell. Local ones are led by the area code, and without one kept aside. Raises Invalid as `parse_phone`."""
    whole = restored(text)
    read = _with_area(whole, area_code)
    if whole != text:
        read.remarks.append("number_restored")
    return read


def restored(text: str) -> str:
    """The number that a spreadsheet took for an amount, where no digit of it was lost: 1.3901000137E+10, 13901000137.0."""
    if found := _WHOLE_AMOUNT.fullmatch(text):
        return found[1]
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return text
    first, rest, places = found[1], found[2], int(found[3])
    is_whole = places - _ZEROS_LOST <= len(rest) <= places
    return first + rest.ljust(places, "0") if is_whole else text


def area_code_of(number: str | None) -> str:
    """Of a landline written with it (0999-8012349); empty where there is none."""
    found = _LEADS.fullmatch(number or "")
    return found[1] if found else ""


def lost_its_zero(text: str) -> bool:
    """A landline without the 0 of its area code: a spreadsheet took it, and may have taken more."""
    if not re.fullmatch(r"[1-9]\d{8,10}", text):
        return False
    try:
        with_zero, without = parse_phone(f"0{text}"), parse_phone(text)
    except Invalid:
        return False
    return with_zero == without and not with_zero.can_text


def _with_area(text: str, area_code: str) -> ReadPhones:
    try:
        return ReadPhones(parse_phones(text))
    except Invalid:
        parts = [part for part in _BETWEEN.split(text) if part]
        local = [part for part in parts if _is_local(part)]
        if not local:
            raise
    read = ReadPhones([], remarks=["area_code_added" if area_code else "no_area_code"])
    for part in parts:
        if part in local and not area_code:
            read.local.append(part)
        else:
            lead = f"{area_code}-" if part in local else ""
            read.numbers += parse_phones(lead + (_WITHIN.sub("", part) if lead else part))
    return read


def _is_local(part: str) -> bool:
    return _LOCAL.fullmatch(_WITHIN.sub("", _EXTENSION.sub("", part))) is not None
