"""From the texts of one row to a resident, a home, contacts and devices, with everything that is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.core.phone import parse_phone
from callcenter.directory.columns import CHOICES, CONTACTS, chosen
from callcenter.directory.spreadsheet import Table
from callcenter.residents.fields import NOTE_LENGTH, Reading
from callcenter.residents.identity import Identity
from callcenter.residents.names import LatinName, latin_name
from callcenter.residents.problems import Problem

_SEVERAL = re.compile(r"[、,，;；|\n]+")
_WARNINGS = re.compile(r"[、;；|\n]+")  # a warning may have a comma of its own
_DATES = (
    re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?$"),
    re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日?$"),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$"),
)
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
    problems: list[Problem] = field(default_factory=list)


def read_rows(
    table: Table, today: date, progress: Callable[[int], None] = lambda _done: None
) -> list[Row]:
    """All rows of a table. `progress` is told how many are done, every now and then."""
    rows = []
    for done, (number, cells) in enumerate(zip(table.numbers, table.rows, strict=True), start=1):
        rows.append(_RowReader(table, number, cells, today).read())
        if done % 200 == 0 or done == len(table.rows):
            progress(done)
    return rows


class _RowReader:
    """Reads the columns of one row; problems carry the heading that the file itself uses."""

    def __init__(self, table: Table, number: int, cells: list[str], today: date) -> None:
        self._table = table
        self._reading = Reading(today)
        self._row = Row(number, cells)

    def read(self) -> Row:
        self._read_person()
        self._read_place()
        self._read_care()
        self._row.contacts = list(self._contacts())
        self._row.devices = self._several("devices", _SEVERAL)
        self._row.device_kind = self._choice("device_kind") or "other"
        self._row.problems = self._reading.problems
        return self._row

    def _text(self, key: str) -> str:
        place = self._table.columns.get(key)
        cells = self._row.cells
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def _blame(self, key: str, code: str, value: object = "", **params: object) -> None:
        self._reading.blame(self._table.heading(key), code, value, **params)

    def _read_person(self) -> None:
        row, reading, heading = self._row, self._reading, self._table.heading
        row.name = reading.name(heading("name"), self._text("name"))
        if row.name:
            row.latin = latin_name(row.name)
        row.identity = reading.identity(heading("identity_number"), self._text("identity_number"))
        row.birth_date = reading.birth_date(
            heading("birth_date"), self._date("birth_date"), row.identity
        )
        row.sex = reading.sex(heading("sex"), self._choice("sex"), row.identity)
        row.phone = self._phone("phone")
        row.second_phone = self._phone("second_phone")

    def _read_place(self) -> None:
        row = self._row
        row.region, row.community = self._text("region"), self._text("community")
        row.estate = self._text("estate")
        row.building = _without(self._text("building"), "号楼", "栋", "幢", "楼", "#")
        row.entrance = _without(self._text("entrance"), "单元", "门")
        row.door = _without(self._text("door"), "室", "号")
        row.floor = self._floor()
        row.address = self._text("address")
        if not row.address:
            row.address, row.composed = self._composed_address(), True
        if not row.address:
            self._blame("address", "missing")
        row.lat, row.lng = self._degrees("lat"), self._degrees("lng")
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
        text = _without(self._text("floor"), "层", "楼")
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
            text = self._text(key)
            if len(text) > NOTE_LENGTH:
                self._blame(key, "too_long", f"{text[:20]}…")
            row.notes[key] = text

    def _contacts(self) -> Iterator[NewContact]:
        for number in range(1, CONTACTS + 1):
            keys = [f"contact{number}_{part}" for part in ("name", "relation", "phone")]
            name, relation, phone = (self._text(key) for key in keys)
            if not (name or relation or phone):
                continue
            if not name:
                self._blame(keys[0], "needs_a_name", relation or phone)
            if not phone:
                self._blame(keys[2], "needs_a_phone", name)
            e164 = self._phone(keys[2])
            if name and e164:
                yield NewContact(name, latin_name(name).latin, relation, e164)

    def _phone(self, key: str) -> str | None:
        text = self._text(key)
        if re.fullmatch(r"[1-9]\d{8,10}", text) and _lost_its_zero(text):
            self._blame(key, "mangled", text)
            return None
        return self._reading.phone(self._table.heading(key), text)

    def _date(self, key: str) -> date | None:
        text = self._text(key)
        if not text:
            return None
        for form in _DATES:
            if found := form.match(text):
                try:
                    return date(int(found[1]), int(found[2]), int(found[3]))
                except ValueError:
                    break
        self._blame(key, "not_a_date", text)
        return None

    def _several(self, key: str, separators: re.Pattern[str]) -> list[str]:
        return [part.strip() for part in separators.split(self._text(key)) if part.strip()]

    def _choice(self, key: str) -> str | None:
        text = self._text(key)
        return self._choose(key, text) if text else None

    def _choices(self, key: str) -> list[str]:
        words = self._several(key, _SEVERAL)
        found = [self._choose(key, word) for word in words if word not in ("无", "none")]
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
