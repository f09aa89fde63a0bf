"""Files as the exchange writes them (RIFF WAVE, 16 bits, one channel), and as they are kept (A-law, a channel for each side). Pure.

The exchange writes the lengths into the head when it closes a file. One that was killed has left them at nothing, and whatever is there
is sound up to the last byte; sound that was still in its memory is gone (some two seconds).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from callcenter.core.errors import Invalid

HEAD_BYTES: Final = 4096
"""So much of a file is looked at to find where its sound begins."""
SAMPLE_BYTES: Final = 2
_PLAIN, _A_LAW = 1, 6
_CHUNK: Final = struct.Struct("<4sI")
_FORMAT: Final = struct.Struct("<HHIIHH")
_RATES: Final = frozenset({8000, 16000})
_KEPT_HEAD: Final = struct.Struct("<4sI4s 4sIHHIIHHH 4sII 4sI")


@dataclass(frozen=True, slots=True)
class Wave:
    """Where its sound lies: `at` is the first byte, `said` how many its head tells, `held` how many there are."""

    at: int
    said: int
    held: int
    rate: int

    @property
    def is_closed(self) -> bool:
        """Whether the exchange has written it to its end. One that is empty tells nothing: it may have been begun just now."""
        return 0 < self.said <= self.held

    @property
    def frames(self) -> int:
        return (self.said if self.is_closed else self.held) // SAMPLE_BYTES

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


def read_head(head: bytes, size: int) -> Wave:
    """`head` is the beginning of a file of `size` bytes. Raises Invalid `not_a_wave` for anything but 16 bits of one channel."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise _no_wave("it does not begin as one")
    at, rate = 12, 0
    while at + _CHUNK.size <= len(head):
        name, length = _CHUNK.unpack_from(head, at)
        at += _CHUNK.size
        if name == b"data":
            if not rate:
                raise _no_wave("its sound comes before its format")
            return Wave(at, length, max(0, size - at), rate)
        if name == b"fmt ":
            rate = _rate(head, at)
        at += length + (length & 1)
    raise _no_wave("it has no sound")


def _rate(head: bytes, at: int) -> int:
    try:
        form, channels, rate, _, _, bits = _FORMAT.unpack_from(head, at)
    except struct.error:
        raise _no_wave("its format is cut off") from None
    if (form, channels, bits) != (_PLAIN, 1, 8 * SAMPLE_BYTES) or rate not in _RATES:
        raise _no_wave(f"format {form}, {channels} channels, {bits} bits, {rate} Hz")
    return int(rate)


def kept_head(frames: int, channels: int, rate: int) -> bytes:
    """Of a file that is kept: A-law, `channels` bytes a frame."""
    data = frames * channels
    return _KEPT_HEAD.pack(
        b"RIFF", _KEPT_HEAD.size - 8 + data + (data & 1), b"WAVE",
        b"fmt ", 18, _A_LAW, channels, rate, rate * channels, channels, 8, 0,
        b"fact", 4, frames,
        b"data", data,
    )  # fmt: skip


def _no_wave(why: str) -> Invalid:
    return Invalid(
        f"This is no recording: {why}; 16 bits of one channel are read.", code="not_a_wave", why=why
    )
