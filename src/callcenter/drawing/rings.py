"""Whether a line closes to an outline that a building can have. Pure; positions are [lng, lat] in WGS-84 degrees.

Whether two edges cross is reckoned in whole ten-millionths of a degree (a centimetre), so that no rounding decides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

Position = Sequence[float]
Ring = Sequence[Position]
_Grid = tuple[int, int]

STEPS: Final = 10_000_000
"""To a degree: what positions are kept to."""
LEAST_CORNERS: Final = 3
MOST_CORNERS: Final = 499


def rounded(position: Position) -> list[float]:
    """As it is kept: to the centimetre."""
    return [round(position[0], 7), round(position[1], 7)]


def ring_problem(ring: Ring) -> str | None:
    """What is wrong with a ring, as a code; None where it is the outline of one piece of ground, in either direction."""
    corners = [_on_grid(position) for position in ring]
    if not corners or corners[0] != corners[-1]:
        return "ring_open"
    corners.pop()
    if len(corners) < LEAST_CORNERS:
        return "ring_too_short"
    if len(corners) > MOST_CORNERS:
        return "ring_too_long"
    if len(set(corners)) < len(corners):
        return "ring_meets_itself"
    if _crosses(corners):
        return "ring_crosses"
    return None if _doubled_area(corners) else "ring_without_area"


def counterclockwise(ring: Ring) -> list[list[float]]:
    """The same outline in the direction that RFC 7946 asks for."""
    turned = ring if _doubled_area([_on_grid(each) for each in ring]) > 0 else ring[::-1]
    return [rounded(position) for position in turned]


def is_inside(position: Position, ring: Ring) -> bool:
    """Whether a place lies within a closed ring; on its edge it may be either."""
    (lng, lat), inside = position, False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lng < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def middle_of(ring: Ring) -> tuple[float, float]:
    """(lng, lat) of the mean of the corners."""
    corners = ring[:-1]
    return (
        sum(corner[0] for corner in corners) / len(corners),
        sum(corner[1] for corner in corners) / len(corners),
    )


def _on_grid(position: Position) -> _Grid:
    return round(position[0] * STEPS), round(position[1] * STEPS)


def _doubled_area(corners: Sequence[_Grid]) -> int:
    """Positive where the corners go round against the clock."""
    following = [*corners[1:], corners[0]]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(corners, following, strict=True))


def _crosses(corners: Sequence[_Grid]) -> bool:
    """Whether two edges touch that are no neighbours, or two neighbours lie on each other. Edges are looked at from the west, so
    that each meets only those that reach as far.
    """
    count = len(corners)
    edges = sorted(
        (min(a[0], b[0]), max(a[0], b[0]), at, a, b)
        for at, (a, b) in enumerate(zip(corners, [*corners[1:], corners[0]], strict=True))
    )
    open_edges: list[tuple[int, int, _Grid, _Grid]] = []
    for west, east, at, a, b in edges:
        open_edges = [each for each in open_edges if each[0] >= west]
        for _, other, c, d in open_edges:
            if (at - other) % count in (1, count - 1):
                if _turns_back(a, b, c, d):
                    return True
            elif _touch(a, b, c, d):
                return True
        open_edges.append((east, at, a, b))
    return False


def _side(a: _Grid, b: _Grid, c: _Grid) -> int:
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 0) - (turn < 0)


def _between(a: _Grid, b: _Grid, c: _Grid) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _touch(a: _Grid, b: _Grid, c: _Grid, d: _Grid) -> bool:
    sides = (_side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b))
    if sides[0] != sides[1] and sides[2] != sides[3]:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(side == 0 and _between(*end) for side, end in zip(sides, ends, strict=True))


def _turns_back(a: _Grid, b: _Grid, c: _Grid, d: _Grid) -> bool:
    """Of two edges that share a corner: whether one lies on the other."""
    shared = a if a in (c, d) else b
    ends = [each for each in (a, b, c, d) if each != shared]
    if _side(shared, ends[0], ends[1]) != 0:
        return False
    return (ends[0][0] - shared[0]) * (ends[1][0] - shared[0]) + (ends[0][1] - shared[1]) * (
        ends[1][1] - shared[1]
    ) > 0
