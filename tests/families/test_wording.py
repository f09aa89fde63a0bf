"""Both languages say the same things."""

from __future__ import annotations

import re

from callcenter.families.course import Stage
from callcenter.families.notices import Outcome
from callcenter.families.wording import kind_in_words, spoken, words
from callcenter.records.staff_kinds import StaffKind

FIELD = re.compile(r"\{\w+\}")


def test_neither_language_lacks_a_word_or_a_place_in_it():
    chinese, english = words("zh-CN"), words("en")
    assert chinese.keys() == english.keys()
    for key, said in chinese.items():
        assert set(FIELD.findall(said)) == set(FIELD.findall(english[key])), key


def test_every_stage_and_every_outcome_has_words():
    assert {stage.value for stage in Stage} <= words("en").keys()
    assert {outcome.value for outcome in Outcome if outcome is not Outcome.NOTED} <= words(
        "en"
    ).keys()


def test_every_kind_of_staff_has_a_word():
    for kind in StaffKind:
        assert kind_in_words(kind, "zh-CN")
        assert kind_in_words(kind, "en")
    assert kind_in_words("astronaut", "en") == ""


def test_any_language_but_english_is_answered_in_chinese():
    assert [spoken(one) for one in ("en", "en-GB", "zh-CN", "ug", "")] == [
        "en",
        "en",
        *["zh-CN"] * 3,
    ]
