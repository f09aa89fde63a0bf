"""How large a picture is, told by its first bytes."""

from __future__ import annotations

import struct

import pytest

from callcenter.core.errors import Invalid
from callcenter.residents.picture_size import MOST_ON_A_SIDE, check_size, size_of
from tests.support.pictures import chunk, jpeg, png


def png_of(width, height):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head


def frame(width, height, marker=0xC0):
    return bytes((0xFF, marker)) + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"


def webp(name, data):
    return b"RIFF" + bytes(4) + b"WEBP" + name + struct.pack("<I", len(data)) + data + bytes(10)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(), (1, 1)),
        (png_of(8944, 8944), (8944, 8944)),
        (jpeg(frame(640, 480)), (640, 480)),
        (jpeg(b"\xff\xfe\x00\x04ab", frame(4000, 20, 0xC2)), (4000, 20)),
        (jpeg(b"\xff", frame(640, 480)), (640, 480)),  # padding before a marker
        (jpeg(), None),
        (jpeg(frame(640, 0)), None),  # its height comes later, in a marker that nobody waits for
        (jpeg(b"\xff\xc4\x00\x02"), None),
        (png_of(0, 5), None),
        (png()[:20], None),
        (b"\xff\xd8\xff", None),
        (webp(b"VP8X", bytes(4) + b"\x7f\x02\0" + b"\xdf\x01\0"), (640, 480)),
        (webp(b"VP8L", b"\x2f" + struct.pack("<I", 639 | 479 << 14)), (640, 480)),
        (webp(b"VP8 ", bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", 640, 480)), (640, 480)),
        (webp(b"VP8 ", bytes(10)), None),
        (webp(b"ICCP", bytes(10)), None),
        (b"GIF89a" + bytes(40), None),
        (b"", None),
    ],
)
def test_width_and_height(content, size):
    assert size_of(content) == size


@pytest.mark.parametrize(
    ("code", "size"),
    [
        ("too_many_pixels", (10_000, 8_000)),
        ("too_many_pixels", (MOST_ON_A_SIDE + 1, 100)),
        ("too_few_pixels", (63, 4_000)),
    ],
)
def test_what_no_seat_could_show_is_refused_with_its_size(code, size):
    with pytest.raises(Invalid) as refused:
        check_size(*size)
    assert refused.value.code == code
    assert (refused.value.params["width"], refused.value.params["height"]) == size


def test_an_aerial_picture_of_a_community_is_taken():
    check_size(6_000, 6_000)
