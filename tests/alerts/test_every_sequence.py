"""Whatever happens in whatever order: what was decided is what the rows say, the database refuses what the table refuses, and no
incident is lost. `make fuzz` tries longer (`--sequences`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from callcenter.alerts.entries import KIND_OF
from callcenter.alerts.handling.carrying_out import Order, of_system
from callcenter.alerts.handling.commands import OPERATORS, SYSTEMS
from callcenter.alerts.incident import (
    DUTY_TOLD,
    ESCALATION_OVER,
    NOBODY_TOLD,
    TELLING_STOPPED,
    TRANSITIONS,
    Incident,
    IncidentMode,
    State,
    join,
    mode_after,
)
from callcenter.alerts.timers import timer_of
from callcenter.core.errors import CallCenterError, Conflict
from callcenter.core.ids import new_id
from callcenter.devices.signals import CLASS_OF, Kind, SignalClass
from tests.support.drawn_orders import ORDERS, ordered_by_system, sent_with
from tests.support.incident_room import (
    DAUGHTER,
    DUTY,
    SON,
    STRANGER,
    IncidentRoom,
    Seen,
    closed_values,
    differences,
    incident_room,
)
from tests.support.postgres import TestDatabases

STEPS = 30
QUIETLY = frozenset({"2", "不去", "好的"})
"""What needs nobody's eyes once its alarm has ended."""
WHICH = st.integers(0, 3)
UNKNOWN = "9999"
PENDANTS = st.sampled_from(["1", "2", "3", UNKNOWN])
"""Two at the first home, one at the second, one that nobody knows."""
WHO = st.sampled_from(["wang", "li", "boss"])
BY = st.sampled_from(["its taker", "its taker", "its taker", "boss", "wang", "li"])
NAMING = ("assign", "unassign")
MOVES = ("release", "offer", "decline", "reassign", "follow", "resume", "close")
WORK = tuple(c.name for c in OPERATORS if c.name not in {"take", *NAMING, *MOVES})
OPERATED = st.sampled_from(sorted(command.name for command in OPERATORS))
LACKS: tuple[tuple[str, ...], ...] = (
    (), ("taken_by", "taken_by_name"), ("follow_due_at",), ("outcome",), ("closed_at",), ("safe_by",), ("safe_where",),
)  # fmt: skip
"""What somebody who writes the row leaves out."""
REACHED = {(before, after) for before, ways in TRANSITIONS.items() for after in ways.values()}
WRITTEN = REACHED - {(State.WAITING, State.CLOSED)}
"""Only a drill is called off, and none is held here; and what the row is written with is part of no other."""


