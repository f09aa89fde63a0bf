"""The listed devices belong to listed people."""

from callcenter.demo.community.equipment import equipment
from callcenter.demo.community.people import households

NAMES = {person.name for household in households() for person in household.people}


def test_a_device_is_somebodys_or_a_homes_never_both():
    for device in equipment().devices:
        assert device.resident is None or device.home_of is None
        assert {device.resident, device.home_of} - {None} <= NAMES


def test_every_kind_has_a_model_and_a_place():
    assert {device.kind for device in equipment().devices} == set(equipment().kinds)
