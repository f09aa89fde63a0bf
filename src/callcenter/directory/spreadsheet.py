"""Writing tables as XLSX and CSV that no program takes for anything but text, and the template. No database, no clock."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from callcenter.directory.columns import COLUMNS, headings
from callcenter.directory.csv_text import FORMULA_STARTS

_TEXT_ONLY: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONG_NUMBER: Final = re.compile(r"\d{11,}[Xx]?")
_HEADING: Final = {"num_format": "@", "bold": True, "bg_color": "#E8EEF4"}


def guarded(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front (CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class RowFile(Protocol):
    """A table on disk that grows row by row and takes no more memory for it."""

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Add rows; the first of all is the headings."""

    def close(self) -> None:
        """Finish the file."""


class CsvFile:
    """UTF-8 with BOM, which Excel needs to see that it is UTF-8. Columns in `digits` (identity numbers) begin with a tab, so
    that Excel leaves them text; reading strips it again.
    """

    def __init__(self, path: Path, digits: frozenset[int]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._digits = digits
        self._begun = False

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        for row in rows:
            self._writer.writerow(
                [
                    f"\t{cell}" if self._begun and place in self._digits and cell else guarded(cell)
                    for place, cell in enumerate(row)
                ]
            )
            self._begun = True

    def close(self) -> None:
        self._file.close()


class XlsxFile:
    """One sheet with bold, frozen headings; all cells are text, so that no program changes a number."""

    def __init__(self, path: Path, name: str, width: int) -> None:
        import xlsxwriter  # noqa: PLC0415 - a fifth of a second that most starts can do without

        self._book = xlsxwriter.Workbook(
            str(path), {**_TEXT_ONLY, "constant_memory": True, "tmpdir": str(path.parent)}
        )
        self._text = self._book.add_format({"num_format": "@"})
        self._bold = self._book.add_format(_HEADING)
        self._page = self._book.add_worksheet(name)
        self._page.freeze_panes(1, 1)
        self._page.set_column(0, width - 1, 14, self._text)
        self._number = 0

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        for row in rows:
            ground = self._text if self._number else self._bold
            for place, cell in enumerate(row):
                if cell or not self._number:
                    self._page.write_string(self._number, place, cell, ground)
            self._number += 1

    def close(self) -> None:
        self._book.close()


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """A short table as CSV, with what `CsvFile` keeps Excel from: formulas, and long numbers that become amounts."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            [f"\t{cell}" if _LONG_NUMBER.fullmatch(cell) else guarded(cell) for cell in row]
        )
    return out.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to be written: all cells are text, so that no program changes a number."""

    name: str
    rows: Sequence[Sequence[str]]
    marked: frozenset[tuple[int, int]] = frozenset()
    """(row, column) of cells with a red ground."""
    wide: frozenset[int] = frozenset()


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with bold, frozen headings."""
    out = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - a fifth of a second that most starts can do without

    with xlsxwriter.Workbook(out, {**_TEXT_ONLY, "in_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        bold = book.add_format(_HEADING)
        marked = book.add_format({"num_format": "@", "bg_color": "#F8D0C8"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            width = max((len(row) for row in sheet.rows), default=1)
            page.set_column(0, width - 1, 14, text)
            for place in sheet.wide:
                page.set_column(place, place, 60, text)
            for number, row in enumerate(sheet.rows):
                for place, cell in enumerate(row):
                    if cell or number == 0:
                        ground = marked if (number, place) in sheet.marked else text
                        page.write_string(number, place, cell, bold if number == 0 else ground)
    return out.getvalue()


def template(language: str) -> bytes:
    """An empty table with the headings, and a second sheet that explains them."""
    zh = language.startswith("zh")
    explained = [["列", "说明", "示例"] if zh else ["Column", "What to write", "Example"]]
    for column in COLUMNS:
        name = column.zh if zh else column.en
        explained.append([name, column.note_zh if zh else column.note_en, column.example])
    return write_xlsx(
        [
            Sheet("老人" if zh else "Residents", [list(headings(language))]),
            Sheet("填写说明" if zh else "Notes", explained, wide=frozenset({1})),
        ]
    )
