"""A home is where its entrance is, else where its building is."""

from callcenter.residents.doors import door_position
from callcenter.residents.models import Building

SQUARE = [[120.0, 30.0], [120.2, 30.0], [120.2, 30.2], [120.0, 30.2], [120.0, 30.0]]


def building(**values):
    return Building(**{"footprint": SQUARE, "entrances": []} | values)


def test_the_entrance_is_where_it_stands():
    known = building(entrances=[{"name": "2", "position": [120.05, 30.0]}])
    assert door_position(known, "2") == (30.0, 120.05)


def test_an_entrance_that_nobody_knows_is_in_the_middle_of_the_building():
    lat, lng = door_position(building(), "3") or (0, 0)
    assert (round(lat, 6), round(lng, 6)) == (30.1, 120.1)


def test_a_building_without_a_footprint_is_nowhere():
    assert door_position(building(footprint=[]), "2") is None
