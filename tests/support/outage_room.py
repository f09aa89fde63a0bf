"""A small centre whose database can be taken away, and whose process can be killed: intake, spool and commands as they run."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg

from callcenter.alerts.arriving import waiting, writers
from callcenter.alerts.arriving.flushing import Stored
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.arriving.keys import LATEST
from callcenter.alerts.arriving.recovering import Recovery
from callcenter.alerts.handling.away import Away, either
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.decision import By
from callcenter.alerts.handling.watching import IncidentTimers, Untold
from callcenter.alerts.handling.watching_away import LadderAway
from callcenter.alerts.incident import INCIDENT_COLUMNS, Actor, Incident
from callcenter.alerts.open_incidents import HIGHEST_NUMBER, OPEN, STEPS_OF_OPEN
from callcenter.alerts.timers_in_memory import TIMED, Watched
from callcenter.core.database import Database
from callcenter.core.errors import CallCenterError
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.core.replayed import Replayed, packed
from callcenter.core.store_health import StoreHealth
from callcenter.core.supervisor import Supervisor
from callcenter.devices.registry import Registry
from callcenter.devices.registry.reading import each_answer
from callcenter.devices.signals import Kind, Signal
from callcenter.replaying.scratch import give_moved_clock
from tests.alerts.conftest import ShownBoard
from tests.support.away import keeping_in
from tests.support.clock import HandClock
from tests.support.community import LONG_AGO, Community
from tests.support.flaky_proxy import FlakyProxy
from tests.support.outbox import SHANGHAI
from tests.support.reading import read_whole
from tests.support.waiting import until

_ORDERS = {command.name: command for command in OPERATORS}
_OF_A_SEQUENCE = (
    "task_step", "task", "incident", "incident_timer", "incident_command", "incident_plan", "incident_proof", "timeline_entry", "sms_message",
    "journal", "signal_dedup",
)  # fmt: skip
PENDANTS = ("1", "2", "3", "9999")
"""Two at the first home, one at the second, one that nobody knows."""


BEGAN = HandClock().now() - timedelta(seconds=HandClock().monotonic())


class KeptBoard(ShownBoard):
    """Keeps what is open as the hub of the seats does."""

    keeping: Keeping | None = None

    def publish(self, changes: Sequence[Any]) -> None:
        super().publish(changes)
        if self.keeping is not None:
            for change in changes:
                self.keeping.incidents.note(change)


@dataclass
class Process:
    """What a kill takes away."""

    intake: Intake
    keeping: Keeping
    health: StoreHealth
    bench: Workbench
    away: Away
    recovery: Recovery
    ladder: LadderAway
    timers: IncidentTimers
    shown_anew: list[None]
    stack: AsyncExitStack


@dataclass
class OutageRoom:
    """Two homes with a street above them; two operators."""

    dsn: str
    owner: asyncpg.Connection
    proxy: FlakyProxy
    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    board: KeptBoard = field(default_factory=KeptBoard)
    users: dict[str, By] = field(default_factory=dict)
    is_out: bool = False
    went_at: datetime = LONG_AGO
    """When the database went."""
    went: float = 0.0
    """And by the clock that nobody puts on or back (s)."""
    pressed: Any = field(default_factory=lambda: count(1))
    spools: Any = field(default_factory=lambda: count(1))
    handed: list[dict[str, Any]] = field(default_factory=list)
    """Texts that left without their rows, in their order."""
    office: bool = True
    """Whether somebody sends them."""
    taker_gone_s: float = 1_000.4
    process: Process = field(init=False)

    # ---- the process

    async def start(self, kept: Replayed | None = None) -> None:
        """With the spool as it lies there; the database answers, or what was `kept` of its answers is all there is."""
        stack = AsyncExitStack()
        database = Database(self.proxy.dsn)
        stack.push_async_callback(database.close)
        registry = Registry(unseal=lambda sealed, context: sealed)
        if kept is None:
            await read_whole(registry, self.owner)
        else:
            await registry.recall(cast("asyncpg.Connection", kept))
        keeping = keeping_in(self.folder, self.board, self.clock, self._take_texts)
        self.board.keeping = keeping
        health = StoreHealth(self.clock.monotonic())
        intake = Intake(
            database, registry, self.clock, self.board, texts_written=lambda: None, health=health, keeping=keeping
        )  # fmt: skip
        connections = HeldConnections(database, "commands", 2)
        stack.push_async_callback(connections.close)
        bench = Workbench(
            connections, registry, self.board, self.clock, lambda: None, lambda: None, SHANGHAI
        )
        away = Away(
            intake, keeping, bench, is_away=lambda: not self._stores(), colleagues=self._colleagues
        )
        watched, untold = Watched(), Untold()
        ladder = LadderAway(
            bench, away, keeping.incidents, taker_gone_s=self.taker_gone_s, watched=watched, untold=untold
        )  # fmt: skip
        timers = IncidentTimers(
            bench, taker_gone_s=self.taker_gone_s, untold=untold, watched=watched, is_ahead=away.remembers
        )  # fmt: skip
        shown: list[None] = []

        async def show_anew() -> None:
            shown.append(None)

        recovery = Recovery(
            intake, keeping, registry, database, stores=self._stores, show_anew=show_anew, write_again=away.write_again,
            account_for_left=away.account_for_left,
        )  # fmt: skip
        stack.push_async_callback(recovery.connections.close)
        self.process = Process(
            intake, keeping, health, bench, away, recovery, ladder, timers, shown, stack
        )
        if kept is None:
            connection = await database.connect("start")
            await recovery.prepare(connection)
            await ladder.prepare(connection)
            await connection.close()
        else:
            await recovery.prepare(cast("asyncpg.Connection", kept))
            await ladder.prepare(cast("asyncpg.Connection", kept))
            recovery.without_database(self.clock.now())
            health.flush_failed(self.clock.monotonic(), "not there at the start")
        supervisor = await stack.enter_async_context(Supervisor())
        intake.start(supervisor)
        await recovery.run_once(self.clock.now())

    async def crash(self) -> None:
        """`kill -9`: what another process finds is what the page cache had at this moment."""
        self.proxy.cut()
        image = self.folder.with_name(f"spool-{next(self.spools)}")
        if self.folder.exists():
            shutil.copytree(self.folder, image)
        await self.process.stack.aclose()
        self.process.keeping.spool.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = image
        self.comes_back()

    async def crash_and_start(self) -> None:
        """And the next process writes what it finds."""
        await self.crash()
        self.comes_back(of_process=False)
        await self.start()
        await self.all_written()

    async def _take_texts(self, texts: Sequence[Mapping[str, object]]) -> bool:
        """As the office does, which sends what it knows already no second time (sms.flown)."""
        if self.office:
            known = {text["id"] for text in self.handed}
            self.handed.extend(dict(text) for text in texts if text["id"] not in known)
        return self.office

    async def crash_and_start_without(self) -> None:
        """And the database is away all the while: the next process has what was kept when it went."""
        went_at, went = self.went_at, self.went
        await self.crash()
        self.is_out = True
        self.proxy.cut()
        await self._set_database_clock(went)  # what was kept then says how old things were then
        kept = await self._answers()
        await self._set_database_clock(self.clock.monotonic())
        await self.start(Replayed(kept, went_at))

    async def _answers(self) -> list[bytes]:
        """Nothing is written while it is away: what the database has now is what it had when it went."""
        board = [
            packed(one, (), await self.owner.fetch(one))
            for one in (OPEN, STEPS_OF_OPEN, TIMED, HIGHEST_NUMBER, LATEST)
        ]
        return [*board, *[packed(*each) async for each in each_answer(self.owner)]]

    def _stores(self) -> bool:
        return self.process.health.trouble(self.clock.monotonic()) is None

    def _colleagues(self) -> Mapping[int, str]:
        return {by.actor.user_id: login for login, by in self.users.items() if by.actor is not None}

    # ---- the database

    def goes_away(self) -> None:
        """Every connection breaks, and the next rehearsal has failed."""
        self.is_out, self.went_at, self.went = True, self.clock.now(), self.clock.monotonic()
        self.proxy.cut()
        self.process.keeping.begins(self.clock.now())
        self.process.health.flush_failed(self.clock.monotonic(), "cut off")

    def comes_back(self, *, of_process: bool = True) -> None:
        """The next rehearsal has written."""
        self.is_out = False
        self.proxy.restore()
        if of_process:
            self.process.health.rehearsal_worked(self.clock.monotonic(), wrote=True)

    async def all_written(self) -> None:
        """Nothing waits any more, and the outage is over."""
        keeping, recovery = self.process.keeping, self.process.recovery
        await self._lanes_are_empty()
        self.passes(0)  # a writer may have met the broken connection only now
        await recovery.run_once(self.clock.now())
        assert (keeping.waiting, keeping.since) == (0, None)

    def passes(self, seconds: float) -> None:
        """With a rehearsal at its end."""
        self.clock.advance(seconds)
        if not self.is_out:
            self.process.health.rehearsal_worked(self.clock.monotonic(), wrote=True)

    async def _lanes_are_empty(self) -> None:
        lines = (self.process.intake._alarms, self.process.intake._others)

        def is_quiet() -> bool:
            return not any(len(line.lane) or line.lane._busy for line in lines)

        await until(is_quiet, "everything to be written", 30)

    async def tick(self, seconds: float = 1.0) -> None:
        """Time passes by the clock of the database too, and half a second before its end everybody looks at who is called."""
        await self._pass(seconds - 0.5)
        if not self.is_out:
            await self._lanes_are_empty()
            self.passes(0)
            await self.process.timers.run_once(self.clock.now())
        await self.process.ladder.run_once(self.clock.now())
        await self._pass(0.5)

    async def _pass(self, seconds: float) -> None:
        self.passes(seconds)
        await self._set_database_clock(self.clock.monotonic())

    async def _set_database_clock(self, monotonic: float) -> None:
        """It is set right all the while, whatever the process's own is put to, and somebody has looked on."""
        at = BEGAN + timedelta(seconds=monotonic)
        await self.owner.execute("UPDATE moved.clock SET at = $1", at)
        await self.owner.execute("UPDATE incident_watch SET looked_at = $1", at)

    # ---- what happens

    def signal(self, pendant: str, kind: Kind = Kind.SOS, nth: int | None = None) -> Signal:
        """A new message of this device, or its `nth` once more."""
        raw = f"{pendant}:{kind}:{nth or next(self.pressed)}".encode()
        return Signal(pendant, kind, sha256(raw).digest(), raw)

    async def press(self, pendant: str, kind: Kind = Kind.SOS, nth: int | None = None) -> Stored:
        """Acknowledged by the database or the spool. Raises Unavailable."""
        [stored] = await self.send(self.signal(pendant, kind, nth))
        return stored

    async def send(self, *signals: Signal) -> list[Stored]:
        """In one frame."""
        intake = self.process.intake
        source = intake._registry.source("dc09")
        assert source is not None
        return await intake.accept(source, signals, self.clock.now())

    def order(self, name: str, user: str, **sent: Any) -> Order:
        """A command as this operator gives it."""
        command_id, by = new_id(), self.users[user]
        body = _ORDERS[name].body(command_id=command_id, **sent)
        return Order(_ORDERS[name], body, command_id, lambda _: by)

    async def give(self, incident_id: UUID, order: Order) -> Incident | CallCenterError:
        """By the way that a request takes; the incident after it, or the refusal."""
        process = self.process

        async def asked(connection: asyncpg.Connection) -> Incident:
            return await carry_out(connection, process.bench, incident_id, order)

        async def remember() -> Incident:
            return await process.away.carry_out(incident_id, order)

        try:
            return await either(
                process.bench.connections, process.away, incident_id, asked, remember
            )
        except CallCenterError as error:
            return error

    # ---- what is known

    def open_of(self, subject: str, signal_class: str = "alarm") -> Incident | None:
        """As the seats have it."""
        return self.process.keeping.incidents.about(subject, signal_class)

    def sits(self, user: str, *, there: bool) -> None:
        """Whether somebody's seat is there."""
        actor = self.users[user].actor
        assert actor is not None
        (set.add if there else set.discard)(self.board.users, actor.user_id)

    async def rows(self) -> list[dict[str, Any]]:
        """Every incident with its timeline and since when it is watched for what, without ids."""
        return [_without_ids(row) for row in await self.owner.fetch(_ROWS)]

    async def journal(self) -> list[tuple[Any, ...]]:
        """What came, in its order, and what became of it."""
        return [tuple(row) for row in await self.owner.fetch(_JOURNAL)]

    async def texts(self) -> list[tuple[Any, ...]]:
        """Who was told what of which incident."""
        return [tuple(row) for row in await self.owner.fetch(_TEXTS)]

    async def tasks(self) -> list[tuple[Any, ...]]:
        """Who was asked to go where, and how often that was written down."""
        return [tuple(row) for row in await self.owner.fetch(_TASKS)]

    async def clear(self) -> None:
        """Nothing has happened; another process has been started."""
        await self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)
        await self.owner.execute(";".join(f"DELETE FROM {one}" for one in _OF_A_SEQUENCE))  # noqa: S608
        self.board.users.clear()
        self.board.changes.clear()
        self.board.seats = self.office = True
        self.handed.clear()
        self.is_out, self.pressed, self.clock = False, count(1), HandClock()
        await self._set_database_clock(self.clock.monotonic())
        await self.start()


