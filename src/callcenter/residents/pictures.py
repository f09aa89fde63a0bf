"""What a file really is: a JPEG, PNG or WebP from its first byte to its last, with no room for a page or a script. Pure."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
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
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
_JPEG_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_JPEG_KEPT: Final = frozenset(
    {*range(0xC0, 0xC8), *range(0xC9, 0xD0), _JPEG_END, _JPEG_SCAN, 0xDB, 0xDC, 0xDD}
)
"""Frames, tables, scans: all that is needed to draw it."""
_JPEG_SAID: Final = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}
"""Segments of programs that are kept: how its colours are meant."""
_JPEG_NEXT: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Where the rows of a scan end."""
_EXIF: Final = b"Exif\0\0"
_ORIENTATION: Final = 0x0112
_WEBP_CHUNKS: Final = frozenset(
    {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP", b"EXIF", b"XMP "}
)
_WEBP_TEXT: Final = frozenset({b"EXIF", b"XMP "})
_WEBP_TEXT_FLAGS: Final = 0x0C
"""In the first byte of VP8X: that such chunks follow."""


def without_words(content: bytes) -> tuple[str, bytes] | None:
    """Media type and picture, without the comments and texts that such a file can carry (where it was taken, too). A JPEG
    that says how it is to be turned still says so. None for what is no such picture.
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
    """Up to its end and no further: what cameras append is a second picture, with words of its own."""
    kept: list[bytes] = []
    orientation, scanned, ended = 1, False, False
    for marker, segment in _segments(content):
        said = _JPEG_SAID.get(marker)
        scanned |= marker == _JPEG_SCAN
        ended = marker == _JPEG_END
        if marker in _JPEG_KEPT or (said is not None and segment[4:].startswith(said)):
            kept.append(segment)
        elif segment[4:].startswith(_EXIF):
            orientation = orientation_in(segment[4 + len(_EXIF) :])
    if not (scanned and ended):
        return None
    return b"".join([content[:2], _turned(orientation), *kept])


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers with all that belongs to them; stops short of the end where something is broken."""
    at = 2
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == _JPEG_END:
            yield marker, content[at : at + 2]
            return
        if marker == 0xFF or marker in _JPEG_WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        if at + 4 > len(content):
            return
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == _JPEG_SCAN:
            following = _JPEG_NEXT.search(content, end)
            if following is None or not _is_scan(content[end : following.start()]):
                return
            end = following.start()
        if end > len(content) or end < at + 4:
            return
        yield marker, content[at:end]
        at = end


def orientation_in(tiff: bytes) -> int:
    """How a picture is to be turned, 1 to 8 as EXIF counts; 1, as it lies, where nothing is said."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return 1
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    if at + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for entry in range(at + 2, min(at + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if (tag, kind) == (_ORIENTATION, 3) and 1 <= value <= 8:
            return int(value)
    return 1


def _turned(orientation: int) -> bytes:
    """An EXIF segment that says this and nothing else."""
    if orientation == 1:
        return b""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(_EXIF) + len(tiff)) + _EXIF + tiff


def _is_scan(data: bytes) -> bool:
    """Whether no page hides among the compressed rows: those are hardly ever a hundred characters of plain text."""
    lowered = data.lower()
    return b"<script" not in lowered and b"<html" not in lowered


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
        if name == b"VP8X" and length:
            flags = content[at + 8] & ~_WEBP_TEXT_FLAGS
            kept.append(content[at : at + 8] + bytes((flags,)) + content[at + 9 : after])
        elif name not in _WEBP_TEXT:
            kept.append(content[at:after])
        at = after
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body if kept else None
