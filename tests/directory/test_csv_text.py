"""CSV of Chinese Windows, of hands and of other programs; and the quotation mark that swallows people."""

import pytest

from callcenter.core.errors import Invalid
from callcenter.directory.csv_text import read_csv
from callcenter.directory.reading import read_table

CSV = "姓名,性别,电话,住址\r\n沈玉兰,女,13901000137,榆荫里7号楼\r\n"


def refusal(text: str):
    with pytest.raises(Invalid) as caught:
        read_csv(text.encode())
    return caught.value.code, caught.value.params.get("row")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_it_is_read_in_every_encoding_it_comes_in(encoding):
    table = read_table(CSV.encode(encoding))
    assert table.rows == [["沈玉兰", "女", "13901000137", "榆荫里7号楼"]]
    assert table.columns == {"name": 0, "sex": 1, "phone": 2, "address": 3}


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "，"])
@pytest.mark.parametrize("title", ["", "榆荫里社区老人名册\n", "sep=;\n", "名册,2026年,第三季度\n"])
def test_it_may_be_divided_otherwise_also_below_a_title(delimiter, title):
    table = read_table((title + CSV.replace(",", delimiter)).encode())
    assert table.rows == [["沈玉兰", "女", "13901000137", "榆荫里7号楼"]]


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
def test_lines_may_end_in_every_way(ending):
    table = read_table(CSV.replace("\r\n", ending).encode())
    assert len(table.rows) == table.in_file == 1


PEOPLE = ["姓名,性别,住址,备注", "沈玉兰,女,甲,好", "贺长林,男,乙,好", "费德海,男,丙,好"]


@pytest.mark.parametrize(
    "second",
    [
        '"沈玉兰,女,甲,好',
        '沈玉兰,"女,甲,好',
        '沈玉兰,女,甲,"好',
        '沈玉兰,女,"甲"乙,好',
        '"沈玉兰,女,甲,"好"',
    ],
)
def test_an_unclosed_quotation_mark_is_told_with_its_row(second):
    lines = [PEOPLE[0], second, *PEOPLE[2:]]
    assert refusal("\n".join(lines) + "\n") == ("unclosed_quote", 2)


@pytest.mark.parametrize("place", [2, 3])
def test_one_that_is_closed_by_a_later_row_is_told_as_well(place):
    lines = [*PEOPLE]
    lines[1] = '沈玉兰,"女,甲,好'
    lines[place] = '贺长林,男",乙,好' if place == 2 else '费德海,男,丙,"'
    assert refusal("\n".join(lines) + "\n") == ("unclosed_quote", 2)


def test_quotation_marks_in_a_long_file_swallow_nobody():
    rows = [f"老人{n},女,甲{n},好" for n in range(20_000)]
    rows[7] = '老人7,女,"甲7,好'
    assert refusal("\n".join([PEOPLE[0], *rows])) == ("unclosed_quote", 9)


def test_a_cell_may_hold_line_breaks_and_the_file_s_rows_are_counted():
    table = read_table('姓名,住址,备注\n沈玉兰,甲,"一，好\n二，好"\n\n贺长林,乙,\n'.encode())
    assert [row[0] for row in table.rows] == ["沈玉兰", "贺长林"]
    assert (len(table.rows), table.in_file) == (2, 3)
    assert table.numbers == [2, 4]


def test_a_quotation_mark_within_a_cell_is_a_sign_like_others():
    table = read_table('姓名,住址\n沈玉兰,榆荫里"7"号楼\n"贺""长""林",乙\n'.encode())
    assert table.rows == [["沈玉兰", '榆荫里"7"号楼'], ['贺"长"林', "乙"]]


def test_nulls_and_padding_are_no_text():
    assert (
        read_table(CSV.replace("沈玉兰", "沈\x00玉兰").encode("gbk") + bytes(900)).rows[0][0]
        == "沈玉兰"
    )


def test_a_number_that_was_guarded_as_a_formula_is_the_number():
    table = read_table('姓名,电话\n沈玉兰,="13901000137"\n贺长林,"=""13901000274"""\n'.encode())
    assert [row[1] for row in table.rows] == ["13901000137", "13901000274"]


def test_quoted_cells_may_stand_behind_a_blank():
    assert read_table('"姓名", "住址"\n"沈玉兰", "甲, 乙"\n'.encode()).rows == [
        ["沈玉兰", "甲, 乙"]
    ]
