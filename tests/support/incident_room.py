"""A small centre on a database of its own, for random sequences of whatever can happen to its incidents. What a command is to
do is decided by the pure function first, then carried out, and the rows are held against it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from callcenter.alerts.archive import read_incident
from callcenter.alerts.arriving.flushing import Stored
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.decision import By, Decision
from callcenter.alerts.handling.facts import Lookup
from callcenter.alerts.handling.relocating import Relocating
from callcenter.alerts.handling.replies import Replies
from callcenter.alerts.handling.watching import IncidentTimers
from callcenter.alerts.incident import INCIDENT_COLUMNS, Actor, Incident
from callcenter.core.database import Database
from callcenter.core.encoding import encode_text
from callcenter.core.errors import CallCenterError
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.core.supervisor import Supervisor
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Kind, Signal
from callcenter.regions.policies import EscalationPolicy, stored_policies
from tests.alerts.conftest import ShownBoard
from tests.support.away import keeping_somewhere
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.outbox import SHANGHAI
from tests.support.reading import read_whole

DAUGHTER, SON = "+8613900000001", "+8613900000002"
DUTY = ("+8613900000009", "+8613900000008")
STRANGER = "+8613900000077"
TAKER_GONE_S = 60.0
_OF_A_SEQUENCE = (
    "task_step", "task", "incident", "incident_timer", "incident_command", "incident_plan", "incident_proof", "timeline_entry", "sms_message",
    "sms_inbound", "journal", "signal_dedup", "device_assignment", "device", "test_period",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """An incident as the tables have it."""

    incident: Incident
    subject: str
    timers: Mapping[str, bool]
    """Kind, and whether it will be due by itself."""
    silent_since: datetime | None
    """Since when an answer of a contact is waited for."""
    entries: Sequence[str]
    commands: int
    texts: int

    @property
    def id(self) -> UUID:
        return self.incident.id

    @property
    def watch(self) -> Mapping[str, bool]:
        """Its timers without those of its contacts and of its plan."""
        beside = ("contact_silent", "plan_wait")
        return {kind: due for kind, due in self.timers.items() if kind not in beside}


@dataclass
class IncidentRoom:
    """Two homes, the first with two contacts, in a street with a duty list; two operators and a supervisor."""

    community: Community
    registry: Registry
    intake: Intake
    board: ShownBoard
    bench: Workbench
    database: Database
    owner: asyncpg.Connection
    clock: HandClock
    users: Mapping[str, By] = field(default_factory=dict)
    homes: list[int] = field(default_factory=list)
    residents: list[int] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    lane: int = 0
    pressed: int = 0

    # ---- between two sequences

    async def clear(self) -> None:
        """Nothing has happened, and nobody sits there."""
        await self.owner.execute(";".join(f"DELETE FROM {one}" for one in _OF_A_SEQUENCE))  # noqa: S608
        await self.owner.execute("UPDATE home SET region_id = $1", self.community.street)
        for pendant, home in (("1", 0), ("2", 0), ("3", 1)):
            await self.community.device(pendant, self.homes[home], self.residents[home])
        self.board.users, self.board.supervisors, self.board.seats = set(), set(), False
        self.board.occupied, self.board.best = frozenset(), ()
        await self.rules(duty=2, ring="all", next_contact_s=180)
        await self.look()

    async def rules(self, *, duty: int, ring: Any, next_contact_s: int) -> None:
        """The administrator changes what holds; the registry learns of it."""
        await self.owner.execute(
            "UPDATE region SET duty_numbers = $2, escalation = $3, next_contact_s = $4 WHERE id = $1",
            self.community.root,
            list(DUTY[:duty]),
            stored_policies({0: EscalationPolicy(ring=ring)}),
            next_contact_s,
        )
        await self.reload()

    async def reload(self) -> None:
        await read_whole(self.registry, self.owner)

    # ---- what happens

    async def press(self, pendant: str, kind: Kind, *, real: bool = False) -> Stored:
        """A new signal of this device; never a repeat."""
        self.pressed += 1
        raw = f"{pendant}:{self.pressed}".encode()
        signal = Signal(pendant, kind, sha256(raw).digest(), raw, text="真的" if real else None)
        source = self.registry.source("dc09")
        assert source is not None
        [stored] = await self.intake.accept(source, [signal], self.clock.now())
        return stored

    async def tries(self, home: int, minutes: int) -> None:
        """This home is in test for so long."""
        now = self.clock.now()
        await self.owner.execute(
            "INSERT INTO test_period (subject, subject_id, region_id, region_path, from_at, until_at, reason, by_id, by_name)"
            " VALUES ('home', $1, 1, '{1}', $2, $3, '', 1, '')",
            self.homes[home],
            now,
            now + timedelta(minutes=minutes),
        )
        await self.reload()

    async def moves(self, home: int, *, away: bool) -> None:
        """To another region, or back; open incidents follow."""
        region = self.lane if away else self.community.street
        await self.owner.execute(
            "UPDATE home SET region_id = $2 WHERE id = $1", self.homes[home], region
        )
        await self.reload()
        await Relocating(self.bench).run_once(self.clock.now())

    async def writes_back(self, phone: str, words: str, *, twice: bool) -> None:
        """A text comes in, and is understood; by the gateway's mistake perhaps two of it."""
        for one in [new_id() for _ in range(1 + twice)]:
            await self.owner.execute(
                "INSERT INTO sms_inbound (id, gateway, provider_key, sender, text, received_at)"
                " VALUES ($1, 'kannel', gen_random_uuid()::text, $2, $3, $4)",
                one,
                phone,
                words,
                self.clock.now(),
            )
        await Replies(self.bench, self.intake).run_once(self.clock.now())

    async def passes(self, seconds: float, *, watched: bool = True) -> None:
        """So long, while a server looks on or none does; then it looks twice."""
        passed = timedelta(seconds=seconds)
        self.clock.advance(max(seconds, 0))
        await self.owner.execute(
            "UPDATE incident_timer SET due_at = due_at - $1::interval, since = since - $1::interval,"
            " missing_since = missing_since - $1::interval",
            passed,
        )
        if not watched:
            await self.owner.execute(
                "UPDATE incident_watch SET looked_at = looked_at - $1::interval", passed
            )
        await self.look()

    async def look(self, servers: int = 1) -> None:
        """Each server looks at the timers, at the same time."""
        looking = [IncidentTimers(self.bench, taker_gone_s=TAKER_GONE_S) for _ in range(servers)]
        await asyncio.gather(*(one.run_once(self.clock.now()) for one in looking))

    # ---- commands

    async def decide(self, incident_id: UUID, order: Order) -> Decision | CallCenterError | None:
        """What the pure function says of it now."""
        async with self.bench.connections.use() as connection:
            found = await read_incident(connection, incident_id)
            lookup = Lookup(connection, self.registry, self.clock, found)
            facts = await lookup.facts(order.command.needs, order.body)
        try:
            return order.command.decide(found, facts, order.by(found), order.body, self.clock.now())
        except CallCenterError as error:
            return error

    async def give(self, incident_id: UUID, order: Order) -> Incident | CallCenterError:
        """Carry it out; the incident after it, or the refusal."""
        try:
            async with self.bench.connections.use() as connection:
                after = await carry_out(connection, self.bench, incident_id, order)
        except CallCenterError as error:
            return error
        if order.command.name in {"assign", "unassign"}:
            await self.reload()
        return after

    # ---- what the tables have

    async def seen(self) -> dict[UUID, Seen]:
        """Every incident, the oldest first."""
        rows = await self.owner.fetch(_SEEN)
        return {row["id"]: _seen(row) for row in rows}

    async def unheard(self) -> Sequence[str]:
        """Texts that came in and stand nowhere: neither on a timeline nor in the journal."""
        return [row["text"] for row in await self.owner.fetch(_UNHEARD)]

    async def is_refused(self, incident_id: UUID, values: Mapping[str, object]) -> bool:
        """Somebody writes the row past every decision; whatever comes of it is taken back."""
        sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 2))
        attempt = self.owner.transaction()
        await attempt.start()
        try:
            await self.owner.execute(
                f"UPDATE incident SET {sets} WHERE id = $1",  # noqa: S608 names of columns
                incident_id,
                *values.values(),
            )
        except (asyncpg.CheckViolationError, asyncpg.UniqueViolationError):
            return True
        finally:
            await attempt.rollback()
        return False

    async def is_opened_beside(self, incident_id: UUID) -> bool:
        """Somebody writes a second open incident about the same."""
        attempt = self.owner.transaction()
        await attempt.start()
        try:
            await self.owner.execute(_BESIDE, incident_id, new_id())
        except asyncpg.UniqueViolationError:
            return False
        finally:
            await attempt.rollback()
        return True


