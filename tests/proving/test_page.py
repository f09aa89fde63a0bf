"""The page of a proof: contrast that everybody can read."""

from __future__ import annotations

import re

import pytest

from callcenter.proving import page

COLOURS = sorted(set(re.findall(r"[;{]color:(#[0-9a-f]{6})", page._STYLE)))


def luminance(colour: str) -> float:
    """Relative, by WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_stands_out_from_white_as_aa_wants(colour: str):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_all_colours_are_looked_at():
    assert len(COLOURS) >= 5
