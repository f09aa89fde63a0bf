"""Whenever the database goes and comes back, and whenever the process dies, whether it starts with the database or without: what is
held afterwards is what would be held if nothing had happened. Two centres live through the same night, one of them with outages: every
incident with its timeline, since when it is watched for what, the journal and the texts are the same, and of every text that has left
there is a row. Only what ids they have is not compared, and of texts not when they left.

One thing is no part of it, since nobody can know it: how long a taker was missing already when the process died. No taker is away
for so long here. `make fuzz` tries longer (`--sequences`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from callcenter.alerts.incident import Incident
from callcenter.core.errors import CallCenterError
from callcenter.devices.signals import Kind
from tests.support.outage_room import PENDANTS, OutageRoom, outage_room
from tests.support.postgres import TestDatabases

STEPS = 25
WHO = st.sampled_from(["wang", "li"])
WHICH = st.integers(0, 3)
KINDS = st.sampled_from([Kind.SOS, Kind.SOS, Kind.SMOKE, Kind.CANCEL, Kind.LOW_BATTERY])
SAFE = {"outcome": "emergency", "safe_by": "wife", "safe_where": "at home"}
COMMANDS = st.sampled_from(
    [
        ("take", {}),
        ("take", {}),
        ("release", {}),
        ("note", {"text": "听见声音"}),
        ("send", {"what": "请上门看看"}),
        ("step", {"step": "call_back", "result": "reached"}),
        ("follow", {"minutes": 10}),
        ("resume", {}),
        ("close", SAFE),
        ("close", SAFE),
    ]
)


class WheneverItGoes(RuleBasedStateMachine):
    """`tried` has outages and crashes, `quiet` has none."""

    def __init__(self, tried: OutageRoom, quiet: OutageRoom, run: Any) -> None:
        super().__init__()
        self.tried, self.quiet, self.run = tried, quiet, run
        self.acknowledged: list[str] = []
        self.sent: list[tuple[str, Kind, int]] = []

    @initialize(there=st.sets(WHO), pendant=st.sampled_from(PENDANTS))
    def begins(self, there: set[str], pendant: str) -> None:
        """Something rings already when the database goes for the first time."""
        self.run(self.tried.clear())
        self.run(self.quiet.clear())
        self.a_signal_comes(pendant, Kind.SOS, 0)
        self.tried.goes_away()
        for user in there:
            self.somebody_comes_or_goes(user, there=True)

    def both(self) -> tuple[OutageRoom, OutageRoom]:
        for room in (self.tried, self.quiet):
            self.run(room.tick())
        return self.tried, self.quiet

    # ---- what is tried

    @rule(
        what=st.sampled_from(
            [
                "goes",
                "goes",
                "goes",
                "comes back",
                "is whole again",
                "process is killed",
                "process is killed and starts without it",
            ]
        )
    )
    def the_database(self, what: str) -> None:
        room = self.tried
        if what == "process is killed":
            self.run(room.crash_and_start())
        elif what == "process is killed and starts without it":
            if room.is_out:
                self.run(room.crash_and_start_without())
        elif what == "goes" and not room.is_out:
            room.goes_away()
        elif what != "goes" and room.is_out:
            room.comes_back()
        if what == "is whole again":
            self.run(room.all_written())

    @rule(there=st.booleans())
    def the_office(self, *, there: bool) -> None:
        """What it has not taken waits for its rows."""
        self.tried.office = there

    # ---- what happens in both

    @rule(
        seconds=st.sampled_from([4.31, 20.31, 64.31]), manned=st.sampled_from([True, True, False])
    )
    def nobody_does_anything(self, seconds: float, manned: bool) -> None:
        """Until somebody is called, or everybody is at once."""
        for room in (self.tried, self.quiet):
            room.board.seats = manned
            self.run(room.tick(seconds))

    @rule(user=WHO, there=st.booleans())
    def somebody_comes_or_goes(self, user: str, there: bool) -> None:
        for room in self.both():
            room.sits(user, there=there)

    @rule(pendant=st.sampled_from(PENDANTS), kind=KINDS, repeats=st.sampled_from([0, 0, 1, 3]))
    def a_signal_comes(self, pendant: str, kind: Kind, repeats: int) -> None:
        """A new one, or one that came before once more."""
        if repeats and self.sent:
            self._comes(*self.sent[-1 - repeats % len(self.sent)])
        else:
            self._comes(pendant, kind, len(self.sent) + 1)

    def _comes(self, pendant: str, kind: Kind, nth: int) -> None:
        self.sent.append((pendant, kind, nth))
        one, other = (self.run(room.press(pendant, kind, nth)) for room in self.both())
        assert one.outcome == other.outcome
        self.acknowledged.append(str(one.journal_id))

    @rule(which=WHICH, user=WHO, command=COMMANDS, again=st.booleans())
    def somebody_commands(
        self, which: int, user: str, command: tuple[str, dict[str, Any]], again: bool
    ) -> None:
        found = sorted({held.subject for held in self.quiet.process.keeping.incidents})
        if not found:
            return
        subject = found[which % len(found)]
        name, sent = command
        order = self.quiet.order(name, user, **sent)
        for _ in range(1 + again):
            came = [self._given(room, subject, order) for room in self.both()]
            assert came[0] == came[1]

    def _given(self, room: OutageRoom, subject: str, order: Any) -> object:
        """What the operator is told."""
        found = room.open_of(subject)
        if found is None:
            return None
        name = order.by(found).name
        told = self.run(room.give(found.id, replace(order, by=lambda _: room.users[name])))
        if isinstance(told, CallCenterError):
            return told.code
        assert isinstance(told, Incident)
        return told.state, told.press_count, told.taken_by_name

    # ---- what comes of it

    def teardown(self) -> None:
        self.the_database("is whole again")
        self.run(self._is_the_same())

    async def _is_the_same(self) -> None:
        assert await self.tried.rows() == await self.quiet.rows()
        assert await self.tried.journal() == await self.quiet.journal()
        assert await self.tried.texts() == await self.quiet.texts()
        assert await self.tried.tasks() == await self.quiet.tasks()
        ids = await self.tried.owner.fetch("SELECT id::text FROM journal")
        assert sorted(row["id"] for row in ids) == sorted(self.acknowledged)
        assert self.tried.process.keeping.spool.held == 0
        left = [str(text["id"]) for text in self.tried.handed]
        rows = await self.tried.owner.fetch("SELECT id::text FROM sms_message")
        assert len(left) == len(set(left))
        assert set(left) <= {row["id"] for row in rows}


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """The loop of the rooms; it turns while a step is made, and stands still while the next one is drawn."""
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def rooms(
    runner: asyncio.Runner, databases: TestDatabases, tmp_path: Path
) -> Iterator[list[OutageRoom]]:
    stack, found = AsyncExitStack(), []
    for name in ("tried", "quiet"):
        dsn = runner.run(databases.clone())
        (tmp_path / name).mkdir()
        made = outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path / name)
        found.append(runner.run(stack.enter_async_context(made)))
    yield found
    runner.run(stack.aclose())
    for room in found:
        runner.run(databases.drop(room.dsn))


def test_whenever_the_database_goes_the_same_is_held_afterwards(
    rooms: list[OutageRoom], runner: asyncio.Runner, pytestconfig: pytest.Config
):
    sequences: int = pytestconfig.getoption("--sequences")
    run_state_machine_as_test(
        lambda: WheneverItGoes(*rooms, runner.run),
        settings=settings(
            max_examples=sequences or 15,
            stateful_step_count=STEPS,
            derandomize=not sequences,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