def differences(decided: Incident, held: Incident) -> dict[str, tuple[object, object]]:
    """Fields in which the row is not as it was decided; the version is the statement's."""
    return {
        one.name: (getattr(decided, one.name), getattr(held, one.name))
        for one in fields(Incident)
        if one.name != "version"
        and _as_stored(getattr(decided, one.name)) != _as_stored(getattr(held, one.name))
    }


def _as_stored(value: object) -> object:
    """Without what JSON does not tell apart."""
    return json.loads(encode_text(value))


def _seen(row: Mapping[str, Any]) -> Seen:
    return Seen(
        Incident.of(row),
        row["subject"],
        row["timers"],
        row["silent_since"],
        row["entries"],
        row["commands"],
        row["texts"],
    )


@asynccontextmanager
async def incident_room(dsn: str) -> AsyncIterator[IncidentRoom]:
    """On a database without rows."""
    database, as_owner = Database(dsn), Database(dsn, role=None)
    owner = await as_owner.connect("test owner")
    clock, board = HandClock(), ShownBoard(seats=False)
    registry = Registry(unseal=lambda sealed, context: sealed)
    keeping = keeping_somewhere(board, clock)
    intake = Intake(database, registry, clock, board, texts_written=lambda: None, keeping=keeping)
    connections = HeldConnections(database, "commands", 4)
    bench = Workbench(connections, registry, board, clock, lambda: None, lambda: None, SHANGHAI)
    community = await Community.found(owner)
    room = IncidentRoom(community, registry, intake, board, bench, database, owner, clock)
    await _furnish(room)
    try:
        async with Supervisor() as supervisor:
            intake.start(supervisor)
            yield room
    finally:
        await connections.close()
        await owner.close()
        await as_owner.close()
        await database.close()


