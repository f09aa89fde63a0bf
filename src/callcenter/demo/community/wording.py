"""Words the listed people share, each in Chinese and English: conditions, distances, relations, times of day."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from callcenter.demo.community.listed import NOTHING, Both, Listed, read

SAME_HOME = "same_home"
ACROSS_THE_LANDING = "across_the_landing"


class Condition(Listed):
    """What is written about an illness: the note, what is taken for it, and the warning that goes out with an alarm."""

    note: Both
    medicine: Both = NOTHING
    hazard: Both = NOTHING


class Distance(Listed):
    """How far away a contact lives; who is `far_away` cannot come the same day."""

    zh: str
    en: str
    far_away: bool = False


class Words(Listed):
    """The content of wording.toml; `relations` are English words by the Chinese ones."""

    conditions: Mapping[str, Condition]
    distances: Mapping[str, Distance]
    relations: Mapping[str, str]
    dialects: Mapping[str, Both]
    hospitals: Mapping[str, Both]
    allergies: Mapping[str, Both]
    reachable: tuple[Both, ...]
    talking: tuple[Both, ...]


@cache
def words() -> Words:
    """All of them."""
    return read("wording.toml", Words)