class WhateverHappens(RuleBasedStateMachine):
    """One sequence. The rows as they were after the last step are kept in `held`."""

    def __init__(self, room: IncidentRoom, run: Any) -> None:
        super().__init__()
        self.room = room
        self.run: Any = run
        self.held: dict[UUID, Seen] = {}

    @initialize(pendants=st.sets(PENDANTS, min_size=1), users=st.sets(WHO), tried=st.booleans())
    def alarms_come(self, pendants: set[str], users: set[str], tried: bool) -> None:
        self.run(self.room.clear())
        if tried:
            self.run(self.room.tries(0, minutes=10))
        for user in sorted(users):
            self._sits(user, there=True)
        for pendant in sorted(pendants):
            self.run(self.room.press(pendant, Kind.SOS))

    def one(self, which: int) -> Seen:
        return list(self.held.values())[which % len(self.held)]

    def now(self, incident_id: UUID) -> Seen:
        found: dict[UUID, Seen] = self.run(self.room.seen())
        return found[incident_id]

    # ---- people and things

    @rule(user=WHO, there=st.booleans())
    def somebody_comes_or_goes(self, user: str, there: bool) -> None:
        self._sits(user, there=there)

    def _sits(self, user: str, *, there: bool) -> None:
        board, actor = self.room.board, self.room.users[user].actor
        assert actor is not None
        change = set.add if there else set.discard
        change(board.users, actor.user_id)
        if actor.supervises:
            change(board.supervisors, actor.user_id)
        board.seats, board.best = bool(board.users), tuple(sorted(board.users))[:1]
        self.run(self.room.look())

    @rule(
        duty=st.integers(0, 2),
        ring=st.sampled_from(["all", "one"]),
        silence=st.sampled_from([0, 180]),
    )
    def the_rules_change(self, duty: int, ring: str, silence: int) -> None:
        self.run(self.room.rules(duty=duty, ring=ring, next_contact_s=silence))

    @rule()
    def the_duty_list_is_emptied_between_two_tellings(self) -> None:
        self.run(self.room.passes(60))
        self.run(self.room.rules(duty=0, ring="all", next_contact_s=180))
        self.run(self.room.passes(60))

    @rule(home=st.integers(0, 1), away=st.booleans())
    def somebody_moves(self, home: int, away: bool) -> None:
        self.run(self.room.moves(home, away=away))

    @rule(home=st.integers(0, 1), minutes=st.integers(1, 60))
    def a_home_is_tried(self, home: int, minutes: int) -> None:
        self.run(self.room.tries(home, minutes))

    # ---- time

    @rule(seconds=st.sampled_from([1, 3, 15, 30, 60, 180, 300, 1_500]))
    def time_passes(self, seconds: int) -> None:
        self.run(self.room.passes(seconds))

    @rule(seconds=st.sampled_from([30, 600, 20_000, -300]))
    def nobody_looks_on(self, seconds: int) -> None:
        """All servers are down; or the database's clock is put back."""
        self.run(self.room.passes(seconds, watched=False))

    @rule()
    def two_servers_look_at_once(self) -> None:
        told = {key: seen.entries.count("duty_told") for key, seen in self.held.items()}
        self.run(self.room.look(servers=2))
        for key, seen in self.run(self.room.seen()).items():
            assert seen.entries.count("duty_told") <= told[key] + 1

    # ---- signals and texts

    @rule(
        pendant=PENDANTS,
        kind=st.sampled_from(
            [
                Kind.SOS,
                Kind.SOS,
                Kind.SMOKE,
                Kind.INACTIVITY,
                Kind.HELP,
                Kind.LOW_BATTERY,
                Kind.RESTORE,
            ]
        ),
        real=st.booleans(),
    )
    def a_signal_comes(self, pendant: str, kind: Kind, real: bool) -> None:
        self._comes(pendant, kind, real=real)

    @rule(pendant=PENDANTS)
    def somebody_presses_after_a_night_without_servers(self, pendant: str) -> None:
        self.run(self.room.passes(20_000, watched=False))
        self.held = self.run(self.room.seen())
        self._comes(pendant, Kind.SOS, real=True)

    def _comes(self, pendant: str, kind: Kind, *, real: bool) -> None:
        stored = self.run(self.room.press(pendant, kind, real=real))
        if CLASS_OF[kind] is not SignalClass.RECORD:
            assert stored.incident_id is not None
        before = self.held.get(stored.incident_id)
        if before is not None:
            self._joined(before, self.now(before.id), kind)

    def _joined(self, before: Seen, after: Seen, kind: Kind) -> None:
        """As the table of joins has it."""
        found, held = before.incident, after.incident
        mode = mode_after(found, kind, held.mode, held.last_signal_at - found.last_signal_at)
        there = found.taken_by is not None and found.taken_by in self.room.board.users
        decided = join(found, kind, taker_present=there, mode=mode)
        assert (held.state, held.kind, held.priority) == (
            decided.state,
            decided.kind,
            decided.priority,
        )
        assert held.ring == found.ring + decided.rings
        if CLASS_OF[kind] is SignalClass.ALARM and held.mode is IncidentMode.REAL:
            assert ESCALATION_OVER not in held.marks, "somebody presses, and nobody is called"
        assert list(after.entries) == [*before.entries, "joined"]

    @rule(
        phone=st.sampled_from([DAUGHTER, SON, *DUTY, STRANGER]),
        words=st.sampled_from(["1", "2", "1？", "好的", "不去", "1号楼", "救命"]),
        twice=st.booleans(),
    )
    def somebody_writes_back(self, phone: str, words: str, twice: bool) -> None:
        self.run(self.room.writes_back(phone, words, twice=twice))
        assert set(self.run(self.room.unheard())) <= QUIETLY

    # ---- commands

    @rule(which=WHICH, user=WHO)
    def somebody_takes_it(self, which: int, user: str) -> None:
        self._commanded(self.one(which), self._order("take", {}, user))

    @rule(which=WHICH, name=st.sampled_from(MOVES), user=BY, data=st.data())
    def it_changes_hands(self, which: int, name: str, user: str, data: st.DataObject) -> None:
        found = self.one(which)
        self._commanded(found, self._drawn(found, name, user, data))

    @rule(which=WHICH, name=st.sampled_from(WORK), user=BY, data=st.data())
    def it_is_worked(self, which: int, name: str, user: str, data: st.DataObject) -> None:
        found = self.one(which)
        self._commanded(found, self._drawn(found, name, user, data))

    @rule(name=st.sampled_from(NAMING), user=BY, data=st.data())
    def somebody_says_who_it_is(self, name: str, user: str, data: st.DataObject) -> None:
        strangers = [one for one in self.held.values() if one.incident.identifier == UNKNOWN]
        found = next(iter(strangers), self.one(0))
        self._commanded(found, self._drawn(found, name, user, data))

    @rule(which=WHICH, name=st.sampled_from(sorted(one.name for one in SYSTEMS)), data=st.data())
    def the_system_commands(self, which: int, name: str, data: st.DataObject) -> None:
        found = self.one(which)
        body = data.draw(ordered_by_system(name, found, self.room))
        self._commanded(found, of_system(ORDERS[name], body))

    def _commanded(self, before: Seen, order: Order) -> None:
        decided = self.run(self.room.decide(before.id, order))
        came = self.run(self.room.give(before.id, order))
        after = self.now(before.id)
        if decided is None or isinstance(came, CallCenterError):
            self._refused(before, after, decided, came)
            return
        assert not isinstance(decided, CallCenterError), f"the table refuses it: {decided.code}"
        assert differences(decided.after, after.incident) == {}
        assert list(after.entries) == [*before.entries, KIND_OF[type(decided.said)]]
        assert after.texts <= before.texts + len(decided.texts)
        assert (before.incident.state, after.incident.state) in REACHED
        self._again(order, after)

    def _refused(self, before: Seen, after: Seen, decided: object, came: object) -> None:
        """By the table, or because that home has an open incident; nothing has changed."""
        assert after == before
        if isinstance(decided, CallCenterError):
            assert isinstance(came, CallCenterError)
            assert came.code == decided.code
        elif isinstance(came, CallCenterError):
            assert came.code == "home_has_incident"

    def _again(self, order: Order, after: Seen) -> None:
        """A client that had no answer sends it again."""
        if order.by(after.incident).actor is None:
            return
        came = self.run(self.room.give(after.id, order))
        assert came == after.incident
        assert self.now(after.id) == after

    @rule(which=WHICH, names=st.tuples(OPERATED, OPERATED), data=st.data())
    def two_command_at_once(self, which: int, names: tuple[str, str], data: st.DataObject) -> None:
        before = self.one(which)
        orders = [
            self._drawn(before, name, user, data)
            for name, user in zip(names, ("its taker", "boss"), strict=True)
        ]
        came = self.run(self._both(before.id, orders))
        versions = [one.version for one in came if isinstance(one, Incident)]
        after = self.now(before.id).incident.version
        assert after == max(versions, default=before.incident.version)
        assert after == before.incident.version + len(versions)

    @rule(which=WHICH)
    def two_take_it_at_once(self, which: int) -> None:
        before = self.one(which)
        orders = [self._order("take", {}, user) for user in ("wang", "li")]
        came = self.run(self._both(before.id, orders))
        if before.incident.state is State.WAITING:
            [won] = [one for one in came if isinstance(one, Incident)]
            [late] = [one for one in came if isinstance(one, Conflict)]
            assert (late.code, late.params["user_id"]) == ("taken_by_other", won.taken_by)
            assert self.now(before.id).incident == won

    async def _both(self, incident_id: UUID, orders: list[Order]) -> list[Any]:
        return await asyncio.gather(*(self.room.give(incident_id, one) for one in orders))

    def _drawn(self, found: Seen, name: str, user: str, data: st.DataObject) -> Order:
        """A command with whatever people may send with it; by `its taker`, or wang where nobody has it."""
        users = {by.actor.user_id: login for login, by in self.room.users.items() if by.actor}
        who = users.get(found.incident.taken_by or 0, "wang") if user == "its taker" else user
        return self._order(name, data.draw(sent_with(name, self.room)), who)

    def _order(self, name: str, sent: dict[str, Any], user: str) -> Order:
        command_id, by = new_id(), self.room.users[user]
        body = ORDERS[name].body(command_id=command_id, **sent)
        return Order(ORDERS[name], body, command_id, lambda _: by)

    # ---- who goes round the decision

    @rule(
        which=WHICH,
        to=st.sampled_from(State),
        lacks=st.sampled_from(LACKS),
    )
    def the_row_is_written_directly(self, which: int, to: State, lacks: tuple[str, ...]) -> None:
        found = self.one(which)
        before = found.incident.state
        now = self.room.clock.now()
        held = {"taken_by": 7, "taken_by_name": "王敏", "follow_due_at": now}
        whole = {**held, **closed_values(self.room)}
        written = {"state": to, **{k: None if k in lacks else v for k, v in whole.items()}}
        needed = {
            State.WAITING: set(),
            State.TAKEN: {"taken_by"},
            State.FOLLOWING: {"taken_by", "follow_due_at"},
            State.CLOSED: set(closed_values(self.room)),
        }
        moves = to is before or (before, to) in WRITTEN
        assert self.run(self.room.is_refused(found.id, written)) is not (
            moves and needed[to].isdisjoint(lacks)
        )

    @rule(which=WHICH)
    def what_may_not_be_is_written_directly(self, which: int) -> None:
        """A test that somebody is called to, a second open incident about the same."""
        found = self.one(which)
        assert self.run(self.room.is_refused(found.id, {"mode": "test", "escalated": 1}))
        about = found.subject, found.incident.signal_class
        beside = [
            one
            for one in self.held.values()
            if (one.subject, one.incident.signal_class) == about
            and one.incident.state is not State.CLOSED
        ]
        assert len(beside) <= 1
        assert self.run(self.room.is_opened_beside(found.id)) is not bool(beside)

    # ---- what always holds

    @invariant()
    def nothing_is_lost(self) -> None:
        found: dict[UUID, Seen] = self.run(self.room.seen())
        assert found.keys() >= self.held.keys()
        for key, seen in found.items():
            _holds(seen)
            _follows(self.held.get(key), seen)
        self.held = found