async def _furnish(room: IncidentRoom) -> None:
    community = room.community
    await community.source()
    room.lane = await community.region(community.root, "street", "西柳街道")
    for name in ("沈玉兰", "顾长生"):
        home = await community.home()
        room.homes.append(home)
        room.residents.append(await community.resident(home, name))
    for rank, phone in enumerate((DAUGHTER, SON), 1):
        room.contacts.append(await community.contact(room.residents[0], rank, phone))
    profiles = frozenset({community.root})
    for login in ("wang", "li", "boss"):
        role = "supervisor" if login == "boss" else "operator"
        actor = Actor(await community.user(login, role), supervises=login == "boss")
        room.users = {**room.users, login: By(actor, login, profiles)}


def closed_values(room: IncidentRoom) -> dict[str, object]:
    """What a closed row has."""
    return {
        "outcome": "emergency",
        "closed_at": room.clock.now(),
        "safe_by": "林晓",
        "safe_where": "县医院",
    }


_SEEN = f"""
SELECT {INCIDENT_COLUMNS}, subject,
    coalesce((SELECT jsonb_object_agg(kind, due_at IS NOT NULL) FROM incident_timer AS t WHERE t.incident_id = incident.id), '{{}}') AS timers,
    (SELECT since FROM incident_timer AS t WHERE t.incident_id = incident.id AND t.kind = 'contact_silent') AS silent_since,
    ARRAY(SELECT e.kind FROM timeline_entry AS e WHERE e.incident_id = incident.id ORDER BY number) AS entries,
    (SELECT count(*) FROM incident_command AS c WHERE c.incident_id = incident.id) AS commands,
    (SELECT count(*) FROM sms_message AS s WHERE s.reference = incident.id) AS texts
FROM incident ORDER BY number
"""  # noqa: S608 constant columns

_UNHEARD = """
SELECT text FROM sms_inbound AS said WHERE handled_at IS NULL OR NOT EXISTS (
    SELECT FROM timeline_entry WHERE kind = 'reply' AND data->>'inbound_id' = said.id::text
) AND NOT EXISTS (SELECT FROM journal WHERE source = 'sms' AND identifier = said.sender AND text = said.text)
"""

_BESIDE = """
INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at)
SELECT $2, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at
FROM incident WHERE id = $1
"""
