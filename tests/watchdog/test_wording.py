"""What the watchdog says: both languages have every leg, with what to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callcenter.liveness.circle import Leg
from callcenter.watchdog.alarming import Event, Notice
from callcenter.watchdog.wording import LANGUAGES, Language, in_all, notice_said, to_do

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("leg", Leg)
def test_each_leg_has_its_words_and_what_to_do(leg: Leg, language: Language):
    found = notice_said(Notice(Event.ALARM, NOON, NOON, leg, "answers 503"), "site", language)
    assert to_do(leg, language) in found.long
    assert "answers 503" in found.long
    assert "site" in found.short
    assert ("一" <= found.short[1] <= "鿿") is (language == "zh-CN")


def test_legs_are_told_apart():
    said = {notice_said(Notice(Event.ALARM, NOON, NOON, leg), "s", "en").short for leg in Leg}
    assert len(said) == len(Leg)


@pytest.mark.parametrize("event", Event)
def test_without_a_language_it_is_said_in_both(event: Event):
    both = in_all(Notice(event, NOON, NOON, Leg.SEAT), "site", None)
    assert "看门狗" in both.short
    assert "WATCHDOG" in both.short


def test_a_trial_says_that_there_is_nothing_to_do():
    assert "nothing to do" in in_all(Notice(Event.TRIAL, NOON, NOON, None), "s", "en").short
