"""A photograph of a phone is drawn anew, in a process that may die of it (core/confined.py): what comes back is a plain JPEG of ours
and 64 bits by which the same picture is known again. Nothing of the bytes that came is kept.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

LONGEST_SIDE: Final = 1600
QUALITY: Final = 82
_HEAD: Final = struct.Struct(">QII")
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_ACROSS, _DOWN = 9, 8


@dataclass(frozen=True, slots=True)
class Drawn:
    """`phash`: each bit says whether a spot of the small grey picture is brighter than the one to its right (dHash)."""

    phash: int
    width: int
    height: int
    content: bytes


def redrawn(content: bytes) -> bytes:
    """Within the confined process: head and JPEG, or nothing for what cannot be drawn."""
    Image.MAX_IMAGE_PIXELS = None  # its header was looked at before, and memory is bound
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, struct.error):
        return b""
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True)
    return _HEAD.pack(_phash(picture), picture.width, picture.height) + written.getvalue()


def _phash(picture: Image.Image) -> int:
    grey = picture.convert("L").resize((_ACROSS, _DOWN), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(_DOWN):
        for column in range(_ACROSS - 1):
            spot = row * _ACROSS + column
            bits = bits << 1 | (grey[spot] > grey[spot + 1])
    return bits


def read_drawn(answer: bytes) -> Drawn | None:
    """What the confined process said; None: it could not draw it."""
    if len(answer) <= _HEAD.size:
        return None
    phash, width, height = _HEAD.unpack_from(answer)
    return Drawn(phash, width, height, answer[_HEAD.size :])
