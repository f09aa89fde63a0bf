"""A night is gone through again: the same intake, commands, timers and answers, on an empty database whose clock is moved along.

Nothing that happens by itself is taken from the file: it gives the instants at which the system acted, and the timers are looked at
then, as at every second between. A look that would come within a moment before such an instant is left out: the original looked at
other fractions of a second. There is no gateway: what became of a text is entered from the file.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.board import Board
from callcenter.alerts.called import OFFICE, as_told, office_of, stranger_told
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.replies import SOURCE as TEXTS, Replies
from callcenter.alerts.handling.router import operator_of
from callcenter.alerts.handling.watching import IncidentTimers
from callcenter.alerts.open_incidents import OpenIncidents
from callcenter.alerts.telephoned import TELEPHONE, Telephoned, caller_of, telephone_of
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.core.database import Database
from callcenter.core.encoding import encode_text
from callcenter.core.errors import CallCenterError, Invalid
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.core.spool import Spool
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import Caller, SourceRef
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Kind, Position, Signal
from callcenter.replaying.canonical import canonical
from callcenter.replaying.moved_clock import MovedClock
from callcenter.replaying.night import Night, What
from callcenter.replaying.sitting import SeatsAgain
from callcenter.replaying.world import write_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LOOK_EVERY: Final = timedelta(seconds=1)
BEFORE_AN_ACT: Final = timedelta(seconds=2.5)
"""The pause between two looks, twice, and what a look takes."""
_COMMANDS: Final = {command.name: command for command in OPERATORS}
_AFTER_ALL: Final = 2**31
"""A text goes out after what has caused it."""

Pace = Callable[[datetime], Awaitable[None]]
"""Waits until this time of the night has come."""


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime
    what: What
    row: Any
    entry: int = 0
    """Of what bears the same time, what stands first on its timeline came first."""


@dataclass
class Walk:
    """One night on its way. `refused` are commands that were carried out then and are refused now."""

    night: Night
    owner: asyncpg.Connection
    clock: MovedClock
    registry: Registry
    intake: Intake
    seats: SeatsAgain
    bench: Workbench
    ids: list[UUID]
    refused: list[str] = field(default_factory=list)
    done: int = 0
    looks: int = 0

    def __post_init__(self) -> None:
        self._timers = IncidentTimers(self.bench, taker_gone_s=self.night.header["taker_gone_s"])
        self._replies = Replies(self.bench, self.intake)
        self._acts = [datetime.fromisoformat(row["at"]) for row in self.night.lines[What.ACT]]
        self._awake = [
            (datetime.fromisoformat(since), datetime.fromisoformat(until))
            for since, until in self.night.header["awake"]
        ]
        self._own = {
            row["raw"]: row for row in self.night.lines[What.SIGNAL] if row["source"] == TEXTS
        }
        self._principals = principals(self.night)

    # ---- in order

    async def through(self, pace: Pace) -> None:
        """From the first to the last."""
        events = sorted(self._events(), key=attrgetter("at", "entry"))
        for event in events:
            await self._pass_until(event.at, pace)
            await pace(event.at)
            await self.clock.set(event.at)
            self.seats.pulse()
            await self._happens(event)
            self.done += 1
            if event.what is What.ACT or not self._acts_soon(event.at):
                await self._look(event.at)

    def _events(self) -> Iterator[_Event]:
        """In the order of the file."""
        lines = self.night.lines
        yield from (_event(What.SEAT, row, row["at"]) for row in lines[What.SEAT])
        for row in lines[What.SIGNAL]:
            if row["source"] != TEXTS:
                yield _event(What.SIGNAL, row, row["stored_at"])
        yield from (_event(What.COMMAND, row, row["at"]) for row in lines[What.COMMAND])
        yield from (_event(What.PROOF, row, row["at"]) for row in lines[What.PROOF])
        yield from (_event(What.ANSWER, row, row["handled_at"]) for row in lines[What.ANSWER])
        yield from (_event(What.ACT, row, row["at"]) for row in lines[What.ACT])
        for row in lines[What.TEXT]:
            yield from _of_text(row)

    async def _happens(self, event: _Event) -> None:
        ways: Mapping[What, Callable[[Any], Awaitable[None]]] = {
            What.SEAT: self._sits,
            What.SIGNAL: self._comes,
            What.COMMAND: self._commanded,
            What.PROOF: self._proved,
            What.TEXT: self._went,
            What.ANSWER: self._answered,
        }
        way = ways.get(event.what)
        if way is not None:
            await way(event.row)

    # ---- time

    async def _pass_until(self, at: datetime, pace: Pace) -> None:
        """Second by second while something is open; what nobody waits for is passed over."""
        while (then := self.clock.now() + LOOK_EVERY) < at:
            if not await self.owner.fetchval("SELECT EXISTS (SELECT FROM incident_timer)"):
                await self._pass_over(at)
                return
            await pace(then)
            await self.clock.set(then)
            self.seats.pulse()
            if not self._acts_soon(then) and self._is_awake(then):
                await self._look(then)

    async def _pass_over(self, at: datetime) -> None:
        """Servers have looked on all the while, and had nothing to do."""
        await self.clock.set(at)
        if self._is_awake(at):
            await self.owner.execute(_LOOKED)

    def _acts_soon(self, at: datetime) -> bool:
        return any(at < act <= at + BEFORE_AN_ACT for act in self._acts)

    def _is_awake(self, at: datetime) -> bool:
        """Whether a server looked on then; where nothing is known of that, one did."""
        return not self._awake or any(since <= at <= until for since, until in self._awake)

    async def _look(self, at: datetime) -> None:
        self.looks += 1
        self.seats.hub.recount()
        await self._timers.run_once(at)

    # ---- what happens

    async def _sits(self, row: Mapping[str, Any]) -> None:
        self.seats.change(row)

    async def _comes(self, row: Mapping[str, Any]) -> None:
        """A signal, under the ids that it had."""
        received = datetime.fromisoformat(row["received_at"])
        self._expect(row)
        if row["number"] is not None and row["outcome"] == "opened":
            await self.owner.execute(_NUMBER, row["number"])
        source, raw = self._source(row), bytes.fromhex(row["raw"][2:])
        if row["outcome"] == "undecodable":
            reason = row["reason"] or ""
            await self.intake.keep_undecodable(source, raw, row["identifier"], reason, received)
            return
        signal = _signal(row, raw)
        caller = self._named(row, signal, received)
        await self.intake.accept(source, [signal], received, caller)

    def _expect(self, row: Mapping[str, Any]) -> None:
        """The next ids that intake makes."""
        opened = row["outcome"] == "opened"
        self.ids[:] = [UUID(row["id"]), UUID(row["incident_id"]) if opened else new_id()]

    def _source(self, row: Mapping[str, Any]) -> SourceRef:
        if row["source"] == OFFICE:
            return office_of(self.registry.root_id)
        if row["source"] == TELEPHONE:
            return telephone_of(self.registry.root_id)
        known = self.registry.source(row["source"])
        return known or SourceRef(row["source"], row["source"], self.registry.root_id)

    def _named(self, row: Mapping[str, Any], signal: Signal, at: datetime) -> Caller | None:
        """Who it is, where no device says it."""
        if row["source"] == OFFICE:
            return self._told(row, signal, at)
        if row["source"] == TELEPHONE:
            return caller_of(_rang(row, signal, at), self.registry, self.registry.root_id, at)
        return None

    def _told(self, row: Mapping[str, Any], signal: Signal, at: datetime) -> Caller | None:
        """Whom somebody of the centre has named."""
        registry, home = self.registry, row["home_id"]
        if home is not None:
            caller = registry.home_caller(home, row["resident_id"], at)
            return as_told(caller, signal) if caller and signal.extra else caller
        region = registry.root_id
        settings = registry.region_settings(region)
        stranger = stranger_told(signal, region, registry.region_path(region), settings)
        return as_told(stranger, signal)

    async def _commanded(self, row: Mapping[str, Any]) -> None:
        """An operator's, as it was given. One that is refused now is told by the comparison, too."""
        command, given = _COMMANDS[row["action"]], {**row["body"], "command_id": row["id"]}
        by = operator_of(self._principals[row["user_id"]])
        at = datetime.fromisoformat(row["at"])
        order = Order(command, command.body.model_validate(given), UUID(row["id"]), by, at)
        try:
            async with self.bench.connections.use() as connection:
                await carry_out(connection, self.bench, UUID(row["incident_id"]), order)
        except CallCenterError as error:
            self.refused.append(f"{row['at']} {row['action']}: {error.code}")
        if command.name in ("assign", "unassign"):
            await read_registry(self.registry, self.owner)

    async def _proved(self, row: Mapping[str, Any]) -> None:
        await self.owner.execute(_PROOF, encode_text(row))

    async def _went(self, row: Mapping[str, Any]) -> None:
        """What a gateway and the network have said of a text; what was called off before it went is called off by its cause."""
        await self.owner.execute(_TEXT, encode_text(row))

    async def _answered(self, row: Mapping[str, Any]) -> None:
        """A text that came in is understood when it was."""
        raw = f"{row['sender']}: {row['text']}".encode().hex()
        quiet = self._own.get(f"\\x{raw}")
        if quiet is not None:
            self._expect(quiet)
            if quiet["outcome"] == "opened":
                await self.owner.execute(_NUMBER, quiet["number"])
        await self.owner.execute(_ANSWER, encode_text(row))
        await self._replies.run_once(self.clock.now())

    async def came_of_it(self) -> list[str]:
        """The canonical form of what this database holds."""
        tables = {
            name: [row["told"] for row in await self.owner.fetch(_ALL.format(name))]
            for name in ("incident", "timeline_entry", "incident_plan", "sms_message", "journal", "sms_inbound")
        }  # fmt: skip
        return canonical(tables)


