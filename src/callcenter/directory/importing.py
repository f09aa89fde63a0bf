"""Import of residents from a spreadsheet: read, checked row by row, and written all or nothing, or the good rows alone.

Everything is checked before anything is written, in one transaction and set by set, so that 10,000 rows cost a few dozen
statements. A person is known by the identity number, else by name, birth date and home.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    Text,
    any_,
    insert,
    literal,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from callcenter.audit.trail import record
from callcenter.core.clock import Clock
from callcenter.core.confined import ORDINARY, Confines
from callcenter.core.database import Database
from callcenter.core.errors import Conflict
from callcenter.core.sealed import Seal
from callcenter.devices.formats import canonical_identifier
from callcenter.devices.models import Device, DeviceAssignment, Source
from callcenter.devices.standing import holds
from callcenter.directory.known_words import load_vocabulary
from callcenter.directory.letting_go import let_go
from callcenter.directory.phones_in_cells import area_code_of
from callcenter.directory.placing import HomeKey, Places, load_places, parts_of
from callcenter.directory.reading import read_table_apart
from callcenter.directory.report import Mode, Report, report_of
from callcenter.directory.rows import Local, Row, read_rows
from callcenter.directory.table import Table
from callcenter.records.models import FactKind, ResidentFact
from callcenter.records.past import DOCUMENT
from callcenter.regions.models import Region
from callcenter.residents.dating import write_as
from callcenter.residents.models import Contact, Resident
from callcenter.residents.people import sealed_identity, sealed_insurance
from callcenter.residents.problems import problem

_LOCK: Final = 0x1A_90_27
"""Advisory lock: one import writes at a time, so that what was checked still holds when it is written."""
_SLICE: Final = 40
"""Rows a step: what is checked or written at once keeps the loop for some milliseconds."""


class Stage(StrEnum):
    READING = "reading"
    CHECKING = "checking"
    WRITING = "writing"


Progress = Callable[[Stage, int, int], None]
"""(stage, rows done, rows in all)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who imports. `region_ids`: where they may (with everything below); None on the command line: anywhere."""

    region_ids: frozenset[int] | None = None
    user_id: int | None = None
    address: str | None = None

    def covers(self) -> ColumnElement[bool]:
        if self.region_ids is None:
            return true()
        condition: ColumnElement[bool] = Region.path.overlap(sorted(self.region_ids))
        return condition


@dataclass(frozen=True, slots=True)
class Options:
    """`region_id` is where rows belong that name no grid; `device_source` what unknown device numbers speak through; `confines`
    bind the process that reads the file; `zone` is the site's, whose day a birth date must not be after.
    """

    dry_run: bool = True
    mode: Mode = Mode.ALL_OR_NOTHING
    region_id: int | None = None
    device_source: str = "dc09"
    confines: Confines = ORDINARY
    zone: tzinfo = UTC


def _silent(_stage: Stage, _done: int, _total: int) -> None:
    """Nobody watches."""


async def import_residents(
    database: Database,
    seal: Seal,
    clock: Clock,
    content: bytes,
    *,
    scope: Scope,
    options: Options,
    progress: Progress = _silent,
) -> Report:
    """Import a file. Raises Invalid for a file that cannot be read, Conflict while another import is writing."""
    now = clock.now()
    table = await read_table_apart(content, options.confines)
    today = now.astimezone(options.zone).date()
    async with database.transaction() as session:
        local = Local(await load_vocabulary(session), await _area_code(session, scope, options))
    rows = await asyncio.to_thread(_understand, table, today, progress, local)
    async with database.transaction() as session:
        if not options.dry_run:
            await _lock(session)
        await _name_devices(session, options.device_source, rows)
        plan = await _Plan.prepare(session, seal, _Asked(scope, options, now), rows)
        await plan.check(rows, progress)
        bad = [row for row in rows if row.problems]
        stopped = options.dry_run or (bad and options.mode is Mode.ALL_OR_NOTHING)
        good = [] if stopped else [row for row in rows if not row.problems]
        await plan.write(good, progress)
    report = report_of(table, rows, written=len(good), dry_run=options.dry_run, mode=options.mode)
    await let_go(rows, good, table.rows, table.numbers)
    await plan.let_go()
    return report


def _understand(table: Table, today: date, progress: Progress, local: Local) -> list[Row]:
    total = len(table.rows)
    return read_rows(table, today, lambda done: progress(Stage.READING, done, total), local)


async def _area_code(session: AsyncSession, scope: Scope, options: Options) -> str:
    """That of the hotline nearest to the chosen region; without one, the only one that the importer's regions have."""
    chosen = select(Region.path).where(Region.id == options.region_id, scope.covers())
    path = await session.scalar(chosen) or []
    hotlines = {
        row.id: row.hotline
        for row in await session.execute(
            select(Region.id, Region.hotline).where(
                Region.id.in_(path) if path else scope.covers(), Region.hotline.is_not(None)
            )
        )
    }
    if path:
        return next(
            (code for step in reversed(path) if (code := area_code_of(hotlines.get(step)))), ""
        )
    codes = {code for hotline in hotlines.values() if (code := area_code_of(hotline))}
    return codes.pop() if len(codes) == 1 else ""


