"""Who is called first: a number that orders all open calls, the smallest first. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from callcenter.calls.item import ListKind

_SPACE: Final = 1_000
"""Between two kinds: whom an outage may have silenced goes before everybody else."""
_KINDS: Final = tuple(ListKind)

_RISK: Mapping[str, int] = {"high": 0, "medium": 1, "low": 2}
_LIVING: Mapping[str, int] = {"alone": 0, "alone_by_day": 1, "couple": 2}
_ABILITY: Mapping[str, int] = {"total": 0, "severe": 1, "moderate": 2, "mild": 3}
_WITH_SOMEBODY: Final = 3
_ABLE: Final = 4
_OLDEST: Final = 100
_YEARS_A_STEP: Final = 5
_YOUNGEST_STEP: Final = 9


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of how much somebody may need help; `age` in years."""

    risk: str = "low"
    living: str | None = None
    ability: str | None = None
    age: int | None = None


def rank_of(kind: ListKind, person: Person) -> int:
    """By the kind of list, then risk, living alone, ability, age, each weighing more than all behind it."""
    return _KINDS.index(kind) * _SPACE + weight(person)


def weight(person: Person) -> int:
    """0 is who needs help the most; below 1,000."""
    risk = _RISK.get(person.risk, 2)
    living = _LIVING.get(person.living or "", _WITH_SOMEBODY)
    ability = _ABILITY.get(person.ability or "", _ABLE)
    return ((risk * 4 + living) * 5 + ability) * 10 + _years(person.age)


def _years(age: int | None) -> int:
    if age is None:
        return _YOUNGEST_STEP
    return min(_YOUNGEST_STEP, max(0, (_OLDEST - age) // _YEARS_A_STEP))
