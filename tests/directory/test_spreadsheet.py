"""Files as people have them: Excel's and WPS's XLSX, CSV of Chinese Windows, and files that are no tables at all."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from callcenter.core.errors import Invalid
from callcenter.directory.columns import COLUMNS, headings
from callcenter.directory.spreadsheet import (
    CsvFile,
    Sheet,
    XlsxFile,
    cell_text,
    read_table,
    template,
    write_xlsx,
)

CSV = "姓名,性别,电话,住址\r\n沈玉兰,女,13901000137,榆荫里7号楼\r\n"


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_table(content)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_it_comes_in(encoding):
    table = read_table(CSV.encode(encoding))
    assert table.rows == [["沈玉兰", "女", "13901000137", "榆荫里7号楼"]]
    assert table.columns == {"name": 0, "sex": 1, "phone": 2, "address": 3}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_may_be_divided_otherwise(delimiter):
    assert read_table(CSV.replace(",", delimiter).encode()).rows[0][0] == "沈玉兰"


def test_headings_may_stand_below_a_title_and_rows_keep_their_numbers():
    table = read_table("榆荫里社区老人名册,,\n,,\n姓名,住址,备注\n\n沈玉兰,7号楼,好\n".encode())
    assert (table.numbers, table.ignored) == ([5], ["备注"])
    assert table.heading("name") == "姓名"


@pytest.mark.parametrize(
    "heading",
    [
        "紧急联系人1 姓名",
        "紧急联系人1姓名",
        "联系人1",
        "紧急联系人一",
        "Contact 1 name",
        "紧急联系人",
        "联系人1（姓名）",
    ],
)
def test_a_contact_s_name_is_found_under_many_headings(heading):
    table = read_table(f"姓名,住址,{heading}\na,b,c\n".encode())
    assert table.columns["contact1_name"] == 2


def test_the_example_headings_of_a_typical_register_are_all_known():
    known = "姓名*,性别,出生日期,身份证号码,手机号,小区名称,楼号,单元,楼层,门牌号,所属网格,居住状况,设备编号"
    table = read_table(f"{known}\n沈玉兰\n".encode())
    assert table.ignored == []
    assert len(table.columns) == 13


def test_every_heading_of_the_template_is_understood_in_both_languages():
    for language in ("zh-CN", "en"):
        table = read_table(template(language))
        assert set(table.columns) == {column.key for column in COLUMNS}
        assert table.headings == list(headings(language))


def test_cells_keep_what_the_file_says():
    assert cell_text(13901000137.0) == "13901000137"
    assert cell_text(39.5) == "39.5"
    assert cell_text(370105194306121234.0) == "3.70105194306121E+17"
    assert cell_text(datetime(1943, 6, 12)) == "1943-06-12"  # noqa: DTZ001 - cells have no zone
    assert cell_text(date(1943, 6, 12)) == "1943-06-12"
    assert cell_text(True) == "是"


def test_numbers_and_dates_of_a_real_workbook_come_out_as_text():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["姓名", "身份证号", "电话", "出生日期"])
        page.write_row(1, 0, ["沈玉兰", 370105194306121234, 13901000137])
        page.write_datetime(1, 3, date(1943, 6, 12), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert read_table(out.getvalue()).rows == [
        ["沈玉兰", "3.70105194306121E+17", "13901000137", "1943-06-12"]
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_headings"),
        (b"hello\nworld\n", "no_headings"),
        ("姓名\n沈玉兰\n".encode(), "no_headings"),
        (b"PK\x03\x04 this is no zip", "unreadable_file"),
        (b"\xd0\xcf\x11\xe0 this is no workbook", "unreadable_file"),
        (b"\x00\x01\x02\x03", "unreadable_file"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff", "unknown_encoding"),
        (b"x" * (20 * 1024 * 1024 + 1), "file_too_large"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(content, code):
    assert refusal(content) == code


def test_a_zip_without_a_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert refusal(out.getvalue()) == "unreadable_file"


def test_more_rows_than_can_be_checked_are_refused():
    assert refusal("姓名,住址\n".encode() + b"a,b\n" * 50_001) == "too_many_rows"


def csv_of(folder, rows, digits=frozenset()):
    file = CsvFile(folder / "table.csv", digits)
    file.write(rows[:1])
    file.write(rows[1:])
    file.close()
    return (folder / "table.csv").read_bytes()


def xlsx_of(folder, rows):
    file = XlsxFile(folder / "table.xlsx", "x", len(rows[0]))
    file.write(rows[:1])
    file.write(rows[1:])
    file.close()
    return (folder / "table.xlsx").read_bytes()


def test_nothing_that_is_written_can_be_taken_for_a_formula(tmp_path):
    rows = [["姓名", "住址"], ["=HYPERLINK(1)", "+86"], ["-1", "@SUM(A1)"]]
    lines = csv_of(tmp_path, rows).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["'=HYPERLINK(1),'+86", "'-1,'@SUM(A1)"]
    for content in (write_xlsx([Sheet("x", rows)]), xlsx_of(tmp_path, rows)):
        book = zipfile.ZipFile(io.BytesIO(content))
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_what_was_guarded_reads_back_as_it_was(tmp_path):
    rows = [["姓名", "住址"], ["=HYPERLINK(1)", "'quoted"]]
    assert read_table(csv_of(tmp_path, rows)).rows == rows[1:]
    assert read_table(xlsx_of(tmp_path, rows)).rows == rows[1:]


def test_identity_numbers_in_csv_are_text_for_excel(tmp_path):
    rows = [["姓名", "身份证号"], ["沈玉兰", "11010519491231002X"]]
    assert "\t11010519491231002X" in csv_of(tmp_path, rows, frozenset({1})).decode("utf-8-sig")
