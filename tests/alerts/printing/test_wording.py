"""The printed page has words for everything that an incident can say, in both languages."""

from __future__ import annotations

import pytest

from callcenter.alerts.bodies import StepKind, StepResult
from callcenter.alerts.entries import KINDS
from callcenter.alerts.incident import Outcome
from callcenter.alerts.milestones import COURSE
from callcenter.alerts.plans.plan import StepType
from callcenter.alerts.plans.playing import BACK, DONE, SKIPPED
from callcenter.alerts.printing.wording import words
from callcenter.devices.signals import Kind
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.inbound import Meaning
from callcenter.sms.models import SmsState

SAID = {
    "kind": [*Kind],
    "entry": [*KINDS],
    "step": [*StepKind],
    "result": [*StepResult],
    "outcome": [*Outcome],
    "meaning": [*Meaning, "unclear"],
    "sms": [*MessageKind],
    "state": [*SmsState],
    "milestone": [*COURSE],
    "plan": [*StepType],
    "answer": [DONE, SKIPPED, BACK],
}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("group", SAID)
def test_every_code_has_words(group: str, language: str):
    say = words(language)
    assert [code for code in SAID[group] if not say.get(f"{group}.{code}")] == []


def test_both_languages_have_the_same_keys_and_anything_but_english_is_chinese():
    assert words("zh-CN").keys() == words("en").keys()
    assert words("en-GB") == words("en")
    assert words("fr") == words("zh-CN")
