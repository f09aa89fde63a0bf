"""Workbooks of Excel, WPS and LibreOffice: several sheets, merged cells, what a cell really holds."""

from datetime import date, datetime

from callcenter.directory.reading import read_table
from callcenter.directory.workbook import cell_text
from tests.support.sheets import book, ods


def test_cells_keep_what_the_file_says():
    assert cell_text(13901000137.0) == "13901000137"
    assert cell_text(39.5) == "39.5"
    assert cell_text(370105194306121234.0) == "3.70105194306121E+17"
    assert cell_text(datetime(1943, 6, 12)) == "1943-06-12"  # noqa: DTZ001 - cells have no zone
    assert cell_text(date(1943, 6, 12)) == "1943-06-12"
    assert cell_text(True) == "是"


def test_rows_keep_the_numbers_that_the_program_shows():
    content = book([[], ["老人名册"], ["姓名", "住址"], [], ["沈玉兰", "甲"]])
    assert read_table(content).numbers == [5]
    assert read_table(ods([[], ["老人名册"], ["姓名", "住址"], [], ["沈玉兰", "甲"]])).numbers == [
        5
    ]


def test_a_further_sheet_with_people_is_said():
    content = book(
        [["姓名", "住址"], ["沈玉兰", "甲"]],
        more={"二组": [["姓名", "住址"], ["贺长林", "乙"]], "空": []},
    )
    table = read_table(content)
    assert [row[0] for row in table.rows] == ["沈玉兰"]
    assert [(each.name, each.rows) for each in table.sheets] == [("二组", 2)]


def test_the_sheet_with_the_headings_is_read_wherever_it_stands():
    table = read_table(
        book([["说明", "请勿修改"]], more={"名册": [["姓名", "住址"], ["沈玉兰", "甲"]]})
    )
    assert table.rows == [["沈玉兰", "甲"]]
    assert [each.name for each in table.sheets] == ["Sheet1"]


def test_a_merged_cell_stands_for_all_its_rows():
    content = book(
        [
            ["网格", "姓名", "住址"],
            ["第一网格", "沈玉兰", "甲"],
            ["", "贺长林", "乙"],
            ["", "费德海", "丙"],
            ["第二网格", "王伟", "丁"],
        ],
        merged=[(1, 0, 3, 0)],
    )
    assert [row[0] for row in read_table(content).rows] == ["第一网格"] * 3 + ["第二网格"]


def test_headings_of_two_rows_with_a_merged_group_are_read():
    content = book(
        [
            ["姓名", "住址", "紧急联系人", "", ""],
            ["", "", "姓名", "关系", "电话"],
            ["沈玉兰", "甲", "周晓梅", "女儿", "13909100228"],
        ],
        merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4)],
    )
    table = read_table(content)
    assert table.rows == [["沈玉兰", "甲", "周晓梅", "女儿", "13909100228"]]
    assert [
        table.columns[key] for key in ("contact1_name", "contact1_relation", "contact1_phone")
    ] == [2, 3, 4]
