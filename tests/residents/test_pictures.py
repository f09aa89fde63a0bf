"""A picture is one to its last byte, and says nothing beside what it shows."""

import pytest

from callcenter.residents.pictures import without_words
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
