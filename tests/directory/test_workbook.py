"""Workbooks of Excel, WPS and LibreOffice: several sheets, merged cells, what a cell really holds."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from callcenter.core.errors import Invalid
from callcenter.directory.reading import read_table
from callcenter.directory.rows import read_rows
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


def sheet(fill, **options):
    """A workbook with one sheet, as `fill` writes it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as workbook:
        fill(workbook, workbook.add_worksheet())
    return out.getvalue()


def only(content):
    [row] = read_rows(read_table(content), date(2026, 8, 1))
    return row


def born(value, form=None):
    def fill(workbook, page):
        page.write_row(0, 0, ("姓名", "住址", "出生日期"))
        page.write_row(1, 0, ("沈玉兰", "甲"))
        if isinstance(value, datetime):
            page.write_datetime(1, 2, value, workbook.add_format({"num_format": form}))
        else:
            page.write_number(1, 2, value)

    return fill


DAY = datetime(1943, 6, 12)  # noqa: DTZ001 - cells have no zone


@pytest.mark.parametrize(
    ("value", "form", "options"),
    [
        (DAY, "yyyy/m/d", {}),
        (DAY, "yyyy/m/d", {"date_1904": True}),
        (DAY, 'yyyy"年"m"月"d"日"', {}),
        (15869, None, {}),
        (15869 - 1462, None, {"date_1904": True}),
    ],
)
def test_a_day_is_the_same_in_every_form_and_date_system(value, form, options):
    assert only(sheet(born(value, form), **options)).birth_date == date(1943, 6, 12)


def test_a_formula_is_its_result_and_an_error_is_nothing():
    def fill(_, page):
        page.write_row(0, 0, ("姓名", "住址", "电话", "出生日期"))
        page.write_row(1, 0, ("沈玉兰",))
        page.write_formula(1, 1, '="7号楼"&"2单元501"', None, "7号楼2单元501")
        page.write_formula(1, 2, "=VLOOKUP(1,2,3)", None, "#N/A")
        page.write_formula(1, 3, "=1/0", None, "#DIV/0!")

    row = only(sheet(fill))
    assert (row.address, row.phone, row.birth_date, row.problems) == (
        "7号楼2单元501",
        None,
        None,
        [],
    )


def test_headings_of_four_rows_with_groups_of_groups():
    def fill(_, page):
        page.merge_range(0, 0, 0, 5, "名册")
        page.merge_range(1, 0, 3, 0, "姓名")
        page.merge_range(1, 1, 3, 1, "住址")
        page.merge_range(1, 2, 1, 5, "家属情况")
        page.merge_range(2, 2, 2, 3, "联系人")
        page.merge_range(2, 4, 2, 5, "其他")
        page.write_row(3, 2, ("姓名", "电话", "关系", "备注"))
        page.write_row(4, 0, ("沈玉兰", "甲", "周晓梅", "13909100228", "女儿", "x"))

    row = only(sheet(fill))
    assert [(each.name, each.relation, each.phone) for each in row.contacts] == [
        ("周晓梅", "女儿", "+8613909100228")
    ]


def test_a_hidden_sheet_comes_last_and_a_hidden_row_is_a_person():
    def fill(workbook, page):
        page.write_row(0, 0, ("姓名", "住址"))
        page.write_row(1, 0, ("旧人", "甲"))
        page.hide()
        seen = workbook.add_worksheet("名册")
        seen.write_row(0, 0, ("姓名", "住址"))
        seen.write_row(1, 0, ("沈玉兰", "甲"))
        seen.write_row(2, 0, ("贺长林", "乙"))
        seen.set_row(2, None, None, {"hidden": True})
        seen.activate()
        seen.set_first_sheet()

    table = read_table(sheet(fill))
    assert [row[0] for row in table.rows] == ["沈玉兰", "贺长林"]
    assert [each.name for each in table.sheets] == ["Sheet1"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["榆荫里社区老人名册"]],
        [[f"标题{number}"] for number in range(25)] + [["姓名", "住址"], ["沈玉兰", "甲"]],
        [["姓名", "沈玉兰"], ["住址", "甲"]],
    ],
)
def test_what_holds_no_table_is_refused(rows):
    with pytest.raises(Invalid) as caught:
        read_table(book(rows))
    assert caught.value.code == "no_headings"


def test_ten_rows_of_titles_stand_above_the_headings():
    titles = [[f"第{number}行说明"] for number in range(10)]
    assert read_table(book([*titles, ["姓名", "住址"], ["沈玉兰", "甲"]])).rows == [
        ["沈玉兰", "甲"]
    ]


def broken(content, name, change):
    """The archive with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(out, "w") as parts:
        for each in whole.namelist():
            part = whole.read(each)
            parts.writestr(each, change(part) if each == name else part)
    return out.getvalue()


ROWS = [["姓名", "住址"], ["沈玉兰", "甲"]]


@pytest.mark.parametrize(
    "content",
    [
        broken(ods(ROWS), "content.xml", lambda xml: xml.replace(b"</text:p>", b"", 1)),
        broken(ods(ROWS), "content.xml", lambda xml: xml[: len(xml) // 2]),
        broken(ods(ROWS), "content.xml", lambda _: b""),
        broken(book(ROWS), "xl/workbook.xml", lambda xml: xml[: len(xml) // 2]),
        broken(book(ROWS), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2]),
        book(ROWS).replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x00\x00\x63\x00"),
        book(ROWS).replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x01\x00\x08\x00"),
    ],
)
def test_a_broken_workbook_is_refused_at_once(content):
    """The reader of ODS would never end, and the archive's raises more than it says."""
    with pytest.raises(Invalid) as caught:
        read_table(content)
    assert caught.value.code in ("unreadable_file", "no_headings")
