"""What is said on the telephone by the centre itself."""

from __future__ import annotations

import math
import wave
from array import array
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from shutil import which
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from callcenter.hotline.speaking import (
    CannotSpeak,
    Command,
    Espeak,
    Sounds,
    for_telephone,
    pinyin_of,
)
from callcenter.hotline.spoken import (
    LANGUAGES,
    RECORDED,
    Spoken,
    VoiceKind,
    clip_of,
    prompts_of,
    script_of,
    time_said,
    to_be_spoken,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOTHER = {
    "name": "沈玉兰", "name_latin": "Shen Yulan", "signature": "榆荫里养老", "signature_en": "Yuyinli Care",
    "at": "2026-11-12T06:05:00+00:00", "alarm": "sos",
}  # fmt: skip


def nothing(_: str) -> bool:
    return False


def everything(_: str) -> bool:
    return True


def test_a_contact_hears_who_has_called_and_what_to_press():
    script = script_of(VoiceKind.CONTACT_ALARM, MOTHER, "zh", SHANGHAI)
    assert prompts_of(script, "zh", everything) == [
        "cc-hello-this-is", clip_of("榆荫里养老", "zh"), clip_of("沈玉兰", "zh"), "cc-alarm-help",
        "cc-at", "cc-n-14", "cc-oclock", "cc-n-oh", "cc-n-5", "cc-minutes", "cc-contact-keys",
    ]  # fmt: skip
    assert set(script.thanks) == {"1", "2"}


def test_without_an_engine_the_names_are_left_out():
    script = script_of(VoiceKind.CONTACT_ALARM, MOTHER, "en", SHANGHAI)
    assert prompts_of(script, "en", nothing) == [
        "cc-hello-centre", "cc-somebody-you-know", "cc-alarm-help", "cc-at", "cc-n-14", "cc-n-oh", "cc-n-5", "cc-contact-keys",
    ]  # fmt: skip


def test_english_is_told_the_latin_name():
    script = script_of(VoiceKind.CONTACT_ALARM, MOTHER, "en", SHANGHAI)
    assert dict(to_be_spoken(script, "en")).keys() == {
        clip_of("Yuyinli Care", "en"),
        clip_of("Shen Yulan", "en"),
    }


@pytest.mark.parametrize("alarm", ["smoke", "gas", "fall", "inactivity"])
def test_a_smoke_alarm_is_not_told_as_a_call_for_help(alarm: str):
    script = script_of(VoiceKind.CONTACT_ALARM, MOTHER | {"alarm": alarm}, "zh", SHANGHAI)
    assert "cc-alarm-help" not in prompts_of(script, "zh", everything)


@pytest.mark.parametrize("kind", VoiceKind)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("params", [MOTHER, {}, {"at": "soon", "notice": "明天停水。"}])
def test_everything_that_is_said_can_be_recorded(
    kind: VoiceKind, language: str, params: dict[str, str]
):
    script = script_of(kind, params, language, SHANGHAI)
    said = {
        *prompts_of(script, language, nothing),
        *(each for told in script.thanks.values() for each in told),
    }
    assert said
    assert said <= RECORDED.keys()
    for part in script.parts:
        assert not isinstance(part, Spoken) or part.words


def test_every_prompt_has_words_in_both_languages():
    for words in RECORDED.values():
        assert all(words.in_(language).strip() for language in LANGUAGES)


@given(st.datetimes())
def test_every_time_of_the_day_is_said_with_recorded_words(at: datetime):
    for language in LANGUAGES:
        assert set(time_said(at, language)) <= RECORDED.keys()


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


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
def test_a_tone_keeps_its_pitch_and_what_no_telephone_carries_is_gone(rate: int):
    assert abs(_level(for_telephone(_tone(rate, 1000)), 1000) - 0.5) < 0.02
    if rate > 16000:
        assert _level(for_telephone(_tone(rate, 7000)), 1000) < 0.01


def _tone(rate: int, hertz: int) -> bytes:
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        wave_ = (round(16384 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(rate // 2))
        file.writeframes(array("h", wave_).tobytes())
    return written.getvalue()


def _level(sound: bytes, hertz: int) -> float:
    with wave.open(BytesIO(sound)) as file:
        samples = array("h", file.readframes(file.getnframes()))[400:3600]
    turned = sum(
        each * complex(math.cos(a := 2 * math.pi * hertz * n / 8000), -math.sin(a))
        for n, each in enumerate(samples)
    )
    return 2 * abs(turned) / len(samples) / 32768


def test_the_time_of_an_alarm_is_that_of_the_site():
    at = datetime(2026, 11, 12, 16, 0, tzinfo=UTC).isoformat()
    script = script_of(VoiceKind.CONTACT_ALARM, {"at": at}, "zh", SHANGHAI)
    said = prompts_of(script, "zh", nothing)
    assert said[-4:] == ["cc-n-0", "cc-oclock", "cc-sharp", "cc-contact-keys"]
