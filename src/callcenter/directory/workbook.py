"""Reading XLSX, XLS and ODS. To be done in a confined process: the parser builds whole sheets before it shows a cell.

Numbers keep what the file says: 13901000137 in a number cell is that phone number, but 18 digits in a number cell have
already lost the last three, and come out as 3.70105194306120E+17, which the checks know and refuse.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, Final
from xml.parsers.expat import ExpatError

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from callcenter.core.errors import Invalid
from callcenter.directory.kinds_of_file import ZIP
from callcenter.directory.merged import Area, Merged, merged_in_ods
from callcenter.directory.table import Cells, Grid, OtherSheet, bounded, find_headings

UNPACKED_LIMIT: Final = 400 * 1024 * 1024
NOTES: Final = ("填写说明", "Notes")
"""The template's own second sheet, which nobody fills."""
_SHEETS: Final = 30
_BOOK: Final = "xl/workbook.xml"
_BROKEN: Final = (
    *(CalamineError, ExpatError, zipfile.BadZipFile, zlib.error, struct.error),
    *(OSError, EOFError, ValueError, LookupError, RuntimeError),
)
"""What the readers of a broken file raise; RuntimeError: parts that are encrypted, or packed in a way that nobody knows."""
_DATE_1904: Final = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")
_EXACT: Final = 10**15
"""From here on a spreadsheet's number (a double, shown with 15 digits) is no longer what was typed."""


def read_workbook(content: bytes) -> Grid:
    """The first visible sheet with headings, and which other sheets hold something. Raises Invalid: unreadable_file,
    password, file_too_large, or a bound of `bounded`.
    """
    try:
        if content[:4] == ZIP:
            _refuse_bomb(content)
        merged = merged_in_ods(
            content
        )  # first: the reader never ends an ODS whose XML does not end
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            grid = _read_sheets(book, merged)
            return replace(grid, since_1904=_since_1904(content))
    except PasswordError as error:
        raise Invalid("The file has a password: save it without one.", code="password") from error
    except _BROKEN as error:
        raise _unreadable(error) from error
    except BaseException as error:  # the reader's own panic (a file cut off) is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(error) from error


def _since_1904(content: bytes) -> bool:
    """Whether a number without a format that is meant as a day is counted from 1904; formatted days are right already."""
    if content[:4] != ZIP:
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if _BOOK not in archive.namelist():
            return False
        return _DATE_1904.search(archive.read(_BOOK)) is not None


def _unreadable(error: BaseException) -> Invalid:
    return Invalid(f"The spreadsheet cannot be read: {error}", code="unreadable_file")


def _refuse_bomb(content: bytes) -> None:
    """By what the archive says of itself; what lies is stopped by the memory of the process."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED_LIMIT:
            raise Invalid("The spreadsheet unpacks to far too much data.", code="file_too_large")


def _read_sheets(book: CalamineWorkbook, merged: Mapping[str, list[Area]]) -> Grid:
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
        sheet = book.get_sheet_by_name(name)
        grid = _grid(sheet, merged.get(name) or sheet.merged_cell_ranges or [])
        first = first or grid
        if chosen is None and find_headings(grid.rows) is not None:
            chosen = grid
        elif grid.rows and name not in NOTES:
            others.append(OtherSheet(name, len(grid.rows)))
    found = chosen or first or Grid([], [])
    return Grid(found.rows, found.numbers, others, found.name)


def _grid(sheet: CalamineSheet, merged: Sequence[Area]) -> Grid:
    kept = list(bounded(_rows(sheet, merged)))
    return Grid([cells for _, cells in kept], [number for number, _ in kept], name=sheet.name)


def _rows(sheet: CalamineSheet, merged: Sequence[Area]) -> Iterator[tuple[int, Cells]]:
    """With their numbers, and what stands in a merged area in each of its cells: the grid of a whole page of people is often
    one cell.
    """
    filling = Merged(merged)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [cell_text(cell) for cell in row]
        filling.fill(number - 1, cells)
        yield number, cells


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