_TASKS = """
SELECT id, state, home_id, region_path, place, what, languages, code, created_at, created_by, until_at, look_at,
       (SELECT count(*) FROM task_step WHERE task_id = task.id) AS steps
FROM task ORDER BY created_at, id
"""


def _without_ids(row: asyncpg.Record) -> dict[str, Any]:
    found = dict(row)
    for name in ("id", "number", "version"):
        del found[name]
    return found


@asynccontextmanager
async def outage_room(dsn: str, admin_dsn: str, folder: Path) -> AsyncIterator[OutageRoom]:
    """On a database without rows, whose clock goes by the room's. No wait of the process is longer than it must be: it is told when the
    database is away.
    """
    await give_moved_clock(admin_dsn)
    as_owner = Database(dsn, role=None)
    owner = await as_owner.connect("test owner")
    usual = waiting.SHORT_PATIENCE_S, writers.RECONNECT_PAUSE_S
    _set(0.0, 0.03)
    async with FlakyProxy.to_postgres(dsn) as proxy:
        room = OutageRoom(dsn, owner, proxy, folder / "spool-0")
        await room._set_database_clock(room.clock.monotonic())
        await _furnish(room)
        await room.start()
        try:
            yield room
        finally:
            room.proxy.restore()
            await room.process.stack.aclose()
            room.process.keeping.spool.close()
            _set(*usual)
            await owner.close()
            await as_owner.close()


