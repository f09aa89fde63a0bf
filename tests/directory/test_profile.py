"""How far the nearest clinic is, as the crow flies."""

from __future__ import annotations

import pytest

from callcenter.directory.profile import NEAREST_POINTS, NearPoint, distance_m, told_points
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


def point(number: int, kind: str) -> NearPoint:
    return NearPoint(
        id=number,
        region_id=1,
        kind=kind,
        name="",
        name_en="",
        lat=0,
        lng=0,
        phone=None,
        distance_m=number,
    )


def test_the_only_hospital_is_told_however_many_pharmacies_are_nearer():
    near = [*(point(number, "pharmacy") for number in range(40)), point(99, "hospital")]
    told = told_points(near)
    assert len(told) == NEAREST_POINTS - 1
    assert [each.id for each in told] == [*range(NEAREST_POINTS - 2), 99]


def test_few_points_are_all_told_in_the_order_of_their_distance():
    near = [point(1, "gate"), point(2, "clinic"), point(3, "gate")]
    assert told_points(near) == near
