"""A file of people as rows below headings, within bounds that hold for every format alike. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.core.visible import visible
from callcenter.directory.columns import COLUMNS, CONTACTS, RELATION, key_of
from callcenter.directory.left_out import LeftOut, left_out

ROW_LIMIT: Final = 50_000
COLUMN_LIMIT: Final = 256
CELL_LENGTH: Final = 10_000
"""Characters of one cell; the rest is cut off, and what is left is still too long for every column."""
TEXT_LIMIT: Final = 24 * 1024 * 1024
"""Characters of all cells together."""
_HEADING_ROWS: Final = 20
"""The headings are looked for in this many rows: a title often stands above them."""
_DEEPEST: Final = 3
"""Further rows of headings below the first."""

Cells = list[str]


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """A sheet with something in it that is not read."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Grid:
    """What a file holds before anything is understood. `numbers` are the rows' own numbers in the file, from 1."""

    rows: list[Cells]
    numbers: list[int]
    sheets: list[OtherSheet] = field(default_factory=list)
    name: str = ""
    """Of the sheet."""
    filled_lines: list[int] | None = None
    """Of a text file: how many lines with something in them there are to the end of each row."""
    since_1904: bool = False
    """Its days are counted from 1904, as spreadsheets of old Macintoshes do."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file with a known heading each. `numbers` are the rows' own numbers in the file, from 1."""

    columns: dict[str, int]
    headings: list[str]
    rows: list[list[str]]
    numbers: list[int]
    ignored: list[str]
    in_file: int
    """Rows below the headings as the file counts them: the lines of a text file. More than `rows` where cells hold line breaks."""
    sheets: list[OtherSheet] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    """Sums, signatures, titles: rows that are no person."""
    sheet: str = ""
    """Its name; empty for a text file."""
    is_text: bool = False
    """Cells are divided by a sign that may also stand within them."""
    since_1904: bool = False

    def heading(self, key: str) -> str:
        """What the file calls the column; the template's name where it has none."""
        position = self.columns.get(key)
        if position is None:
            return next((column.zh for column in COLUMNS if column.key == key), key)
        return self.headings[position]


def bounded(rows: Iterable[tuple[int, Iterable[str]]]) -> Iterator[tuple[int, Cells]]:
    """The rows with something in them, cleaned, without blank cells at their ends. Raises Invalid `too_many_rows`,
    `too_many_columns` or `file_too_large` as soon as a bound is passed.
    """
    count = size = 0
    for number, row in rows:
        cells = _trimmed(row, number)
        if not cells:
            continue
        count += 1
        size += sum(map(len, cells))
        if count > ROW_LIMIT + _HEADING_ROWS:
            raise too_many_rows()
        if size > TEXT_LIMIT:
            raise Invalid(
                "The cells hold far too much text: divide the file.", code="file_too_large"
            )
        yield number, cells


def _trimmed(row: Iterable[str], number: int) -> Cells:
    cells = [visible(cell[:CELL_LENGTH]) if cell else "" for cell in row]
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > COLUMN_LIMIT:
        raise Invalid(
            f"Row {number} has {len(cells)} columns; at most {COLUMN_LIMIT} are read. Remove what stands far to the right.",
            code="too_many_columns",
            row=number,
            most=COLUMN_LIMIT,
        )
    return cells


def too_many_rows() -> Invalid:
    """For whoever counts."""
    return Invalid(
        f"More than {ROW_LIMIT} rows: divide the file.", code="too_many_rows", most=ROW_LIMIT
    )


def table_of(grid: Grid) -> Table:
    """The rows below the headings. Raises Invalid for what is no table of residents."""
    found = find_headings(grid.rows)
    if found is None:
        raise Invalid(
            "No heading row was found: the first rows must hold 姓名 (Name) and further headings of the template.",
            code="no_headings",
        )
    start, headings, columns = found
    below = list(zip(grid.numbers[start + 1 :], grid.rows[start + 1 :], strict=True))
    nobody = [left_out(number, row, columns, headings) for number, row in below]
    rows = [row for (_, row), no in zip(below, nobody, strict=True) if no is None]
    numbers = [number for (number, _), no in zip(below, nobody, strict=True) if no is None]
    if len(rows) > ROW_LIMIT:
        raise too_many_rows()
    known = set(columns.values())
    unread = [
        heading for place, heading in enumerate(headings) if heading.strip() and place not in known
    ]
    lines = grid.filled_lines
    in_file = len(below) if lines is None else lines[-1] - lines[start]
    return Table(
        *(columns, headings, rows, numbers, unread, in_file, grid.sheets),
        left_out=[each for each in nobody if each is not None],
        sheet=grid.name,
        is_text=lines is not None,
        since_1904=grid.since_1904,
    )


