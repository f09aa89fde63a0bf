"""What came while nobody was there: each call once, whatever the log, the database or the process does meanwhile."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.supervisor import Supervisor
from callcenter.hotline.alarming import Alarming
from callcenter.hotline.ends import Ends
from callcenter.hotline.entering import Entering
from callcenter.hotline.matching import matches_of
from callcenter.hotline.reading_back import (
    COMES_BY_ITSELF,
    EVERY_S,
    NEVER_ENDED,
    SOON_S,
    Ports,
    ReadingBack,
)
from callcenter.telephony import numbers
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbxs.asterisk.log_file import LogFile
from tests.support.outage_room import OutageRoom, outage_room
from tests.support.postgres import TestDatabases

KEY = "13912345678"
LINES = {
    "95009": Line("95009", LineKind.RED, 1, area_code="0311"),
    "95001": Line("95001", LineKind.HOTLINE, 1, area_code="0311"),
}


@dataclass
class Night:
    """A log that grows, and processes that read it."""

    room: OutageRoom
    supervisor: Supervisor
    database: Database
    folder: Path
    standing: set[str] = field(default_factory=set)
    held: list[HeldConnections] = field(default_factory=list)
    alarming: Alarming = field(init=False)
    entering: Entering = field(init=False)
    ends: Ends = field(init=False)
    reading: ReadingBack = field(init=False)

    def __post_init__(self) -> None:
        self.starts()

    @property
    def log(self) -> Path:
        return self.folder / "calls.csv"

    @property
    def place(self) -> Path:
        return self.folder / "place" / "pbx.json"

    def starts(self) -> None:
        """Another process, which knows nothing but what was kept."""
        room, process = self.room, self.room.process
        registry = process.intake._registry
        self.alarming = Alarming(
            process.intake, registry, room.clock, self.supervisor.start_short, lambda _call, _incident: None
        )  # fmt: skip
        self.entering = Entering(self._held("rows"), room.clock, self.alarming.incident_of)
        self.ends = Ends(
            process.bench, process.away, self._held("ends"), self.alarming.incident_of, dict, process.keeping.elsewhere
        )  # fmt: skip
        ports = Ports(
            lambda number: LINES[number],
            lambda arrived, line: numbers.read(
                arrived.caller, arrived.withheld, (), line.area_code
            ),
            lambda caller, _: matches_of(caller, registry, room.clock.now()),
            lambda: self.standing,
            lambda call: uuid5(NAMESPACE_OID, call),
        )
        self.reading = ReadingBack(
            "pbx", LogFile(self.log), self.place, ports, self.alarming, self.entering, self.ends, self._held("reading")
        )  # fmt: skip

    def _held(self, name: str) -> HeldConnections:
        self.held.append(HeldConnections(self.database, name, 1))
        return self.held[-1]

    def writes(
        self, name: str, line: str = "95009", ago_s: float = 60, *, ends: bool = True, answered: bool = False
    ) -> None:  # fmt: skip
        """The exchange writes a call that began so long ago."""
        began = self.room.clock.now() - timedelta(seconds=ago_s)
        events = [("CHAN_START", began, "")]
        if answered:
            events.append(("ANSWER", began + timedelta(seconds=8), ""))
        if ends:
            events.append(("HANGUP", began + timedelta(seconds=30), '{""hangupcause"":16}'))
        with self.log.open("a") as file:
            for event, at, extra in events:
                file.write(self._line(event, at, name, line, extra))

    def ends_now(self, name: str, line: str = "95009") -> None:
        with self.log.open("a") as file:
            file.write(
                self._line("HANGUP", self.room.clock.now(), name, line, '{""hangupcause"":16}')
            )

    def _line(self, event: str, at: datetime, name: str, line: str, extra: str) -> str:
        return f'"{event}","{at.timestamp()}","{name}","{name}","{KEY}","{line}","from-outside","{extra}"\n'

    async def reads(self) -> None:
        await self.reading.run_once(self.room.clock.now())

    async def calls(self) -> list[asyncpg.Record]:
        return list(await self.room.owner.fetch("SELECT * FROM call ORDER BY pbx_call"))

    async def presses(self) -> list[asyncpg.Record]:
        return list(await self.room.owner.fetch("SELECT * FROM journal ORDER BY occurred_at"))

    async def incidents(self) -> list[asyncpg.Record]:
        return list(await self.room.owner.fetch("SELECT * FROM incident ORDER BY number"))

    async def closed(self, incident: UUID) -> None:
        for name, sent in (
            ("take", {}),
            ("close", {"outcome": "mistaken_press", "note": "按错了"}),
        ):
            await self.room.give(incident, self.room.order(name, "wang", **sent))


@pytest.fixture
async def night(dsn: str, databases: TestDatabases, tmp_path: Path) -> AsyncIterator[Night]:
    async with (
        outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as room,
        Supervisor() as supervisor,
    ):
        await room.owner.execute("UPDATE device SET sim = $1 WHERE identifier = '1'", KEY)
        await room.process.intake._registry.sweep(room.owner)
        database = Database(room.proxy.dsn)
        made = Night(room, supervisor, database, tmp_path)
        yield made
        room.proxy.restore()
        for held in made.held:
            await held.close()
        await database.close()


async def test_a_missed_red_call_is_an_alarm_with_its_own_time_and_a_missed_call_is_a_row(
    night: Night,
):
    night.writes("pbx-1.0", ago_s=600)
    night.writes("pbx-2.0", "95001", answered=True)
    await night.reads()
    red, plain = await night.calls()
    [incident] = await night.incidents()
    [press] = await night.presses()
    assert (press["flags"], press["occurred_at"]) == (["late"], red["offered_at"])
    assert (red["source"], red["state"], red["cause"], red["incident_id"]) == (
        "read_back", "ended", 16, incident["id"],
    )  # fmt: skip
    assert incident["home_id"] == red["home_id"] is not None
    assert (plain["kind"], plain["incident_id"], plain["answered_by"]) == ("hotline", None, None)
    await night.ends.run_once(night.room.clock.now())
    kinds = await night.room.owner.fetch("SELECT kind FROM timeline_entry ORDER BY number")
    assert [row["kind"] for row in kinds] == ["opened", "call_ended"]


async def test_g2_however_often_it_is_read_it_is_one(night: Night):
    """Also when its incident is closed by then, and whatever was kept of the place."""
    night.writes("pbx-1.0")
    await night.reads()
    [incident] = await night.incidents()
    await night.closed(incident["id"])
    for kept in (
        None,
        "",
        "{",
        '{"inode": 1}',
        json.dumps({"inode": 1, "offset": 5, "mark": "zz", "pending": []}),
    ):
        if kept is None:
            night.place.unlink()
        else:
            night.place.write_text(kept)
            night.place.chmod(0o600)
        night.starts()
        await night.reads()
    assert (len(await night.calls()), len(await night.presses()), len(await night.incidents())) == (
        1,
        1,
        1,
    )


async def test_what_stands_or_has_just_come_is_left_to_come_by_itself(night: Night):
    night.standing.add("pbx-1.0")
    night.writes("pbx-1.0", ends=False)
    night.writes("pbx-2.0", ago_s=2, ends=False)
    await night.reads()
    assert (await night.incidents(), night.reading.interval_s) == ([], SOON_S)
    night.standing.clear()
    night.room.passes(COMES_BY_ITSELF.total_seconds())
    night.starts()
    await night.reads()
    assert (len(await night.presses()), night.reading.interval_s) == (2, EVERY_S)
    assert await night.calls() == []
    night.ends_now("pbx-1.0")
    night.starts()
    await night.reads()
    [call] = await night.calls()
    assert (call["pbx_call"], call["state"]) == ("pbx-1.0", "ended")


async def test_a_call_that_never_ended_went_down_with_the_exchange(night: Night):
    night.writes("pbx-1.0", "95001", ends=False)
    await night.reads()
    night.room.passes(NEVER_ENDED.total_seconds())
    await night.reads()
    [call] = await night.calls()
    assert (call["state"], call["cause"]) == ("ended", 127)


async def test_a_row_that_another_process_left_open_is_ended(night: Night):
    night.writes("pbx-1.0", "95001")
    await night.room.owner.execute(
        "INSERT INTO call (id, pbx, pbx_call, direction, kind, line, region_id, caller_raw, presentation, state, offered_at)"
        " SELECT gen_random_uuid(), 'pbx', 'pbx-1.0', 'in', 'hotline', '95001', min(id), '', 'shown', 'waiting', now() FROM region"
    )
    await night.reads()
    [call] = await night.calls()
    assert (call["state"], call["source"], call["cause"]) == ("ended", "live", 16)


async def test_without_the_database_it_rings_at_once_and_is_written_later(night: Night):
    night.writes("pbx-1.0")
    night.room.goes_away()
    with pytest.raises(Unavailable):
        await night.reads()
    assert len(night.room.board.changes) == 1
    with pytest.raises(Unavailable):
        await night.reads()
    assert len(night.room.board.changes) == 1
    night.room.comes_back()
    await night.room.all_written()
    await night.reads()
    [call] = await night.calls()
    [incident] = await night.incidents()
    assert call["incident_id"] == incident["id"]
    assert len(await night.presses()) == 1


async def test_a_key_that_was_pressed_days_ago_is_a_missed_call_and_rings_no_more(night: Night):
    night.writes("pbx-1.0", ago_s=3 * 86_400)
    await night.reads()
    assert len(await night.calls()) == 1
    assert await night.incidents() == []


async def test_a_long_log_is_read_to_its_end_in_one_turn(night: Night):
    """Ten thousand calls, some of them red."""
    made: list[Any] = []
    began = night.room.clock.now() - timedelta(hours=2)
    for nth in range(10_000):
        line = "95009" if nth % 2_500 == 0 else "95001"
        at = began + timedelta(seconds=nth / 2)
        made += [
            night._line("CHAN_START", at, f"pbx-{nth}.0", line, ""),
            night._line("HANGUP", at, f"pbx-{nth}.0", line, '{""hangupcause"":16}'),
        ]
    night.log.write_text("".join(made))
    await night.reads()
    assert len(await night.calls()) == 10_000
    assert len(await night.presses()) == 4
    [incident] = await night.incidents()
    assert incident["press_count"] == 4


async def test_a_call_that_cannot_be_followed_holds_up_no_other(night: Night):
    """Nobody knows the number that it rang at."""
    night.writes("pbx-1.0", "nowhere")
    night.writes("pbx-2.0")
    await night.reads()
    assert [call["pbx_call"] for call in await night.calls()] == ["pbx-2.0"]
    assert len(await night.incidents()) == 1


async def test_where_no_log_can_be_read_nothing_happens(night: Night):
    night.log.mkdir()
    await night.reads()
    assert await night.calls() == []
