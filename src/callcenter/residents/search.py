"""Finding residents by what an operator has: a bit of a name, pinyin, initials, a phone number, an address.

Names are found by prefix, because a trigram index is of no use for the two or three characters of a Chinese name; parts
of addresses and names are found by trigrams from three characters on (design 6b.22). Prefixes are ranges in byte order, which
the index that sorts the list answers as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from callcenter.core.visible import narrow, visible
from callcenter.regions.models import Region
from callcenter.residents.models import Building, Contact, Home, Resident
from callcenter.residents.names import letters_of, readings
from callcenter.residents.paging import Branch, in_bytes

_HIGHEST = "\U0010ffff"
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_IDENTITY = re.compile(r"^\d{17}[\dXx]$")
_PHONE = re.compile(r"^[+(]?[\d\s()\-]{3,}$")
_DOOR = re.compile(r"^(\d{1,3})-(\d{1,2})-(\d{2,4})$")
_LATIN = re.compile(r"^[^\W\d_][^\W\d_ '.\-]*([ '.\-][^\W\d_ '.\-]+)*$")
_CONTACT_DIGITS: Final = 4
"""Three digits stand in the number of somebody's contact for half of all residents."""
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－＋（）　’‘ʼ`´", "0123456789-+() '''''")


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
    text = " ".join(narrow(visible(typed)).translate(_FULL_WIDTH).split())
    if not text:
        return SearchFor(SearchKind.EVERYBODY, "")
    if _IDENTITY.match(text):
        return SearchFor(SearchKind.IDENTITY, text.upper())
    if door := _DOOR.match(text):
        return SearchFor(SearchKind.DOOR, text, (door[1], door[2], door[3]))
    if _PHONE.match(text):
        return SearchFor(SearchKind.PHONE, _phone_digits(text))
    if not _HAN.search(text) and _LATIN.match(text):
        return SearchFor(SearchKind.LATIN, re.sub("^([ln])yu", r"\1v", letters_of(text)))
    compact = text.replace(" ", "") if _HAN.search(text) else text
    kind = SearchKind.TEXT if len(compact) >= 3 else SearchKind.NAME
    return SearchFor(kind, compact)


def _phone_digits(text: str) -> str:
    """Digits as they stand inside E.164: without the trunk 0 of an area code or the country's 86."""
    digits = re.sub(r"\D", "", text)
    if text.startswith("+86") or (digits.startswith("86") and len(digits) == 13):
        return digits[2:]
    return digits.removeprefix("0") if len(digits) > 4 else digits


Reach = ColumnElement[bool] | None
"""Condition on Region that rows must meet; None where all do, so that nothing need be joined."""

_BY_NAME: Final = in_bytes(Resident.name)
_BY_PINYIN: Final = in_bytes(Resident.pinyin)
_BY_ADDRESS: Final = in_bytes(Home.address)


# ---- residents


def matching(search: SearchFor, identity_index: bytes | None, reach: Reach) -> list[Branch]:
    """Residents that match, each branch answered by an index of its own. They come in the order of pinyin; those found by
    the beginning of a name in the order of names, since one index cannot hold both.
    """
    key = _BY_NAME if search.kind is SearchKind.NAME else _BY_PINYIN
    return [
        Branch(_resident(key, condition, reach), walked)
        for condition, walked in _conditions(search, identity_index)
    ]


def _resident(key: ColumnElement[str], condition: ColumnElement[bool], reach: Reach) -> Any:
    query = select(Resident.id.label("id"), key.label("key")).where(condition)
    if reach is None:
        return query.where(Resident.merged_into.is_(None))
    home = query.join(Home, Home.id == Resident.home_id)
    return home.join(Region, Region.id == Home.region_id).where(reach)


def _conditions(
    search: SearchFor, identity_index: bytes | None
) -> Iterator[tuple[ColumnElement[bool], bool]]:
    """Each with whether the index that answers it is sorted as the list is."""
    text = search.text
    match search.kind:
        case SearchKind.EVERYBODY:
            yield true(), True
        case SearchKind.IDENTITY:
            yield Resident.identity_index == identity_index, False
        case SearchKind.DOOR if search.door is not None:
            yield _lives_in(select(Home.id).join(Building).where(_is_door(*search.door))), False
        case SearchKind.PHONE:
            yield from ((condition, False) for condition in _by_phone(text))
        case SearchKind.LATIN:
            yield starts_with(Resident.pinyin, text), True
            if len(text) > 1:  # one letter begins all of them
                yield starts_with(Resident.initials, text), False
                yield from ((condition, False) for condition in _read_otherwise(text))
        case SearchKind.NAME:
            yield starts_with(Resident.name, text), True
        case _:
            yield Resident.name.contains(text, autoescape=True), False
            there = Home.address.contains(text, autoescape=True)
            yield _lives_in(select(Home.id).where(there)), False


def _lives_in(homes: Select[int]) -> ColumnElement[bool]:
    return Resident.home_id.in_(homes)


def _by_phone(digits: str) -> Iterator[ColumnElement[bool]]:
    yield Resident.phone.contains(digits, autoescape=True)
    yield Resident.second_phone == f"+86{digits}"
    if len(digits) < _CONTACT_DIGITS:
        return
    contacts = select(Contact.resident_id).where(Contact.phone.contains(digits, autoescape=True))
    yield Resident.id.in_(contacts)


def _read_otherwise(text: str) -> Iterator[ColumnElement[bool]]:
    """People whose surname has several readings, by those that are not kept with their name: 单 as dan and shan."""
    for surname, spellings in readings().items():
        wanted = [
            each
            for typed, kept in permutations(spellings, 2)
            for each in _as_kept(text, typed, kept)
        ]
        if wanted:
            yield and_(starts_with(Resident.name, surname), or_(*wanted))


def _as_kept(text: str, typed: str, kept: str) -> Iterator[ColumnElement[bool]]:
    """The text with the surname as it is kept, where it begins with the surname as it is typed."""
    if text.startswith(typed) or typed.startswith(text):
        yield starts_with(Resident.pinyin, kept + text[len(typed) :])
    if text[0] == typed[0] != kept[0]:
        yield starts_with(Resident.initials, kept[0] + text[1:])


def _is_door(building: str, entrance: str, door: str) -> ColumnElement[bool]:
    names = _building_names(building)
    return and_(Building.name.in_(names), Home.entrance == entrance, Home.door == door)


def _building_names(number: str) -> tuple[str, ...]:
    return (f"{number}号楼", f"{number}栋", f"{number}幢", number)


def starts_with(column: Any, prefix: str) -> ColumnElement[bool]:
    """Prefix in byte order, as the indexes with COLLATE "C" are sorted."""
    ordered = in_bytes(column)
    return and_(ordered >= prefix, ordered < prefix + _HIGHEST)


# ---- homes


def matching_homes(typed: str, reach: Reach) -> list[Branch]:
    """Homes by address, entrance-door shorthand or part of the English address, in the order of addresses."""
    cleaned = typed.translate(_FULL_WIDTH).strip()
    return [Branch(_home(condition, reach), walked) for condition, walked in _homes_where(cleaned)]


def _home(condition: ColumnElement[bool], reach: Reach) -> Any:
    there = and_(condition, Home.merged_into.is_(None))
    query = select(Home.id.label("id"), _BY_ADDRESS.label("key")).where(there)
    return query if reach is None else query.join(Region).where(reach)


def _homes_where(text: str) -> Iterator[tuple[ColumnElement[bool], bool]]:
    compact = text.replace(" ", "")
    if not text:
        yield true(), True
    elif door := _DOOR.match(text):
        buildings = select(Building.id).where(Building.name.in_(_building_names(door[1])))
        yield (
            and_(Home.building_id.in_(buildings), Home.entrance == door[2], Home.door == door[3]),
            False,
        )
    else:
        yield Home.address.contains(compact, autoescape=True), False
        if not _HAN.search(text):
            yield Home.address_en.icontains(text, autoescape=True), False
