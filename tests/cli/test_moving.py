"""Residents go in and out as spreadsheets."""

from __future__ import annotations

import json
from asyncio import to_thread
from pathlib import Path

import pytest

from callcenter.core.errors import Invalid, NotFound
from callcenter.directory.reading import read_table

HEADINGS = "姓名,出生日期,小区,楼号,单元,门牌,紧急联系人1姓名,紧急联系人1电话"
SHEN = "沈玉兰,1943-06-12,榆荫里,7,2,501,沈佳,13901000137"
HE = "贺长林,1947-01-30,榆荫里,8,1,102,,"
BAD = "梁淑贞,1938-13-45,榆荫里,9,1,101,梁伟,1.39E+10"


@pytest.fixture
def sheet(tmp_path: Path):
    def write(*rows: str) -> str:
        path = tmp_path / "residents.csv"
        path.write_text("\n".join([HEADINGS, *rows]), encoding="utf-8")
        return str(path)

    return write


async def names(owner) -> list[str]:
    return [row["name"] for row in await owner.fetch("SELECT name FROM resident ORDER BY id")]


async def test_a_check_tells_and_writes_nothing(site, sheet, owner):
    result = await to_thread(site, "import", sheet(SHEN, HE), "--check")
    assert (result.exit_code, result.exception) == (0, None)
    assert "2 rows, 2 good, 0 bad, nothing was written" in result.stdout
    assert await names(owner) == []


async def test_good_rows_are_written(site, sheet, owner):
    result = await to_thread(site, "import", sheet(SHEN, HE))
    assert "2 rows, 2 good, 0 bad, 2 written" in result.stdout
    assert await names(owner) == ["沈玉兰", "贺长林"]


async def test_one_bad_row_stops_all_and_says_why(site, sheet, owner, tmp_path):
    result = await to_thread(site, "import", sheet(SHEN, BAD), "--bad-rows", "bad.xlsx")
    assert result.exit_code == 1
    assert "梁淑贞: " in result.stderr
    assert "1.39E+10" in result.stderr
    assert "2 rows, 1 good, 1 bad, 0 written" in result.stdout
    assert await names(owner) == []
    (bad,) = read_table((tmp_path / "bad.xlsx").read_bytes()).rows
    assert "梁淑贞" in bad


async def test_the_good_rows_alone_when_asked(site, sheet, owner):
    result = await to_thread(site, "import", sheet(SHEN, BAD), "--good-rows", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["total"], told["written"]) == (2, 1)
    assert {reason["code"] for reason in told["bad"][0]["reasons"]} >= {"mangled"}
    assert await names(owner) == ["沈玉兰"]


async def test_what_went_in_comes_out_for_its_owner_alone(site, sheet, owner, tmp_path):
    await to_thread(site, "import", sheet(SHEN, HE))
    result = await to_thread(site, "export", "out.csv")
    assert "2 residents in out.csv" in result.stdout
    path = tmp_path / "out.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [row[0] for row in read_table(path.read_bytes()).rows] == ["沈玉兰", "贺长林"]
    entry = await owner.fetchrow("SELECT * FROM audit_entry WHERE action = 'residents_exported'")
    assert entry["address"] == "command line"


def test_the_template_is_an_empty_table(site, tmp_path):
    assert site("export", "template.xlsx", "--template", "--language", "en").exit_code == 0
    table = read_table((tmp_path / "template.xlsx").read_bytes())
    assert table.headings[0] == "Name"
    assert not table.rows


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("import", "not-there.csv"), Invalid),
        (("export", "residents.pdf"), Invalid),
        (("export", "residents.csv", "--region", "nowhere"), NotFound),
        (("export", "residents.csv", "--language", "fr"), Invalid),
        (("export", "nowhere/residents.csv"), Invalid),
    ],
)
def test_what_cannot_be_done_is_told(site, arguments, error):
    assert isinstance(site(*arguments).exception, error)


def test_an_unknown_region_is_told_before_anything_is_read(site, sheet):
    result = site("import", sheet(SHEN), "--region", "nowhere")
    assert isinstance(result.exception, NotFound)
