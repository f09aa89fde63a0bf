"""A picture is laid on the ground by two points; a third tells how good it is."""

from __future__ import annotations

from cmath import rect
from math import cos, hypot, radians

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.core.errors import Invalid
from callcenter.drawing.fitting import METRES_PER_DEGREE, Reference, fit

LNG, LAT = 104.0, 40.0
EAST = METRES_PER_DEGREE * cos(radians(LAT))


def seen(x, y, turn, shift):
    """Where a pixel lies of a picture that is turned, scaled and shifted so."""
    metres = turn * complex(x, -y) + shift
    return Reference(x, y, LNG + metres.real / EAST, LAT + metres.imag / METRES_PER_DEGREE)


pixels = st.tuples(st.floats(0, 4000), st.floats(0, 4000))
similarities = st.tuples(
    st.builds(rect, st.floats(0.02, 0.4), st.floats(-3.1, 3.1)),
    st.builds(complex, st.floats(-2000, 2000), st.floats(-2000, 2000)),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # cores are shared
@given(similarities, st.lists(pixels, min_size=2, max_size=6, unique=True))
def test_points_of_one_picture_are_met_again(similarity, places):
    if max(hypot(a[0] - b[0], a[1] - b[1]) for a in places for b in places) < 100:
        return
    references = [seen(*place, *similarity) for place in places]
    found = fit(references)
    assert found.metres_per_pixel == pytest.approx(abs(similarity[0]), rel=1e-3)
    assert found.residual_m < 0.2  # the ground is round: a few centimetres over a kilometre
    for each in references:
        lng, lat = found.place_of(each.x, each.y)
        assert hypot((lng - each.lng) * EAST, (lat - each.lat) * METRES_PER_DEGREE) < 0.5


def test_a_picture_with_north_on_top_is_not_turned_and_its_corners_are_told_from_the_upper_left():
    found = fit([seen(0, 0, 0.5 + 0j, 0j), seen(1000, 800, 0.5 + 0j, 0j)])
    assert found.degrees == pytest.approx(0, abs=0.01)
    assert found.metres_per_pixel == pytest.approx(0.5, rel=1e-4)
    upper_left, upper_right, lower_right, lower_left = found.corners(1000, 800)
    assert upper_left == pytest.approx([LNG, LAT], abs=1e-6)
    assert upper_right[0] > LNG
    assert lower_left[1] < LAT
    assert lower_right == pytest.approx([upper_right[0], lower_left[1]], abs=1e-6)


def test_a_third_point_that_does_not_fit_is_told_in_metres():
    good = [seen(0, 0, 0.5 + 0j, 0j), seen(1000, 0, 0.5 + 0j, 0j)]
    assert fit(good).residual_m == pytest.approx(0, abs=1e-6)
    off = seen(500, 800, 0.5 + 0j, 30j)
    found = fit([*good, off])
    assert 5 < found.residual_m < 30
    assert len(found.off_m) == 3
    assert max(found.off_m) >= found.residual_m


@pytest.mark.parametrize(
    ("code", "references"),
    [
        ("points_too_near", [seen(10, 10, 0.5, 0), seen(20, 10, 0.5, 0)]),
        ("points_too_near", [seen(10, 10, 0.5, 0)]),
        ("unlikely_scale", [seen(0, 0, 40, 0), seen(1000, 0, 40, 0)]),
        ("unlikely_scale", [seen(0, 0, 0.001, 0), seen(1000, 0, 0.001, 0)]),
        ("unlikely_scale", [Reference(0, 0, LNG, LAT), Reference(1000, 0, LNG, LAT)]),
    ],
)
def test_points_that_cannot_lay_a_picture_are_refused(code, references):
    with pytest.raises(Invalid) as refused:
        fit(references)
    assert refused.value.code == code
