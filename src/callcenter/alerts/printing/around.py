"""Who and what is registered around a printed incident. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reach:
    """A person who is registered, and the numbers they are called at."""

    name: str
    name_latin: str
    numbers: Sequence[str]
    relation: str = ""
    relation_en: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose page it is, in both languages."""

    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """Everything registered around an incident; empty for an unknown caller, and for eyes that may not see profiles."""

    residents: Mapping[int, Reach] = field(default_factory=dict)
    contacts: Mapping[int, Reach] = field(default_factory=dict)
    letterhead: Letterhead = Letterhead()
