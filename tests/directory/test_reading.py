"""Files as people have them, and files that are made to do harm: read in a process that can be lost."""

import io
import time
import zipfile

import pytest
import xlsxwriter

from callcenter.core.confined import Confines
from callcenter.core.errors import Invalid
from callcenter.directory.reading import read_table, read_table_apart
from tests.support.sheets import book, far_cell, ods

CSV = "姓名,性别,电话,住址\r\n沈玉兰,女,13901000137,榆荫里7号楼\r\n"
TIGHT = Confines(memory_mb=400, cpu_s=10, patience_s=30.0)


def csv(rows):
    return "\n".join(",".join(row) for row in rows).encode()


async def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        await read_table_apart(content, TIGHT)
    return caught.value.code


async def test_a_table_comes_out_of_the_confined_process_as_it_is_read():
    for content in (
        CSV.encode(),
        book([["姓名", "住址"], ["沈玉兰", "甲"]], more={"二组": [["贺长林"]]}),
    ):
        assert await read_table_apart(content, TIGHT) == read_table(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_headings"),
        (b"hello\nworld\n", "no_headings"),
        ("姓名\n沈玉兰\n".encode(), "no_headings"),
        (b"PK\x03\x04 this is no zip", "unreadable_file"),
        (b"\xd0\xcf\x11\xe0 this is no workbook", "unreadable_file"),
        (b"\x00\x01\x02\x03", "unreadable_file"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff", "not_a_table"),
        (b"<html><table><tr><td>", "web_page"),
        (b"x" * (20 * 1024 * 1024 + 1), "file_too_large"),
    ],
)
async def test_what_is_no_table_is_refused_with_a_reason(content, code):
    assert await refusal(content) == code


async def test_an_xls_that_is_cut_off_is_refused_and_not_called_harmful():
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + bytes.fromhex("3e000300feff0900060000000000000000000100")
    )
    assert await refusal(header.ljust(1500, b"\x01")) == "unreadable_file"


async def test_a_zip_without_a_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert await refusal(out.getvalue()) == "unreadable_file"


async def test_one_cell_at_the_far_corner_costs_nobody_anything():
    content = far_cell()
    assert len(content) < 4_000
    begun = time.monotonic()
    assert await refusal(content) == "too_much_work"
    assert time.monotonic() - begun < 20


async def test_a_zip_bomb_is_put_aside():
    row = b"<row>" + b"<c t='inlineStr'><is><t>" + b"x" * 200 + b"</t></is></c>"
    content = far_cell(rows=row * 1_800_000)
    assert len(content) < 20 * 1024 * 1024
    assert await refusal(content) in ("file_too_large", "unreadable_file", "too_much_work")


@pytest.mark.parametrize(("columns", "rows"), [(16_384, 1), (1, 1_048_576), (16_384, 1_048_576)])
async def test_cells_that_an_ods_repeats_are_bounded(columns, rows):
    content = ods([["姓名", "住址"], ["沈玉兰", "甲"]], repeated=("x", columns, rows))
    assert await refusal(content) in {
        *("too_many_columns", "too_many_rows"),
        *("too_much_work", "unreadable_file"),
    }


async def test_empty_cells_that_an_ods_repeats_are_nothing():
    content = ods([["姓名", "住址"], ["沈玉兰", "甲"]], repeated=("", 16_384, 1_048_000))
    table = await read_table_apart(content, TIGHT)
    assert table.rows == [["沈玉兰", "甲"]]


@pytest.mark.parametrize("make", [book, ods, csv])
class TestEveryFormatAlike:
    """XLSX, ODS and CSV have the same bounds."""

    async def test_columns(self, make):
        assert (
            await refusal(make([["姓名", "住址"], ["沈玉兰"] + ["x"] * 300])) == "too_many_columns"
        )

    async def test_long_cells_are_cut_and_still_too_long_for_any_column(self, make):
        table = await read_table_apart(make([["姓名", "住址"], ["沈玉兰", "x" * 30_000]]), TIGHT)
        assert len(table.rows[0][1]) == 10_000

    async def test_hidden_characters_are_left_out(self, make):
        table = await read_table_apart(
            make([["姓名", "住址"], ["沈\u202e玉兰", "甲\u200b"]]), TIGHT
        )
        assert table.rows == [["沈玉兰", "甲"]]


async def test_more_rows_than_can_be_checked_are_refused():
    assert await refusal("姓名,住址\n".encode() + b"a,b\n" * 50_001) == "too_many_rows"


async def test_numbers_and_dates_of_a_real_workbook_come_out_as_text():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["姓名", "身份证号", "电话"])
        page.write_row(1, 0, ["沈玉兰", 370105194306121234, 13901000137])
    table = await read_table_apart(out.getvalue(), TIGHT)
    assert table.rows == [["沈玉兰", "3.70105194306121E+17", "13901000137"]]
