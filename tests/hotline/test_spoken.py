"""What is said on the telephone by the centre itself."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

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


def test_the_time_of_an_alarm_is_that_of_the_site():
    at = datetime(2026, 11, 12, 16, 0, tzinfo=UTC).isoformat()
    script = script_of(VoiceKind.CONTACT_ALARM, {"at": at}, "zh", SHANGHAI)
    said = prompts_of(script, "zh", nothing)
    assert said[-4:] == ["cc-n-0", "cc-oclock", "cc-sharp", "cc-contact-keys"]
