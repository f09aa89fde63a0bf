"""A key that dials is an alarm, whatever becomes of the call: with its database, without it, after a kill, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from callcenter.alerts.incident import IncidentMode
from callcenter.alerts.telephoned import Callers
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import Caller
from callcenter.devices.registry import Registry
from callcenter.hotline.alarming import Alarming, WayIn
from callcenter.hotline.call import Call, State
from callcenter.hotline.matching import matches_of
from callcenter.hotline.seeking import NumberSeeking
from callcenter.regions.tree import RegionSettings
from callcenter.telephony.line import LineKind
from callcenter.telephony.numbers import read
from tests.support.outage_room import OutageRoom, outage_room
from tests.support.postgres import TestDatabases
from tests.support.waiting import until

KEY, DAUGHTER, STRANGER = "13912345678", "13900000001", "13700000000"


@dataclass
class RedLine:
    """The line of the red key at a centre whose database can be taken away."""

    room: OutageRoom
    supervisor: Supervisor
    alarming: Alarming = field(init=False)
    opened: list[tuple[str, UUID]] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.starts()

    def starts(self, way_in: WayIn | None = None, callers: Callers | None = None) -> None:
        """Another process knows nothing of the calls before."""
        self.alarming = Alarming(
            way_in or self.room.process.intake, callers or self.registry, self.room.clock, self.supervisor.start_short,
            lambda call, incident: self.opened.append((call.pbx_call, incident)),
        )  # fmt: skip

    @property
    def registry(self) -> Registry:
        return self.room.process.intake._registry

    def call(
        self, number: str = KEY, kind: LineKind = LineKind.RED, *, withheld: bool = False
    ) -> Call:
        caller, now = read(number, withheld, (), "0311"), self.room.clock.now()
        return Call(
            id=uuid4(), pbx="pbx", pbx_call=f"pbx-{next(self.numbers)}.0", kind=kind, line="95009", region_id=1, caller=caller,
            matches=tuple(matches_of(caller, self.registry, now)), offered_at=now,
        )  # fmt: skip

    async def rings(self, *calls: Call) -> list[UUID]:
        """The incidents of these, as soon as they are told."""
        before = len(self.opened)
        self.alarming.hear(calls)
        await until(lambda: len(self.opened) >= before + len(calls), "the alarms", 20)
        return [incident for _, incident in self.opened[before:]]

    async def incidents(self) -> Sequence[Any]:
        return await self.room.owner.fetch("SELECT * FROM incident ORDER BY number")

    async def entries(self) -> list[tuple[str, str | None]]:
        """Kind, and the number of the telephone where one has rung."""
        rows = await self.room.owner.fetch(
            "SELECT kind, data->'telephoned'->>'number' AS phone FROM timeline_entry ORDER BY incident_id, number"
        )
        return [(row["kind"], row["phone"]) for row in rows]


@pytest.fixture
async def line(dsn: str, databases: TestDatabases, tmp_path: Path) -> AsyncIterator[RedLine]:
    async with (
        outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as room,
        Supervisor() as supervisor,
    ):
        await room.owner.execute("UPDATE device SET sim = $1 WHERE identifier = '1'", KEY)
        line = RedLine(room, supervisor)
        await line.registry.sweep(room.owner)
        yield line


async def test_one_ring_is_an_alarm_of_the_home_whose_key_it_is(line: RedLine):
    call = line.call()
    [opened] = await line.rings(call)
    [incident] = await line.incidents()
    assert (incident["id"], incident["source"], incident["identifier"], incident["kind"]) == (
        opened, "telephone", f"+86{KEY}", "sos",
    )  # fmt: skip
    device = await line.room.owner.fetchval("SELECT id FROM device WHERE identifier = '1'")
    assert (incident["home_id"] is not None, incident["device_id"]) == (True, device)
    assert incident["card"]["telephoned"]["call"] == f"pbx/{call.pbx_call}"
    assert await line.entries() == [("opened", f"+86{KEY}")]
    line.alarming.hear([replace(call, state=State.ENDED)])
    assert line.alarming.incident_of("pbx", call.pbx_call) == opened


async def test_the_key_that_sends_a_signal_and_dials_was_pressed_once(line: RedLine):
    stored = await line.room.press("1")
    assert await line.rings(line.call()) == [stored.incident_id]
    assert await line.entries() == [("opened", None), ("joined", f"+86{KEY}")]
    [incident] = await line.incidents()
    assert (incident["state"], incident["ring"]) == ("waiting", 1)


@pytest.mark.parametrize("dials_first", [True, False])
async def test_in_test_one_press_by_both_ways_stays_a_test_and_a_second_press_is_real(
    line: RedLine, dials_first: bool
):
    """Whoever only tries a key presses it once."""
    home = await line.room.owner.fetchval("SELECT min(id) FROM home")
    until_at = line.room.clock.now() + timedelta(hours=1)
    line.registry._copy.tests = {("home", home): [(line.room.clock.now(), until_at)]}
    if dials_first:
        await line.rings(line.call())
        await line.room.press("1")
    else:
        await line.room.press("1")
        await line.rings(line.call())
    [incident] = await line.incidents()
    assert incident["mode"] == IncidentMode.TEST
    await line.rings(line.call())
    [incident] = await line.incidents()
    assert (incident["mode"], incident["press_count"]) == (IncidentMode.REAL, 3)


async def test_a_contact_rings_for_the_resident_and_is_not_told_what_they_know(line: RedLine):
    [number] = await line.room.owner.fetch("SELECT phone FROM contact ORDER BY id LIMIT 1")
    await line.rings(line.call(number["phone"]))
    [incident] = await line.incidents()
    assert incident["home_id"] is not None
    assert incident["card"]["telephoned"]["contact"] != ""
    told = await line.room.owner.fetch("SELECT recipient FROM sms_message")
    assert number["phone"] not in {row["recipient"] for row in told}


async def test_strangers_ring_with_their_number_and_two_who_withhold_it_are_two(line: RedLine):
    await line.rings(line.call(STRANGER))
    await line.rings(line.call(STRANGER))
    await line.rings(line.call("", withheld=True))
    await line.rings(line.call("", withheld=True))
    await line.rings(line.call("\0\x07<b>"))
    found = [
        (each["identifier"], each["home_id"], each["press_count"])
        for each in await line.incidents()
    ]
    assert found == [
        (f"+86{STRANGER}", None, 2), ("", None, 1), ("", None, 1), ("\x07<b>", None, 1),
    ]  # fmt: skip


async def test_the_green_key_asks_for_service_and_the_hotline_for_nothing(line: RedLine):
    line.alarming.hear([line.call(kind=LineKind.HOTLINE), line.call(kind=LineKind.OFFICE)])
    await line.rings(line.call(kind=LineKind.GREEN))
    [incident] = await line.incidents()
    assert (incident["class"], incident["kind"]) == ("service", "help")


async def test_while_the_database_is_away_it_rings_and_is_written_later(line: RedLine):
    line.room.goes_away()
    await line.rings(line.call())
    assert line.room.open_of(f"home:{await _home(line)}") is not None
    assert await line.incidents() == []
    line.room.comes_back()
    await line.room.all_written()
    assert await line.entries() == [("opened", f"+86{KEY}")]


async def test_a_process_that_is_killed_over_it_has_left_it_on_the_spool_with_its_home(
    line: RedLine,
):
    """The next one writes it, and what it reads back is the same call."""
    line.room.goes_away()
    call = line.call()
    await line.rings(call)
    await line.room.crash_and_start()
    line.starts()
    [incident] = await line.incidents()
    assert incident["home_id"] == await _home(line)
    assert incident["card"]["telephoned"]["number"] == f"+86{KEY}"
    assert await line.alarming.read_back(call) == incident["id"]
    assert len(await line.entries()) == 1


async def test_what_is_read_back_says_when_it_rang_and_that_it_is_late(line: RedLine):
    call = line.call()
    line.room.passes(120)
    await line.alarming.read_back(call)
    [press] = await line.room.owner.fetch("SELECT occurred_at, flags FROM journal")
    assert (press["occurred_at"], press["flags"]) == (call.offered_at, ["late"])


@dataclass
class Torn:
    """Fulfils telephoned.Callers: a copy in memory of which the regions alone can be read."""

    whole: Registry

    @property
    def root_id(self) -> int:
        return self.whole.root_id

    def device_caller(self, device_id: int, now: datetime) -> Caller | None:
        raise ValueError(f"the record of device {device_id} is torn")

    def home_caller(self, home_id: int, resident_id: int | None, now: datetime) -> Caller | None:
        raise ValueError(f"the record of home {home_id} is torn")

    def region_path(self, region_id: int) -> tuple[int, ...]:
        return self.whole.region_path(region_id)

    def region_settings(self, region_id: int) -> RegionSettings:
        return self.whole.region_settings(region_id)


async def test_whatever_is_wrong_with_who_it_is_it_rings(line: RedLine):
    """As a stranger's."""
    call = line.call()
    line.starts(callers=Torn(line.registry))
    await line.rings(call)
    [incident] = await line.incidents()
    assert (incident["home_id"], incident["identifier"]) == (None, f"+86{KEY}")