def _holds(seen: Seen) -> None:
    """Of each incident at any moment."""
    found = seen.incident
    assert found.version == len(seen.entries), "one entry a change"
    kind = timer_of(found)
    assert set(seen.watch) == ({kind} if kind else set())
    if found.state is State.WAITING:
        assert (found.taken_by, found.taken_by_name, found.offered_to) == (None, None, None)
        is_called_for = found.signal_class == "alarm" and found.mode is IncidentMode.REAL
        if is_called_for and ESCALATION_OVER not in found.marks:
            assert seen.watch == {"untaken": True}, "an alarm waits and nobody will be called"
    if found.state is State.FOLLOWING:
        assert seen.watch == {"follow_up": True}
    if found.state is State.CLOSED:
        assert seen.timers == {}
        assert found.outcome is not None
        assert found.outcome != "emergency" or (found.safe_by and found.safe_where)
    assert not {DUTY_TOLD, NOBODY_TOLD} <= set(found.marks)
    assert found.mode is not IncidentMode.TEST or seen.texts == 0
    if TELLING_STOPPED in found.marks:
        assert "contact_silent" not in seen.timers


def _follows(before: Seen | None, after: Seen) -> None:
    """From one moment to the next."""
    if before is None:
        return
    assert list(after.entries[: len(before.entries)]) == list(before.entries)
    if before.incident.state is State.CLOSED:
        assert after == before, "nothing leaves closed"
    if before.incident.mode is IncidentMode.REAL:
        assert after.incident.mode is IncidentMode.REAL
    assert after.incident.ring >= before.incident.ring
    if after.incident.ring == before.incident.ring:
        assert after.incident.escalated >= before.incident.escalated


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """The loop of the room; it turns while a step is made, and stands still while the next one is drawn."""
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def room(runner: asyncio.Runner, databases: TestDatabases) -> Iterator[IncidentRoom]:
    dsn = runner.run(databases.clone())
    stack = AsyncExitStack()
    yield runner.run(stack.enter_async_context(incident_room(dsn)))
    runner.run(stack.aclose())
    runner.run(databases.drop(dsn))


def test_whatever_happens_in_whatever_order(
    room: IncidentRoom, runner: asyncio.Runner, pytestconfig: pytest.Config
):
    sequences: int = pytestconfig.getoption("--sequences")
    run_state_machine_as_test(
        lambda: WhateverHappens(room, runner.run),
        settings=settings(
            max_examples=sequences or 30,
            stateful_step_count=STEPS,
            derandomize=not sequences,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
