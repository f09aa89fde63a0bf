"""One call's files become one sealed file: the caller left, the centre right, and how loud each was. Bounded in memory.

The exchange writes what both sides said together, and each side for itself; the two sides are all there is to keep. Where one of them is
lost, what was mixed of both is kept instead, as one channel.
"""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from callcenter.core.errors import Invalid
from callcenter.hotline.recordings.a_law import SILENCE, encoded
from callcenter.hotline.recordings.ripeness import HEARD, MIX, SPOKEN, is_of_a_trunk
from callcenter.hotline.recordings.sealed_sound import SealedSoundWriter
from callcenter.hotline.recordings.wave import (
    HEAD_BYTES,
    SAMPLE_BYTES,
    Wave,
    kept_head,
    read_head,
)

PARTS: Final = 500
"""Of a waveform."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the exchange, and where its sound lies in it."""

    path: Path
    wave: Wave


@dataclass(frozen=True, slots=True)
class Rewritten:
    """`waveform` has the loudest of each of 500 parts, 0 to 255, of one channel after the other; `sha256` and `size` are of what is heard."""

    seconds: float
    channels: int
    size: int
    sha256: bytes
    waveform: bytes
    repaired: bool


def look(path: Path) -> Source:
    """Raises Invalid `not_a_wave`, OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        return Source(path, read_head(head, path.stat().st_size))


def chosen(name: str, found: Mapping[str, Source]) -> Sequence[Source]:
    """Both sides, the far end first, where there are both and they are of one call's length, else what was mixed of them, else the one
    that there is. Raises Invalid `no_sound`.
    """
    far, near = (HEARD, SPOKEN) if is_of_a_trunk(name) else (SPOKEN, HEARD)
    sides = [found[part] for part in (far, near) if part in found]
    mix = found.get(MIX)
    longest = max((each.wave.frames for each in found.values()), default=0)
    if longest == 0:
        raise Invalid("Nothing was recorded.", code="no_sound")
    has_both = len(sides) == 2 and sides[0].wave.rate == sides[1].wave.rate
    if has_both and max(each.wave.frames for each in sides) == longest:
        return sides
    if mix is not None and mix.wave.frames == longest:
        return [mix]
    return [max(found.values(), key=lambda each: each.wave.frames)]


def rewrite(sources: Sequence[Source], writer: SealedSoundWriter) -> Rewritten:
    """Raises OSError. The writer is closed, its file is not."""
    frames = max(each.wave.frames for each in sources)
    rate, channels = sources[0].wave.rate, len(sources)
    head = kept_head(frames, channels, rate)
    hashed = hashlib.sha256()
    size = 0

    def put(data: bytes) -> None:
        nonlocal size
        hashed.update(data)
        writer.write(data)
        size += len(data)

    put(head)
    peaks = [bytearray(PARTS) for _ in sources]
    files: list[BinaryIO] = []
    try:
        for each in sources:
            files.append(each.path.open("rb"))
            files[-1].seek(each.wave.at)
        for part, count in enumerate(_parts(frames)):
            sides = [_samples(files[n], sources[n], part, frames, count) for n in range(channels)]
            for n, samples in enumerate(sides):
                peaks[n][part] = _loudest(samples)
            put(_together(sides, count))
    finally:
        for file in files:
            file.close()
    if size & 1:
        put(b"\0")  # chunks end at even bytes
    writer.close()
    return Rewritten(
        frames / rate,
        channels,
        size,
        hashed.digest(),
        b"".join(bytes(each) for each in peaks),
        any(each.wave.frames > 0 and not each.wave.is_closed for each in sources),
    )


def _parts(frames: int) -> Sequence[int]:
    """How many frames each part has; those of a short one may have none."""
    return [frames * (n + 1) // PARTS - frames * n // PARTS for n in range(PARTS)]


def _samples(file: BinaryIO, source: Source, part: int, frames: int, count: int) -> array[int]:
    """Of this part; fewer than `count` where this side is shorter than the other."""
    before = frames * part // PARTS
    left = max(0, min(count, source.wave.frames - before))
    data = file.read(left * SAMPLE_BYTES)
    samples = array("h")
    samples.frombytes(data[: len(data) // SAMPLE_BYTES * SAMPLE_BYTES])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _loudest(samples: array[int]) -> int:
    if not samples:
        return 0
    highest, lowest = max(samples), min(samples)
    return min(255, max(highest, -lowest) >> 7)


def _together(sides: Sequence[array[int]], count: int) -> bytes:
    coded = [encoded(samples).ljust(count, bytes([SILENCE])) for samples in sides]
    if len(coded) == 1:
        return coded[0]
    frames = bytearray(count * len(coded))
    for n, each in enumerate(coded):
        frames[n :: len(coded)] = each
    return bytes(frames)
