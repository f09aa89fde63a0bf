"""How many parts a text needs, and where it may be cut (3GPP TS 23.038, 23.040).

A text of GSM-7 characters takes 160 septets, or 153 in each of several parts; any other text is UCS-2 and takes 70 UTF-16
units, or 67. A character of the extension table costs two septets, one beyond the basic plane two units; neither is ever
split over two parts, so a part may end one short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("^{}\\[~]|€\f")


class Encoding(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Limits:
    """Units of the encoding that fit into a text of one part, and into each part of a longer one."""

    single: int
    part: int


LIMITS = {Encoding.GSM7: Limits(160, 153), Encoding.UCS2: Limits(70, 67)}


def encoding_of(text: str) -> Encoding:
    """GSM-7 when every character is in its two tables, else UCS-2 for the whole text."""
    return Encoding.GSM7 if all(map(is_gsm7, text)) else Encoding.UCS2


def is_gsm7(character: str) -> bool:
    return character in GSM7_BASIC or character in GSM7_EXTENSION


def units(text: str) -> int:
    """Length in septets (GSM-7) or UTF-16 units (UCS-2)."""
    if encoding_of(text) is Encoding.UCS2:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text) + sum(character in GSM7_EXTENSION for character in text)


def split(text: str) -> list[str]:
    """The parts in order; an empty text is one empty part."""
    encoding = encoding_of(text)
    cost, limits = _cost(encoding), LIMITS[encoding]
    if sum(map(cost, text)) <= limits.single:
        return [text]
    parts: list[str] = []
    start = used = 0
    for index, character in enumerate(text):
        if used + cost(character) > limits.part:
            parts.append(text[start:index])
            start, used = index, 0
        used += cost(character)
    return [*parts, text[start:]]


def count(text: str) -> int:
    """Number of parts the network carries, and bills."""
    return len(split(text))


def fits_one(text: str) -> bool:
    return overflow(text) <= 0


def overflow(text: str) -> int:
    """Units over the limit of a single part; zero or less when it fits."""
    return units(text) - LIMITS[encoding_of(text)].single


def _cost(encoding: Encoding) -> Callable[[str], int]:
    return _septets if encoding is Encoding.GSM7 else _utf16_units


def _septets(character: str) -> int:
    return 2 if character in GSM7_EXTENSION else 1


def _utf16_units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1
