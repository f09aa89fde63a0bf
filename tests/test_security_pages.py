"""What the pages on security name is there, and what they count is right."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASVS = ROOT / "docs/security/asvs.md"
ITEM = re.compile(r"^\| (\d[^|]*) \| (met|not met|n\.a\.) \| \S", re.MULTILINE)
NAMED = re.compile(r"`([a-z_]+/[a-zA-Z0-9_./-]*)`")
OF_EACH_CHAPTER = [38, 54, 18, 9, 30, 13, 12, 15, 7, 5, 8, 15, 13, 23]
"""Items of level 1 or 2 in ASVS 4.0.3."""


def numbers(item: str) -> list[str]:
    """ "2.6.1 to 2.6.3" and "13.3.1, 13.3.2" are several."""
    if " to " not in item:
        return item.split(", ")
    section, _, first = item.split(" to ", maxsplit=1)[0].rpartition(".")
    last = item.rpartition(".")[2]
    return [f"{section}.{number}" for number in range(int(first), int(last) + 1)]


def test_every_item_of_level_two_stands_there_once():
    listed = [
        number for item, _ in ITEM.findall(ASVS.read_text("utf-8")) for number in numbers(item)
    ]
    assert len(listed) == len(set(listed))
    chapters = Counter(int(number.split(".")[0]) for number in listed)
    assert [chapters[chapter] for chapter in range(1, 15)] == OF_EACH_CHAPTER


def test_the_figures_on_top_are_those_of_the_tables():
    text = ASVS.read_text("utf-8")
    found: Counter[str] = Counter()
    for item, stands in ITEM.findall(text):
        found[stands] += len(numbers(item))
    told = "Of {} items {} are met, {} are not, {} do not apply."
    figures = (sum(found.values()), found["met"], found["not met"], found["n.a."])
    assert told.format(*figures) in text


@pytest.mark.parametrize("document", ["docs/security/asvs.md", "SECURITY.md"])
def test_every_file_that_is_named_is_there(document: str):
    named = NAMED.findall((ROOT / document).read_text("utf-8"))
    assert named
    tops = (ROOT, ROOT / "src/callcenter")
    assert not [name for name in named if not any((top / name).exists() for top in tops)]
