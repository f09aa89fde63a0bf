"""Outlines that are one piece of ground, and those that are none."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.drawing.rings import (
    MOST_CORNERS,
    counterclockwise,
    is_inside,
    middle_of,
    ring_problem,
)

LNG, LAT = 104.0, 40.0


def ring(*corners, closed=True):
    """In steps of some ten metres around a place."""
    placed = [[LNG + x * 1e-4, LAT + y * 1e-4] for x, y in corners]
    return [*placed, placed[0]] if closed else placed


SQUARE = ring((0, 0), (4, 0), (4, 4), (0, 4))


@pytest.mark.parametrize(
    ("wrong", "shape"),
    [
        ("ring_open", ring((0, 0), (4, 0), (4, 4), (0, 4), closed=False)),
        ("ring_open", []),
        ("ring_too_short", ring((0, 0), (4, 0))),
        ("ring_crosses", ring((0, 0), (4, 4), (4, 0), (0, 4))),  # a bow tie
        ("ring_crosses", ring((0, 0), (4, 0), (2, 0), (2, 4))),  # an edge goes back on itself
        ("ring_crosses", ring((0, 0), (4, 0), (4, 4), (2, 0), (0, 4))),  # a corner on an edge
        ("ring_meets_itself", ring((0, 0), (2, 2), (4, 0), (4, 4), (2, 2), (0, 4))),
        ("ring_meets_itself", ring((0, 0), (0, 0), (4, 0), (4, 4))),
        ("ring_crosses", ring((0, 0), (1, 0), (2, 0))),  # a line there and back
        ("ring_too_long", ring(*((n, n * n) for n in range(MOST_CORNERS + 1)))),
    ],
)
def test_what_is_no_outline_is_told_by_name(wrong, shape):
    assert ring_problem(shape) == wrong


@pytest.mark.parametrize(
    "shape",
    [
        SQUARE,
        SQUARE[::-1],
        ring((0, 0), (2, 0), (4, 0), (4, 4), (0, 4)),  # a corner on a straight side
        ring((0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (1, 1), (1, 4), (0, 4)),  # a U
    ],
)
def test_an_outline_may_go_either_way_and_have_bays(shape):
    assert ring_problem(shape) is None


@st.composite
def star_shaped(draw):
    """Corners around a middle, each in its own direction: such an outline never crosses itself."""
    count = draw(st.integers(3, 40))
    reach = draw(st.lists(st.floats(5, 50), min_size=count, max_size=count))
    return [(r * cos(2 * pi * n / count), r * sin(2 * pi * n / count)) for n, r in enumerate(reach)]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # cores are shared
@given(star_shaped(), st.booleans())
def test_every_star_is_an_outline_and_is_kept_counterclockwise(corners, turned):
    drawn = ring(*(corners[::-1] if turned else corners))
    assert ring_problem(drawn) is None
    kept = counterclockwise(drawn)
    assert kept == counterclockwise(kept[::-1])
    assert is_inside((LNG, LAT), kept)
    assert not is_inside((LNG + 1, LAT), kept)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # cores are shared
@given(star_shaped().filter(lambda corners: len(corners) > 5), st.data())
def test_a_star_of_which_two_far_corners_change_places_crosses_or_is_still_one(corners, data):
    first = data.draw(st.integers(0, len(corners) - 1))
    second = (first + len(corners) // 2) % len(corners)
    corners[first], corners[second] = corners[second], corners[first]
    assert ring_problem(ring(*corners)) == _by_every_pair(ring(*corners))


def _by_every_pair(shape):
    """The slow way, without looking from the west."""
    grid = [(round(x * 1e7), round(y * 1e7)) for x, y in shape]
    edges = list(pairwise(grid))
    count = len(edges)
    back = any(_turn_back(*edge, edges[(n + 1) % count][1]) for n, edge in enumerate(edges))
    apart = ((n, m) for n in range(count) for m in range(n + 2, count - (n == 0)))
    met = any(_meet(*edges[n], *edges[m]) for n, m in apart)
    return "ring_crosses" if back or met else None


def _side(a, b, c):
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 0) - (turn < 0)


def _meet(a, b, c, d):
    sides = [_side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)]
    if any(sides):
        return sides[0] * sides[1] <= 0 and sides[2] * sides[3] <= 0
    spans = [[sorted((p[axis], q[axis])) for p, q in ((a, b), (c, d))] for axis in (0, 1)]
    return all(one[0] <= other[1] and other[0] <= one[1] for one, other in spans)


def _turn_back(a, b, c):
    along = (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1])
    return _side(a, b, c) == 0 and along > 0


def test_the_middle_is_that_of_the_corners():
    assert middle_of(SQUARE) == pytest.approx((LNG + 2e-4, LAT + 2e-4))