@asynccontextmanager
async def server_beside(room: OutageRoom, folder: Path) -> AsyncIterator[OutageRoom]:
    """Another server on the same database, with its own spool, seats and way to it. Time passes by the first one's ticks."""
    (folder / "beside").mkdir()
    async with FlakyProxy.to_postgres(room.dsn) as proxy:
        made = OutageRoom(
            room.dsn,
            room.owner,
            proxy,
            folder / "beside" / "spool-0",
            clock=room.clock,
            users=room.users,
        )
        await made.start()
        try:
            yield made
        finally:
            proxy.restore()
            await made.process.stack.aclose()
            made.process.keeping.spool.close()


def _set(short_patience_s: float, reconnect_pause_s: float) -> None:
    waiting.SHORT_PATIENCE_S = short_patience_s
    writers.RECONNECT_PAUSE_S = reconnect_pause_s


async def _furnish(room: OutageRoom) -> None:
    community = await Community.found(room.owner)
    await community.source()
    homes = []
    for name in ("沈玉兰", "顾长生"):
        home = await community.home()
        homes.append((home, await community.resident(home, name)))
    await community.contact(homes[0][1], 1, "+8613900000001")
    for pendant, (home, resident) in zip(PENDANTS, (homes[0], homes[0], homes[1]), strict=False):
        await community.device(pendant, home, resident)
    for login in ("wang", "li"):
        actor = Actor(await community.user(login, "operator"))
        room.users[login] = By(actor, login, frozenset({community.root}))
    wang = room.users["wang"].actor
    room.board.supervisors = {wang.user_id} if wang is not None else set()


_ROWS = f"""
SELECT {INCIDENT_COLUMNS}, subject,
    ARRAY(SELECT concat_ws(' ', e.kind, e.at, e.user_name, e.data - 'journal_id') FROM timeline_entry AS e WHERE e.incident_id = incident.id ORDER BY number) AS entries,
    ARRAY(SELECT t.kind || ' ' || t.since FROM incident_timer AS t WHERE t.incident_id = incident.id ORDER BY kind) AS timers,
    (SELECT count(*) FROM incident_command AS c WHERE c.incident_id = incident.id) AS commands
FROM incident ORDER BY opened_at, subject, class
"""  # noqa: S608 constant columns

_JOURNAL = """
SELECT journal.identifier, encode(journal.raw, 'escape'), journal.outcome, journal.received_at, incident.subject, incident.opened_at
FROM journal LEFT JOIN incident ON incident.id = journal.incident_id ORDER BY journal.received_at, journal.identifier, journal.id
"""

_TEXTS = """
SELECT incident.subject, incident.opened_at, sms_message.recipient, sms_message.kind, sms_message.state
FROM sms_message LEFT JOIN incident ON incident.id = sms_message.reference
ORDER BY incident.opened_at, sms_message.recipient, sms_message.kind
"""
