"""What came of an import: for the screen, as a file of what was refused, and as bytes that outlive the process that made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal, Self

import orjson

from callcenter.directory.left_out import LeftOut
from callcenter.directory.rows import Row
from callcenter.directory.spreadsheet import Sheet, csv_bytes, write_xlsx
from callcenter.directory.table import OtherSheet, Table
from callcenter.residents.problems import Problem

_WORDS_TOLD: Final = 100


class Mode(StrEnum):
    ALL_OR_NOTHING = "all_or_nothing"
    GOOD_ROWS = "good_rows"


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """A row with what is to be said of it: why it is refused, or what was read otherwise than it is written."""

    number: int
    name: str
    cells: Sequence[str]
    problems: Sequence[Problem]

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        problems = [Problem(**each) for each in told["problems"]]
        return cls(told["number"], told["name"], told["cells"], problems)


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that is kept in a note, and how many times it stands in this column."""

    column: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """`in_file` counts rows as the file has them, `total` those that were read; `written` is 0 after a dry run, and where one
    bad row stopped all.
    """

    dry_run: bool
    mode: Mode
    in_file: int
    total: int
    written: int
    bad: Sequence[ReportedRow]
    remarks: Sequence[ReportedRow]
    headings: Sequence[str]
    ignored: Sequence[str]
    sheets: Sequence[OtherSheet]
    left_out: Sequence[LeftOut] = field(default_factory=list)
    """Rows that are no person."""
    unknown_words: Sequence[UnknownWord] = field(default_factory=list)

    @property
    def good(self) -> int:
        return self.total - len(self.bad)

    def to_bytes(self) -> bytes:
        """All of it; `from_bytes` reads it again."""
        return orjson.dumps(self)

    @classmethod
    def from_bytes(cls, kept: bytes) -> Self:
        """What `to_bytes` wrote."""
        told = orjson.loads(kept)
        told["mode"] = Mode(told["mode"])
        for name in ("bad", "remarks"):
            told[name] = [ReportedRow.from_json(each) for each in told[name]]
        told["sheets"] = [OtherSheet(**each) for each in told["sheets"]]
        told["left_out"] = [LeftOut(**each) for each in told.get("left_out", [])]
        told["unknown_words"] = [UnknownWord(**each) for each in told.get("unknown_words", [])]
        return cls(**told)


def report_of(
    table: Table, rows: Sequence[Row], *, written: int, dry_run: bool, mode: Mode
) -> Report:
    """Of rows that were checked. Remarks of refused rows are left out: they come again with the corrected file."""
    return Report(
        dry_run=dry_run,
        mode=mode,
        in_file=table.in_file,
        total=len(rows),
        written=written,
        bad=[_reported(row, row.problems) for row in rows if row.problems],
        remarks=[_reported(row, row.remarks) for row in rows if row.remarks and not row.problems],
        headings=table.headings,
        ignored=table.ignored,
        sheets=table.sheets,
        left_out=table.left_out,
        unknown_words=unknown_words(rows),
    )


def _reported(row: Row, problems: Sequence[Problem]) -> ReportedRow:
    return ReportedRow(row.number, row.name, row.cells, problems)


def bad_rows_file(report: Report, language: str) -> bytes:
    """The bad rows as they were, with their reasons in a last column and the wrong cells marked: correct and import again."""
    zh = language.startswith("zh")
    rows = [[*report.headings, "导入失败原因" if zh else "Why it was refused"]]
    marked: set[tuple[int, int]] = set()
    places = {heading: place for place, heading in enumerate(report.headings)}
    width = len(report.headings)
    for number, row in enumerate(report.bad, start=1):
        cells = [*row.cells, *[""] * width][:width]
        rows.append([*cells, "；".join(worded(each, zh=zh) for each in row.problems)])
        marked |= {(number, places[p.column]) for p in row.problems if p.column in places}
    return write_xlsx(
        [Sheet("未导入" if zh else "Not imported", rows, frozenset(marked), frozenset({width}))]
    )


def told_rows(report: Report, language: str) -> list[list[str]]:
    """Every row of which something is to be said, in the order of the file: refused or not, its cells, and why."""
    zh = language.startswith("zh")
    refused, kept = ("未导入", "有提示") if zh else ("refused", "remark")
    told = [(row, refused) for row in report.bad] + [(row, kept) for row in report.remarks]
    width = len(report.headings)
    head = (
        ["行号", "结果", *report.headings, "说明"]
        if zh
        else ["Row", "Result", *report.headings, "Why"]
    )
    rows = [head]
    for row, result in sorted(told, key=lambda each: each[0].number):
        cells = [*row.cells, *[""] * width][:width]
        why = "；".join(worded(each, zh=zh) for each in row.problems)
        rows.append([str(row.number), result, *cells, why])
    return rows


def told_rows_file(report: Report, language: str, file_format: Literal["xlsx", "csv"]) -> bytes:
    """`told_rows` as a file."""
    rows = told_rows(report, language)
    if file_format == "csv":
        return csv_bytes(rows)
    name = "导入说明" if language.startswith("zh") else "Import"
    return write_xlsx([Sheet(name, rows, wide=frozenset({len(rows[0]) - 1}))])


def unknown_words(rows: Sequence[Row]) -> list[UnknownWord]:
    """Words that nobody knows, of refused rows, too; the most frequent first."""
    found = Counter(
        (each.column, each.value)
        for row in rows
        for each in row.remarks
        if each.code == "unknown_word"
    )
    return [UnknownWord(*where, count) for where, count in found.most_common(_WORDS_TOLD)]


def worded(each: Problem, *, zh: bool) -> str:
    """One reason as a sentence."""
    if zh:
        return (
            f"{each.column}“{each.value}”{each.message_zh}"
            if each.value
            else f"{each.column}{each.message_zh}"
        )
    return (
        f"{each.column} {each.value!r} {each.message}"
        if each.value
        else f"{each.column} {each.message}"
    )


def report_json(report: Report) -> Mapping[str, Any]:
    """As REST and the command line's JSON output give it."""
    return {
        "dry_run": report.dry_run,
        "mode": report.mode.value,
        "in_file": report.in_file,
        "total": report.total,
        "good": report.good,
        "written": report.written,
        "ignored_columns": report.ignored,
        "ignored_sheets": [{"name": each.name, "rows": each.rows} for each in report.sheets],
        "left_out": [{"row": each.row, "text": each.text} for each in report.left_out],
        "unknown_words": [asdict(each) for each in report.unknown_words],
        "bad": _rows_json(report.bad),
        "remarks": _rows_json(report.remarks),
    }


def _rows_json(rows: Iterable[ReportedRow]) -> list[Mapping[str, Any]]:
    return [
        {
            "row": row.number,
            "name": row.name,
            "reasons": [
                {
                    "column": each.column,
                    "code": each.code,
                    "value": each.value,
                    "message": each.message,
                    "message_zh": each.message_zh,
                }
                for each in row.problems
            ],
        }
        for row in rows
    ]
