"""From the texts of one row to a resident, a home, contacts and devices, with everything that is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.core.phone import PhoneNumber, national
from callcenter.core.visible import narrow
from callcenter.directory.addresses import (
    NO_PARTS,
    Parts,
    house_number,
    parts_of,
    parts_of_building,
    parts_of_door,
)
from callcenter.directory.care_words import (
    KEYS as CARE_KEYS,
    SEPARATORS as CARE_SEPARATORS,
    care_of,
    flagged,
    status_in,
)
from callcenter.directory.columns import CHOICES, CONTACTS, FLAGS, chosen
from callcenter.directory.contacts import Written, written_contacts
from callcenter.directory.dates import Precision, read_date
from callcenter.directory.names_in_cells import written_name
from callcenter.directory.numerals import in_digits
from callcenter.directory.phones_in_cells import lost_its_zero, read_phones, restored
from callcenter.directory.placeholders import says_as_above, says_nothing, says_row_above
from callcenter.directory.standing_cells import (
    disability_of,
    hukou_code,
    lunar_day,
    told_by_certificate,
)
from callcenter.directory.table import Table
from callcenter.directory.vocabulary import NO_WORDS, Subject, Vocabulary
from callcenter.residents.dating import FIRST_DAY
from callcenter.residents.fields import NOTE_LENGTH, Reading
from callcenter.residents.identity import Identity, is_old_form, worked_out
from callcenter.residents.names import LatinName, latin_name
from callcenter.residents.problems import Problem, problem

_SEVERAL = re.compile(r"[、,，;；|\n]+")
_WARNINGS = re.compile(r"[、;；|\n]+")  # a warning may have a comma of its own
_AMOUNT = re.compile(r"\d([.,]\d+)?E\+\d+|\d[.,]\d+E\d+|\d{5,}[.,]0+", re.IGNORECASE)
"""What a spreadsheet makes of a long number. 8E14 may be an account; 8.6E+14 is none."""
_OF_A_NUMBER = re.compile(
    r"[\d\s()（）+\-—–./、,，;；|#:：xX]|转|分机|内线|ext|或者|或|和|及", re.IGNORECASE
)
_HAN = re.compile("[\u3400-\u9fff]")
_DEVICE = re.compile("[0-9A-Za-z]")
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")
_DEVICE_LABEL = re.compile(r"^(?:sn|imei|id|no|编号|设备号|序列号)\s*[.:：]\s*", re.IGNORECASE)
_SECTION_NUMBER = re.compile(r"^\s*(?:[(（]?[一二三四五六七八九十\d]+[)）、.．]\s*)+")
_IMEI_LENGTH: Final = 15
_LINE_LENGTH: Final = 200
_EACH_ONES_OWN: Final = frozenset({"name", "identity_number", "devices"})
"""Columns in which two rows cannot say the same."""
_WORKED_OUT: Final = "身份证号由15位旧号推算，未核实"
SALUTATION_LENGTH: Final = 20
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
    salutation: str = ""
    contact_policy: str | None = None
    """None: as the region has it."""
    language: str = "zh-CN"
    hazards_en: list[str] = field(default_factory=list)
    hukou_region_code: str | None = None
    employer: str = ""
    retired_on: date | None = None
    insurance_number: str = ""
    party_joined_on: date | None = None
    lunar_birthday: str = ""
    disability: str | None = None
    disability_level: str = ""
    certificate: str = ""
    contacts: list[NewContact] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    device_kind: str = "other"
    encrypted_only: bool | None = None
    """None: as their listener has it."""
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    """What was read otherwise than it is written; the row is written all the same."""


@dataclass(frozen=True, slots=True)
class Local:
    """What is known where the file comes from: the words used there, and the area code that its landlines leave out."""

    vocabulary: Vocabulary = NO_WORDS
    area_code: str = ""


NOTHING_LOCAL: Final = Local()


def read_rows(
    table: Table,
    today: date,
    progress: Callable[[int], None] = lambda _done: None,
    local: Local = NOTHING_LOCAL,
) -> list[Row]:
    """All rows of a table. `progress` is told how many are done, every now and then."""
    rows: list[Row] = []
    titles = _Titles(table)
    above: list[str] = []
    for done, (number, cells) in enumerate(zip(table.numbers, table.rows, strict=True), start=1):
        filled = _Filled.from_above(table, cells, above)
        above = filled.cells
        reader = _RowReader(table, Row(number, cells), filled, today, titles.above(number), local)
        row = reader.read()
        if rows and _continues(table, rows[-1].cells, cells) and row.contacts:
            _take_contacts(rows[-1], row, table.heading("contact1_name"))
        else:
            rows.append(row)
        if done % 200 == 0 or done == len(table.rows):
            progress(done)
    _say_where_no_grid_is_named(table, rows)
    return rows


def _continues(table: Table, before: list[str], cells: list[str]) -> bool:
    """Whether a row says nothing but further contacts of the person above, whose cells are merged over both or left empty."""
    own = {place for key, place in table.columns.items() if key.startswith("contact")}
    above = {place: cell.strip() for place, cell in enumerate(before)}
    beside = [place for place, cell in enumerate(cells) if place not in own and cell.strip()]
    return (
        all(cells[place].strip() == above.get(place) for place in beside)
        and table.columns["name"] not in own
        and any(cells[place].strip() != above.get(place) for place in own if place < len(cells))
    )


def _take_contacts(person: Row, row: Row, column: str) -> None:
    person.contacts += row.contacts
    person.problems += [each for each in row.problems if each.column == column]
    names = "、".join(contact.name for contact in row.contacts)
    person.remarks.append(problem(column, "contact_of_next_row", names, row=row.number))


class _Titles:
    """The buildings that titles between the rows name for those below them, and the sheet's name for all."""

    def __init__(self, table: Table) -> None:
        self._titles = [(each.row, _building_in(each.text)) for each in table.left_out]
        self._now = _building_in(table.sheet)

    def above(self, number: int) -> Parts | None:
        """For the row of this number; to be asked in their order."""
        while self._titles and self._titles[0][0] < number:
            self._now = self._titles.pop(0)[1] or self._now
        return self._now


