"""From the texts of one row to a resident, a home, contacts and devices, with everything that is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.core.phone import PhoneNumber, national, parse_phone, parse_phones
from callcenter.core.visible import narrow
from callcenter.directory.columns import CHOICES, CONTACTS, chosen
from callcenter.directory.dates import Precision, read_date
from callcenter.directory.numerals import in_digits
from callcenter.directory.placeholders import says_as_above, says_nothing
from callcenter.directory.table import Table
from callcenter.residents.fields import NOTE_LENGTH, Reading
from callcenter.residents.identity import Identity
from callcenter.residents.names import LatinName, latin_name
from callcenter.residents.problems import Problem, problem

_SEVERAL = re.compile(r"[、,，;；|\n]+")
_WARNINGS = re.compile(r"[、;；|\n]+")  # a warning may have a comma of its own
_AMOUNT = re.compile(r"\d([.,]\d+)?E\+\d+|\d[.,]\d+E\d+|\d{5,}[.,]0+", re.IGNORECASE)
"""What a spreadsheet makes of a long number. 8E14 may be an account; 8.6E+14 is none."""
_OF_A_NUMBER = re.compile(
    r"[\d\s()（）+\-—–./、,，;；|#:：xX]|转|分机|内线|ext|或者|或|和|及", re.IGNORECASE
)
_LINE_LENGTH: Final = 200
_DEVICE_LENGTH: Final = 64
_NOTES: Final = (
    "access_note", "key_note", "health_note", "medicines", "allergies", "hospital", "hearing",
    "dialect", "talk_note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewContact:
    name: str
    name_latin: str
    relation: str
    phone: str
    reachable: str = ""


@dataclass(slots=True)
class Row:
    """One row, read. Rows with problems are not written."""

    number: int
    cells: list[str]
    name: str = ""
    latin: LatinName = field(default_factory=lambda: LatinName("", "", ""))
    sex: str | None = None
    birth_date: date | None = None
    identity: Identity | None = None
    phone: str | None = None
    second_phone: str | None = None
    region: str = ""
    community: str = ""
    estate: str = ""
    building: str = ""
    entrance: str = ""
    floor: int | None = None
    door: str = ""
    address: str = ""
    composed: bool = False
    """The address was made of its parts, not written."""
    lat: float | None = None
    lng: float | None = None
    status: str = "home"
    living: str | None = None
    welfare: list[str] = field(default_factory=list)
    ability: str | None = None
    risk: str = "low"
    hazards: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    contacts: list[NewContact] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    device_kind: str = "other"
    encrypted_only: bool | None = None
    """None: as their listener has it."""
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    """What was read otherwise than it is written; the row is written all the same."""


def read_rows(
    table: Table, today: date, progress: Callable[[int], None] = lambda _done: None
) -> list[Row]:
    """All rows of a table. `progress` is told how many are done, every now and then."""
    rows = []
    for done, (number, cells) in enumerate(zip(table.numbers, table.rows, strict=True), start=1):
        rows.append(_RowReader(table, number, cells, today).read())
        if done % 200 == 0 or done == len(table.rows):
            progress(done)
    _say_where_no_grid_is_named(table, rows)
    return rows


def _say_where_no_grid_is_named(table: Table, rows: list[Row]) -> None:
    """In a file that names the grids of others: a cell that was forgotten, or that was merged with the one above it."""
    named = [row for row in rows if row.region or row.community]
    if not named or len(named) == len(rows):
        return
    column = table.heading("region" if "region" in table.columns else "community")
    for row in rows:
        if not (row.region or row.community):
            row.remarks.append(problem(column, "region_assumed"))


class _RowReader:
    """Reads the columns of one row; problems carry the heading that the file itself uses."""

    def __init__(self, table: Table, number: int, cells: list[str], today: date) -> None:
        self._table = table
        self._reading = Reading(today)
        self._row = Row(number, cells)
        self._beside: list[str] = []
        """What no column of numbers holds, for a note."""

    def read(self) -> Row:
        self._refuse_shifted()
        self._read_person()
        self._read_place()
        self._read_care()
        self._row.contacts = list(self._contacts())
        self._row.devices = self._devices()
        self._row.device_kind = self._choice("device_kind") or "other"
        said = self._choice("encrypted_only")
        self._row.encrypted_only = None if said is None else said == "required"
        self._keep_what_is_beside()
        self._row.problems, self._row.remarks = self._reading.problems, self._reading.remarks
        return self._row

    def _refuse_shifted(self) -> None:
        beyond = [cell for cell in self._row.cells[len(self._table.headings) :] if cell.strip()]
        if self._table.is_text and beyond:
            self._reading.blame(self._table.headings[-1], "too_many_cells", beyond[0])

    def _raw(self, key: str) -> str:
        place = self._table.columns.get(key)
        cells = self._row.cells
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def _text(self, key: str) -> str:
        """In ordinary width; nothing where nothing is said."""
        text = narrow(self._raw(key)).strip()
        if says_as_above(text):
            self._blame(key, "as_above", text)
            return ""
        if says_nothing(text):
            return ""
        if len(text) > _LINE_LENGTH:
            self._blame(key, "too_long", f"{text[:20]}…")
        return text[:_LINE_LENGTH]

    def _blame(self, key: str, code: str, value: object = "", **params: object) -> None:
        self._reading.blame(self._table.heading(key), code, value, **params)

    def _remark(self, key: str, code: str, value: object = "") -> None:
        self._reading.remark(self._table.heading(key), code, value)

    def _read_person(self) -> None:
        row, reading, heading = self._row, self._reading, self._table.heading
        row.name = reading.name(heading("name"), self._text("name"))
        if row.name:
            row.latin = latin_name(row.name)
        row.identity = reading.identity(heading("identity_number"), self._text("identity_number"))
        row.birth_date = self._birth_date()
        row.sex = reading.sex(heading("sex"), self._choice("sex"), row.identity)
        self._read_phones()

    def _read_place(self) -> None:
        row = self._row
        row.region, row.community = self._text("region"), self._text("community")
        row.estate = self._text("estate")
        row.building = in_digits(
            _without(self._text("building"), "号楼", "栋", "幢", "楼", "号", "#")
        )
        row.entrance = in_digits(_without(self._text("entrance"), "单元", "门"))
        row.door = in_digits(_without(self._text("door"), "室", "号", "房"))
        row.floor = self._floor()
        row.address = self._text("address")
        if not row.address:
            row.address, row.composed = self._composed_address(), True
        if not row.address:
            self._blame("address", "missing")
        row.lat, row.lng = self._degrees("lat"), self._degrees("lng")
        if row.lat == 0 and row.lng == 0:
            self._remark("lat", "no_position")
            row.lat = row.lng = None
        self._reading.position(row.lat, row.lng)

    def _composed_address(self) -> str:
        row = self._row
        if not (row.building or row.door):
            return ""
        parts = (
            row.estate,
            f"{row.building}号楼" if row.building else "",
            f"{row.entrance}单元" if row.entrance else "",
            f"{row.door}室" if row.door else "",
        )
        return "".join(parts)

    def _floor(self) -> int | None:
        text = in_digits(_without(self._text("floor"), "层", "楼", "F", "f"))
        if text:
            if re.fullmatch(r"-?\d{1,3}", text):
                return int(text)
            self._blame("floor", "not_a_number", text)
            return None
        return int(self._row.door[:-2]) if re.fullmatch(r"\d{3,4}", self._row.door) else None

    def _degrees(self, key: str) -> float | None:
        text = self._text(key)
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            self._blame(key, "not_a_position", text)
            return None

    def _read_care(self) -> None:
        row = self._row
        row.status = self._choice("status") or "home"
        row.living = self._choice("living")
        row.ability = self._choice("ability")
        row.risk = self._choice("risk") or "low"
        row.hazards = self._several("hazards", _WARNINGS)[:12]
        row.welfare = self._choices("welfare")
        for key in _NOTES:
            text = self._raw(key)
            if len(text) > NOTE_LENGTH:
                self._blame(key, "too_long", f"{text[:20]}…")
            row.notes[key] = text

    def _contacts(self) -> Iterator[NewContact]:
        """A contact with two numbers is asked at the first, then at the second."""
        for number in range(1, CONTACTS + 1):
            keys = [f"contact{number}_{part}" for part in ("name", "relation", "phone")]
            name, relation, phone = (self._text(key) for key in keys)
            if not (name or relation or phone):
                continue
            if not name:
                self._blame(keys[0], "needs_a_name", relation or phone)
            if not phone:
                self._blame(keys[2], "needs_a_phone", name)
            name = self._reading.name(self._table.heading(keys[0]), name) if name else ""
            for written in self._phones(keys[2]):
                if name:
                    reachable = f"分机{written.extension}" if written.extension else ""
                    latin = latin_name(name).latin
                    yield NewContact(name, latin, relation, written.e164, reachable)

    # ---- telephones

    def _read_phones(self) -> None:
        """The numbers of both columns in their order; what is beyond two goes into a note."""
        numbers = [*self._phones("phone"), *self._phones("second_phone")]
        numbers = list({number.e164: number for number in numbers}.values())
        self._beside = [
            f"{national(number.e164)}转{number.extension}" for number in numbers if number.extension
        ]
        self._beside += [f"电话{national(number.e164)}" for number in numbers[2:]]
        self._row.phone, self._row.second_phone = (*[n.e164 for n in numbers[:2]], None, None)[:2]

    def _keep_what_is_beside(self) -> None:
        if self._beside:
            note = self._row.notes["talk_note"]
            self._row.notes["talk_note"] = "；".join(part for part in (note, *self._beside) if part)

    def _phones(self, key: str) -> list[PhoneNumber]:
        text = self._text(key)
        if not text:
            return []
        if re.fullmatch(r"[1-9]\d{8,10}", text) and _lost_its_zero(text):
            self._blame(key, "mangled", text)
            return []
        try:
            numbers = parse_phones(text)
        except Invalid as error:
            self._blame(key, error.code, text)
            return []
        self._say_how_read(key, text, numbers)
        return numbers

    def _say_how_read(self, key: str, text: str, numbers: list[PhoneNumber]) -> None:
        said = {
            "second_number": len(numbers) > 1,
            "not_in_the_plan": not all(number.planned for number in numbers),
            "extension_kept": any(number.extension for number in numbers),
            "words_left_out": bool(_OF_A_NUMBER.sub("", text)),
        }
        for code, holds in said.items():
            if holds:
                self._remark(key, code, text)

    # ---- dates

    def _birth_date(self) -> date | None:
        """A month or a year stands for its first day, unless the identity number knows better."""
        text, column = self._text("birth_date"), self._table.heading("birth_date")
        identity = self._row.identity
        if not text:
            return self._reading.birth_date(column, None, identity)
        try:
            written = read_date(text)
        except Invalid as error:
            if error.code == "month_or_october" and identity is not None:
                return self._reading.birth_date(column, None, identity)
            self._blame("birth_date", error.code, text)
            return None
        if identity is not None and written.agrees(identity.birth_date):
            return identity.birth_date
        if written.precision is not Precision.DAY:
            self._remark("birth_date", f"{written.precision.value}_only", text)
        return self._reading.birth_date(column, written.day, identity)

    # ---- words

    def _devices(self) -> list[str]:
        names = self._several("devices", _SEVERAL)
        for name in names:
            if _AMOUNT.fullmatch(name):
                self._blame("devices", "mangled", name)
            elif len(name) > _DEVICE_LENGTH:
                self._blame("devices", "too_long", f"{name[:20]}…")
        return names

    def _several(self, key: str, separators: re.Pattern[str]) -> list[str]:
        parts = (part.strip() for part in separators.split(self._text(key)))
        return [part for part in parts if part and not says_nothing(part)]

    def _choice(self, key: str) -> str | None:
        text = self._text(key)
        return self._choose(key, text) if text else None

    def _choices(self, key: str) -> list[str]:
        words = self._several(key, _SEVERAL)
        found = [self._choose(key, word) for word in words]
        return list(dict.fromkeys(value for value in found if value))

    def _choose(self, key: str, text: str) -> str | None:
        value = chosen(CHOICES[key], text)
        if value is None:
            listed = "、".join(words[0] for words in CHOICES[key].values())
            self._blame(key, "not_a_choice", text, choices=listed)
        return value


def _without(text: str, *endings: str) -> str:
    for ending in endings:
        text = text.removesuffix(ending)
    return text.strip()


def _lost_its_zero(text: str) -> bool:
    """A landline without the 0 of its area code: a spreadsheet took it, and may have taken more."""
    try:
        with_zero, without = parse_phone(f"0{text}"), parse_phone(text)
    except Invalid:
        return False
    return with_zero == without and not with_zero.can_text
