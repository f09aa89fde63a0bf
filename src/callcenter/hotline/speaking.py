"""Words made into sound for the telephone: an engine behind a port, and files that are kept by their words.

Done in the office and by a command, never where alarms are: an engine takes its time. What a telephone carries is 8 kHz, 16 bits, one channel.
"""

from __future__ import annotations

import subprocess
import wave
from array import array
from collections.abc import Mapping, Sequence
from io import BytesIO
from math import cos, gcd, pi, sin
from operator import mul
from pathlib import Path
from shutil import which
from sys import byteorder
from typing import Final, Protocol

from callcenter.core.errors import Unavailable

RATE: Final = 8000
ENGINE_WITHIN_S: Final = 30.0
LONGEST_TEXT: Final = 500
ESPEAK: Final = "espeak-ng"
_VOICES: Final[Mapping[str, str]] = {"zh": "cmn-latn-pinyin", "en": "en-gb"}
"""The voice for Chinese characters of espeak-ng reads them as letters: it is given Pinyin."""
_TAPS: Final = 24
"""On each side of the filter that keeps what 8 kHz cannot carry out of it."""


class CannotSpeak(Unavailable):
    """The engine is not there, takes too long, or gives no sound."""

    code = "cannot_speak"


class Engine(Protocol):
    """Text to speech."""

    def speak(self, words: str, language: str) -> bytes:
        """A WAV file of 16 bits. Raises CannotSpeak."""


class Espeak:
    """The built-in one: espeak-ng, offline. Chinese as Pinyin with tones; checked by its phonemes, not by ear."""

    def speak(self, words: str, language: str) -> bytes:
        told = pinyin_of(words) if language == "zh" else words
        return _run((ESPEAK, "-v", _VOICES[language], "-s", "150", "--stdin", "--stdout"), told)

    def phonemes(self, words: str, language: str) -> str:
        """What it would say, in its own letters: by this its Chinese was checked. Raises CannotSpeak."""
        told = pinyin_of(words) if language == "zh" else words
        return _run((ESPEAK, "-v", _VOICES[language], "-q", "-x", "--stdin"), told).decode()


class Command:
    """An engine of the site: a command that reads the words from its input and writes a WAV file to its output. `{language}` in it is
    zh or en.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)

    def speak(self, words: str, language: str) -> bytes:
        return _run([each.replace("{language}", language) for each in self._command], words)


def engine_of(command: Sequence[str]) -> Engine | None:
    """That of the site, else the built-in where it is installed; None: recorded prompts alone are said."""
    if command:
        return Command(command)
    return Espeak() if which(ESPEAK) else None


def _run(command: Sequence[str], words: str) -> bytes:
    """Words go to the input, never into the command: they are whatever somebody has written."""
    told = " ".join(words.split())[:LONGEST_TEXT]
    try:
        done = subprocess.run(
            command, input=told.encode(), capture_output=True, timeout=ENGINE_WITHIN_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotSpeak(f"{command[0]} does not speak: {error}") from None
    return done.stdout


def pinyin_of(words: str) -> str:
    """Syllables with the number of their tone; figures as they are said one by one."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionaries cost every start a third of a second

    said = words.translate(_FIGURES)
    syllables = lazy_pinyin(said, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(each.strip().translate(_PAUSES) for each in syllables if each.strip())


_FIGURES: Final = str.maketrans("0123456789", "零一二三四五六七八九")
_PAUSES: Final = str.maketrans("，。、；：！？", ",.,;:!?")


# ---- as a telephone carries it


def for_telephone(sound: bytes) -> bytes:
    """A WAV file of 8 kHz, 16 bits, one channel, from one of any rate. Raises CannotSpeak for what is no such file."""
    rate, samples = _read(sound)
    if not samples:
        raise CannotSpeak("the engine gave no sound")
    if rate != RATE:
        samples = _resampled(samples, rate)
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(_little(samples).tobytes())
    return written.getvalue()


def _read(sound: bytes) -> tuple[int, array[int]]:
    """Of several channels the first."""
    try:
        with wave.open(BytesIO(sound)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(len(sound))  # an engine that writes to a pipe gives no length
    except (wave.Error, EOFError) as error:
        raise CannotSpeak(f"the engine gave no WAV file: {error}") from None
    if width != 2:
        raise CannotSpeak(f"the engine gave {8 * width} bits, and a telephone takes 16")
    samples = array("h", raw[: len(raw) // (2 * channels) * 2 * channels])
    return rate, _little(samples)[::channels]


def _little(samples: array[int]) -> array[int]:
    if byteorder == "big":
        samples.byteswap()
    return samples


def _resampled(samples: array[int], rate: int) -> array[int]:
    """By a windowed sinc, cut off below half of the lower rate. One set of weights for each place between two samples."""
    common = gcd(rate, RATE)
    step, phases = rate // common, RATE // common
    cutoff = 0.92 * min(1.0, RATE / rate)
    reach = round(_TAPS / cutoff)
    weights = [
        [_kernel(place - phase / phases, cutoff, reach) for place in range(1 - reach, 1 + reach)]
        for phase in range(phases)
    ]
    padded = array("h", bytes(2 * reach)) + samples + array("h", bytes(2 * reach))
    told = array("h")
    for n in range(len(samples) * phases // step):
        whole, phase = divmod(n * step, phases)
        total = sum(map(mul, padded[whole + 1 : whole + 1 + 2 * reach], weights[phase]))
        told.append(max(-32768, min(32767, round(total))))
    return told


def _kernel(distance: float, cutoff: float, reach: int) -> float:
    if abs(distance) >= reach:
        return 0.0
    x = pi * distance * cutoff
    sinc = cutoff if x == 0 else cutoff * sin(x) / x
    return sinc * (0.5 + 0.5 * cos(pi * distance / reach))


# ---- files


class Sounds:
    """The folder of the exchange's sounds, with one folder a language below it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str, language: str) -> Path:
        return self.folder / language / f"{name}.wav"

    def has(self, name: str, language: str) -> bool:
        return self.path(name, language).exists()

    def write(self, name: str, language: str, sound: bytes) -> None:
        """Whole or not at all: the exchange may be reading it."""
        path = self.path(name, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_bytes(sound)
        beside.replace(path)

    def make(self, engine: Engine, name: str, language: str, words: str) -> bool:
        """Whether it had to be made: what is there stays, it may be the voice of a person. Raises CannotSpeak."""
        if self.has(name, language):
            return False
        self.write(name, language, for_telephone(engine.speak(words, language)))
        return True