async def test_what_neither_database_nor_disk_takes_is_tried_until_one_does(line: RedLine):
    intake, tried = line.room.process.intake, []

    class Refusing:
        async def accept(self, *args: Any) -> Any:
            tried.append(None)
            if len(tried) == 1:
                raise Unavailable("Neither database nor disk takes it: try again.")
            return await intake.accept(*args)

    line.starts(way_in=Refusing())
    await line.rings(line.call())
    assert len(tried) == 2


async def test_while_the_registry_is_still_being_read_a_number_is_looked_up_for_itself(
    line: RedLine,
):
    """And rings alone where that cannot be done: the database is known to be away, or goes."""
    database, young = Database(line.room.proxy.dsn), Registry(unseal=lambda sealed, _: sealed)
    await young.prepare(line.room.owner)
    is_away = [True]
    seeking = NumberSeeking(
        young,
        HeldConnections(database, "seeking", 1),
        lambda call: matches_of(call.caller, young, line.room.clock.now()),
        lambda: is_away[0],
    )
    call = replace(line.call(), matches=())
    assert (await seeking(call)).matches == ()
    is_away.clear()
    is_away.append(False)
    line.room.proxy.cut()
    assert (await seeking(call)).matches == ()
    line.room.proxy.restore()
    found = await seeking(call)
    assert found.attached is not None
    assert found.attached.home_id == await _home(line)
    assert await seeking(found) is found
    await seeking.connections.close()
    await database.close()


async def _home(line: RedLine) -> int:
    found: int = await line.room.owner.fetchval(
        "SELECT home_id FROM device_assignment JOIN device ON device.id = device_id WHERE identifier = '1'"
    )
    return found
