"""Reading XLSX, XLS, ODS and CSV into a plain table of texts, and writing tables back. No database, no clock.

Numbers keep what the file says: 13901000137 in a number cell is that phone number, but 18 digits in a number cell have
already lost the last three, and come out as 3.70105194306120E+17, which the checks know and refuse.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, Protocol

from python_calamine import CalamineError, CalamineWorkbook

from callcenter.core.errors import Invalid
from callcenter.directory.columns import COLUMNS, headings, key_of

FILE_LIMIT: Final = 20 * 1024 * 1024
UNPACKED_LIMIT: Final = 400 * 1024 * 1024  # of the parts of an XLSX; a zip bomb stops here
ROW_LIMIT: Final = 50_000
_HEADING_ROWS: Final = 10
"""The headings are looked for in this many rows: a title often stands above them."""
_EXACT: Final = 10**15
"""From here on a spreadsheet's number (a double, shown with 15 digits) is no longer what was typed."""
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_TEXT_ONLY: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_HEADING: Final = {"num_format": "@", "bold": True, "bg_color": "#E8EEF4"}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file with a known heading each. `numbers` are the rows' own numbers in the file, from 1."""

    columns: dict[str, int]
    headings: list[str]
    rows: list[list[str]]
    numbers: list[int]
    ignored: list[str]

    def heading(self, key: str) -> str:
        """What the file calls the column; the template's name where it has none."""
        position = self.columns.get(key)
        if position is None:
            return next((column.zh for column in COLUMNS if column.key == key), key)
        return self.headings[position]


def read_table(content: bytes) -> Table:
    """Find the headings and the rows below them. Raises Invalid for a file that is no table of residents."""
    if len(content) > FILE_LIMIT:
        raise Invalid(
            f"The file is larger than {FILE_LIMIT // 1024 // 1024} MiB: divide it.",
            code="file_too_large",
        )
    cells = _read_workbook(content) if content[:4] in (_ZIP, _OLE) else _read_csv(content)
    start, columns = _find_headings(cells)
    body = [
        (number, row)
        for number, row in enumerate(cells[start + 1 :], start=start + 2)
        if any(cell.strip() for cell in row)
    ]
    if len(body) > ROW_LIMIT:
        raise Invalid(f"More than {ROW_LIMIT} rows: divide the file.", code="too_many_rows")
    known = set(columns.values())
    ignored = [
        heading
        for place, heading in enumerate(cells[start])
        if heading.strip() and place not in known
    ]
    return Table(
        columns=columns,
        headings=cells[start],
        rows=[row for _, row in body],
        numbers=[number for number, _ in body],
        ignored=ignored,
    )


def _find_headings(cells: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(cells[:_HEADING_ROWS]):
        columns: dict[str, int] = {}
        for place, heading in enumerate(row):
            key = key_of(heading)
            if key is not None:
                columns.setdefault(key, place)
        if "name" in columns and len(columns) > 1:
            return number, columns
    raise Invalid(
        "No heading row was found: the first rows must hold 姓名 (Name) and further headings of the template.",
        code="no_headings",
    )


# ---- reading


def _read_workbook(content: bytes) -> list[list[str]]:
    try:
        if content[:4] == _ZIP:
            _refuse_bomb(content)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        # Row by row: making all cells at once would keep every other thread waiting.
        return [[cell_text(cell) for cell in row] for row in sheet.iter_rows()]
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError) as error:
        raise Invalid(f"The spreadsheet cannot be read: {error}", code="unreadable_file") from error


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED_LIMIT:
            raise Invalid("The spreadsheet unpacks to far too much data.", code="file_too_large")


def cell_text(cell: Any) -> str:
    """A cell as text, without inventing digits."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _number_text(number: float) -> str:
    if abs(number) >= _EXACT:
        return f"{number:.14E}"
    return str(int(number)) if float(number).is_integer() else repr(number)


def _read_csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    if "\x00" in text:
        raise Invalid("This is neither a spreadsheet nor text.", code="unreadable_file")
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",\t;", key=first_line.count)
    try:
        return [
            [_unguarded(cell) for cell in row]
            for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise Invalid(f"The CSV file cannot be read: {error}", code="unreadable_file") from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with one, else GB18030, in which Chinese Windows saves CSV."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(
        "The text is neither UTF-8 nor GB18030: save it again as UTF-8 CSV or XLSX.",
        code="unknown_encoding",
    )


# ---- writing


def _guarded(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front (CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_STARTS else text


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
                    f"\t{cell}"
                    if self._begun and place in self._digits and cell
                    else _guarded(cell)
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
