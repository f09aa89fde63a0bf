"""What a file from a phone is, before anybody decodes it, and why it is none that is kept. Pure."""

from __future__ import annotations

from typing import Final

from callcenter.core.errors import Invalid
from callcenter.residents.picture_size import size_of
from callcenter.residents.pictures import without_words

MOST_MB: Final = 10
MOST_BYTES: Final = MOST_MB * 1024 * 1024
MOST_MEGAPIXELS: Final = 50
_MOST_PIXELS: Final = MOST_MEGAPIXELS * 1_000_000
_LEAST_ON_A_SIDE: Final = 64
_HEIF: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"})
_ANOTHER_FILE: Final = (b"<script", b"<html", b"<!doctype html", b"<?php", b"%pdf-", b"<svg")
_END_OF_ZIP: Final = b"PK\x05\x06"
_TAIL: Final = 66_000
"""In which the end of a ZIP archive stands (its comment has at most 65,535 bytes)."""


def demand_picture(content: bytes) -> None:
    """Raises Invalid `photo_too_large`, `photo_heic`, `photo_type`, `photo_polyglot`, `photo_too_many_pixels`, `photo_too_small`."""
    if len(content) > MOST_BYTES:
        raise Invalid(
            f"The photograph has {len(content) / 1024 / 1024:.1f} MiB; at most {MOST_MB}.",
            code="photo_too_large",
            most_mb=MOST_MB,
        )
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF:
        raise Invalid("HEIC is kept by no browser: send a JPEG.", code="photo_heic")
    size = size_of(content)
    if size is None:
        raise Invalid("A photograph is a JPEG, PNG or WebP file.", code="photo_type")
    _demand_size(*size)
    if _is_another_file(content):
        raise Invalid("There is something else in this picture.", code="photo_polyglot")
    if without_words(content) is None:
        raise Invalid("This picture is broken off or damaged.", code="photo_type")


def _demand_size(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        raise Invalid(
            f"The picture has {width} x {height} pixels; at most {MOST_MEGAPIXELS} million.",
            code="photo_too_many_pixels",
            millions=MOST_MEGAPIXELS,
        )
    if min(width, height) < _LEAST_ON_A_SIDE:
        raise Invalid(
            f"The picture has {width} x {height} pixels: nothing can be seen.",
            code="photo_too_small",
        )


def _is_another_file(content: bytes) -> bool:
    """Whether it is a page, a document or an archive as well (a polyglot)."""
    lowered = content.lower()
    return any(mark in lowered for mark in _ANOTHER_FILE) or _END_OF_ZIP in content[-_TAIL:]
