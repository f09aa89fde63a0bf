"""Where the entrances of a building stand that nobody has drawn, and where its homes go when it is moved. Pure.

Positions are [lng, lat] in WGS-84 degrees, entrances as `Building.entrances` keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any, Final

from callcenter.drawing.rings import Position, Ring, is_inside, middle_of, rounded

FOUR_CORNERS: Final = 5
"""Positions of a closed ring with four corners."""

Entrance = Mapping[str, Any]


def with_entrances(
    ring: Ring, standing: Sequence[Entrance], names: Sequence[str]
) -> list[dict[str, Any]]:
    """The entrances that stand, and those of the names that are missing, evenly along the longest side (of two the southern).
    A building with four corners is divided among them, so that a map can light one.
    """
    there = {str(each["name"]) for each in standing}
    along = dict(zip(names, _along(ring, len(names)), strict=True))
    added = [{"name": name} | along[name] for name in names if name not in there]
    return [*(dict(each) for each in standing), *added]


def _along(ring: Ring, count: int) -> list[dict[str, Any]]:
    if not ring:  # nobody has drawn the building
        return [{"position": None, "footprint": None}] * count
    start = _longest_side(ring)
    first, last = ring[start], ring[start + 1]
    if _goes_west(first, last):
        first, last = last, first
    cells = _cells(ring, start, count) if len(ring) == FOUR_CORNERS else [None] * count
    return [
        {"position": rounded(_on(first, last, (n + 0.5) / count)), "footprint": cell}
        for n, cell in enumerate(cells)
    ]


def _goes_west(first: Position, last: Position) -> bool:
    return (last[0], last[1]) < (first[0], first[1])


def _longest_side(ring: Ring) -> int:
    """Index of its first corner; lengths within a tenth of each other count as equal, and then the southern wins."""
    narrow = cos(radians(ring[0][1]))
    lengths = [hypot((b[0] - a[0]) * narrow, b[1] - a[1]) for a, b in pairwise(ring)]
    longest = max(lengths)
    long = [n for n, length in enumerate(lengths) if length >= 0.9 * longest]
    return min(long, key=lambda n: ring[n][1] + ring[n + 1][1])


def _cells(ring: Ring, start: int, count: int) -> list[list[list[float]]]:
    a, b, c, d = (ring[(start + n) % 4] for n in range(4))
    if _goes_west(a, b):
        a, b, c, d = b, a, d, c
    return [_cell(a, b, c, d, n / count, (n + 1) / count) for n in range(count)]


def _cell(
    a: Position, b: Position, c: Position, d: Position, west: float, east: float
) -> list[list[float]]:
    corners = [_on(a, b, west), _on(a, b, east), _on(d, c, east), _on(d, c, west)]
    return [rounded(corner) for corner in (*corners, corners[0])]


def _on(a: Position, b: Position, share: float) -> tuple[float, float]:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def moved_home(
    home: tuple[float, float] | None,
    doors: tuple[tuple[float, float] | None, tuple[float, float] | None],
    outlines: tuple[Ring, Ring],
) -> tuple[float, float] | None:
    """(lat, lng) of a home after its building was changed. One without a place or at its old door is at the new door, one with a
    place of its own inside moves as far as the middle of the building, one outside stays. `doors` and `outlines`: before, after.
    """
    old_door, new_door = doors
    if home is None or home == old_door:
        return new_door
    before, after = outlines
    if not is_inside((home[1], home[0]), before):
        return home
    (x1, y1), (x2, y2) = middle_of(before), middle_of(after)
    return round(home[0] + y2 - y1, 9), round(home[1] + x2 - x1, 9)
