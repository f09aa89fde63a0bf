"""Photographs as phones take them, and files that only look like some."""

from __future__ import annotations

import io
import random

from PIL import Image


def photo(
    seed: int = 1, size: tuple[int, int] = (640, 480), form: str = "JPEG", **how: object
) -> bytes:
    """A picture with big patches of chance, which no other seed has."""
    chance = random.Random(seed)
    small = Image.new("RGB", (16, 12))
    small.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(16 * 12)])
    written = io.BytesIO()
    small.resize(size, Image.Resampling.NEAREST).save(written, form, **how)
    return written.getvalue()


def with_place(seed: int = 1) -> bytes:
    """As a camera writes it: turned by a quarter, and with where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "CAMERA-OF-SOMEBODY"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (40.0, 0.0, 0.0)
    return photo(seed, exif=exif)


def plain(size: tuple[int, int], form: str = "PNG") -> bytes:
    """One colour, which packs a thousand times smaller than it is."""
    written = io.BytesIO()
    Image.new("RGB", size).save(written, form)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
