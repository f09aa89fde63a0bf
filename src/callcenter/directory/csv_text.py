"""Reading CSV: its encoding, what divides its cells, and quotation marks that would swallow people. Pure."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.directory.kinds_of_file import web_page
from callcenter.directory.table import Cells, Grid, bounded, find_headings, understood

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula; some fold the full-width signs."""
_DELIMITERS: Final = ",\t;|，；"
_PADDING: Final = "\x00\x1a"
"""What some programs fill the last block of a file with."""
_NULLS_AMONG: Final = 20
"""More than one in so many characters: this is no text."""
_SAMPLED: Final = 4096
_TEXT_FORMULA: Final = re.compile(r'="([^"]*)"')
"""How a program keeps Excel from taking a number for an amount."""
_LOOKED_AT: Final = 22
"""Rows that are tried with each delimiter: the headings stand in the first twenty."""


def read_csv(content: bytes) -> Grid:
    """The rows of a CSV file. Raises Invalid: unknown_encoding, unreadable_file, unclosed_quote, or a bound of `bounded`."""
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n").rstrip(_PADDING)
    if text.count("\x00") > len(text) // _NULLS_AMONG:
        raise Invalid("This is neither a spreadsheet nor text.", code="unreadable_file")
    text = text.replace("\x00", "")
    if text.lstrip()[:1] == "<":
        raise web_page()
    rows = _Rows(text, _delimiter(text))
    kept = [(number, cells, rows.filled) for number, cells in bounded(rows)]
    return Grid(
        rows=[cells for _, cells, _ in kept],
        numbers=[number for number, _, _ in kept],
        filled_lines=[filled for _, _, filled in kept],
    )


def _decoded(content: bytes) -> str:
    """UTF-8 and UTF-16 with or without BOM, else GB18030, in which Chinese Windows saves CSV."""
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(
        "The text is neither UTF-8 nor GB18030: save it again as UTF-8 CSV or XLSX.",
        code="unknown_encoding",
    )


def _encodings(content: bytes) -> tuple[str, ...]:
    """UTF-16 without its mark is known by the line breaks and signs that have a zero beside them."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    zeros = content[0:_SAMPLED:2].count(0), content[1:_SAMPLED:2].count(0)
    if max(zeros) > 2 and min(zeros) == 0:
        first = "utf-16-be" if zeros[0] else "utf-16-le"
        return (first, "utf-8-sig", "gb18030")
    return ("utf-8-sig", "gb18030")


def _delimiter(text: str) -> str:
    """The one under which most headings are known: a title, or `sep=;`, may stand above them."""
    return max(_DELIMITERS, key=lambda each: _headings_known(text, each))


def _headings_known(text: str, delimiter: str) -> int:
    first: list[Cells] = []
    with suppress(Invalid):  # told when the file is read with the delimiter that is chosen
        for _, cells in islice(bounded(_Rows(text, delimiter)), _LOOKED_AT):
            first.append(cells)
    found = find_headings(first)
    return len(found[2]) if found else max((len(understood(row)) for row in first), default=0) - 100


class _Rows:
    """The records of a text with their numbers. An opened quotation mark that is never closed, or closed by that of a later
    row, makes one cell of several people: it is told with its row.
    """

    def __init__(self, text: str, delimiter: str) -> None:
        self._text = text
        self._delimiter = delimiter
        self._lines = text.split("\n")
        self._width = 0
        self.filled = 0
        """Lines with something in them so far."""

    def __iter__(self) -> Iterator[tuple[int, Cells]]:
        reader = csv.reader(
            io.StringIO(self._text), delimiter=self._delimiter, strict=True, skipinitialspace=True
        )
        number, begun = 1, 0
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise _unclosed(number, begun + 1) from error
            if row is None:
                return
            passed = self._lines[begun : reader.line_num]
            self.filled += sum(1 for line in passed if line.strip())
            if self._width and len(passed) > 1 and self._holds_rows(row):
                raise _unclosed(number, begun + 1)
            self._width = self._width or self._heading_width(row)
            yield number, [_unguarded(cell) for cell in row]
            number, begun = number + 1, reader.line_num

    def _heading_width(self, row: Cells) -> int:
        return len(row) if "name" in understood(row) else 0

    def _holds_rows(self, row: Cells) -> bool:
        """Whether a cell with line breaks holds as many cells as a row of the table, or the row lost cells to it."""
        for cell in row:
            within = cell.count(self._delimiter) if "\n" in cell else 0
            if within and (within >= self._width - 1 or len(row) != self._width):
                return True
        return False


def _unclosed(row: int, line: int) -> Invalid:
    return Invalid(
        f"Row {row} (line {line}): a quotation mark is opened and not closed, or stands in the middle of a cell. "
        "Remove it, or save the file as XLSX.",
        code="unclosed_quote",
        row=row,
        line=line,
    )


def _unguarded(text: str) -> str:
    if found := _TEXT_FORMULA.fullmatch(text.strip()):
        return found[1]
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text
