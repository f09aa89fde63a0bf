"""Who helps at a place, as a condition in SQL: one rule for whoever asks the staff one after the other, and for whoever is asked by name. Pure."""

from __future__ import annotations

from typing import Final

OWN_PATH: Final = "(SELECT path FROM region WHERE region.id = staff.region_id)"
"""Of the region in which a row of `staff` works."""


def works_there(region_path: str, own_path: str = OWN_PATH) -> str:
    """That their region is above the place's, the same, or a neighbour of it under the same parent, or that they help there besides.
    Both are expressions of a statement: the ids from the root down.
    """
    near = f"({region_path})[cardinality({region_path}) - 1:]"
    return f"""(
        staff.region_id = ANY({region_path}) OR staff.areas && {region_path} OR {own_path} && {near}
    )"""
