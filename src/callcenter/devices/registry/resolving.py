"""The copy in memory and what is read from it. Plain look-up: nothing here waits, so an alarm never meets half a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from callcenter.devices.callers import Caller, Match, Number, SourceRef
from callcenter.devices.codec import DeviceKey
from callcenter.devices.registry.by_number import ByNumber, digits_of
from callcenter.devices.registry.credentials import Credentials
from callcenter.devices.registry.holding import ById, ByName
from callcenter.devices.registry.numbered import at_home, carried, serving, somebody, surest
from callcenter.devices.registry.packing import (
    Assignment,
    Device,
    Home,
    card,
    device_id_of,
    numbers_in,
    sim_of,
    unpack_device,
    unpack_home,
    unpack_numbers,
)
from callcenter.devices.watch_device import WATCHDOG, watch_caller
from callcenter.regions.tree import RegionRow, RegionSettings, resolve_settings

WORKED_OUT = 2_000
"""Callers kept unpacked; the oldest goes first. A caller is 4 KB, and some 40 µs to work out again."""


@dataclass(frozen=True, slots=True)
class _WorkedOut:
    """A caller, and what it was worked out from: it holds as long as these are the ones in the copy."""

    caller: Caller
    device: bytes
    home: bytes | None
    regions: Mapping[int, RegionRow]
    until: datetime


class Copy:
    """Regions, sources and keys as objects, homes and devices as they were read (see packing)."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self._zone = zone
        self.sources: Mapping[str, SourceRef] = {}
        self.credentials: Sequence[Credentials] = ()
        self.tests: Mapping[tuple[str, int | None], Sequence[tuple[datetime, datetime]]] = {}
        """From when until when a (device | home | region, id) is in test."""
        self.keys: defaultdict[str, dict[str, DeviceKey]] = defaultdict(dict)
        self._regions: Mapping[int, RegionRow] = {}
        self._settings: dict[int, RegionSettings] = {}
        self._homes: ById[bytes] = ById()
        self._home_of: ById[int] = ById()
        self._devices: ByName[bytes] = ByName()
        self._names: ById[str] = ById()
        self._told_apart: set[str] = set()
        self._worked_out: dict[str, _WorkedOut] = {}
        self._by_number = ByNumber()
        """Twice the id of a home, or that of a device and one."""
        self._staff: Mapping[str, Sequence[Match]] = {}
        self._organisations: Mapping[str, Sequence[Match]] = {}

    # ---- look-up

    def resolve(self, source: SourceRef, identifier: str, now: datetime) -> Caller:
        """Who calls. A device that is not in the copy is a caller too, of the source's region: it rings."""
        name, record = self._find(source.name, identifier)
        if record is None:
            return self._unknown(source, identifier)
        held = self._worked_out.get(name)
        if held is not None and self._still_holds(held, record, now):
            return held.caller
        return self._work_out(name, record, now)

    def home_caller(self, home_id: int, resident_id: int | None, now: datetime) -> Caller | None:
        """The home itself as a caller; None if it is not in the copy."""
        record = self._homes.get(home_id)
        if record is None:
            return None
        return self._at_home(home_id, unpack_home(record), None, resident_id, self._today(now))

    def numbers(self, home_id: int) -> Sequence[Number]:
        """Whom one can telephone about a home; nobody if it is not in the copy."""
        record = self._homes.get(home_id)
        return unpack_numbers(record) if record is not None else ()

    def device_caller(self, device_id: int, now: datetime) -> Caller | None:
        """None if it is not in the copy."""
        name = self._names.get(device_id)
        record = None if name is None else self._devices.get(name)
        if name is None or record is None:
            return None
        return self._work_out(name, record, now)

    def holders(self, e164: str, now: datetime) -> Sequence[Match]:
        """The surest first. What is said of a number and is so no longer is thrown away on the way."""
        number = digits_of(e164)
        if number is None:
            return ()
        found: list[Match] = []
        for owner in list(self._by_number.of(number)):
            have = self._having(e164, owner, now)
            if not have:
                self._by_number.drop(number, owner)
            found += have
        return [
            *sorted(found, key=surest),
            *self._staff.get(e164, ()),
            *self._organisations.get(e164, ()),
        ]

    def holder_at_home(
        self, home_id: int | None, resident_id: int | None, contact_id: int | None
    ) -> Match | None:
        """A resident, or a contact of one, by their ids; the home need not be said of a resident."""
        if home_id is None and resident_id is not None:
            home_id = self._home_of.get(resident_id)
        record = self._homes.get(home_id) if home_id is not None else None
        if home_id is None or record is None:
            return None
        return somebody(home_id, record, resident_id, contact_id)

    def device_holder(self, device_id: int, now: datetime) -> Match | None:
        """A device by its id."""
        name = self._names.get(device_id)
        record = None if name is None else self._devices.get(name)
        return None if record is None else self._as_holder(record, now)

    def staff_holder(self, staff_id: int) -> Match | None:
        """Somebody of the staff whom one can call."""
        held = (each for holders in self._staff.values() for each in holders)
        return next((each for each in held if each.staff_id == staff_id), None)

    def organisation_holder(self, organisation_id: int) -> Match | None:
        """One that one can call."""
        held = (each for holders in self._organisations.values() for each in holders)
        return next((each for each in held if each.organisation_id == organisation_id), None)

    def _as_holder(self, record: bytes, now: datetime) -> Match:
        device = unpack_device(record)
        assignment, packed = self._serves(device, now)
        if assignment is None or packed is None:
            return carried(device)
        return serving(device, assignment.home_id, assignment.resident_id, packed)

    def _having(self, e164: str, owner: int, now: datetime) -> Sequence[Match]:
        row_id, is_device = divmod(owner, 2)
        if is_device:
            return self._devices_having(e164, row_id, now)
        record = self._homes.get(row_id)
        return () if record is None else at_home(row_id, record, e164)

    def _devices_having(self, e164: str, device_id: int, now: datetime) -> Sequence[Match]:
        name = self._names.get(device_id)
        record = None if name is None else self._devices.get(name)
        if record is None or device_id_of(record) != device_id or sim_of(record) != e164:
            return ()
        return (self._as_holder(record, now),)

    def in_test(self, caller: Caller, now: datetime) -> bool:
        """Whether its device, its home or a region of it is in test at this moment."""
        if not self.tests:
            return False
        regions = (("region", region_id) for region_id in caller.region_path)
        subjects = (("device", caller.device_id), ("home", caller.home_id), *regions)
        return any(
            begins <= now < ends
            for subject in subjects
            for begins, ends in self.tests.get(subject, ())
        )

    def has_home(self, home_id: int) -> bool:
        """Whether it is in the copy."""
        return self._homes.get(home_id) is not None

    def device_id(self, source: str, identifier: str) -> int | None:
        """None for a device that is not in the copy."""
        _, record = self._find(source, identifier)
        return None if record is None else device_id_of(record)

    def _find(self, source: str, identifier: str) -> tuple[str, bytes | None]:
        """By the spelling as it is, where several devices differ in nothing else; else in any letters."""
        exact = _exact_name(source, identifier)
        record = self._devices.get(exact) if exact in self._told_apart else None
        if record is not None:
            return exact, record
        name = _name(source, identifier)
        return name, self._devices.get(name)

    @property
    def root_id(self) -> int:
        """The root of the region tree."""
        return next(region.id for region in self._regions.values() if len(region.path) == 1)

    def region_path(self, region_id: int) -> tuple[int, ...]:
        """Ids from the root down to the region."""
        return self._regions[region_id].path

    def region_settings(self, region_id: int) -> RegionSettings:
        """Hotline, policy, signatures and duty numbers, inherited."""
        settings = self._settings.get(region_id)
        if settings is None:
            settings = self._settings[region_id] = resolve_settings(self._regions, region_id)
        return settings

    # ---- change

    def regions_along(self, path: Sequence[int]) -> Sequence[RegionRow]:
        """From the root down; without those that are not here yet."""
        return [self._regions[region] for region in path if region in self._regions]

    def put_regions(self, regions: Mapping[int, RegionRow]) -> None:
        """All of them, in place of those before."""
        self._regions = regions
        self._settings = {}

    def put_staff(self, staff: Iterable[tuple[str, Match]]) -> None:
        """All of them, in place of those before."""
        self._staff = _by_phone(staff)

    def put_organisations(self, organisations: Iterable[tuple[str, Match]]) -> None:
        """As staff."""
        self._organisations = _by_phone(organisations)

    def put_home(self, home_id: int, record: bytes, residents: Iterable[int]) -> list[int]:
        """Keep or replace; answers with the homes that these residents have left and that are therefore to be read again."""
        self._homes.put(home_id, record)
        for number in numbers_in(record):
            self._by_number.put(number, 2 * home_id)
        left = []
        for resident_id in residents:
            before = self._home_of.get(resident_id)
            if before != home_id:
                self._home_of.put(resident_id, home_id)
                if before is not None:
                    left.append(before)
        return left

    def drop_home(self, home_id: int) -> None:
        """It is no longer in the database."""
        self._homes.pop(home_id)

    def put_device(self, device_id: int, source: str, identifier: str, record: bytes) -> None:
        """Keep or replace, also under a name it did not have before. Its homes must be in the copy already."""
        name = self._free_name(device_id, source, identifier)
        before = self._names.get(device_id)
        if before is not None and before != name:
            self._forget_name(device_id, before)
        self._names.put(device_id, name)
        self._devices.put(name, record)
        number = digits_of(sim_of(record) or "")
        if number is not None:
            self._by_number.put(number, 2 * device_id + 1)

    def _free_name(self, device_id: int, source: str, identifier: str) -> str:
        """In capitals; as it is spelled where another device has that name, so that neither calls for the other."""
        name = _name(source, identifier)
        held = self._devices.get(name)
        if held is None or device_id_of(held) == device_id:
            return name
        exact = _exact_name(source, identifier)
        self._told_apart.add(exact)
        return exact

    def put_key(self, device_id: int, source: str, identifier: str, key: DeviceKey | None) -> None:
        """The key of a device that is in the copy, or is about to be."""
        self._names.put(device_id, _name(source, identifier))
        if key is None:
            self.keys[source].pop(identifier, None)
        else:
            self.keys[source][identifier] = key

    def drop_device(self, device_id: int) -> None:
        """It is no longer in the database."""
        name = self._names.pop(device_id)
        if name is not None:
            self._forget_name(device_id, name)

    def _forget_name(self, device_id: int, name: str) -> None:
        held = self._devices.get(name)
        if held is not None and device_id_of(held) != device_id:
            return  # another device has this name by now
        source, _, identifier = name.rstrip("\0").partition("\0")
        self._devices.pop(name)
        self._told_apart.discard(name)
        self._worked_out.pop(name, None)
        self.keys[source].pop(identifier, None)

    # ---- working out

    def _still_holds(self, held: _WorkedOut, record: bytes, now: datetime) -> bool:
        home_id = held.caller.home_id
        return (
            held.device is record
            and held.regions is self._regions
            and now < held.until
            and (home_id is None or held.home is self._homes.get(home_id))
        )

    def _work_out(self, name: str, record: bytes, now: datetime) -> Caller:
        device = unpack_device(record)
        assignment, packed = self._serves(device, now)
        if device.kind == WATCHDOG:
            caller = self._of_watchdog(device)
        elif assignment is None or packed is None:
            caller = self._without_home(device)
        else:
            home = unpack_home(packed)
            at = assignment.home_id, home, device, assignment.resident_id
            caller = self._at_home(*at, self._today(now))
        while len(self._worked_out) >= WORKED_OUT:
            del self._worked_out[next(iter(self._worked_out))]
        until = _holds_until(device, now.astimezone(self._zone))
        self._worked_out[name] = _WorkedOut(caller, record, packed, self._regions, until)
        return caller

    def _serves(self, device: Device, now: datetime) -> tuple[Assignment | None, bytes | None]:
        """The latest assignment in force whose home is there."""
        for assignment in reversed(device.assignments):
            if assignment.holds(now):
                packed = self._homes.get(assignment.home_id)
                if packed is not None:
                    return assignment, packed
        return None, None

    def _of_watchdog(self, device: Device) -> Caller:
        region_id = self._region(device.region_id)
        return watch_caller(device.id, device.label, region_id, self.region_settings(region_id))

    def _without_home(self, device: Device) -> Caller:
        region_id = self._region(device.region_id)
        return Caller(
            subject=f"device:{device.id}",
            device_id=device.id,
            home_id=None,
            resident_id=None,
            region_id=region_id,
            region_path=self.region_path(region_id),
            settings=self.region_settings(region_id),
            lat=None,
            lng=None,
            card={"people": [], "device_kind": device.kind, "device_label": device.label},
        )

    def _at_home(
        self,
        home_id: int,
        home: Home,
        device: Device | None,
        resident_id: int | None,
        today: date,
    ) -> Caller:
        if resident_id is None and len(home.people) == 1:
            resident_id = home.people[0].resident_id
        region_id = self._region(home.region_id)
        return Caller(
            subject=f"home:{home_id}",
            device_id=device.id if device else None,
            home_id=home_id,
            resident_id=resident_id,
            region_id=region_id,
            region_path=self.region_path(region_id),
            settings=self.region_settings(region_id),
            lat=home.lat,
            lng=home.lng,
            card=card(home, device, resident_id, today),
            people=home.people,
        )

    def _unknown(self, source: SourceRef, identifier: str) -> Caller:
        region_id = self._region(source.region_id)
        return Caller(
            subject=f"caller:{source.name}:{identifier}",
            device_id=None,
            home_id=None,
            resident_id=None,
            region_id=region_id,
            region_path=self.region_path(region_id),
            settings=self.region_settings(region_id),
            lat=None,
            lng=None,
            card={"people": []},
            known=False,
        )

    def _today(self, now: datetime) -> date:
        """By the site's calendar."""
        return now.astimezone(self._zone).date()

    def _region(self, region_id: int) -> int:
        """This region; the root while one that was made a moment ago is not here yet. No alarm fails for that (G3)."""
        return region_id if region_id in self._regions else self.root_id


def _by_phone(held: Iterable[tuple[str, Match]]) -> Mapping[str, Sequence[Match]]:
    found: defaultdict[str, list[Match]] = defaultdict(list)
    for phone, holder in held:
        found[phone].append(holder)
    return dict(found)


def _name(source: str, identifier: str) -> str:
    """One text for both, in one spelling: no name of a source holds NUL, and a registered device is known in any letters."""
    return f"{source}\0{identifier.upper()}"


def _exact_name(source: str, identifier: str) -> str:
    """Of a device that differs from another one in small letters and capitals alone."""
    return f"{source}\0{identifier}\0"


def _holds_until(device: Device, now: datetime) -> datetime:
    """Ages change at midnight, an assignment begins and ends at any time."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    moments = (
        moment
        for assignment in device.assignments
        for moment in (assignment.valid_from, assignment.valid_until)
        if moment is not None and now < moment
    )
    return min([midnight, *moments])
