"""Which plan holds for an alarm: the resident's own, else that of the nearest region upwards, else the built-in one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan that is in force: of a resident, else of a region."""

    plan_id: int
    version: int
    kinds: Sequence[str]
    resident_id: int | None = None
    region_id: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The plan for this kind of alarm; `plan_id` None: the built-in one."""

    kind: str
    plan_id: int | None = None
    version: int = 0


def choose(
    candidates: Iterable[Candidate], kind: str, residents: Sequence[int], path: Sequence[int]
) -> Choice:
    """`residents`: whose alarm it may be, the likeliest first. `path`: regions from the root down."""
    nearness = {("resident", each): place for place, each in enumerate(residents)}
    nearness |= {
        ("region", each): len(residents) + place for place, each in enumerate(reversed(path))
    }
    fitting = [one for one in candidates if kind in one.kinds and _owner(one) in nearness]
    nearest = min(fitting, key=lambda one: (nearness[_owner(one)], one.plan_id), default=None)
    return Choice(kind, nearest.plan_id, nearest.version) if nearest else Choice(kind)


def _owner(one: Candidate) -> tuple[str, int]:
    if one.resident_id is not None:
        return "resident", one.resident_id
    return "region", one.region_id or 0