def _event(what: What, row: Any, at: str) -> _Event:
    entry = _AFTER_ALL if what is What.TEXT else row.get("entry") or row.get("version") or 0
    return _Event(datetime.fromisoformat(at), what, row, entry)


def _of_text(row: Mapping[str, Any]) -> Iterator[_Event]:
    """When it was handed over, and when it was settled."""
    for name, state in (("submitted_at", "submitted"), ("settled_at", row["state"])):
        ended = name == "settled_at" or row["settled_at"] is None
        if row[name] is not None:
            told = row if ended else {**row, "state": state, "settled_at": None, "error": None}
            yield _event(What.TEXT, told, row[name])


def _rang(row: Mapping[str, Any], signal: Signal, at: datetime) -> Telephoned:
    """A key that dialled, as far as a night keeps it."""
    return Telephoned(
        pbx="",
        call=str(row["id"]),
        line="",
        number=signal.identifier,
        is_number=signal.identifier.startswith("+"),
        at=at,
        home_id=row["home_id"],
        resident_id=row["resident_id"],
        device_id=row["device_id"],
    )


def _signal(row: Mapping[str, Any], raw: bytes) -> Signal:
    stranger = row["home_id"] is None and row["device_id"] is None
    peer = row["subject"].rpartition("@")[2] if stranger and "@" in (row["subject"] or "") else None
    placed = row["lat"] is not None and row["lng"] is not None
    occurred = row["occurred_at"]
    return Signal(
        identifier=row["identifier"] or "",
        kind=Kind(row["kind"]),
        dedup_key=bytes.fromhex(row["key"]),
        raw=raw,
        occurred_at=datetime.fromisoformat(occurred) if occurred else None,
        position=Position(row["lat"], row["lng"]) if placed else None,
        text=row["text"],
        extra=row["extra"],
        flags=tuple(flag for flag in row["flags"] if flag != "unknown_device"),
        peer=peer,
    )


