"""Which cards stand beside a call."""

from __future__ import annotations

import re
from typing import Any

import pytest

from callcenter.hotline.cards.built_in import BUILT_IN
from callcenter.hotline.cards.card import chosen
from callcenter.hotline.disposition import BUILT_IN as DISPOSITIONS
from callcenter.hotline.traits import Trait, traits_of

HAN = re.compile(r"[一-鿿]")
NOBODY: frozenset[Trait] = frozenset()


def codes(found: list[Any]) -> list[str]:
    return [card.code for card, fits in found if fits]


@pytest.mark.parametrize("card", BUILT_IN, ids=lambda card: card.code)
def test_a_card_is_complete_in_both_languages(card: Any):
    assert HAN.search(card.title_zh)
    assert HAN.search(card.text_zh)
    assert not HAN.search(card.title_en + card.text_en)
    assert card.text_zh.count("\n- ") == card.text_en.count("\n- ")
    assert set(card.dispositions) <= {each.code for each in DISPOSITIONS}
    assert card.dispositions or card.traits


def test_each_trait_has_a_card():
    assert {trait for card in BUILT_IN for trait in card.traits} == set(Trait)


def test_who_somebody_is_goes_before_what_it_is_about():
    found = chosen(BUILT_IN, text="", disposition="complaint", traits=frozenset({Trait.DEAF}))
    assert codes(found) == ["deaf", "knock_code", "complaint"]
    assert len(found) == len(BUILT_IN)


@pytest.mark.parametrize(
    ("text", "first"), [("燃气", "gas"), ("smell gas", "gas"), ("knock", "knock_code")]
)
def test_words_of_either_language_find_a_card(text: str, first: str):
    found = [card.code for card, _ in chosen(BUILT_IN, text=text, disposition=None, traits=NOBODY)]
    assert first in found
    assert len(found) < len(BUILT_IN)


@pytest.mark.parametrize(
    ("record", "traits"),
    [
        ({}, set()),
        ({"hearing": "左耳"}, {Trait.DEAF}),
        ({"disability": "hearing"}, {Trait.DEAF}),
        ({"disability": "speech"}, {Trait.SPEECH}),
        ({"talk_note": "中风后失语，慢慢说"}, {Trait.SPEECH}),
        ({"talk_note": "early dementia"}, {Trait.CONFUSED}),
        ({"dialect": "胶东话", "living": "alone"}, {Trait.DIALECT, Trait.ALONE}),
        ({"disability": "visual", "living": "couple"}, {Trait.BLIND}),
        ({"disability": "in words of an earlier release"}, set()),
    ],
)
def test_a_record_says_how_to_talk(record: dict[str, Any], traits: set[Trait]):
    assert traits_of(record) == traits
