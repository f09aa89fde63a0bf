"""Who stands behind a device: a copy of devices, homes, residents, contacts and regions in memory.

The alarm path asks only this copy. At the start what no alarm can do without is read first (`prepare`), the rest while
alarms are served (`fill`); until it is complete a device is looked up as it calls (see seeking). A sweep keeps the copy
up to date: every table it reads has `changed_xid`, a change of an assignment bumps its device, a removed contact its
resident, a removed resident their home, and what is gone leaves a row in `removal`. An alarm that overtakes the sweep
uses the copy as it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType

import asyncpg

from callcenter.core import metrics
from callcenter.devices.callers import Caller, Chosen, Match, Number, SourceRef, Whose
from callcenter.devices.codec import DeviceKey
from callcenter.devices.registry import changes
from callcenter.devices.registry.credentials import Credentials
from callcenter.devices.registry.reading import Reader, Unseal
from callcenter.devices.registry.resolving import Copy
from callcenter.regions.tree import RegionRow, RegionSettings


class Registry:
    """The copy in memory. What reads does so on a connection it is given; everything else is plain look-up.

    Ages go by the days of `zone`, the site's. One slice or sweep reads at a time, else a slow one would put back what a faster one has read after it.
    """

    def __init__(self, unseal: Unseal, zone: tzinfo = UTC) -> None:
        self._unseal = unseal
        self._zone = zone
        self._reading = asyncio.Lock()
        self._seen = changes.NOTHING
        self._regions_read = (0, 0)
        self._tests_read = (0, 0)
        self._staff_read = (0, 0)
        self._organisations_read = (0, 0)
        self._of: tuple[str, int] | None = None
        """Of which database what is here was read."""
        self._begin()

    def _begin(self) -> None:
        self._copy = Copy(self._zone)
        self._reader = Reader(self._copy, self._unseal)
        self._next_home: int | None = 0
        self._next_device: int | None = 0
        metrics.REGISTRY_COMPLETE.set(0)

    # ---- look-up

    @property
    def complete(self) -> bool:
        """Whether every home and device has been read. Until then a device that is not here is not unknown yet."""
        return self._next_device is None

    def source(self, name: str) -> SourceRef | None:
        """The source of this name, or None."""
        return self._copy.sources.get(name)

    def credentials(self) -> Sequence[Credentials]:
        """Those of the HTTP sources, as of the last sweep."""
        return self._copy.credentials

    def keys(self, source_name: str) -> Mapping[str, DeviceKey]:
        """Device keys of one source by identifier: a live, read-only view. All are there from `prepare` on."""
        return MappingProxyType(self._copy.keys[source_name])

    def device_id(self, source: str, identifier: str) -> int | None:
        """For last-seen. None also for a device that has not been read yet: its next life sign counts."""
        return self._copy.device_id(source, identifier)

    def resolve(self, source: SourceRef, identifier: str, now: datetime) -> Caller:
        """Who calls. An unknown device is a caller too, of the source's region: it rings."""
        return self._copy.resolve(source, identifier, now)

    def home_caller(self, home_id: int, resident_id: int | None, now: datetime) -> Caller | None:
        """The home itself as a caller: for texts about an incident, and for a device that is assigned by hand.

        None for a home that has not been read: `find_home` reads it.
        """
        return self._copy.home_caller(home_id, resident_id, now)

    def numbers(self, home_id: int) -> Sequence[Number]:
        """Whom one can telephone about a home; nobody if it is not in the copy."""
        return self._copy.numbers(home_id)

    def device_caller(self, device_id: int, now: datetime) -> Caller | None:
        """A device as a caller, where it is known by other means than its name; None for one that has not been read."""
        return self._copy.device_caller(device_id, now)

    def holders(self, e164: str, now: datetime) -> Sequence[Match]:
        """Everybody who has this telephone number, the surest first: the devices with that SIM first."""
        return self._copy.holders(e164, now)

    def known_as(self, said: Chosen, now: datetime) -> Match | None:
        """Somebody by their id, as `holders` gives them; None where the copy has nobody like that."""
        match said.whose:
            case Whose.DEVICE:
                return self._copy.device_holder(said.device_id, now) if said.device_id else None
            case Whose.STAFF:
                return self._copy.staff_holder(said.staff_id) if said.staff_id else None
            case Whose.ORGANISATION:
                of = said.organisation_id
                return self._copy.organisation_holder(of) if of else None
            case Whose.RESIDENT | Whose.CONTACT:
                return self._copy.holder_at_home(said.home_id, said.resident_id, said.contact_id)

    def in_test(self, caller: Caller, now: datetime) -> bool:
        """Whether its device, its home or a region of it is in test at this moment: a look-up, and it ends by its time."""
        return self._copy.in_test(caller, now)

    @property
    def root_id(self) -> int:
        """The root of the region tree."""
        return self._copy.root_id

    def region_path(self, region_id: int) -> tuple[int, ...]:
        """Ids from the root down to the region."""
        return self._copy.region_path(region_id)

    def region_settings(self, region_id: int) -> RegionSettings:
        """Hotline, policy, signatures and duty numbers, inherited."""
        return self._copy.region_settings(region_id)

    def regions_along(self, path: Sequence[int]) -> Sequence[RegionRow]:
        """The regions of a path, from the root down; without those that have not been read yet."""
        return self._copy.regions_along(path)

    # ---- reading all

    async def prepare(self, connection: asyncpg.Connection) -> None:
        """Begin anew, with what no alarm can do without: regions, sources and the devices' keys."""
        async with self._reading:
            self._begin()
            self._of = await changes.identity(connection)
            self._seen = await changes.take_snapshot(connection)
            self._regions_read = await changes.regions_state(connection)
            self._tests_read = await changes.tests_state(connection)
            self._staff_read = await changes.staff_state(connection)
            self._organisations_read = await changes.organisations_state(connection)
            await self._reader.regions(connection)
            await self._reader.tests(connection)
            await self._reader.staff(connection)
            await self._reader.organisations(connection)
            await self._reader.sources(connection)
            await self._reader.keys(connection)

    async def fill(self, connection: asyncpg.Connection) -> bool:
        """Read the next slice: homes, then devices; whether there may be more. What fails is read by the next call.

        Rows that change after they were read are found by the sweep, whose first snapshot is older than all of them.
        """
        async with self._reading:
            if self._next_home is not None:
                self._next_home = await self._reader.homes_after(connection, self._next_home)
            elif self._next_device is not None:
                self._next_device = await self._reader.devices_after(connection, self._next_device)
                metrics.REGISTRY_COMPLETE.set(self.complete)
            return not self.complete

    async def recall(self, kept: asyncpg.Connection) -> None:
        """Everything, from what was kept of the answers to it (see reading.each_answer); `catch_up` reads what has changed since."""
        await self.prepare(kept)
        more = True
        while more:
            more = await self.fill(kept)

    async def catch_up(self, connection: asyncpg.Connection) -> None:
        """After `recall`, when the database is there: what has changed since; all of it anew where it is another one."""
        same = self.complete and self._of == await changes.identity(connection)
        if same and await changes.has_gone_on(connection, self._seen):
            await self.sweep(connection)
        else:
            await self.prepare(connection)

    # ---- reading what is asked for

    async def find_devices(
        self, connection: asyncpg.Connection, source: str, identifiers: Sequence[str]
    ) -> None:
        """Read these devices and their homes, by name, where they are not in the copy."""
        await self._reader.devices_named(connection, source, identifiers)

    async def find_number(self, connection: asyncpg.Connection, e164: str) -> None:
        """Read whoever has this telephone number, where they are not in the copy."""
        await self._reader.numbered(connection, e164)

    async def find_home(self, connection: asyncpg.Connection, home_id: int | None) -> None:
        """Read this home, if it is not in the copy: it has not been read yet, or was written a moment ago."""
        if home_id is not None and not self._copy.has_home(home_id):
            await self._reader.homes_early(connection, [home_id])

    # ---- reading what has changed

    async def sweep(self, connection: asyncpg.Connection) -> bool:
        """Read what has changed since the last sweep; True when something had.

        A sweep that fails on the way is made again from where it began: its snapshot counts when it is through.
        """
        async with self._reading:
            snapshot = await changes.take_snapshot(connection)
            regions = await changes.regions_state(connection)
            changed = await self._read_changes(connection, regions)
            self._seen, self._regions_read = snapshot, regions
            return changed

    async def _read_organisations(self, connection: asyncpg.Connection) -> bool:
        """Where any has changed; whether it had."""
        state = await changes.organisations_state(connection)
        changed = state != self._organisations_read
        if changed:
            await self._reader.organisations(connection)
        self._organisations_read = state
        return changed

    async def _read_changes(self, connection: asyncpg.Connection, regions: tuple[int, int]) -> bool:
        reader, since = self._reader, self._seen
        new_regions = regions != self._regions_read
        if new_regions:
            await reader.regions(connection)
        tests = await changes.tests_state(connection)
        if tests != self._tests_read:
            await reader.tests(connection)
        new_tests, self._tests_read = tests != self._tests_read, tests
        staff = await changes.staff_state(connection)
        if staff != self._staff_read:
            await reader.staff(connection)
        new_staff, self._staff_read = staff != self._staff_read, staff
        new_organisations = await self._read_organisations(connection)
        new_sources = await changes.any_source(connection, since)
        if new_sources:
            await reader.sources(connection)
        homes = await changes.each_home(connection, since, reader.homes)
        devices = await changes.each_device(connection, since, reader.devices)
        return bool(
            new_regions
            or new_tests
            or new_staff
            or new_organisations
            or new_sources
            or homes
            or devices
        )
