"""How far the nearest clinic is, as the crow flies."""

from __future__ import annotations

import pytest

from callcenter.directory.profile import distance_m
from callcenter.residents.models import Home, PointOfInterest


@pytest.mark.parametrize(
    ("lat", "lng", "metres"),
    [
        (40.0, 104.0, 0),
        (41.0, 104.0, 111_195),  # a degree of a meridian
        (40.0, 105.0, 85_180),  # of a parallel at 40 degrees: less
        (40.001, 104.0, 111),
    ],
)
def test_the_distance_is_that_of_the_great_circle(lat: float, lng: float, metres: int):
    found = distance_m(Home(lat=40.0, lng=104.0), PointOfInterest(lat=lat, lng=lng))
    assert found == pytest.approx(metres, abs=1)


def test_a_home_without_a_place_is_near_nothing():
    assert distance_m(Home(lat=None, lng=None), PointOfInterest(lat=40.0, lng=104.0)) is None
