"""Which building an address names, in the ways in which people write it."""

from __future__ import annotations

import pytest

from callcenter.drawing.addressed import Inside, Named, address_of, floor_of, where_in

SEVEN = Named("榆荫里", "7号楼")


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("榆荫里7号楼2单元501室", Inside("2", "501")),
        ("榆荫里7-2-501", Inside("2", "501")),
        ("七号楼二单元501", Inside("2", "501")),
        ("榆荫街道榆荫里小区07栋2单元501", Inside("2", "501")),
        ("榆荫里7号楼2单元", Inside("2", "")),
        ("榆荫里17号楼2单元501室", None),
        ("槐荫里7号楼2单元501室", None),
        ("榆荫里7-501", None),  # of which entrance, or of which building?
        ("老街12号", None),
    ],
)
def test_an_address_names_the_building_or_not(address, inside):
    assert where_in(SEVEN, [], address) == inside


def test_of_two_estates_with_a_building_7_an_address_without_estate_names_none():
    rival = Named("槐荫里", "7号楼")
    assert where_in(SEVEN, [rival], "7号楼2单元501") is None
    assert where_in(SEVEN, [rival], "榆荫里7号楼2单元501") == Inside("2", "501")
    assert where_in(SEVEN, [Named("槐荫里", "8号楼")], "7号楼2单元501") == Inside("2", "501")


@pytest.mark.parametrize(
    ("name", "number"), [("7号楼", "7"), ("07", "7"), ("A座", "A"), ("七栋", "7")]
)
def test_the_number_of_a_building(name, number):
    assert Named("", name).number == number


@pytest.mark.parametrize(
    ("door", "floor"), [("501", 5), ("1203", 12), ("51", None), ("", None), ("5A1", None)]
)
def test_the_floor_of_a_door(door, floor):
    assert floor_of(door) == floor


@pytest.mark.parametrize("name", ["7号楼", "7"])
def test_an_address_that_is_made_names_its_building_again(name):
    address = address_of(Named("榆荫里", name), "2", "501")
    assert address == "榆荫里7号楼2单元501室"
    assert where_in(Named("榆荫里", name), [], address) == Inside("2", "501")
