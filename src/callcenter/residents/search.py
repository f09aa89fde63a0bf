"""Finding residents by what an operator has: a bit of a name, pinyin, initials, a phone number, an address.

Names are found by prefix, because a trigram index is of no use for the two or three characters of a Chinese name; parts
of addresses and names are found by trigrams from three characters on (design 6b.22). Prefixes are compared by the
`~>=~` operators of text_pattern_ops: unlike LIKE with a parameter they use the index in a prepared statement's generic plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from callcenter.residents.models import Building, Contact, Home, Resident

_HIGHEST = "\U0010ffff"
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_IDENTITY = re.compile(r"^\d{17}[\dXx]$")
_PHONE = re.compile(r"^[+(]?[\d\s()\-]{3,}$")
_DOOR = re.compile(r"^(\d{1,3})-(\d{1,2})-(\d{2,4})$")
_LATIN = re.compile(r"^[^\W\d_][^\W\d_ '.\-]*([ '.\-][^\W\d_ '.\-]+)*$")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－＋（）　", "0123456789-+() ")


class SearchKind(StrEnum):
    EVERYBODY = "everybody"
    IDENTITY = "identity"
    DOOR = "door"
    PHONE = "phone"
    LATIN = "latin"
    NAME = "name"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class SearchFor:
    """What was typed, understood. `text` is cleaned for its kind: digits of a phone, pinyin without spaces."""

    kind: SearchKind
    text: str
    door: tuple[str, str, str] | None = None


def understand(typed: str) -> SearchFor:
    """Guess what somebody typed into the one search field. Pure."""
    text = " ".join(typed.translate(_FULL_WIDTH).split())
    if not text:
        return SearchFor(SearchKind.EVERYBODY, "")
    if _IDENTITY.match(text):
        return SearchFor(SearchKind.IDENTITY, text.upper())
    if door := _DOOR.match(text):
        return SearchFor(SearchKind.DOOR, text, (door[1], door[2], door[3]))
    if _PHONE.match(text):
        return SearchFor(SearchKind.PHONE, _phone_digits(text))
    if not _HAN.search(text) and _LATIN.match(text):
        return SearchFor(SearchKind.LATIN, re.sub(r"[ '.\-]", "", text).lower().replace("ü", "v"))
    compact = text.replace(" ", "") if _HAN.search(text) else text
    kind = SearchKind.TEXT if len(compact) >= 3 else SearchKind.NAME
    return SearchFor(kind, compact)


def _phone_digits(text: str) -> str:
    """Digits as they stand inside E.164: without the trunk 0 of an area code or the country's 86."""
    digits = re.sub(r"\D", "", text)
    if text.startswith("+86") or (digits.startswith("86") and len(digits) == 13):
        return digits[2:]
    return digits.removeprefix("0") if len(digits) > 4 else digits


def matching(search: SearchFor, identity_index: bytes | None) -> CompoundSelect[int] | None:
    """Ids of the residents that match: a union of branches, each of which an index answers. None: everybody matches."""
    if search.kind is SearchKind.EVERYBODY:
        return None
    return union(*_branches(search, identity_index))


def _branches(search: SearchFor, identity_index: bytes | None) -> Iterator[Select[int]]:
    ids, text = select(Resident.id), search.text
    match search.kind:
        case SearchKind.IDENTITY:
            yield ids.where(Resident.identity_index == identity_index)
        case SearchKind.DOOR if search.door is not None:
            yield ids.join(Home).join(Building).where(_is_door(*search.door))
        case SearchKind.PHONE:
            yield from _by_phone(text)
        case SearchKind.LATIN:
            yield ids.where(starts_with(Resident.pinyin, text))
            yield ids.where(starts_with(Resident.initials, text))
        case SearchKind.NAME:
            yield ids.where(starts_with(Resident.name, text))
        case _:
            yield ids.where(Resident.name.contains(text, autoescape=True))
            yield ids.join(Home).where(Home.address.contains(text, autoescape=True))


def _by_phone(digits: str) -> Iterator[Select[int]]:
    yield select(Resident.id).where(Resident.phone.contains(digits, autoescape=True))
    yield select(Resident.id).where(Resident.second_phone == f"+86{digits}")
    yield select(Contact.resident_id).where(Contact.phone.contains(digits, autoescape=True))


def _is_door(building: str, entrance: str, door: str) -> ColumnElement[bool]:
    names = (f"{building}号楼", f"{building}栋", f"{building}幢", building)
    return and_(Building.name.in_(names), Home.entrance == entrance, Home.door == door)


def starts_with(column: InstrumentedAttribute[str], prefix: str) -> ColumnElement[bool]:
    """Prefix by bytes, as the index with text_pattern_ops is sorted."""
    return and_(column.op("~>=~")(prefix), column.op("~<~")(prefix + _HIGHEST))


def home_matches(text: str) -> ColumnElement[bool]:
    """Homes by address, entrance-door shorthand or part of the English address."""
    cleaned = text.translate(_FULL_WIDTH).strip()
    if door := _DOOR.match(cleaned):
        return Home.building_id.in_(
            select(Building.id).where(
                Building.name.in_((f"{door[1]}号楼", f"{door[1]}栋", door[1]))
            )
        ) & and_(Home.entrance == door[2], Home.door == door[3])
    return or_(
        Home.address.contains(cleaned.replace(" ", ""), autoescape=True),
        Home.address_en.icontains(cleaned, autoescape=True),
    )
