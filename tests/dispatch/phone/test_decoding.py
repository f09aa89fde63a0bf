"""A picture is drawn anew: upright, no larger than it need be, without a word of the camera; and known again."""

from __future__ import annotations

import io

from hypothesis import given, settings, strategies as st

from callcenter.dispatch.phone.decoding import LONGEST_SIDE, Drawn, read_drawn, redrawn
from callcenter.dispatch.proof import is_alike
from tests.support.photos import opened, photo, with_place


def drawn(content: bytes) -> Drawn:
    found = read_drawn(redrawn(content))
    assert found is not None
    return found


def test_it_stands_upright_and_says_nothing_of_where_it_was_taken():
    content = with_place()
    assert b"CAMERA-OF-SOMEBODY" in content
    found = drawn(content)
    assert (found.width, found.height) == (480, 640), "turned as the camera said"
    assert not opened(found.content).getexif()
    assert b"CAMERA" not in found.content


def test_it_is_no_larger_than_a_screen_needs():
    found = drawn(photo(size=(4000, 3000)))
    assert (found.width, found.height) == (LONGEST_SIDE, 1200)
    assert opened(found.content).size == (LONGEST_SIDE, 1200)


def test_the_same_picture_is_known_again_shrunk_and_pressed_and_another_is_not():
    once = drawn(photo(7, size=(1600, 1200)))
    written = io.BytesIO()
    opened(once.content).resize((800, 600)).save(written, "WEBP", quality=40)
    assert is_alike(once.phash, drawn(written.getvalue()).phash)
    others = [drawn(photo(seed)).phash for seed in range(20, 40)]
    assert not any(is_alike(once.phash, other) for other in others)


@settings(max_examples=60)
@given(st.binary(max_size=300), st.integers(0, 2000), st.integers(0, 255))
def test_whatever_comes_is_drawn_or_is_not(rubbish: bytes, at: int, value: int):
    broken = bytearray(photo(2, size=(64, 64)))
    broken[at % len(broken)] = value
    for content in (rubbish, bytes(broken), b"\xff\xd8\xff" + rubbish):
        found = read_drawn(redrawn(content))
        assert found is None or opened(found.content).size == (found.width, found.height)
