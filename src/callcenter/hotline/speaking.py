"""Words made into sound for the telephone: an engine behind a port, and files that are kept by their words.

Done in the office and by a command, never where alarms are: an engine takes its time.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which
from typing import Final, Protocol

from callcenter.core.errors import Unavailable
from callcenter.telephony.wav import SoundRefused, for_telephone

ENGINE_WITHIN_S: Final = 30.0
LONGEST_TEXT: Final = 500
ESPEAK: Final = "espeak-ng"
_VOICES: Final[Mapping[str, str]] = {"zh": "cmn-latn-pinyin", "en": "en-gb"}
"""The voice for Chinese characters of espeak-ng reads them as letters: it is given Pinyin."""


class CannotSpeak(Unavailable):
    """The engine is not there, takes too long, or gives no sound."""

    code = "cannot_speak"


class Engine(Protocol):
    """Text to speech."""

    def speak(self, words: str, language: str) -> bytes:
        """A WAV file of plain PCM. Raises CannotSpeak."""


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
        self.write(name, language, _for_telephone(engine.speak(words, language)))
        return True


def _for_telephone(sound: bytes) -> bytes:
    try:
        return for_telephone(sound).content
    except SoundRefused as refused:
        raise CannotSpeak(f"The engine gave no such sound: {refused.message}") from None
