"""A report comes back from its bytes as it went in, and says what was refused and what was read otherwise."""

from datetime import date

from callcenter.directory.reading import read_table
from callcenter.directory.report import Mode, Report, bad_rows_file, report_json, report_of
from callcenter.directory.rows import read_rows

TABLE = read_table("姓名,住址,出生年月,电话\n沈玉兰,甲,1943.06,\n贺长林,乙,,1.39E+10\n".encode())


def report():
    rows = read_rows(TABLE, date(2026, 8, 1))
    return report_of(TABLE, rows, written=1, dry_run=False, mode=Mode.GOOD_ROWS)


def test_it_survives_being_kept():
    assert Report.from_bytes(report().to_bytes()).to_bytes() == report().to_bytes()


def test_it_tells_the_rows_in_the_file_and_what_became_of_them():
    told = report_json(Report.from_bytes(report().to_bytes()))
    assert [told[each] for each in ("in_file", "total", "good", "written")] == [2, 2, 1, 1]
    [bad], [remark] = told["bad"], told["remarks"]
    assert (bad["row"], bad["reasons"][0]["code"]) == (3, "mangled")
    assert (remark["row"], remark["reasons"][0]["code"]) == (2, "month_only")


def test_the_bad_rows_can_be_corrected_and_imported_again():
    back = read_table(bad_rows_file(report(), "zh-CN"))
    assert back.rows[0][0] == "贺长林"
    assert "文本" in back.rows[0][-1]
