"""The alphabet of the phone network, how many parts a text needs, and where it may be cut (3GPP TS 23.038, 23.040).

A text of GSM-7 characters takes 160 septets, or 153 in each of several parts; any other text is UCS-2 and takes 70 UTF-16
units, or 67. A character of the extension table costs two septets, one beyond the basic plane two units; neither is ever
split over two parts, so a part may end one short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_ESCAPE = 0x1B
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""By septet; 0x1B is the escape to the extension."""
_EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|",
    0x65: "€",
}  # fmt: skip
GSM7_BASIC = frozenset(_BASIC) - {"\x1b"}
GSM7_EXTENSION = frozenset(_EXTENSION.values())


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


def from_gsm7(raw: bytes) -> str:
    """The text of unpacked septets, one a byte. What is none, and an escape before nothing, becomes U+FFFD."""
    said: list[str] = []
    septets = iter(raw)
    for septet in septets:
        if septet == _ESCAPE:
            said.append(_EXTENSION.get(next(septets, _ESCAPE), "\ufffd"))
        else:
            said.append(_BASIC[septet] if septet < len(_BASIC) else "\ufffd")
    return "".join(said)


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
