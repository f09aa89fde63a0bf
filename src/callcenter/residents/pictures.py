"""What a file really is: a JPEG, PNG or WebP from its first byte to its last, with no room for a page or a script. Pure."""

from __future__ import annotations

import struct
import zlib
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"sRGB",
        b"cHRM",
        b"pHYs",
        b"bKGD",
        b"sBIT",
    }
)
_JPEG_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_JPEG_SCAN, _JPEG_END, _JPEG_COMMENT = 0xDA, 0xD9, 0xFE
_WEBP_CHUNKS: Final = frozenset(
    {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP", b"EXIF", b"XMP "}
)
_WEBP_TEXT: Final = frozenset({b"EXIF", b"XMP "})


def without_words(content: bytes) -> tuple[str, bytes] | None:
    """Media type and picture, without the comments and texts that such a file can carry (where it was taken, too); None for
    what is no such picture, or more than one.
    """
    if content.startswith(_PNG):
        kind, clean = "image/png", _png(content)
    elif content.startswith(b"\xff\xd8\xff"):
        kind, clean = "image/jpeg", _jpeg(content)
    elif content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kind, clean = "image/webp", _webp(content)
    else:
        return None
    return None if clean is None else (kind, clean)


def _png(content: bytes) -> bytes | None:
    kept, at, seen = [_PNG], len(_PNG), b""
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        end = at + 12 + length
        name, chunk = content[at + 4 : at + 8], content[at:end]
        if end > len(content) or struct.pack(">I", zlib.crc32(chunk[4:-4])) != chunk[-4:]:
            return None
        if not seen and (name, length) != (b"IHDR", 13):
            return None
        seen += name
        if name in _PNG_KEPT:
            kept.append(chunk)
        if name == b"IEND":
            return b"".join(kept) if b"IDAT" in seen else None
        at = end
    return None


def _jpeg(content: bytes) -> bytes | None:
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _JPEG_WITHOUT_LENGTH:
            kept.append(content[at : at + 2])
            at += 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(content):
            return None
        if marker == _JPEG_SCAN:
            end = content.rfind(bytes((0xFF, _JPEG_END))) + 2
            return (
                b"".join([*kept, content[at:end]])
                if end > at + 4 and _is_scan(content[at:end])
                else None
            )
        if marker != _JPEG_COMMENT and not 0xE1 <= marker <= 0xED:
            kept.append(content[at:end])
        at = end
    return None


def _is_scan(data: bytes) -> bool:
    """Whether no page hides among the compressed rows: those are hardly ever a hundred characters of plain text."""
    return b"<script" not in data.lower() and b"<html" not in data.lower()


def _webp(content: bytes) -> bytes | None:
    (size,) = struct.unpack_from("<I", content, 4)
    end = size + 8
    if end > len(content) or size < 12:
        return None
    kept, at = [], 12
    while at + 8 <= end:
        name = content[at : at + 4]
        (length,) = struct.unpack_from("<I", content, at + 4)
        after = at + 8 + length + (length & 1)
        if name not in _WEBP_CHUNKS or at + 8 + length > end:
            return None
        if name not in _WEBP_TEXT:
            kept.append(content[at:after])
        at = after
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body if kept else None
