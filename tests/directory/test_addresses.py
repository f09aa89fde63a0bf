"""One flat in many spellings, and addresses that name no building."""

import pytest

from callcenter.directory.addresses import (
    Parts,
    house_number,
    one_spelling,
    parts_of,
    parts_of_building,
    parts_of_door,
    same_estate,
)


@pytest.mark.parametrize(
    "text",
    [
        *("7号楼2单元301", "七号楼二单元301室", "7-2-301", "7#2-301", "7#楼2单元301", "7幢2门301号", "７号楼２单元３０１", "7号楼，2单元，301室"),
        *("7—2—301", "7号楼2单元3楼301室", "7栋2单元三〇一", "07号楼2单元301（东户）", "7座-2-301", "第7幢第2单元301", "7/2/301", "7号楼2单元301室。", "七号楼/二单元/三零一", "7栋/2单元/301室"),
    ],
)  # fmt: skip
def test_one_door(text):
    assert parts_of(text) == Parts("", "7", "2", "301")
    assert one_spelling(f"阳光里{text}") == "阳光里7号楼2单元301室"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("阳光里小区7栋2单元301室", Parts("阳光里小区", "7", "2", "301")),
        ("文一路100号阳光里7幢301", Parts("文一路100号阳光里", "7", "", "301")),
        ("五一新村3幢2单元301", Parts("五一新村", "3", "2", "301")),
        ("A座1203", Parts("", "A", "", "1203")),
        ("七号楼二单元", Parts("", "7", "2", "")),
        *((text, None) for text in ("榆荫路12号", "幸福村5组12号", "7-301", "2单元301", "2026-1", "3栋2单元501、502", "甲")),
    ],
)  # fmt: skip
def test_what_stands_around_a_building(text, parts):
    assert parts_of(text) == parts


def test_cells_that_say_more_than_their_column():
    assert parts_of_building("7栋2单元") == parts_of_building("7-2") == Parts("", "7", "2", "")
    assert parts_of_door("2-301") == parts_of_door("2单元301室") == Parts("", "", "2", "301")
    assert parts_of_door("7-2-301") == Parts("", "7", "2", "301")
    assert parts_of_door("301") is None


def test_houses_are_numbered_without_zeros_before():
    assert [house_number(each) for each in ("07", "七", "0", "A", "")] == ["7", "7", "0", "A", ""]


def test_an_estate_is_known_at_the_end_of_what_is_written():
    assert same_estate("杭州市榆荫里小区", "榆荫里")
    assert same_estate("", "榆荫里")
    assert not same_estate("槐荫里", "榆荫里")
