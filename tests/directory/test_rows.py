"""Row by row: what is right is read, what is wrong is named with its column, its value and what to do."""

from datetime import date

import pytest

from callcenter.directory.rows import read_rows
from callcenter.directory.spreadsheet import read_table

TODAY = date(2026, 8, 1)


def read(**cells: str):
    """One row with these headings and cells; name and address unless given."""
    cells = {"姓名": "沈玉兰", "住址": "榆荫里7号楼2单元501室"} | cells
    content = "\t".join(cells) + "\n" + "\t".join(cells.values()) + "\n"
    return read_rows(read_table(content.encode()), TODAY)[0]


def reasons(**cells: str):
    return [(each.column, each.code) for each in read(**cells).problems]


def test_a_full_row_is_read():
    row = read(
        身份证号="11010519491231002X", 电话="139 0100 0137", 居住情况="独居", 能力等级="轻度", 风险="高",
        福利类别="低保、特困", 警示="抗凝药；跌倒", 联系人1="周晓梅", 联系人1关系="女儿", 联系人1电话="13909100228",
        设备号="A101, B2001", 楼号="7号楼", 单元="2单元", 门牌="501室",
    )  # fmt: skip
    assert row.problems == []
    assert (row.latin.initials, row.sex, row.birth_date) == ("syl", "female", date(1949, 12, 31))
    assert (row.phone, row.living, row.ability, row.risk) == (
        "+8613901000137",
        "alone",
        "mild",
        "high",
    )
    assert (row.welfare, row.hazards) == (
        ["minimum_allowance", "extreme_poverty"],
        ["抗凝药", "跌倒"],
    )
    assert (row.building, row.entrance, row.floor, row.door) == ("7", "2", 5, "501")
    assert [(c.name, c.name_latin, c.phone) for c in row.contacts] == [
        ("周晓梅", "Zhou Xiaomei", "+8613909100228")
    ]
    assert row.devices == ["A101", "B2001"]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("身份证号", "3.7E+17", "mangled"),
        ("身份证号", "110105194912310000", "mangled"),
        ("身份证号", "110105194912310021", "check_digit"),
        ("身份证号", "110105491231002", "old_form"),
        ("电话", "1.39E+10", "mangled"),
        ("电话", "13901000137.0", "mangled"),
        ("电话", "9998012349", "mangled"),
        ("电话", "12345", "not_a_phone_number"),
        ("出生日期", "1943-02-30", "not_a_date"),
        ("出生日期", "四三年", "not_a_date"),
        ("出生日期", "2043-06-12", "unlikely_date"),
        ("性别", "不详", "not_a_choice"),
        ("居住情况", "一个人", "not_a_choice"),
        ("福利类别", "低保、贵宾", "not_a_choice"),
        ("楼层", "五层半", "not_a_number"),
        ("姓名", "沈" * 61, "too_long"),
        ("姓名", "", "missing"),
        ("住址", "", "missing"),
    ],
)
def test_a_wrong_cell_is_named_with_its_column(column, value, code):
    assert (column, code) in reasons(**{column: value})


def test_a_refusal_holds_the_value_and_says_what_to_do_in_both_languages():
    [problem] = read(身份证号="3.7E+17").problems
    assert problem.value == "3.7E+17"
    assert "文本" in problem.message_zh
    assert "text" in problem.message


def test_every_problem_of_a_row_is_told_at_once():
    assert reasons(身份证号="3.7E+17", 电话="1.39E+10", 性别="?") == [
        ("身份证号", "mangled"),
        ("性别", "not_a_choice"),
        ("电话", "mangled"),
    ]


def test_sex_and_birth_date_must_agree_with_the_identity_number():
    assert reasons(身份证号="11010519491231002X", 性别="男", 出生日期="1949-12-30") == [
        ("出生日期", "differs_from_identity"),
        ("性别", "differs_from_identity"),
    ]


@pytest.mark.parametrize(
    "written", ["1943-06-12", "1943/6/12", "1943.6.12", "1943年6月12日", "19430612"]
)
def test_dates_are_read_as_people_write_them(written):
    assert read(出生日期=written).birth_date == date(1943, 6, 12)


def test_an_address_is_made_of_its_parts_where_none_is_written():
    row = read(住址="", 小区="榆荫里", 楼号="7", 单元="2", 门牌="501")
    assert row.address == "榆荫里7号楼2单元501室"


def test_a_contact_without_a_name_or_without_a_phone_is_refused():
    assert reasons(联系人1="", 联系人1电话="13909100228") == [("联系人1", "needs_a_name")]
    assert reasons(联系人1="周晓梅", 联系人1电话="") == [("联系人1电话", "needs_a_phone")]