def _building_in(title: str) -> Parts | None:
    parts = parts_of(_SECTION_NUMBER.sub("", title))
    return parts if parts and not parts.door else None


def _say_where_no_grid_is_named(table: Table, rows: list[Row]) -> None:
    """In a file that names the grids of others: a cell that was forgotten, or that was merged with the one above it."""
    named = [row for row in rows if row.region or row.community]
    if not named or len(named) == len(rows):
        return
    column = table.heading("region" if "region" in table.columns else "community")
    for row in rows:
        if not (row.region or row.community):
            row.remarks.append(problem(column, "region_assumed"))


@dataclass(frozen=True, slots=True)
class _Filled:
    """The cells of a row where 同上 stands for what the row above says, and the columns in which it did."""

    cells: list[str]
    taken: list[str]

    @classmethod
    def from_above(cls, table: Table, cells: list[str], above: list[str]) -> _Filled:
        filled, taken = list(cells), []
        for key, place in table.columns.items():
            if key in _EACH_ONES_OWN or place >= min(len(cells), len(above)):
                continue
            if says_row_above(narrow(cells[place])) and above[place].strip():
                filled[place] = above[place]
                taken.append(key)
        return cls(filled, taken)


class _RowReader:
    """Reads the columns of one row; problems carry the heading that the file itself uses."""

    def __init__(
        self,
        table: Table,
        row: Row,
        filled: _Filled,
        today: date,
        title: Parts | None,
        local: Local,
    ) -> None:
        self._table = table
        self._title = title
        self._local = local
        self._cells = filled.cells
        self._reading = Reading(today)
        self._row = row
        for key in filled.taken:
            self._remark(key, "taken_from_above", filled.cells[table.columns[key]])
        self._numbers: list[str] = []
        self._beside: list[str] = []
        """What no column holds, for a note; the numbers first."""

    def read(self) -> Row:
        self._refuse_shifted()
        self._read_person()
        self._read_place()
        self._read_care()
        self._read_standing()
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
        cells = self._cells
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
        row.name = self._name()
        if row.name:
            row.latin = latin_name(row.name)
            row.latin = replace(row.latin, latin=self._line("name_latin") or row.latin.latin)
        row.identity = self._identity()
        row.birth_date = self._birth_date()
        row.sex = reading.sex(heading("sex"), self._choice("sex"), row.identity)
        self._read_phones()

    def _identity(self) -> Identity | None:
        """Of an old number the one that it has become by the rule, which nobody has verified yet."""
        text, column = self._text("identity_number"), self._table.heading("identity_number")
        if not is_old_form(text):
            return self._reading.identity(column, text)
        identity = self._reading.identity(column, worked_out(text))
        if identity is not None:
            self._remark("identity_number", "worked_out", identity.number)
            self._beside.append(_WORKED_OUT)
        return identity

    def _name(self) -> str:
        """Words beside it say a status (已故), or are kept in a note."""
        text = self._text("name")
        try:
            written = written_name(text)
        except Invalid as error:
            self._blame("name", error.code, text)
            return ""
        if written.beside:
            if (status := status_in(written.beside)) is not None:
                self._row.status = status
            else:
                self._keep_in_note("name", written.beside)
        return self._reading.name(self._table.heading("name"), written.name)

    def _keep_in_note(self, key: str, text: str) -> None:
        self._beside.append(f"{self._table.heading(key)}：{text}")
        self._remark(key, "kept_in_note", text)

    def _read_place(self) -> None:
        row = self._row
        row.region, row.community = self._line("region"), self._line("community")
        row.estate, row.address = self._line("estate"), self._line("address")
        self._read_door()
        row.floor = self._floor()
        if not row.address:
            row.address, row.composed = self._composed_address(), True
        if not row.address:
            self._blame("address", "missing")
        elif row.composed and row.entrance and not row.building:
            self._blame("building", "needs_a_building")
        row.lat, row.lng = self._degrees("lat"), self._degrees("lng")
        if row.lat == 0 and row.lng == 0:
            self._remark("lat", "no_position")
            row.lat = row.lng = None
        self._reading.position(row.lat, row.lng)

    def _line(self, key: str) -> str:
        """Without line breaks, which only the width of a cell made."""
        return re.sub(r"\s*\n\s*", "", self._text(key))

    def _read_door(self) -> None:
        """Building, entrance and door: from their columns, out of one of these that says more, or of the address."""
        row = self._row
        building, entrance, door = (self._line(key) for key in ("building", "entrance", "door"))
        if not (building or entrance or door):
            found = parts_of(row.address) or NO_PARTS
            of_building = of_door = found
        else:
            of_building, of_door = (
                parts_of_building(building) or NO_PARTS,
                parts_of_door(door) or NO_PARTS,
            )
        row.building = of_building.building or _house(building) or of_door.building
        row.entrance = _entrance(entrance) or of_building.entrance or of_door.entrance
        if of_door.door and of_door.entrance in ("", row.entrance):
            row.door = of_door.door
        else:
            row.door = _door(door) or of_building.door
        row.estate = row.estate or of_building.before or of_door.before
        self._take_the_title_s_building()

    def _take_the_title_s_building(self) -> None:
        row, title = self._row, self._title
        if title is None or row.building or row.address or not (row.entrance or row.door):
            return
        row.building, row.estate = title.building, row.estate or title.before
        row.entrance = row.entrance or title.entrance
        self._remark("building", "building_assumed", row.building)

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
        self._read_words()
        row.status = self._choice("status") or row.status
        row.risk = self._choice("risk") or row.risk
        row.hazards = self._several("hazards", _WARNINGS)[:12]
        row.contact_policy = self._choice("telling")
        row.salutation = self._text("salutation")
        if len(row.salutation) > SALUTATION_LENGTH:
            self._blame("salutation", "too_long", row.salutation)
        for key in _NOTES:
            text = self._raw(key)
            if len(text) > NOTE_LENGTH:
                self._blame(key, "too_long", f"{text[:20]}…")
            row.notes[key] = text

    def _read_words(self) -> None:
        """Of who somebody is: in three columns that offices mix, and in columns of yes and no."""
        row = self._row
        words = {key: self._several(key, CARE_SEPARATORS) for key in CARE_KEYS}
        care = care_of(words, self._local.vocabulary)
        row.living, row.welfare, row.ability = care.living, care.welfare, care.ability
        row.status, row.risk = care.status or row.status, care.risk or row.risk
        for key, word in care.noted:
            self._keep_in_note(key, word)
        for key, word in care.unknown:
            self._keep_unknown(key, word)
        for key in FLAGS:
            if key in self._table.columns:
                self._read_flag(key)

    def _read_flag(self, key: str) -> None:
        column, value, _ = FLAGS[key]
        text = narrow(self._raw(key)).strip()
        answer = flagged(key, text)
        if answer is None and not says_nothing(text):
            self._keep_in_note(key, text)
        elif answer and column == "welfare":
            self._row.welfare = list(dict.fromkeys([*self._row.welfare, value]))
        elif answer and column == "living":
            self._row.living = self._row.living or value
        elif answer:
            self._keep_in_note(key, value)

    # ---- standing

    def _read_standing(self) -> None:
        """What offices know of somebody. What cannot be understood refuses nobody and is kept in a note."""
        row = self._row
        row.language = self._choice("language") or row.language
        row.hazards_en = self._several("hazards_en", _WARNINGS)[:12]
        row.employer = self._line("employer")
        row.hukou_region_code = self._understood("hukou_region_code", hukou_code)
        row.lunar_birthday = self._understood("lunar_birthday", lunar_day) or ""
        row.retired_on = self._day("retired_on")
        row.party_joined_on = self._day("party_joined_on", until=self._reading.today)
        row.insurance_number = self._number("insurance_number")
        self._read_disability()

    def _understood(self, key: str, read: Callable[[str], str | None]) -> str | None:
        text = self._line(key)
        value = read(text) if text else None
        if text and value is None:
            self._keep_in_note(key, text)
        return value

    def _day(self, key: str, until: date = date.max) -> date | None:
        text = self._text(key)
        if not text:
            return None
        try:
            written = read_date(text, since_1904=self._table.since_1904)
        except Invalid:
            self._keep_in_note(key, text)
            return None
        if not FIRST_DAY <= written.day <= until:
            self._keep_in_note(key, text)
            return None
        if written.precision is not Precision.DAY:
            self._remark(key, f"{written.precision.value}_only", text)
        return written.day

    def _number(self, key: str) -> str:
        """One that is kept sealed: it goes into no note."""
        text = self._line(key)
        if _AMOUNT.fullmatch(text):
            self._blame(key, "mangled")
            return ""
        return text

    def _read_disability(self) -> None:
        """From its columns, where they leave it open from the certificate, whose number says it."""
        row, text, certificate = (
            self._row,
            self._line("disability"),
            self._number("disability_certificate"),
        )
        kind, level = disability_of(text) if text else (None, "")
        if text and kind is None:
            self._keep_in_note("disability", text)
        certified, degree = told_by_certificate(certificate)
        row.disability = kind or certified
        row.disability_level = self._choice("disability_level") or level or degree
        if row.disability is not None:
            row.certificate = certificate
            return
        if certificate:
            self._remark("disability_certificate", "certificate_left_out")
        if row.disability_level:
            self._keep_in_note("disability_level", row.disability_level)
            row.disability_level = ""

    def _contacts(self) -> Iterator[NewContact]:
        """A contact with two numbers is asked at the first, then at the second; several may stand in one cell."""
        for number in range(1, CONTACTS + 1):
            keys = [f"contact{number}_{part}" for part in ("name", "relation", "phone")]
            name, relation, phone = (self._text(key) for key in keys)
            if name or relation or phone:
                for written in written_contacts(name, relation, phone):
                    yield from self._contact(keys, written)

    def _contact(self, keys: list[str], written: Written) -> Iterator[NewContact]:
        name = written.name.strip()
        if not name:
            self._blame(keys[0], "needs_a_name", written.relation or written.phone)
        if not written.phone:
            self._blame(keys[2], "needs_a_phone", name)
        name = self._reading.name(self._table.heading(keys[0]), name) if name else ""
        for number in self._phones(keys[2], written.phone, whose=name):
            if name:
                reachable = f"分机{number.extension}" if number.extension else ""
                yield NewContact(
                    name, latin_name(name).latin, written.relation, number.e164, reachable
                )

    # ---- telephones

    def _read_phones(self) -> None:
        """The numbers of both columns in their order; what is beyond two goes into a note."""
        numbers = [
            *self._phones("phone", self._text("phone")),
            *self._phones("second_phone", self._text("second_phone")),
        ]
        numbers = list({number.e164: number for number in numbers}.values())
        self._numbers = [
            f"{national(number.e164)}转{number.extension}" for number in numbers if number.extension
        ]
        self._numbers += [f"电话{national(number.e164)}" for number in numbers[2:]]
        self._row.phone, self._row.second_phone = (*[n.e164 for n in numbers[:2]], None, None)[:2]

    def _keep_what_is_beside(self) -> None:
        kept = [self._row.notes["talk_note"], *self._numbers, *self._beside]
        self._row.notes["talk_note"] = "；".join(part for part in kept if part)

    def _phones(self, key: str, text: str, whose: str = "") -> list[PhoneNumber]:
        if not text:
            return []
        if lost_its_zero(text):
            self._blame(key, "mangled", text)
            return []
        try:
            read = read_phones(text, self._local.area_code)
        except Invalid as error:
            self._blame(key, error.code, text)
            return []
        for code in read.remarks:
            self._remark(key, code, text)
        self._beside += [f"{self._table.heading(key)}：{whose}{each}" for each in read.local]
        self._say_how_read(key, restored(text), read.numbers)
        return read.numbers

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
            written = read_date(text, since_1904=self._table.since_1904)
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
        names = [
            name
            for text in self._several("devices", _SEVERAL)
            for name in _device_names(self._without_words(text))
        ]
        for name in names:
            if not _DEVICE.search(name) or _HAN.search(name):
                self._blame("devices", "not_a_device", name)
            elif _AMOUNT.fullmatch(name):
                self._blame("devices", "mangled", name)
            elif len(name) > _DEVICE_LENGTH:
                self._blame("devices", "too_long", f"{name[:20]}…")
        return names

    def _without_words(self, text: str) -> str:
        """A101（床头）: the word tells the clerk where it is."""
        text = _DEVICE_LABEL.sub("", text)
        bare = _BRACKETED.sub("", text).strip()
        if bare and bare != text:
            self._keep_in_note("devices", text)
            return bare
        return text

    def _several(self, key: str, separators: re.Pattern[str]) -> list[str]:
        parts = (part.strip() for part in separators.split(self._text(key)))
        return [part for part in parts if part and not says_nothing(part)]

    def _choice(self, key: str) -> str | None:
        text = self._text(key)
        return self._choose(key, text) if text else None

    def _choose(self, key: str, text: str) -> str | None:
        meaning = self._local.vocabulary.meaning(text)
        if meaning is not None and meaning.subject == key:
            return meaning.value
        value = chosen(CHOICES[key], text)
        if value is None and meaning is not None and meaning.subject is Subject.NOTE:
            self._keep_in_note(key, text)
        elif value is None:
            self._keep_unknown(key, text)
        return value

    def _keep_unknown(self, key: str, word: str) -> None:
        """A word that nobody knows refuses no one."""
        self._beside.append(f"{self._table.heading(key)}：{word}")
        self._remark(key, "unknown_word", word)


def _device_names(text: str) -> list[str]:
    """A101 A102 and A101/A102 are two; 8600 0000 0000 017 is one number in groups."""
    if text.replace(" ", "").isdigit() and len(text.replace(" ", "")) == _IMEI_LENGTH:
        return [text.replace(" ", "")]
    parts = [part for part in re.split(r"[\s/+]+", text) if part]
    return parts if all(len(part) > 2 for part in parts) else [text]


def _house(text: str) -> str:
    return house_number(_without(text, "号楼", "栋", "幢", "楼", "号", "#"))


def _entrance(text: str) -> str:
    return house_number(_without(text, "单元", "门洞", "门", "#"))


def _door(text: str) -> str:
    return in_digits(_without(text, "室", "号", "房", "户", "#"))


def _without(text: str, *endings: str) -> str:
    for ending in endings:
        text = text.removesuffix(ending)
    return text.strip()
