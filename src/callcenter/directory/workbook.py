"""Reading XLSX, XLS and ODS. To be done in a confined process: the parser builds whole sheets before it shows a cell.

Numbers keep what the file says: 13901000137 in a number cell is that phone number, but 18 digits in a number cell have
already lost the last three, and come out as 3.70105194306120E+17, which the checks know and refuse.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from callcenter.core.errors import Invalid
from callcenter.directory.table import COLUMN_LIMIT, Cells, Grid, OtherSheet, bounded, find_headings

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UNPACKED_LIMIT: Final = 400 * 1024 * 1024
NOTES: Final = ("填写说明", "Notes")
"""The template's own second sheet, which nobody fills."""
_SHEETS: Final = 30
_MERGED: Final = 5_000
"""Merged areas that are filled; more are no register."""
_EXACT: Final = 10**15
"""From here on a spreadsheet's number (a double, shown with 15 digits) is no longer what was typed."""


def read_workbook(content: bytes) -> Grid:
    """The first visible sheet with headings, and which other sheets hold something. Raises Invalid: unreadable_file,
    password, file_too_large, or a bound of `bounded`.
    """
    try:
        if content[:4] == ZIP:
            _refuse_bomb(content)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return _read_sheets(book)
    except PasswordError as error:
        raise Invalid("The file has a password: save it without one.", code="password") from error
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError) as error:
        raise Invalid(f"The spreadsheet cannot be read: {error}", code="unreadable_file") from error


def _refuse_bomb(content: bytes) -> None:
    """By what the archive says of itself; what lies is stopped by the memory of the process."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED_LIMIT:
            raise Invalid("The spreadsheet unpacks to far too much data.", code="file_too_large")


def _read_sheets(book: CalamineWorkbook) -> Grid:
    """Visible sheets come first; if none has headings, the first sheet stands for the file."""
    named = [
        (each.visible is not SheetVisibleEnum.Visible, place, each.name)
        for place, each in enumerate(book.sheets_metadata)
        if each.typ is SheetTypeEnum.WorkSheet
    ]
    chosen: Grid | None = None
    first: Grid | None = None
    others: list[OtherSheet] = []
    for _, _, name in sorted(named)[:_SHEETS]:
        grid = _grid(book.get_sheet_by_name(name))
        first = first or grid
        if chosen is None and find_headings(grid.rows) is not None:
            chosen = grid
        elif grid.rows and name not in NOTES:
            others.append(OtherSheet(name, len(grid.rows)))
    found = chosen or first or Grid([], [])
    return Grid(found.rows, found.numbers, others)


def _grid(sheet: CalamineSheet) -> Grid:
    kept = list(bounded(_rows(sheet)))
    return Grid([cells for _, cells in kept], [number for number, _ in kept])


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, Cells]]:
    """With their numbers, and what stands in a merged area in each of its cells: the grid of a whole page of people is often
    one cell.
    """
    filling = _Merged(sheet)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [cell_text(cell) for cell in row]
        filling.fill(number - 1, cells)
        yield number, cells


class _Merged:
    """The merged areas of a sheet, from above. Only their first cell holds the text."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._areas = sorted(sheet.merged_cell_ranges or [])[:_MERGED]
        self._open: list[tuple[int, int, int, str]] = []
        """(last row, first column, last column, text) of areas that reach further down."""

    def fill(self, row: int, cells: Cells) -> None:
        """Complete one row; to be called for each, from the first."""
        while self._areas and self._areas[0][0][0] <= row:
            (top, left), (bottom, right) = self._areas.pop(0)
            text = cells[left] if top == row and left < len(cells) else ""
            if text:
                self._open.append((bottom, left, min(right, COLUMN_LIMIT), text))
        self._open = [area for area in self._open if area[0] >= row]
        for _, left, right, text in self._open:
            for place in range(left, min(right + 1, len(cells))):
                cells[place] = cells[place] or text


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
