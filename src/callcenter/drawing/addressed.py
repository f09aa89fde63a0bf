"""Which homes an address puts into a building, as the import reads addresses. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from callcenter.directory.addresses import house_number, parts_of, same_estate


@dataclass(frozen=True, slots=True)
class Named:
    """A building by what addresses call it."""

    estate: str
    name: str

    @property
    def number(self) -> str:
        """7 for 7号楼, 07栋 and 七号楼."""
        parts = parts_of(self.name)
        return parts.building if parts is not None else house_number(self.name).upper()


@dataclass(frozen=True, slots=True)
class Inside:
    """Where in the building."""

    entrance: str
    door: str


def where_in(building: Named, others: Iterable[Named], address: str) -> Inside | None:
    """Where in the building the address lies; None where it names another, or may name one of another estate as well: a wrong
    dot is worse than no dot.
    """
    parts = parts_of(address)
    if parts is None or parts.building != building.number:
        return None
    if not same_estate(parts.before, building.estate):
        return None
    rivals = (
        other
        for other in others
        if other.number == building.number and other.estate != building.estate
    )
    if any(same_estate(parts.before, rival.estate) for rival in rivals):
        return None
    return Inside(parts.entrance, parts.door)


def floor_of(door: str) -> int | None:
    """5 for 501, 12 for 1203."""
    return int(door[:-2]) if re.fullmatch(r"\d{3,4}", door) else None


def address_of(building: Named, entrance: str, door: str) -> str:
    """As the import composes it: 榆荫里7号楼2单元501室."""
    name = f"{building.name}号楼" if building.name.isdigit() else building.name
    return f"{building.estate}{name}{entrance}单元{door}室"
