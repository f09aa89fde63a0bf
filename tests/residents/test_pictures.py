"""A picture is one to its last byte, and says nothing beside what it shows."""

import struct

import pytest

from callcenter.residents.pictures import orientation_in, without_words
from tests.support.pictures import chunk, jpeg, png

PAGE = b"<html><script>alert(1)</script></html>"
WEBP = b"RIFF\x12\x00\x00\x00WEBPVP8L\x06\x00\x00\x00\x2f\x00\x00\x00\x00\x00"


@pytest.mark.parametrize(
    ("content", "kind"), [(png(), "image/png"), (jpeg(), "image/jpeg"), (WEBP, "image/webp")]
)
def test_a_picture_stays_as_it_is(content, kind):
    assert without_words(content) == (kind, content)


@pytest.mark.parametrize(
    "content",
    [
        *(
            b"\x89PNG\r\n\x1a\n" + PAGE,
            b"\xff\xd8\xff" + PAGE,
            b"RIFF\x30\x00\x00\x00WEBP" + PAGE,
            b"",
            PAGE,
        ),
        *(
            png()[:-1],
            jpeg()[:-2],
            WEBP[:-3],
            png().replace(b"IDAT", b"IDAX"),
            b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        ),
    ],
)
def test_what_only_begins_as_one_is_none(content):
    assert without_words(content) is None


@pytest.mark.parametrize(
    "content",
    [
        *(png(chunk(b"tEXt", b"Comment\0" + PAGE)), png() + PAGE),
        *(jpeg(b"\xff\xfe" + (len(PAGE) + 2).to_bytes(2, "big") + PAGE), jpeg() + PAGE),
        WEBP + PAGE,
    ],
)
def test_what_is_written_in_one_or_behind_it_is_left_out(content):
    _, clean = without_words(content) or ("", PAGE)
    assert b"script" not in clean
    assert without_words(clean) is not None


# ---- what a camera writes into one


def exif(orientation, order=">", kind=3):
    mark = b"MM\0*" if order == ">" else b"II*\0"
    entry = struct.pack(f"{order}HHIHH", 0x0112, kind, 1, orientation, 0)
    return mark + struct.pack(f"{order}IH", 8, 1) + entry + bytes(4)


def said(tiff):
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


@pytest.mark.parametrize(
    ("tiff", "orientation"),
    [
        *((exif(n, order), n) for n in (1, 3, 6, 8) for order in "<>"),
        (exif(9), 1),
        (exif(6, kind=4), 1),
        (exif(6)[:15], 1),
        (b"MM\0*" + struct.pack(">I", 4_000_000_000), 1),
        (b"MM\0*" + struct.pack(">IH", 8, 65_535), 1),
        (b"", 1),
    ],
)
def test_how_a_picture_is_turned(tiff, orientation):
    assert orientation_in(tiff) == orientation


@pytest.mark.parametrize("order", "<>")
def test_a_turned_picture_still_says_so_and_says_nothing_else(order):
    _, clean = without_words(jpeg(said(exif(6, order) + b"31.23N")))
    start, rest = jpeg()[:2], jpeg()[2:]
    assert clean == start + said(exif(6)) + rest
    assert without_words(clean) == ("image/jpeg", clean)
    assert without_words(jpeg(said(exif(1)))) == ("image/jpeg", jpeg())


def test_a_second_picture_behind_the_first_goes_with_its_words():
    preview = jpeg(said(exif(1) + b"31.23N"))
    assert without_words(jpeg() + preview) == ("image/jpeg", jpeg())


def test_colours_and_several_scans_are_kept():
    adobe = b"\xff\xee\x00\x0eAdobe" + bytes(7)
    tables = b"\xff\xc4\x00\x03\x00"
    scan = jpeg()[20:-2]
    progressive = jpeg(adobe)[:-2] + tables + scan + b"\xff\xd9"
    assert without_words(progressive) == ("image/jpeg", progressive)


def test_a_webp_no_longer_says_that_words_follow():
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\x1c\0\0\0" + bytes(6)
    words = b"EXIF" + struct.pack("<I", 6) + b"31.23N"
    body = b"WEBP" + canvas + WEBP[12:] + words
    _, clean = without_words(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert b"31.23N" not in clean
    assert clean[20] == 0x10
    assert without_words(clean) == ("image/webp", clean)
