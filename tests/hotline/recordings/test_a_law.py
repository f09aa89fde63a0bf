"""Samples become the codes that telephones send (ITU-T G.711, table 1), and back within a step."""

from __future__ import annotations

from array import array

import pytest

from callcenter.hotline.recordings.a_law import CODES, SAMPLES, SILENCE, decoded, encoded


@pytest.mark.parametrize(
    ("sample", "code"),
    [(0, 0xD5), (-1, 0x55), (32767, 0xAA), (-32768, 0x2A), (8, 0xD5), (16, 0xD4)],
)
def test_known_codes(sample, code):
    assert encoded(array("h", [sample])) == bytes([code])


def test_every_sample_comes_back_within_half_of_its_step():
    """A step is a sixteenth of its segment, which is as wide as all that is quieter."""
    for sample in range(-32768, 32768):
        back = SAMPLES[CODES[sample]]
        assert abs(back - sample) <= max(8, abs(sample) // 32 + 1), sample


def test_what_came_over_the_network_is_the_same_afterwards():
    every = bytes(range(256))
    assert encoded(decoded(every)) == every


def test_silence_is_silence():
    assert encoded(array("h", [0])) == bytes([SILENCE])
