"""Each kind of entry says in both languages what was done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import callcenter
from callcenter.api.trail.wording import ACTIONS, HEADINGS, Both, words_for

NOTED = re.compile(r'\b_?(?:note|record)\((?:session, |asking, )?\s*"([a-z_]+)"')
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("words", [*ACTIONS.values(), *HEADINGS])
def test_a_text_is_in_its_language(words: Both):
    assert HAN.search(words.in_("zh-CN"))
    assert words.in_("en")
    assert not HAN.search(words.in_("en"))


def test_no_two_kinds_read_the_same():
    for language in ("zh-CN", "en"):
        texts = [words.in_(language) for words in ACTIONS.values()]
        assert len(set(texts)) == len(texts)


def test_every_kind_that_is_noted_has_words():
    sources = Path(callcenter.__file__).parent.rglob("*.py")
    noted = {kind for source in sources for kind in NOTED.findall(source.read_text("utf-8"))}
    assert {"profile_seen", "slip_given"} <= noted
    assert noted - ACTIONS.keys() == set()


def test_a_kind_without_words_shows_its_code():
    assert words_for("house_painted") == Both("house_painted", "house painted")
