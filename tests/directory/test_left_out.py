"""Rows that are no person are left out and said; a person is never one of them."""

import pytest

from callcenter.directory.left_out import LeftOut
from callcenter.directory.reading import read_table
from tests.support.sheets import book

HEADINGS = "序号,姓名,性别,电话,住址"
PERSON = "1,沈玉兰,女,,榆荫里"


def table_with(*rows: str):
    return read_table("\n".join((HEADINGS, PERSON, *rows)).encode("gbk"))


@pytest.mark.parametrize(
    "row",
    [
        *("合计,,,,3人", ",合  计,3,,", "总人数：3人,,,,", "制表人：,李红,,审核：,王强", "填表人：李红   2026年6月1日,,,,", ",2026/6/30,,,"),
        *("（盖章）,,,,", "社区书记：陈红,,,经办：李明,", "注：1.如实填写,,,,", "其中：,独居1人,,,", "5,,,,", "二、3号楼,,,,", "以下空白,,,,", "例,张三,男,,XX小区1幢"),
        *("序号,姓名,性别,电话,住址", ",榆荫里社区居民委员会,,,", "第1页,,,,", "1,2,3,4,5", "经手人,李红,,,"),
    ],
)  # fmt: skip
def test_sums_signatures_titles_and_headings(row):
    table = table_with(row)
    assert [cells[1] for cells in table.rows] == ["沈玉兰"]
    [left] = table.left_out
    assert left.row == 3
    assert left.text


@pytest.mark.parametrize(
    "row",
    [
        *("2,贺长林,男,,榆荫里3号", "2026年6月1日,贺长林,,,榆荫里3号", "备注：已核,贺长林,,,榆荫里3号", "2,单元,,,榆荫里", "2,贺长林,,,"),
        *("2,,,13901000137,", "2,,,,榆荫里3号", "审核：王强,11010519491231002X,,,"),
    ],
)  # fmt: skip
def test_whoever_may_be_a_person_is_read(row):
    table = table_with(row)
    assert len(table.rows) == 2
    assert table.left_out == []


def test_titles_over_the_width_of_the_sheet():
    rows = [
        ["姓名", "门牌", "单元"],
        ["7号楼", "", ""],
        ["沈玉兰", "301", "2"],
        ["制表：李红", "", ""],
    ]
    table = read_table(book(rows, merged=[(1, 0, 1, 2), (3, 0, 3, 2)]))
    assert table.rows == [["沈玉兰", "301", "2"]]
    assert table.left_out == [LeftOut(2, "7号楼"), LeftOut(4, "制表:李红")]
