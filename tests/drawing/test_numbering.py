"""Doors by rule, as people say the rule."""

from __future__ import annotations

import pytest

from callcenter.core.errors import Invalid
from callcenter.drawing.numbering import Door, DoorRule, Numbers, doors_of, plan_doors


def numbers(rule, entrance="1"):
    return [door.number for door in doors_of(rule) if door.entrance == entrance]


def test_three_entrances_six_floors_two_doors_a_landing_are_numbered_101_to_602():
    rule = DoorRule(entrances=3, floors=6, doors=2)
    doors = doors_of(rule)
    assert len(doors) == 36
    assert {door.entrance for door in doors} == {"1", "2", "3"}
    for entrance in ("1", "2", "3"):
        assert numbers(rule, entrance) == [
            "101", "102", "201", "202", "301", "302", "401", "402", "501", "502", "601", "602",
        ]  # fmt: skip
    assert doors[0] == Door("1", 1, "101")
    assert doors[-1] == Door("3", 6, "602")


@pytest.mark.parametrize(
    ("rule", "entrance", "first", "last", "count"),
    [
        (DoorRule(1, 1, 1), "1", "101", "101", 1),
        (DoorRule(2, 18, 4), "2", "101", "1804", 72),
        (DoorRule(1, 6, 2, lowest=2), "1", "201", "702", 12),  # shops below
        (DoorRule(1, 6, 2, left_out=frozenset({4})), "1", "101", "702", 12),
        (DoorRule(1, 3, 1, left_out=frozenset({1, 2})), "1", "301", "501", 3),
        (DoorRule(2, 2, 3, numbers=Numbers.ON), "1", "101", "203", 6),
        (DoorRule(2, 2, 3, numbers=Numbers.ON), "2", "104", "206", 6),
        (DoorRule(1, 1, 12), "1", "101", "112", 12),
    ],
)
def test_other_rules(rule, entrance, first, last, count):
    found = numbers(rule, entrance)
    assert (found[0], found[-1], len(found)) == (first, last, count)


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("no_such_rule", DoorRule(0, 6, 2)),
        ("no_such_rule", DoorRule(1, 0, 2)),
        ("too_many_doors", DoorRule(30, 100, 50)),
        ("too_many_doors", DoorRule(5, 1, 20, numbers=Numbers.ON)),
        ("too_many_doors", DoorRule(1, 1, 100)),
    ],
)
def test_rules_of_no_building(code, rule):
    with pytest.raises(Invalid) as refused:
        doors_of(rule)
    assert refused.value.code == code


def test_no_door_is_there_twice_whatever_the_rule():
    for scheme in Numbers:
        doors = doors_of(DoorRule(4, 9, 3, numbers=scheme))
        assert len({(door.entrance, door.number) for door in doors}) == len(doors) == 108


def test_homes_that_stand_are_found_again_and_what_is_beside_the_rule_is_kept():
    doors = doors_of(DoorRule(1, 2, 1))
    plan = plan_doors(doors, {("1", "201"): 7, ("1", "203"): 8, ("2", "101"): 9})
    assert [door.number for door in plan.new] == ["101"]
    assert {door.number: home for door, home in plan.found.items()} == {"201": 7}
    assert plan.beside == [8, 9]


def test_made_once_more_a_rule_makes_nothing():
    doors = doors_of(DoorRule(3, 6, 2))
    standing = {(door.entrance, door.number): n for n, door in enumerate(doors)}
    assert plan_doors(doors, standing).new == []