def principals(night: Night) -> dict[int, Principal]:
    """Who gave commands, with the grants that they have."""
    users = [row for table, row in night.lines[What.WORLD] if table == "app_user"]
    grants = [row for table, row in night.lines[What.WORLD] if table == "role_grant"]
    return {
        user["id"]: Principal(
            user["id"], user["login"], user["name"], user["name_en"], user["language"],
            tuple(HeldGrant(Role(one["role"]), one["region_id"]) for one in grants if one["user_id"] == user["id"]),
            b"", "", datetime.max.replace(tzinfo=UTC),
        )
        for user in users
    }  # fmt: skip


async def read_registry(registry: Registry, connection: asyncpg.Connection) -> None:
    """All of it."""
    await registry.prepare(connection)
    while await registry.fill(connection):
        pass


@asynccontextmanager
async def walk_on(night: Night, dsn: str, admin_dsn: str) -> AsyncIterator[Walk]:
    """A night in the database of a replay, which was made for it and is empty. Raises Invalid where it is not."""
    async with AsyncExitStack() as stack:
        database = Database(dsn, role=None, pool_size=1)
        stack.push_async_callback(database.close)
        owner = await database.connect("replay", answer_s=None)
        stack.push_async_callback(owner.close)
        await refuse_filled(owner)
        admin = await asyncpg.connect(admin_dsn)
        try:
            await write_world(admin, _world(night))
        finally:
            await admin.close()
        clock = MovedClock(_begin(night), owner)
        await clock.set(_begin(night))
        await owner.execute(_LOOKED)
        registry = Registry(lambda sealed, _context: sealed, ZoneInfo(night.header["zone"]))
        await read_registry(registry, owner)
        seats = SeatsAgain(clock)
        ids: list[UUID] = []
        intake = Intake(
            database,
            registry,
            clock,
            seats.hub,
            texts_written=lambda: None,
            keeping=_never_needed(stack, seats.hub, clock),
            ids=lambda: ids.pop(0) if ids else new_id(),
        )
        stack.push_async_callback(intake.close)
        connections = HeldConnections(database, "replaying", 2)
        stack.push_async_callback(connections.close)
        bench = Workbench(
            connections, registry, seats.hub, clock, lambda: None, lambda: None, ZoneInfo(night.header["zone"])
        )  # fmt: skip
        supervisor = await stack.enter_async_context(Supervisor())
        intake.start(supervisor)
        yield Walk(night, owner, clock, registry, intake, seats, bench, ids)


