"""A recorded sound as a telephone carries it: 8 kHz, one channel, 16 bits. Pure.

Reads plain PCM alone (RIFF/WAVE of 8, 16, 24 or 32 bits, any rate from 8 to 96 kHz, one or two channels), mixes, and takes out what 8 kHz cannot
carry before it leaves samples out: otherwise hisses would turn into whistles.
"""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, gcd, pi, sin
from operator import mul
from sys import byteorder
from typing import Final

from callcenter.core.errors import Invalid

RATE: Final = 8000
LONGEST_S: Final = 120
MOST_BYTES: Final = 20 * 1024 * 1024
"""Nearly two minutes of 44.1 kHz, two channels, 16 bits."""
QUIETEST: Final = 200
"""Of 32,767: a recording that never gets louder is silence, and would be heard as a dead line."""
_RATES: Final = range(RATE, 96_001)
_UNREADABLE: Final = (wave.Error, EOFError, ValueError, RuntimeError)
"""RuntimeError: a piece says that it is longer than the file."""
_REACH: Final = 16
"""Samples of the lower rate on each side of the filter."""


class SoundRefused(Invalid):
    """Nothing that a telephone could say: `reason` no_wav, form, length, silent, size; one_tune where music is put under a language."""

    code = "sound_refused"


@dataclass(frozen=True, slots=True)
class TelephoneSound:
    """`content` is a whole file. `was`: as it came."""

    content: bytes
    seconds: float
    was: str
    converted: bool


def for_telephone(content: bytes) -> TelephoneSound:
    """Raises SoundRefused."""
    file = _opened(content)
    with file:
        channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
        was = f"{rate} Hz, {channels} × {8 * width} bit"
        if channels not in (1, 2) or rate not in _RATES or width not in _WIDTHS:
            raise _refused(
                "form", f"{was} is more than a prompt may be: 8 to 96 kHz, one or two channels."
            )
        frames = min(file.getnframes(), len(content) // (channels * width))
        if not 0 < frames <= LONGEST_S * rate:
            raise _refused("length", f"{frames / rate:.1f} s: a prompt has up to {LONGEST_S} s.")
        samples = _mixed(_WIDTHS[width](file.readframes(frames)), channels)
    told = _resampled(samples, rate)
    if max(map(abs, told), default=0) < QUIETEST:
        raise _refused("silent", "Nothing can be heard in it.")
    as_it_was = (channels, width, rate) == (1, 2, RATE)
    return TelephoneSound(_written(told), round(len(told) / RATE, 2), was, not as_it_was)


def _opened(content: bytes) -> wave.Wave_read:
    if len(content) > MOST_BYTES:
        raise _refused("size", f"More than {MOST_BYTES // 1024 // 1024} MiB.")
    try:
        file: wave.Wave_read = wave.open(io.BytesIO(content))  # noqa: SIM115 - whoever asks closes it
    except _UNREADABLE as error:
        raise _refused("no_wav", f"This is no WAV file of plain PCM: {error}") from None
    return file


def _refused(reason: str, message: str) -> SoundRefused:
    return SoundRefused(message, reason=reason)


# ---- samples of 16 bits


def _of_8_bits(raw: bytes) -> array[int]:
    return array("h", [(each - 128) << 8 for each in raw])


def _of_16_bits(raw: bytes) -> array[int]:
    samples = array("h", raw[: len(raw) // 2 * 2])
    if byteorder == "big":
        samples.byteswap()
    return samples


def _of_24_bits(raw: bytes) -> array[int]:
    """The two upper bytes of three."""
    kept = bytearray(len(raw) // 3 * 2)
    kept[0::2] = raw[1 : len(raw) // 3 * 3 : 3]
    kept[1::2] = raw[2 : len(raw) // 3 * 3 : 3]
    return _of_16_bits(bytes(kept))


def _of_32_bits(raw: bytes) -> array[int]:
    kept = bytearray(len(raw) // 4 * 2)
    kept[0::2] = raw[2 : len(raw) // 4 * 4 : 4]
    kept[1::2] = raw[3 : len(raw) // 4 * 4 : 4]
    return _of_16_bits(bytes(kept))


_WIDTHS: Final = {1: _of_8_bits, 2: _of_16_bits, 3: _of_24_bits, 4: _of_32_bits}


def _mixed(samples: array[int], channels: int) -> array[int]:
    if channels == 1:
        return samples
    return array(
        "h", [(left + right) // 2 for left, right in zip(samples[::2], samples[1::2], strict=False)]
    )


def _resampled(samples: array[int], rate: int) -> array[int]:
    """By a windowed sinc, one set of weights for each place that a new sample can have between two old ones."""
    if rate == RATE:
        return samples
    common = gcd(rate, RATE)
    step, phases = rate // common, RATE // common
    reach = _REACH * rate // RATE + 1
    weights = [_weights(phase / phases, RATE / rate, reach) for phase in range(phases)]
    padded = array("h", bytes(2 * reach)) + samples + array("h", bytes(2 * reach))
    told = array("h")
    for number in range(len(samples) * phases // step):
        whole, phase = divmod(number * step, phases)
        heard = padded[whole + 1 : whole + 1 + 2 * reach]
        told.append(max(-32768, min(32767, round(sum(map(mul, heard, weights[phase]))))))
    return told


def _weights(phase: float, ratio: float, reach: int) -> Sequence[float]:
    """Cut off a little below half of the new rate; all together they are 1."""
    raw = [_kernel(place - phase, 0.92 * ratio, reach) for place in range(1 - reach, 1 + reach)]
    total = sum(raw)
    return [each / total for each in raw]


def _kernel(distance: float, cutoff: float, reach: int) -> float:
    if abs(distance) >= reach:
        return 0.0
    x = pi * distance * cutoff
    window = 0.5 + 0.5 * cos(pi * distance / reach)
    return window if x == 0 else window * sin(x) / x


def _written(samples: array[int]) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(_little(samples).tobytes())
    return written.getvalue()


def _little(samples: array[int]) -> array[int]:
    if byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples
