"""Where the sound of a file lies, what its head says of it, and what is no recording at all."""

from __future__ import annotations

import io
import struct
import wave as standard

import pytest
from hypothesis import given, strategies as st

from callcenter.core.errors import Invalid
from callcenter.hotline.recordings.wave import kept_head, read_head
from tests.support.recorded import tone, wave


def head_of(content):
    return read_head(content[:4096], len(content))


def test_a_closed_file_says_how_long_it_is():
    found = head_of(wave(tone(1000, 2)))
    assert (found.at, found.said, found.held, found.rate) == (44, 32_000, 32_000, 8000)
    assert (found.is_closed, found.seconds) == (True, 2.0)


def test_one_whose_exchange_was_killed_is_as_long_as_what_is_there():
    found = head_of(wave(tone(1000, 2), said=0))
    assert (found.is_closed, found.frames) == (False, 16_000)


def test_half_a_sample_at_the_end_is_none():
    assert head_of(wave(tone(1000, 1), said=0) + b"x").frames == 8_000


def test_a_file_that_says_more_than_it_has_was_cut_off():
    found = head_of(wave(tone(1000, 1), said=1 << 30))
    assert (found.is_closed, found.frames) == (False, 8_000)


def test_other_parts_before_the_sound_are_passed_over():
    content = wave(tone(1000, 1))
    more = content[:12] + struct.pack("<4sI", b"LIST", 3) + b"abc\0" + content[12:]
    assert head_of(more).at == 44 + 12


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"not a wave at all, but long enough to be looked at",
        wave(tone(1000, 1), channels=2),
        wave(tone(1000, 1))[:36],
        b"RIFF\0\0\0\0WAVEdata\0\0\0\0",
    ],
)
def test_what_is_no_recording_is_refused(content):
    with pytest.raises(Invalid, match="no recording"):
        head_of(content)


@given(st.binary(max_size=200), st.integers(0, 44))
def test_whatever_the_bytes_are_they_are_read_or_refused(junk, keep):
    content = wave(tone(1000, 0.01))[:keep] + junk
    try:
        found = head_of(content)
    except Invalid:
        return
    assert 0 <= found.frames * 2 <= len(content)


def test_what_is_kept_is_a_wave_of_a_law_that_ends_where_it_says():
    content = kept_head(8000, 2, 8000) + bytes(16_000)
    assert struct.unpack_from("<I", content, 4)[0] == len(content) - 8
    with (
        pytest.raises(standard.Error, match="unknown format: 6"),
        standard.open(io.BytesIO(content)),
    ):
        pass
