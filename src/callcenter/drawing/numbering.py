"""The doors of a building by rule: so many entrances, floors and doors a landing, with the numbers on them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callcenter.core.errors import Invalid

MOST_DOORS: Final = 2_000
"""Of one building: 40 floors of 50 doors."""
MOST_ON_A_LANDING: Final = 99


class Numbers(StrEnum):
    """How doors of one floor are counted."""

    ANEW = "anew"  # each entrance begins again: 101, 102 in every one
    ON = "on"  # on from entrance to entrance: 101, 102, then 103, 104


@dataclass(frozen=True, slots=True)
class DoorRule:
    """`left_out` are floors that the building does not have by name, such as 4 or 13: what is above counts as it is called."""

    entrances: int
    floors: int
    doors: int
    """To a landing of one entrance."""
    lowest: int = 1
    """The number of the lowest floor."""
    left_out: frozenset[int] = frozenset()
    numbers: Numbers = Numbers.ANEW


@dataclass(frozen=True, slots=True)
class Door:
    entrance: str
    floor: int
    number: str
    """On the door: the floor and two digits, 101."""


def doors_of(rule: DoorRule) -> list[Door]:
    """Every door, by entrance and floor. Raises Invalid `no_such_rule` for none, `too_many_doors` for more than a building has."""
    if min(rule.entrances, rule.floors, rule.doors, rule.lowest) < 1:
        raise Invalid("Entrances, floors and doors are at least one each.", code="no_such_rule")
    on_a_floor = rule.doors * (rule.entrances if rule.numbers is Numbers.ON else 1)
    count = rule.entrances * rule.floors * rule.doors
    if count > MOST_DOORS or on_a_floor > MOST_ON_A_LANDING:
        raise Invalid(
            f"The rule makes {count} doors, {on_a_floor} numbers to a floor; at most {MOST_DOORS}, and {MOST_ON_A_LANDING}.",
            code="too_many_doors",
            doors=count,
            most=MOST_DOORS,
        )
    floors = list(_floors(rule))
    return [
        Door(str(entrance), floor, f"{floor}{_first(rule, entrance) + door:02d}")
        for entrance in range(1, rule.entrances + 1)
        for floor in floors
        for door in range(rule.doors)
    ]


def _floors(rule: DoorRule) -> Iterator[int]:
    floor, left = rule.lowest, rule.floors
    while left:
        if floor not in rule.left_out:
            yield floor
            left -= 1
        floor += 1


def _first(rule: DoorRule, entrance: int) -> int:
    return 1 + (entrance - 1) * rule.doors if rule.numbers is Numbers.ON else 1


DoorKey = tuple[str, str]
"""(entrance, door)."""


@dataclass(frozen=True, slots=True)
class DoorPlan:
    """What a rule does to a building where homes stand already; each of those is kept."""

    new: Sequence[Door]
    found: Mapping[Door, int]
    """Homes by id that stand behind a door of the rule."""
    beside: Sequence[int]
    """Homes of the building for which the rule has no door: they stay as they are."""


def plan_doors(doors: Sequence[Door], standing: Mapping[DoorKey, int]) -> DoorPlan:
    """Which doors are new, and which are there."""
    found = {
        door: standing[door.entrance, door.number]
        for door in doors
        if (door.entrance, door.number) in standing
    }
    return DoorPlan(
        new=[door for door in doors if door not in found],
        found=found,
        beside=sorted(set(standing.values()) - set(found.values())),
    )