async def _lock(session: AsyncSession) -> None:
    free = await session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK})
    if not free:
        raise Conflict(
            "Another import is writing at this moment: try again.", code="import_running"
        )


async def _name_devices(session: AsyncSession, source: str, rows: Sequence[Row]) -> None:
    """Call each device as its listener will: a spreadsheet has 42 or b1c1 where the panel sends 0042 or B1C1."""
    kind = await session.scalar(select(Source.kind).where(Source.name == source))
    await asyncio.to_thread(_rename_devices, kind or "", rows)


def _rename_devices(kind: str, rows: Sequence[Row]) -> None:
    for row in rows:
        named = (canonical_identifier(kind, name) for name in row.devices)
        row.devices = list(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is imported by whom, when."""

    scope: Scope
    options: Options
    now: datetime


@dataclass(slots=True)
class _Known:
    """What the database already has that concerns the rows."""

    identities: set[bytes]
    people: dict[tuple[int, str], list[date | None]]
    """(Home, name) -> birth dates."""
    devices: dict[str, tuple[int, int | None]]
    """Identifier -> (device, home it serves)."""
    source_is_there: bool


@dataclass(slots=True)
class _First:
    """In which row each person and device was met first."""

    identities: dict[bytes, int] = field(default_factory=dict)
    people: dict[tuple[HomeKey | None, str], list[tuple[date | None, int]]] = field(
        default_factory=dict
    )
    devices: dict[str, int] = field(default_factory=dict)


def _may_be_same(born: date | None, other: date | None) -> bool:
    """Of one name and home: the same person, unless two known birth dates say otherwise."""
    return born is None or other is None or born == other


async def _load_known(
    session: AsyncSession,
    asked: _Asked,
    rows: Sequence[Row],
    places: Places,
    sealed: Mapping[int, dict[str, bytes | None]],
) -> _Known:
    indexes, devices = await asyncio.to_thread(_sought, rows, sealed)
    identities: set[bytes] = set()
    for part in parts_of(indexes):
        wanted = Resident.identity_index == any_(literal(part, ARRAY(LargeBinary)))
        found = await session.scalars(select(Resident.identity_index).where(wanted))
        identities.update(index for index in found if index is not None)
    births: dict[tuple[int, str], list[date | None]] = {}
    for homes in parts_of(places.home_ids()):
        people = select(Resident.home_id, Resident.name, Resident.birth_date).where(
            Resident.home_id == any_(literal(homes, ARRAY(BigInteger)))
        )
        for row in await session.execute(people):
            births.setdefault((row.home_id, row.name), []).append(row.birth_date)
    source = await session.scalar(
        select(Source.id).where(Source.name == asked.options.device_source)
    )
    return _Known(
        identities=identities,
        people=births,
        devices=await _load_devices(session, asked, devices),
        source_is_there=source is not None,
    )


def _sought(
    rows: Sequence[Row], sealed: Mapping[int, dict[str, bytes | None]]
) -> tuple[list[bytes], list[str]]:
    """Indexes of identity numbers, and identifiers of devices."""
    indexes = [index for each in sealed.values() if (index := each["identity_index"])]
    return indexes, sorted({name for row in rows for name in row.devices})


async def _load_devices(
    session: AsyncSession, asked: _Asked, names: Sequence[str]
) -> dict[str, tuple[int, int | None]]:
    devices: dict[str, tuple[int, int | None]] = {}
    for part in parts_of(names):
        devices |= await _load_some_devices(session, asked, part)
    return devices


async def _load_some_devices(
    session: AsyncSession, asked: _Asked, names: Sequence[str]
) -> dict[str, tuple[int, int | None]]:
    found = await session.execute(
        select(Device.identifier, Device.id, DeviceAssignment.home_id)
        .outerjoin(DeviceAssignment, (DeviceAssignment.device_id == Device.id) & holds(asked.now))
        .where(Device.identifier == any_(literal(names, ARRAY(Text))))
        .where(Device.source == asked.options.device_source)
    )
    return {row.identifier: (row.id, row.home_id) for row in found}


class _Plan:
    """One import: the rows' homes are found or planned, the problems of each row gathered, the good ones written."""

    def __init__(
        self,
        session: AsyncSession,
        asked: _Asked,
        places: Places,
        sealed: dict[int, dict[str, bytes | None]],
        known: _Known,
    ) -> None:
        self._session = session
        self._options = asked.options
        self._scope = asked.scope
        self._now = asked.now
        self._places = places
        self._sealed = sealed
        self._known = known

    @classmethod
    async def prepare(
        cls, session: AsyncSession, seal: Seal, asked: _Asked, rows: Sequence[Row]
    ) -> _Plan:
        """Load what the database has that concerns the rows."""
        default = asked.options.region_id
        places = await load_places(session, asked.scope.covers(), default, rows)
        sealed = await asyncio.to_thread(lambda: {row.number: _sealed(seal, row) for row in rows})
        known = await _load_known(session, asked, rows, places, sealed)
        return cls(session, asked, places, sealed, known)

    async def let_go(self) -> None:
        """It has served."""
        known = self._known
        await let_go(self._sealed, known.people, known.devices)
        await self._places.let_go()

    # ---- checking

    async def check(self, rows: Sequence[Row], progress: Progress) -> None:
        """Add to each row's problems what only the database can tell."""
        first = _First()
        for done, row in enumerate(rows, start=1):
            self._check_place(row)
            self._check_person(row, first)
            self._check_devices(row, first)
            if done % _SLICE == 0 or done == len(rows):
                progress(Stage.CHECKING, done, len(rows))
                await asyncio.sleep(0)  # a long file must not keep the alarms from the loop

    def _check_place(self, row: Row) -> None:
        if self._places.place(row) is None:
            named = row.region or row.community
            code = "unknown_region" if named else "needs_a_region"
            row.problems.append(problem("网格", code, named))

    def _check_person(self, row: Row, first: _First) -> None:
        """A row that is wrong already still stands for its person: its twin further down is told so."""
        index = self._sealed[row.number]["identity_index"]
        if index is not None and index in self._known.identities:
            row.problems.append(problem("身份证号", "identity_taken", _number_of(row)))
        home = self._places.home_id(row)
        standing = self._known.people.get((home, row.name), []) if home is not None else []
        if any(_may_be_same(born, row.birth_date) for born in standing):
            row.problems.append(problem("姓名", "already_registered", row.name))
        earlier = self._earlier_row(row, index, first)
        if earlier is not None:
            row.problems.append(problem("姓名", "duplicate_in_file", row.name, row=earlier))

    def _earlier_row(self, row: Row, index: bytes | None, first: _First) -> int | None:
        """The row further up that is the same person, by identity number, else by home, name and birth date."""
        if not row.name:
            return None
        if index is not None and index in first.identities:
            return first.identities[index]
        namesakes = first.people.setdefault((self._places.home_key(row), row.name), [])
        for born, number in namesakes:
            if _may_be_same(born, row.birth_date):
                return number
        namesakes.append((row.birth_date, row.number))
        if index is not None:
            first.identities[index] = row.number
        return None

    def _check_devices(self, row: Row, first: _First) -> None:
        for name in row.devices:
            device = self._known.devices.get(name)
            if device is None and not self._known.source_is_there:
                row.problems.append(problem("设备号", "unknown_device", name))
            taken_by = device[1] if device else None
            if taken_by is not None and taken_by != self._places.home_id(row):
                row.problems.append(problem("设备号", "device_taken", name))
            earlier = first.devices.setdefault(name, row.number)
            if earlier != row.number:
                row.problems.append(problem("设备号", "device_twice", name, row=earlier))

    # ---- writing

    async def write(self, rows: Sequence[Row], progress: Progress) -> None:
        """Write rows without problems, in slices of one transaction."""
        if not rows:
            return
        written: list[int] = []
        now = self._now.astimezone(self._options.zone)
        await write_as(self._session, now=now, by=self._scope.user_id, source="import")
        for start in range(0, len(rows), _SLICE):
            part = rows[start : start + _SLICE]
            await self._places.add_homes(part)
            residents = await self._write_residents(part)
            await self._write_certificates(part, residents)
            await self._write_contacts(part, residents)
            await self._write_devices(part, residents)
            written += residents
            progress(Stage.WRITING, start + len(part), len(rows))
        await record(
            self._session,
            at=self._now,
            principal_id=self._scope.user_id,
            action="residents_imported",
            subject="residents",
            region_ids=self._places.region_ids(),
            address=self._scope.address,
            detail={"count": len(written), "first_id": written[0], "last_id": written[-1]},
        )

    async def _insert(
        self, column: InstrumentedAttribute[int], rows: list[dict[str, Any]]
    ) -> list[int]:
        if not rows:
            return []
        table = column.class_.__table__  # past the mapper, which costs more than the insert
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list((await self._session.execute(statement, rows)).scalars())

    async def _write_residents(self, rows: Sequence[Row]) -> list[int]:
        return await self._insert(Resident.id, [self._resident(row) for row in rows])

    def _resident(self, row: Row) -> dict[str, Any]:
        notes = {k: v for k, v in row.notes.items() if k not in ("access_note", "key_note")}
        return {
            "home_id": self._places.home_id(row),
            "name": row.name,
            "name_latin": row.latin.latin,
            "pinyin": row.latin.pinyin,
            "initials": row.latin.initials,
            "sex": row.sex,
            "birth_date": row.birth_date,
            "phone": row.phone,
            "second_phone": row.second_phone,
            "status": row.status,
            "welfare": row.welfare,
            "living": row.living,
            "ability": row.ability,
            "risk": row.risk,
            "hazards": row.hazards,
            "salutation": row.salutation,
            "contact_policy": row.contact_policy,
            "created_at": self._now,
            "updated_at": self._now,
            **_standing(row),
            **{name: self._sealed[row.number][name] for name in _SEALED_OF_RESIDENT},
            **notes,
        }

    async def _write_certificates(self, rows: Sequence[Row], residents: Sequence[int]) -> None:
        """A disability with its certificate is a fact, which the resident's own columns follow."""
        facts = [
            {
                "resident_id": resident,
                "kind": FactKind.DISABILITY.value,
                "value": row.disability,
                "level": row.disability_level,
                "document_sealed": self._sealed[row.number]["certificate"],
                "from_day": self._now.astimezone(self._options.zone).date(),
                "recorded_at": self._now,
                "recorded_by": self._scope.user_id,
                "source": "import",
            }
            for row, resident in zip(rows, residents, strict=True)
            if row.certificate
        ]
        await self._insert(ResidentFact.id, facts)

    async def _write_contacts(self, rows: Sequence[Row], residents: Sequence[int]) -> None:
        contacts = [
            {
                "resident_id": resident,
                "rank": rank,
                "name": contact.name,
                "name_latin": contact.name_latin,
                "relation": contact.relation,
                "phone": contact.phone,
                "reachable": contact.reachable,
            }
            for row, resident in zip(rows, residents, strict=True)
            for rank, contact in enumerate(row.contacts, start=1)
        ]
        await self._insert(Contact.id, contacts)

    async def _write_devices(self, rows: Sequence[Row], residents: Sequence[int]) -> None:
        serving = [
            (name, row, resident)
            for row, resident in zip(rows, residents, strict=True)
            for name in row.devices
        ]
        known = self._known.devices
        fresh = [(name, row) for name, row, _ in serving if name not in known]
        ids = await self._insert(Device.id, [self._device(name, row) for name, row in fresh])
        made = dict(zip((name for name, _ in fresh), ids, strict=True))
        standing = {name: known[name][0] for name, _, _ in serving if name in known}
        assigned = [
            self._assignment(made.get(name) or standing[name], row, resident)
            for name, row, resident in serving
            if name in made or known[name][1] is None
        ]
        await self._insert(DeviceAssignment.id, assigned)
        if standing:
            touched = Device.id.in_(list(standing.values()))
            await self._session.execute(
                update(Device).where(touched).values(version=Device.version + 1)
            )

    def _device(self, name: str, row: Row) -> dict[str, Any]:
        return {
            "region_id": self._places.home_region(row),
            "source": self._options.device_source,
            "identifier": name,
            "kind": row.device_kind,
            "encrypted_only": row.encrypted_only,
        }

    def _assignment(self, device_id: int, row: Row, resident: int) -> dict[str, Any]:
        return {
            "device_id": device_id,
            "home_id": self._places.home_id(row),
            "resident_id": resident,
            "valid_from": self._now,
        }


def _standing(row: Row) -> dict[str, Any]:
    """A disability with its certificate comes behind as a fact."""
    return {
        "language": row.language,
        "hazards_en": row.hazards_en,
        "hukou_region_code": row.hukou_region_code,
        "employer": row.employer,
        "retired_on": row.retired_on,
        "party_joined_on": row.party_joined_on,
        "lunar_birthday": row.lunar_birthday,
        "disability": None if row.certificate else row.disability,
        "disability_level": "" if row.certificate else row.disability_level,
    }


_SEALED_OF_RESIDENT: Final = ("identity_sealed", "identity_index", "insurance_sealed")


def _sealed(seal: Seal, row: Row) -> dict[str, bytes | None]:
    """The numbers of a row that lie sealed in the database."""
    certificate = row.certificate.encode()
    return sealed_identity(seal, row.identity) | {
        "insurance_sealed": sealed_insurance(seal, row.insurance_number),
        "certificate": seal.seal(certificate, context=DOCUMENT) if certificate else None,
    }


def _number_of(row: Row) -> str:
    return row.identity.number if row.identity else ""
