"""Small pictures of a door, an entrance and a key box, drawn of rectangles: nobody's photograph is in the demo. Pure."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

WIDTH: Final = 480
HEIGHT: Final = 360

Rectangle = tuple[int, int, int, int, int]
"""Colour, left, top, width, height."""

_PALETTE: Final = (
    *((0xB9, 0xCF, 0xE2), (0xC9, 0xB5, 0x9B), (0x8F, 0x93, 0x98), (0x5D, 0x3A, 0x2A)),
    *((0x2F, 0x6B, 0x4F), (0x1F, 0x24, 0x2B), (0xF4, 0xF1, 0xE8), (0xC9, 0x2A, 0x2A)),
    *((0xE0, 0xA8, 0x2E), (0x6F, 0x9F, 0x5B), (0xD9, 0xD4, 0xC7), (0x3A, 0x5F, 0x8F)),
)
_SKY, _WALL, _STONE, _WOOD, _GREEN, _DARK, _WHITE, _RED, _BRASS, _LEAF, _PALE, _BLUE = range(12)

_DIGITS: Final[Mapping[str, str]] = {
    "0": "###/#.#/#.#/#.#/###", "1": ".#./##./.#./.#./###", "2": "###/..#/###/#../###",
    "5": "###/#../###/..#/###", "7": "###/..#/..#/.#./.#.",
}  # fmt: skip
"""Three across and five down."""


def _number(text: str, colour: int, left: int, top: int, size: int) -> Iterator[Rectangle]:
    for place, digit in enumerate(text):
        for row, line in enumerate(_DIGITS[digit].split("/")):
            for column, dot in enumerate(line):
                if dot == "#":
                    yield colour, left + (place * 4 + column) * size, top + row * size, size, size


SCENES: Final[Mapping[str, Sequence[Rectangle]]] = {
    "entrance": (
        (_SKY, 0, 0, WIDTH, HEIGHT), (_WALL, 30, 0, 420, 300), (_STONE, 0, 300, WIDTH, 60), (_PALE, 150, 285, 180, 15),
        (_PALE, 130, 300, 220, 15), (_DARK, 165, 110, 150, 175), (_GREEN, 172, 118, 66, 167), (_GREEN, 242, 118, 66, 167),
        (_BRASS, 228, 200, 6, 24), (_BRASS, 246, 200, 6, 24), (_RED, 155, 95, 170, 14), (_BLUE, 60, 60, 70, 90),
        (_BLUE, 350, 60, 70, 90), (_WHITE, 335, 180, 22, 34), (_DARK, 339, 185, 14, 8), (_LEAF, 45, 250, 80, 50),
        (_LEAF, 365, 250, 80, 50), (_WHITE, 212, 30, 56, 56), *_number("2", _RED, 226, 38, 8),
    ),
    "door": (
        (_PALE, 0, 0, WIDTH, HEIGHT), (_STONE, 0, 310, WIDTH, 50), (_DARK, 158, 38, 164, 272), (_GREEN, 166, 46, 148, 264),
        (_DARK, 236, 100, 8, 8), (_BRASS, 288, 180, 12, 34), (_WHITE, 206, 60, 68, 30), *_number("501", _RED, 214, 64, 4),
        (_RED, 136, 60, 14, 170), (_RED, 330, 60, 14, 170), (_BLUE, 60, 250, 60, 60), (_WOOD, 190, 312, 100, 16),
    ),
    "key_box": (
        (_PALE, 0, 0, WIDTH, HEIGHT), (_WALL, 0, 230, WIDTH, 130), (_STONE, 60, 20, 120, 300), (_DARK, 70, 30, 100, 280),
        (_STONE, 80, 60, 80, 60), (_STONE, 80, 140, 80, 60), (_DARK, 268, 110, 116, 146), (_BRASS, 274, 116, 104, 134),
        (_DARK, 300, 140, 52, 52), (_WHITE, 306, 146, 40, 40), (_RED, 322, 206, 8, 30),
    ),
}  # fmt: skip
"""What is drawn later covers what was drawn before."""


def drawn(scene: str) -> bytes:
    """A PNG of WIDTH x HEIGHT."""
    rows = [bytearray(WIDTH) for _ in range(HEIGHT)]
    for colour, left, top, width, height in SCENES[scene]:
        for row in rows[top : top + height]:
            row[left : left + width] = bytes((colour,)) * width
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    parts = (
        (b"IHDR", head),
        (b"PLTE", bytes(value for colour in _PALETTE for value in colour)),
        (b"IDAT", packed),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)
