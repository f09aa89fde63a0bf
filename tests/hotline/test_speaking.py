"""Words made into sound: an engine behind a port, and files as a telephone carries them."""

from __future__ import annotations

import wave
from array import array
from pathlib import Path
from shutil import which

import pytest

from callcenter.hotline.speaking import (
    CannotSpeak,
    Command,
    Espeak,
    Sounds,
    engine_of,
    pinyin_of,
)
from tests.telephony.test_wav import recorded


def test_chinese_is_given_to_the_engine_with_its_tones():
    assert pinyin_of("王秀英按1。") == "wang2 xiu4 ying1 an4 yi1 ."


@pytest.mark.skipif(which("espeak-ng") is None, reason="no espeak-ng: `make system-deps`")
@pytest.mark.parametrize(("language", "words"), [("zh", "能去现场请按一"), ("en", "Press one")])
def test_the_built_in_engine_speaks_as_a_telephone_carries_it(
    language: str, words: str, tmp_path: Path
):
    sounds = Sounds(tmp_path)
    assert sounds.make(Espeak(), "cc-trial", language, words)
    with wave.open(str(sounds.path("cc-trial", language))) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        assert 0.5 < file.getnframes() / 8000 < 5
        samples = array("h", file.readframes(file.getnframes()))
    assert max(samples) > 3000


@pytest.mark.skipif(which("espeak-ng") is None, reason="no espeak-ng: `make system-deps`")
def test_chinese_was_checked_by_its_phonemes():
    """能 n-, 去 tɕʰy with the falling tone 51, 按 an 51, 一 i 55."""
    said = Espeak().phonemes("能去按一", "zh").split("_|")
    assert [each.strip() for each in said if each.strip()] == [
        "n'@35N",
        "tS;h'y51",
        "'a51n",
        "j'i55",
    ]


def test_a_recording_of_a_person_is_not_replaced_by_a_machine(tmp_path: Path):
    sounds = Sounds(tmp_path)
    sounds.write("cc-notice-thanks", "zh", b"a person")
    assert not sounds.make(Command(("false",)), "cc-notice-thanks", "zh", "谢谢")
    assert sounds.path("cc-notice-thanks", "zh").read_bytes() == b"a person"


@pytest.mark.parametrize("command", [("false",), ("no-such-engine-at-all",), ("echo", "no sound")])
def test_an_engine_that_fails_writes_nothing(command: tuple[str, ...], tmp_path: Path):
    with pytest.raises(CannotSpeak):
        Sounds(tmp_path).make(Command(command), "cc-trial", "en", "hello")
    assert not list(tmp_path.rglob("*.wav"))


def test_words_are_never_part_of_the_command(tmp_path: Path):
    """A name is whatever somebody has written."""
    seen = tmp_path / "seen"
    with pytest.raises(CannotSpeak):
        Sounds(tmp_path).make(
            Command(("tee", str(seen))), "cc-trial", "en", '"; rm -rf / $(id)\n-v x'
        )
    assert seen.read_text() == '"; rm -rf / $(id) -v x'


def test_an_engine_of_the_site_goes_before_the_built_in():
    assert isinstance(engine_of(("speak", "{language}")), Command)


def test_an_engine_is_told_the_language(tmp_path: Path):
    seen = tmp_path / "zh"
    with pytest.raises(CannotSpeak):
        Sounds(tmp_path).make(Command(("tee", str(tmp_path / "{language}"))), "cc-x", "zh", "你好")
    assert seen.read_text() == "你好"


def test_an_engine_that_says_nothing_aloud_writes_nothing(tmp_path: Path):
    (tmp_path / "silence").write_bytes(recorded(loud=0))
    with pytest.raises(CannotSpeak, match="Nothing can be heard"):
        Sounds(tmp_path).make(Command(("cat", str(tmp_path / "silence"))), "cc-x", "en", "hello")
    assert not list(tmp_path.rglob("*.wav"))
