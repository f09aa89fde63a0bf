"""Sixteen bits a sample to the eight that the telephone network carries (ITU-T G.711, A-law). Pure.

What came over an A-law trunk is the same afterwards; what did not loses nothing that a telephone would have let pass.
"""

from __future__ import annotations

from array import array
from typing import Final

SILENCE: Final = 0xD5


def _encoded(sample: int) -> int:
    """A sign, a segment of twice the width of the one before, and one of sixteen steps within it; every other bit is turned over."""
    sign, size = (0x80, sample) if sample >= 0 else (0, ~sample)
    size >>= 3
    segment = max(0, size.bit_length() - 5)
    step = (size >> max(1, segment)) & 0x0F
    return (sign | segment << 4 | step) ^ 0x55


def _decoded(code: int) -> int:
    code ^= 0x55
    segment, step = code >> 4 & 0x07, code & 0x0F
    size = (2 * step + 1) << 3 if segment == 0 else (2 * step + 33) << (segment + 2)
    return size if code & 0x80 else -size


CODES: Final = bytes(_encoded(each) for each in (*range(32768), *range(-32768, 0)))
"""By sample: those below zero count from the end, as indices do."""
SAMPLES: Final = tuple(_decoded(each) for each in range(256))


def encoded(samples: array[int]) -> bytes:
    """One byte for each of these 16-bit samples."""
    return bytes(map(CODES.__getitem__, samples))


def decoded(codes: bytes) -> array[int]:
    """The 16-bit samples that these bytes stand for."""
    return array("h", map(SAMPLES.__getitem__, codes))
