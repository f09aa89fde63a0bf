"""How large a PNG, JPEG or WebP is, from its first bytes: what would burst a seat's memory is refused before anybody decodes it. Pure."""

from __future__ import annotations

import struct
from typing import Final

from callcenter.core.errors import Invalid

MOST_PIXELS: Final = 40_000_000
"""Decoded these are 160 MB at each seat; an aerial picture of a community at 10 cm a pixel has 25 million."""
MOST_ON_A_SIDE: Final = 16_384
"""What browsers and graphics cards draw in one piece."""
LEAST_ON_A_SIDE: Final = 64

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG that begin a frame and say its size."""
_SCAN, _END = 0xDA, 0xD9


def size_of(content: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels; None for what is none of these, or does not say."""
    if content.startswith(_PNG):
        return _of_png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _of_jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _of_webp(content)
    return None


def check_size(width: int, height: int, most: int = MOST_PIXELS) -> None:
    """Raises Invalid `too_many_pixels` or `too_few_pixels`."""
    if min(width, height) < LEAST_ON_A_SIDE:
        raise Invalid(
            f"The picture has {width} x {height} pixels; each side needs at least {LEAST_ON_A_SIDE}.",
            code="too_few_pixels",
            width=width,
            height=height,
            least=LEAST_ON_A_SIDE,
        )
    if width * height > most or max(width, height) > MOST_ON_A_SIDE:
        raise Invalid(
            f"The picture has {width} x {height} pixels; at most {most // 1_000_000} million, and {MOST_ON_A_SIDE} on a"
            " side: make it smaller.",
            code="too_many_pixels",
            width=width,
            height=height,
            millions=most // 1_000_000,
            side=MOST_ON_A_SIDE,
        )


def _of_png(content: bytes) -> tuple[int, int] | None:
    if len(content) < 24 or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", content, 16)
    return (width, height) if width and height else None


def _of_jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (_SCAN, _END):
            return None
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return (width, height) if width and height else None
        (length,) = struct.unpack_from(">H", content, at + 2)
        at += 2 + max(2, length)
    return None


def _of_webp(content: bytes) -> tuple[int, int] | None:
    """Of the three kinds: with a canvas, lossless, plain."""
    if len(content) < 30:
        return None
    match content[12:16]:
        case b"VP8X":
            sides = (
                int.from_bytes(content[24:27], "little"),
                int.from_bytes(content[27:30], "little"),
            )
            return sides[0] + 1, sides[1] + 1
        case b"VP8L" if content[20] == 0x2F:
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if content[23:26] == b"\x9d\x01\x2a":
            width, height = struct.unpack_from("<HH", content, 26)
            return (width & 0x3FFF, height & 0x3FFF) if width and height else None
        case _:
            return None
