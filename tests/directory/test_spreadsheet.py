"""What is written can be read again, and is taken for text by every program."""

import io
import zipfile

from callcenter.directory.columns import COLUMNS, headings
from callcenter.directory.reading import read_table
from callcenter.directory.spreadsheet import CsvFile, Sheet, XlsxFile, template, write_xlsx


def test_every_heading_of_the_template_is_understood_in_both_languages():
    for language in ("zh-CN", "en"):
        table = read_table(template(language))
        assert set(table.columns) == {column.key for column in COLUMNS}
        assert table.headings == list(headings(language))
        assert table.sheets == []


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
    rows = [["姓名", "住址"], ["=HYPERLINK(1)", "+86"], ["-1", "@SUM(A1)"], ["＝1+1", "＠SUM"]]
    lines = csv_of(tmp_path, rows).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["'=HYPERLINK(1),'+86", "'-1,'@SUM(A1)", "'＝1+1,'＠SUM"]
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
