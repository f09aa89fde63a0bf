"""Entrances that nobody has drawn, and homes that move with their building."""

from __future__ import annotations

import pytest

from callcenter.drawing.entrances import moved_home, with_entrances
from callcenter.drawing.rings import is_inside, middle_of, ring_problem

WEST, SOUTH, EAST, NORTH = 104.0, 40.0, 104.0006, 40.0001
BLOCK = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
LAWN = [[104.0, 40.0], [104.0006, 40.0], [104.0003, 40.0004], [104.0, 40.0]]


@pytest.mark.parametrize("start", range(4))
def test_three_entrances_stand_along_the_southern_long_side_from_west_to_east(start):
    turned = [*BLOCK[start:-1], *BLOCK[: start + 1]]
    made = with_entrances(turned, [], ["1", "2", "3"])
    assert [each["name"] for each in made] == ["1", "2", "3"]
    assert [each["position"] for each in made] == [
        pytest.approx([104.0001, SOUTH], abs=1e-6),
        pytest.approx([104.0003, SOUTH], abs=1e-6),
        pytest.approx([104.0005, SOUTH], abs=1e-6),
    ]
    for each in made:
        assert ring_problem(each["footprint"]) is None
        assert is_inside(middle_of(each["footprint"]), BLOCK)


def test_what_somebody_has_drawn_stays_and_only_what_is_missing_is_added():
    drawn = {"name": "2", "position": [104.0004, NORTH], "footprint": None}
    made = with_entrances(BLOCK, [drawn], ["1", "2"])
    assert made[0] == drawn
    assert [each["name"] for each in made] == ["2", "1"]
    assert made[1]["position"][0] == pytest.approx(104.00015)


def test_a_building_with_other_corners_gets_points_only():
    (made,) = with_entrances(LAWN, [], ["1"])
    assert made["position"][1] == pytest.approx(40.0)
    assert made["footprint"] is None


def test_a_building_without_outline_gets_entrances_without_a_place():
    (made,) = with_entrances([], [], ["1"])
    assert made == {"name": "1", "position": None, "footprint": None}


MOVED = [[lng + 0.001, lat + 0.002] for lng, lat in BLOCK]
OLD_DOOR, NEW_DOOR = (40.0, 104.0001), (40.002, 104.0011)


@pytest.mark.parametrize(
    ("home", "after"),
    [
        (None, NEW_DOOR),  # it had no place
        (OLD_DOOR, NEW_DOOR),
        ((40.00005, 104.0003), (40.00205, 104.0013)),  # a place of its own inside goes along
        ((40.5, 104.5), (40.5, 104.5)),  # one far away is somebody's word
    ],
)
def test_homes_move_with_their_building(home, after):
    found = moved_home(home, (OLD_DOOR, NEW_DOOR), (BLOCK, MOVED))
    assert found == pytest.approx(after, abs=1e-9)
