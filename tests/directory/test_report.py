"""A report comes back from its bytes as it went in, and says what was refused and what was read otherwise."""

from datetime import date

from callcenter.directory.reading import read_table
from callcenter.directory.report import (
    Mode,
    Report,
    bad_rows_file,
    report_json,
    report_of,
    told_rows,
    told_rows_file,
)
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


def test_every_row_of_which_something_is_to_be_said_is_told_in_the_order_of_the_file():
    head, month, amount = told_rows(report(), "zh-CN")
    assert head == ["行号", "结果", "姓名", "住址", "出生年月", "电话", "说明"]
    assert month[:3] == ["2", "有提示", "沈玉兰"]
    assert amount[:3] == ["3", "未导入", "贺长林"]
    assert "按当月1日" in month[-1]
    assert "文本" in amount[-1]
    assert told_rows(report(), "en")[1][1] == "remark"


def test_they_are_a_table_in_both_formats():
    for kind in ("xlsx", "csv"):
        back = read_table(told_rows_file(report(), "zh-CN", kind))
        assert [row[2] for row in back.rows] == ["沈玉兰", "贺长林"]
        assert back.ignored == ["行号", "结果", "说明"]


def test_words_that_nobody_knows_are_counted():
    table = read_table("姓名,住址,福利类别\n沈玉兰,甲,神仙、贵宾\n贺长林,,神仙\n".encode())
    rows = read_rows(table, date(2026, 8, 1))
    told = report_of(table, rows, written=0, dry_run=True, mode=Mode.GOOD_ROWS)
    kept = Report.from_bytes(told.to_bytes())
    assert report_json(kept)["unknown_words"] == [
        {"column": "福利类别", "word": "神仙", "count": 2},
        {"column": "福利类别", "word": "贵宾", "count": 1},
    ]
