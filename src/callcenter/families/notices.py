"""What becomes of a word that a family sends. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

LONGEST_NOTE: Final = 200
"""Characters: as many as the timeline shows of an answer."""


class Outcome(StrEnum):
    NOTED = "noted"
    NO_WORDS = "no_words"
    STALE = "stale"
    """The form is old or not ours: the page is shown anew."""
    TOO_MANY = "too_many"
    ENDED = "ended"