class _Open:
    """Nothing of a replay is sealed: its spool is thrown away with it."""

    def seal(self, plain: bytes, *, context: str) -> bytes:  # noqa: ARG002 - core.spool.Sealing
        return plain

    def open(self, sealed: bytes, *, context: str) -> bytes:  # noqa: ARG002 - as above
        return sealed


def _never_needed(stack: AsyncExitStack, board: Board, clock: MovedClock) -> Keeping:
    """What an outage would need: by a clock that stands still while a signal is written, no patience ever ends."""
    folder = stack.enter_context(TemporaryDirectory(prefix="replay-spool-"))
    return Keeping(Spool(Path(folder), _Open()), OpenIncidents(), board, clock)


async def refuse_filled(owner: asyncpg.Connection) -> None:
    """A night is gone through in a database of its own, never in one that knows of anything else."""
    if not await owner.fetchval("SELECT to_regclass('moved.clock') IS NOT NULL"):
        raise Invalid("this database was not made for a replay", code="replay_not_empty")
    if await owner.fetchval(_FILLED):
        raise Invalid(
            "this database holds a night already: name a new folder", code="replay_not_empty"
        )


def _world(night: Night) -> Sequence[tuple[str, Mapping[str, Any]]]:
    return [(table, row) for table, row in night.lines[What.WORLD]]


def _begin(night: Night) -> datetime:
    return night.since - timedelta(seconds=1)


_LOOKED = "UPDATE incident_watch SET looked_at = clock_timestamp()"

_FILLED = "SELECT EXISTS (SELECT FROM journal) OR EXISTS (SELECT FROM incident) OR EXISTS (SELECT FROM home)"

_NUMBER = "SELECT setval(pg_get_serial_sequence('incident', 'number'), $1, false)"

_ALL = "SELECT to_jsonb(one) AS told FROM {} AS one"

_PROOF = """
INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at)
SELECT incident_id, ring, proof, user_id, seat_id, at FROM jsonb_populate_record(NULL::incident_proof, $1::text::jsonb)
ON CONFLICT DO NOTHING
"""

_ANSWER = """
INSERT INTO sms_inbound (id, gateway, provider_key, sender, text, received_at)
SELECT id, gateway, provider_key, sender, text, received_at FROM jsonb_populate_record(NULL::sms_inbound, $1::text::jsonb)
"""

_TEXT = """
UPDATE sms_message AS held SET state = told.state, attempt = told.attempt, error = told.error, submitted_at = told.submitted_at,
    settled_at = told.settled_at
FROM jsonb_populate_record(NULL::sms_message, $1::text::jsonb) AS told
WHERE held.dedup = told.dedup AND held.state NOT IN ('drill', 'cancelled')
  AND NOT (told.state = 'cancelled' AND told.withdrawn_at IS NOT NULL)
"""
