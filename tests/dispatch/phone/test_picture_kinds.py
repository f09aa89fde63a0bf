"""What is no picture, or more than one, is told apart before anything is decoded."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from callcenter.core.errors import Invalid
from callcenter.dispatch.phone.picture_kinds import MOST_BYTES, demand_picture
from tests.support.photos import photo, plain, with_place
from tests.support.pictures import chunk, png

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)


def zipped() -> bytes:
    """A picture in front, an archive behind: both programs are content."""
    archive = BytesIO(photo(3))
    archive.seek(0, 2)
    with zipfile.ZipFile(archive, "a") as behind:
        behind.writestr("run.sh", "#!/bin/sh")
    return archive.getvalue()


def of_size(width: int, height: int) -> bytes:
    head = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [photo(), with_place(), photo(form="PNG"), photo(form="WEBP"), plain((8000, 5000))],
    ids=["jpeg", "of a camera", "png", "webp", "40 megapixels"],
)
def test_a_picture_is_one(content: bytes):
    demand_picture(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HEIC, "photo_heic"),
        (b"GIF89a" + bytes(100), "photo_type"),
        (b"", "photo_type"),
        (b"<html>hello</html>", "photo_type"),
        (photo()[:2000], "photo_type"),
        (of_size(20_000, 20_000), "photo_too_many_pixels"),
        (of_size(50_000, 1_001), "photo_too_many_pixels"),
        (png(), "photo_too_small"),
        (photo() + bytes(MOST_BYTES), "photo_too_large"),
        (photo() + b"<script>alert(1)</script>", "photo_polyglot"),
        (photo(comment=b"<!DOCTYPE html><p>"), "photo_polyglot"),
        (photo() + b"%PDF-1.7", "photo_polyglot"),
        (zipped(), "photo_polyglot"),
    ],
)
def test_what_is_none_is_told_why(content: bytes, code: str):
    with pytest.raises(Invalid) as refused:
        demand_picture(content)
    assert refused.value.code == code
