"""Merged cells: only their first holds the text, and the grid of a whole page of people is often one of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import IO, Final
from xml.parsers import expat

from callcenter.directory.table import COLUMN_LIMIT, Cells

Area = tuple[tuple[int, int], tuple[int, int]]
"""((first row, first column), (last row, last column)), from 0."""
_MOST: Final = 5_000
"""Merged areas that are filled; more are no register."""
_CONTENT: Final = "content.xml"


class Merged:
    """The merged areas of a sheet, to be gone through from above."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._areas = sorted(areas)[:_MOST]
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


def merged_in_ods(content: bytes) -> Mapping[str, list[Area]]:
    """Sheet -> its merged areas, of an ODS, whose reader does not tell them. Nothing for other files."""
    if not content.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if _CONTENT not in archive.namelist():
            return {}
        reader = _Spans()
        with archive.open(_CONTENT) as xml:
            reader.read(xml)
    return reader.found


class _Spans:
    """Counts rows and cells with their repetitions, and keeps the cells that span others."""

    def __init__(self) -> None:
        self.found: dict[str, list[Area]] = {}
        self._areas: list[Area] = []
        self._row = self._column = 0

    def read(self, xml: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.ParseFile(xml)

    def _begin(self, tag: str, told: dict[str, str]) -> None:
        if tag == "table:table":
            self._areas = self.found.setdefault(told.get("table:name", ""), [])
            self._row = 0
        elif tag == "table:table-row":
            self._column = 0
            self._times = int(told.get("table:number-rows-repeated", 1))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._span(told)
            self._column += int(told.get("table:number-columns-repeated", 1))

    def _span(self, told: Mapping[str, str]) -> None:
        down = int(told.get("table:number-rows-spanned", 1))
        across = int(told.get("table:number-columns-spanned", 1))
        if (down > 1 or across > 1) and len(self._areas) < _MOST:
            last = (self._row + down - 1, self._column + across - 1)
            self._areas.append(((self._row, self._column), last))

    def _end(self, tag: str) -> None:
        if tag == "table:table-row":
            self._row += self._times
