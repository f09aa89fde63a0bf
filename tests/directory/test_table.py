"""Headings are found wherever they stand, and mean what their surroundings say."""

import pytest

from callcenter.directory.reading import read_table
from callcenter.directory.table import understood


def columns_of(*headings: str):
    return read_table("\n".join([*headings, "a,b,c,d,e,f,g"]).encode()).columns


def test_headings_may_stand_below_a_title_and_rows_keep_their_numbers():
    table = read_table("榆荫里社区老人名册,,\n,,\n姓名,住址,备注\n\n沈玉兰,7号楼,好\n".encode())
    assert (table.numbers, table.ignored) == ([5], ["备注"])
    assert table.heading("name") == "姓名"


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "紧急联系人1 姓名",
            "紧急联系人1姓名",
            "联系人1",
            "紧急联系人一",
            "Contact 1 name",
            "紧急联系人",
        ),
        *("联系人1（姓名）", "家属姓名", "亲属", "监护人姓名"),
    ],
)
def test_a_contact_s_name_is_found_under_many_headings(heading):
    assert columns_of(f"姓名,住址,{heading}")["contact1_name"] == 2


def test_the_example_headings_of_a_typical_register_are_all_known():
    known = "姓名*,性别,出生日期,身份证号码,手机号,小区名称,楼号,单元,楼层,门牌号,所属网格,居住状况,设备编号"
    table = read_table(f"{known}\n沈玉兰\n".encode())
    assert table.ignored == []
    assert len(table.columns) == 13


def test_a_telephone_behind_a_contact_is_the_contact_s():
    found = columns_of("姓名,住址,联系人,与老人关系,联系电话")
    assert (found["contact1_relation"], found["contact1_phone"]) == (3, 4)
    assert "phone" not in found


def test_a_telephone_before_the_contact_is_the_resident_s():
    found = columns_of("姓名,联系电话,住址,联系人,联系电话")
    assert (found["phone"], found["contact1_phone"]) == (1, 4)


@pytest.mark.parametrize(
    ("headings", "contact", "own"),
    [
        ("姓名,本人电话,联系电话,联系人", 2, 1),
        ("姓名,电话,联系人,联系电话", 3, 1),
        ("姓名,手机,联系电话,联系人,联系人电话", 4, 1),
    ],
)
def test_the_second_telephone_beside_a_contact_is_the_contact_s(headings, contact, own):
    columns = understood(headings.split(","))
    assert (columns["contact1_phone"], columns["phone"]) == (contact, own)


def test_a_telephone_behind_a_whole_contact_is_the_resident_s():
    found = columns_of("姓名,联系人1,联系人1关系,联系人1电话,手机")
    assert (found["contact1_phone"], found["phone"]) == (3, 4)


def test_a_second_contact_of_the_same_heading_is_the_second():
    found = columns_of("姓名,联系人,联系电话,联系人,联系电话")
    assert {key: place for key, place in found.items() if key != "name"} == {
        "contact1_name": 1, "contact1_phone": 2, "contact2_name": 3, "contact2_phone": 4,
    }  # fmt: skip


def test_a_relation_alone_is_that_of_the_first_contact():
    assert columns_of("姓名,住址,与老人关系,紧急联系人")["contact1_relation"] == 2


def test_headings_in_two_rows_are_read_together():
    found = columns_of("姓名,住址,紧急联系人,紧急联系人,紧急联系人", ",,姓名,关系,电话")
    assert (
        found["name"],
        found["contact1_name"],
        found["contact1_relation"],
        found["contact1_phone"],
    ) == (0, 2, 3, 4)


def test_a_heading_that_nobody_knows_is_said():
    assert read_table("姓名,住址,星座\n沈玉兰,甲,双子\n".encode()).ignored == ["星座"]


@pytest.mark.parametrize(
    ("upper", "headings", "contacts"),
    [
        ("基本信息,,,紧急联系人,,", "姓名,性别,住址,姓名,关系,电话", 1),
        ("基本信息,,,联系人一,,联系人二,", "姓名,性别,住址,姓名,电话,姓名,电话", 2),
        ("榆荫里社区老人名册,,,", "姓名,性别,住址,电话", 0),
    ],
)
def test_groups_may_stand_above_the_row_with_the_name(upper, headings, contacts):
    columns = columns_of(upper, headings)
    assert sum(key.endswith("_name") for key in columns) == contacts
    assert columns["name"] == 0


def test_a_person_is_no_second_row_of_headings():
    table = read_table("姓名,住址,联系人\n电话,关系,周晓梅\n沈玉兰,甲,周晓梅\n".encode())
    assert len(table.rows) == 2