def find_headings(rows: Sequence[Cells]) -> tuple[int, Cells, dict[str, int]] | None:
    """The last row of the headings, what they say together, and which column means what. Headings may take several rows, the
    upper ones naming groups: 紧急联系人 above 姓名, 关系, 电话.
    """
    for number, row in enumerate(rows[:_HEADING_ROWS]):
        columns = understood(row)
        if "name" not in columns or len(columns) < 2:
            continue
        said = _below_groups(rows[number - 1] if number else [], row)
        last = number
        while last < number + _DEEPEST and last + 1 < len(rows):
            joined = _joined(said, rows[last + 1])
            if joined is None:
                break
            said, last = joined, last + 1
        return last, said, understood(said)
    return None


def _below_groups(above: Sequence[str], row: Sequence[str]) -> Cells:
    """A row of headings, each with the group above it where that makes more of them known; a group reaches over blank cells."""
    groups: Cells = []
    for cell in _padded(above, len(row))[: len(row)]:
        groups.append(cell if cell.strip() or not groups else groups[-1])
    said = [_of_group(group, cell) for group, cell in zip(groups, row, strict=True)]
    return said if len(understood(said)) > len(understood(row)) else list(row)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> Cells | None:
    """Two rows of headings as one, if the lower holds headings too, and nobody's name."""
    width = max(len(upper), len(lower))
    pairs = list(zip(_padded(upper, width), _padded(lower, width), strict=True))
    differing = [(above, under) for above, under in pairs if under.strip() and under != above]
    known = [under for above, under in differing if key_of(under) or key_of(above + under)]
    names = [under for above, under in differing if key_of(above) == "name"]
    if len(known) < 2 or 2 * len(known) < len(differing) or names:
        return None
    return [_of_group(above, under) for above, under in pairs]


def _of_group(above: str, under: str) -> str:
    if not under.strip() or under == above:
        return above
    return above + under if key_of(above + under) else under


def _padded(cells: Sequence[str], width: int) -> Cells:
    return [*cells, *[""] * (width - len(cells))]


# ---- which column means what


def understood(headings: Sequence[str]) -> dict[str, int]:
    """Key -> place. A heading that stands twice counts once, unless it begins another contact; a telephone right behind a
    contact is the contact's (联系人, 联系电话), so is a relation, and so is a second telephone right before one.
    """
    columns: dict[str, int] = {}
    contact = 0
    for place, heading in enumerate(headings):
        key = key_of(heading)
        if key is None:
            contact = 0
            continue
        is_second = key == "phone" and key in columns and not contact
        key, contact = _within(key, contact, columns)
        if is_second and (number := _contact_named(headings[place + 1 :], columns)):
            key = f"contact{number}_phone"
        columns.setdefault(key, place)
    return columns


def _contact_named(after: Sequence[str], columns: Mapping[str, int]) -> int:
    """The contact whose name is the next heading, if no telephone is known of them; else 0."""
    key = key_of(after[0]) if after else None
    if key is None or not key.endswith("_name") or key in columns:
        return 0
    number = int(key[len("contact") : -len("_name")])
    its_phone = f"contact{number}_phone"
    has_own = any(key_of(heading) in ("phone", its_phone) for heading in after[1:2])
    return 0 if has_own or its_phone in columns else number


def _within(key: str, contact: int, columns: Mapping[str, int]) -> tuple[str, int]:
    """The key in its surroundings, and the contact that the next column may belong to (0: none)."""
    if key in ("phone", RELATION) and contact and f"contact{contact}_{key}" not in columns:
        return f"contact{contact}_{key}", contact
    if key == RELATION:
        return "contact1_relation", 1
    if not key.startswith("contact"):
        return key, 0
    number, part = int(key[len("contact")]), key.partition("_")[2]
    if key in columns and part == "name":
        number = next(
            (n for n in range(1, CONTACTS + 1) if f"contact{n}_name" not in columns), number
        )
    elif key in columns and contact:
        number = contact
    return f"contact{number}_{part}", number
