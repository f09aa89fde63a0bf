"""What communities call their people, word by word as the table of words has it: what an administrator says goes before what
the columns know by themselves. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.directory.columns import CHOICES

LONGEST: Final = 24
"""Characters of a word; what is longer is a sentence."""


class Subject(StrEnum):
    """What a word says something of; a `note` is known, has no column, and is kept as it is written."""

    LIVING = "living"
    WELFARE = "welfare"
    ABILITY = "ability"
    STATUS = "status"
    RISK = "risk"
    NOTE = "note"


VALUES: Final[Mapping[Subject, tuple[str, ...]]] = MappingProxyType(
    {
        subject: () if subject is Subject.NOTE else tuple(CHOICES[subject.value])
        for subject in Subject
    }
)
"""What a word may mean."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """`value` is one of VALUES; empty for a note."""

    subject: Subject
    value: str


class Vocabulary:
    """Whole words and what they mean."""

    def __init__(self, meanings: Mapping[str, Meaning] = MappingProxyType({})) -> None:
        self._meanings = {one_form(word): meaning for word, meaning in meanings.items()}

    def meaning(self, word: str) -> Meaning | None:
        """None: the table does not have it."""
        return self._meanings.get(one_form(word))


NO_WORDS: Final = Vocabulary()


def one_form(word: str) -> str:
    """The same for all ways of writing one word: width, case, blanks, a mark at its end."""
    flat = unicodedata.normalize("NFKC", word).lower()
    return re.sub(r"\s+", "", flat).strip(".。,、")
