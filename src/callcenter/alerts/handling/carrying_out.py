"""Carrying out commands: one guarded statement each (design 6b.4), decided anew when somebody was faster.

The statement changes the incident only in the version that was decided upon, and only if the command's id is new; entry,
command, texts and timers are written from what it changed. So a repeated command changes nothing and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.dialects import postgresql

from callcenter.alerts.archive import read_incident
from callcenter.alerts.board import Board
from callcenter.alerts.change import Change
from callcenter.alerts.entries import KIND_OF, Entry
from callcenter.alerts.handling.decision import SYSTEM, By, Command, Decision
from callcenter.alerts.handling.facts import Lookup
from callcenter.alerts.handling.known_forwards import KnownForwards
from callcenter.alerts.incident import FIELDS, INCIDENT_COLUMNS, Incident, State
from callcenter.alerts.models import IncidentRow
from callcenter.alerts.timers import (
    await_answers,
    await_step,
    set_timers,
    starts_anew,
    timer_of,
)
from callcenter.core.clock import Clock
from callcenter.core.encoding import encode_text
from callcenter.core.errors import Conflict, Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.devices.registry import Registry
from callcenter.dispatch.outbox import insert_tasks, task_rows
from callcenter.forwarding.outbox import insert_forwardings, order_rows
from callcenter.sms.catalogue import FOR_DUTY, in_sql
from callcenter.sms.outbox import insert_texts, text_rows

TRIES = 8


@dataclass(frozen=True, slots=True)
class Workbench:
    """Port of the API: what commands need."""

    connections: HeldConnections
    registry: Registry
    board: Board
    clock: Clock
    texts_written: Callable[[], None]
    directory_changed: Callable[[], None]
    zone: tzinfo
    """The site's, for what is shown in words."""
    forwards_written: Callable[[], None] = lambda: None
    tasks_written: Callable[[], None] = lambda: None
    forwards: KnownForwards = field(default_factory=KnownForwards)
    """What is known of other centres while the database is away."""


@dataclass(frozen=True, slots=True)
class Order:
    """A command as it is given. `by` says who gives it, or raises NotFound where they may not see the incident."""

    command: Command
    body: Any
    id: UUID
    by: Callable[[Incident], By]
    at: datetime | None = None
    """When it was given, if that was before the database could be asked; None: now."""


def of_system(command: Command, body: object) -> Order:
    """What the system itself orders; it is recognised by its decision, not by its id."""
    return Order(command, body, new_id(), lambda _: SYSTEM)


async def carry_out(
    connection: asyncpg.Connection, bench: Workbench, incident_id: UUID, order: Order
) -> Incident:
    """Look, decide and write, again if the incident changed in between; answers with the incident after it."""
    for _ in range(TRIES):
        is_done = await _is_done(
            connection, order.id, incident_id
        )  # first: what is read then has it
        incident = await read_incident(connection, incident_id)
        by = order.by(incident)
        if is_done:
            return incident
        lookup = Lookup(connection, bench.registry, bench.clock, incident)
        facts = await lookup.facts(order.command.needs, order.body)
        now = order.at or bench.clock.now()
        decision = order.command.decide(incident, facts, by, order.body, now)
        if decision is None:
            return incident
        ago = max(bench.clock.now() - now, timedelta())  # the clock may have been set back since
        change = await _write(connection, incident, _Step(order, by, decision, now, ago))
        if change is not None:
            _tell(bench, change, decision)
            return change.incident
    raise Conflict("The incident changes too fast: try again.", code="busy")


async def _is_done(connection: asyncpg.Connection, command_id: UUID, incident_id: UUID) -> bool:
    held = await connection.fetchval(_DONE, command_id)
    if held is not None and held != incident_id:
        raise Conflict(
            "This command id was used for another incident.", code="command_of_other_incident"
        )
    return held is not None


def _tell(bench: Workbench, change: Change, decision: Decision) -> None:
    bench.board.publish([change])
    if decision.texts or decision.withdrawal is not None:
        bench.texts_written()
    if decision.forwards:
        bench.forwards_written()
    if decision.tasks:
        bench.tasks_written()
    if decision.attachment is not None or decision.withdrawal is not None:
        bench.directory_changed()


@dataclass(frozen=True, slots=True)
class _Step:
    order: Order
    by: By
    decision: Decision
    now: datetime
    ago: timedelta
    """It was done so long before the database could be asked."""

    @property
    def user_id(self) -> int | None:
        return self.by.actor.user_id if self.by.actor else None


async def _write(connection: asyncpg.Connection, before: Incident, step: _Step) -> Change | None:
    """One statement; None when the incident is no longer in the version that was decided upon."""
    decision = step.decision
    columns, values = _changed(before, decision)
    kind = KIND_OF[type(decision.said)]
    plan = decision.plan
    try:
        row = await connection.fetchrow(
            _statement(columns, _also(decision), _more(decision)),
            before.id,
            before.version,
            step.order.id,
            step.order.command.name,
            step.user_id,
            step.by.name,
            step.now,
            kind,
            encode_text(decision.said),
            encode_text(text_rows(before.id, decision.texts, step.now, decision.after.ring)),
            timer_of(decision.after),
            starts_anew(before, decision.after),
            decision.due_in,
            decision.next_contact_s,
            decision.stops_telling or decision.after.state is State.CLOSED,
            decision.wait.until if decision.wait else None,
            _ends_wait(decision),
            step.ago,
            _as_given(step),
            *values,
            *_device_values(decision),
            *((plan.plan_id, plan.version, plan.kind) if plan else ()),
            *_forward_values(decision, step.now, step.ago),
            *_field_values(decision, step.now),
        )
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "pk_incident_command":
            return None  # written this moment: the next look finds it
        if error.constraint_name != "uq_incident_open":
            raise
        raise Conflict(
            "This home has an open incident already: work on that one.", code="home_has_incident"
        ) from error
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
        raise Unavailable("The incident is busy: try again.", code="busy") from error
    if row is None:
        return None
    after = Incident.of(row)
    by = step.user_id, step.by.name
    entry = Entry(after.id, after.version, step.now, kind, *by, decision.said)
    return Change(after, (entry,), decision.subject)


def _as_given(step: _Step) -> str | None:
    """What a person sent, whole; what the system ordered follows from the rows."""
    if step.by.actor is None:
        return None
    return encode_text(step.order.body.model_dump(mode="json", exclude={"command_id"}))


def _changed(before: Incident, decision: Decision) -> tuple[tuple[str, ...], list[object]]:
    """Names and values of the columns that the decision changes."""
    found = {
        _COLUMN_OF.get(name, name): value
        for name in FIELDS
        if (value := getattr(decision.after, name)) != getattr(before, name)
    }
    if decision.subject is not None:
        found["subject"] = decision.subject
    return tuple(found), [_stored(value) for value in found.values()]


_COLUMN_OF = {"signal_class": "class"}


def _stored(value: object) -> object:
    return encode_text(value) if isinstance(value, dict) else value


def _ends_wait(decision: Decision) -> bool:
    """No wait of the plan runs after it."""
    moves_on = decision.wait is not None and decision.wait.until is None
    return moves_on or decision.after.state is State.CLOSED


class _Also(StrEnum):
    """What a statement does besides."""

    NOTHING = ""
    ATTACH = "attach"
    WITHDRAW = "withdraw"


def _also(decision: Decision) -> _Also:
    if decision.withdrawal is not None:
        return _Also.WITHDRAW
    return _Also.ATTACH if decision.attachment is not None else _Also.NOTHING


def _device_values(decision: Decision) -> tuple[object, ...]:
    """Of the part that attaches or detaches a device."""
    if decision.withdrawal is not None:
        undone = decision.withdrawal
        return undone.region_id, undone.home_id, undone.device_id
    made = decision.attachment
    return (made.region_id, made.home_id, made.resident_id) if made is not None else ()


def _forward_values(decision: Decision, now: datetime, ago: timedelta) -> tuple[object, ...]:
    """Of the parts that write forwardings, and what the timeline says of one."""
    written = (encode_text(order_rows(decision.forwards, now, ago)),) if decision.forwards else ()
    told = decision.forward_told
    if told is None:
        return written
    return (*written, told.forwarding_id, told.said, told.accepted_said, told.accepted_by)


def _field_values(decision: Decision, now: datetime) -> tuple[object, ...]:
    """Of the parts that write tasks, and say of a step that the timeline tells it."""
    written = (encode_text(task_rows(decision.tasks, now)),) if decision.tasks else ()
    told = decision.step_told
    return written if told is None else (*written, told.task_id, told.n)


def _more(decision: Decision) -> tuple[str, ...]:
    """The parts that only some decisions need, in the order of their values."""
    found = {
        _PLAN: decision.plan is not None,
        _FORWARD: bool(decision.forwards),
        _FORWARD_TOLD: decision.forward_told is not None,
        _TASKS: bool(decision.tasks),
        _STEP_TOLD: decision.step_told is not None,
    }
    return tuple(part for part, needed in found.items() if needed)


_FIRST_VALUE = 20
_MOST_VALUES = 11
"""Of the parts that only some statements have."""


@cache
def _statement(columns: tuple[str, ...], also: _Also, parts: tuple[str, ...] = ()) -> str:
    """The statement that sets these columns, all of them fields of the incident or its subject."""
    places = [f"${_FIRST_VALUE + place}" for place in range(len(columns) + _MOST_VALUES)]
    sets = "".join(
        f", {column} = {place}::{_TYPES[column]}"
        for column, place in zip(columns, places, strict=False)
    )
    more = places[len(columns) :]
    beside = _AT_DEVICE[also].format(*more)
    more = more[0 if also is _Also.NOTHING else 3 :]
    for part in parts:
        beside += part.format(*more)
        more = more[_VALUES[part] :]
    withdraws = also is _Also.WITHDRAW
    return (
        _WRITE.replace("/* sets */", sets)
        .replace("/* withdrawing */", _WITHDRAW if withdraws else "")
        .replace("/* only */", _ONLY_TO_READERS if withdraws else "true")
        .replace("/* beside */", beside)
    )


_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def _type_of(column: Any) -> str:
    name: str = column.type.compile(dialect=_DIALECT)
    return "text::jsonb" if name == "JSONB" else name


_TYPES = {column.name: _type_of(column) for column in IncidentRow.__table__.columns}

_CLEAR, _START = set_timers("changed", "$7", "$18::interval")

_WRITE = f"""
WITH changed AS (
    UPDATE incident SET version = version + 1 /* sets */
    WHERE id = $1 AND version = $2 AND NOT EXISTS (SELECT 1 FROM incident_command WHERE incident_command.id = $3)
    RETURNING *, $11::text AS timer, $12::boolean AS anew, $15::boolean AS stops, $17::boolean AS ends_wait
), entries AS (
    INSERT INTO timeline_entry (incident_id, number, at, kind, user_id, user_name, data)
    SELECT id, version, $7, $8::text, $5::bigint, $6::text, $9::text::jsonb FROM changed
), commands AS (
    INSERT INTO incident_command (id, incident_id, user_id, action, version, at, body)
    SELECT $3, id, $5, $4::text, version, $7, $19::text::jsonb FROM changed WHERE $5 IS NOT NULL
), /* withdrawing */ told AS (
    {insert_texts("$10", "$7", "changed", only="/* only */")}
    RETURNING reference, kind
), asked AS (
    {await_answers("told", "$14::bigint", anew=True)}
), rested AS (
    {_CLEAR}
), watched AS (
    {_START}
), awaited AS (
    {await_step("changed", "$7", "$16")}
), moved AS (
    UPDATE incident_timer SET due_at = clock_timestamp() - $18::interval + $13::interval FROM changed
    WHERE incident_id = changed.id AND incident_timer.kind = changed.timer AND $13::interval IS NOT NULL
) /* beside */
SELECT {INCIDENT_COLUMNS} FROM changed
"""  # noqa: S608 constant parts

_ATTACH = """
, known AS (
    INSERT INTO device (region_id, source, identifier, kind)
    SELECT {0}::bigint, before.source, before.identifier, 'other' FROM changed JOIN incident AS before USING (id)
    WHERE NOT EXISTS (
        SELECT 1 FROM incident AS other WHERE other.state <> 'closed' AND other.home_id IS NULL
        AND other.source = before.source AND other.identifier = before.identifier AND other.subject <> before.subject
    )
    ON CONFLICT (source, identifier) DO UPDATE SET version = device.version + 1, region_id = excluded.region_id
    WHERE NOT EXISTS (
        SELECT 1 FROM device_assignment AS held
        WHERE held.device_id = device.id AND (held.valid_until IS NULL OR held.valid_until > $7)
    )
    RETURNING id
), attached AS (
    INSERT INTO device_assignment (device_id, home_id, resident_id, valid_from)
    SELECT id, {1}::bigint, {2}::bigint, $7 FROM known
)
"""
"""`before` is the row as the statement found it. A name that another caller uses at this moment, from another address, is
not one device and is attached to nobody. A device that calls somebody else already stays as it is, also in its own region.
"""

_WITHDRAW = f"""
withdrawn AS (
    UPDATE sms_message AS message SET version = message.version + 1,
        dedup = message.dedup || ':' || changed.version,
        withdrawn_at = CASE WHEN message.kind <> 'correction' THEN $7::timestamptz END,
        state = CASE WHEN message.state = 'queued' AND message.kind <> 'correction' THEN 'cancelled' ELSE message.state END,
        settled_at = CASE WHEN message.state = 'queued' AND message.kind <> 'correction' THEN $7::timestamptz
                          ELSE message.settled_at END
    FROM changed
    WHERE message.reference = changed.id AND message.withdrawn_at IS NULL AND message.kind NOT IN {in_sql(FOR_DUTY)}
    RETURNING message.recipient, message.kind <> 'correction' AND message.state NOT IN ('failed', 'expired')
        AND (message.state <> 'cancelled' OR message.error IS NOT DISTINCT FROM 'repeated') AS read
),
"""  # noqa: S608 constant kinds
"""Under another `dedup` they stand in nobody's way: the same number may be told anew, of whoever it is then. A correction stays
as it is, and may be followed by another.
"""
_ONLY_TO_READERS = (
    "EXISTS (SELECT FROM withdrawn WHERE withdrawn.recipient = t.recipient AND withdrawn.read)"
)

_DETACH = """
, detached AS (
    UPDATE device_assignment SET valid_until = $7
    WHERE device_id = {2}::bigint AND home_id = {1}::bigint AND valid_until IS NULL
    RETURNING device_id
), returned AS (
    UPDATE device SET version = device.version + 1, region_id = {0}::bigint FROM detached WHERE device.id = detached.device_id
)
"""

_AT_DEVICE = {_Also.NOTHING: "", _Also.ATTACH: _ATTACH, _Also.WITHDRAW: _DETACH}

_PLAN = """
, planned AS (
    INSERT INTO incident_plan (incident_id, number, plan_id, version, kind, started_at)
    SELECT id, version, {0}::bigint, {1}::bigint, {2}::text, $7 FROM changed
)
"""

_FORWARD = """
, forwarded AS (
    INSERT_FORWARDINGS
)
""".replace("INSERT_FORWARDINGS", insert_forwardings("{0}", "$7", "changed"))

_FORWARD_TOLD = """
, forward_told AS (
    UPDATE forwarding SET said = coalesce({1}::text, said), accepted_said = accepted_said OR {2}::boolean,
        accepted_by = coalesce(accepted_by, {3}::text),
        accepted_at = CASE WHEN {3}::text IS NULL THEN accepted_at ELSE coalesce(accepted_at, $7::timestamptz) END,
        accepted_how = CASE WHEN {3}::text IS NULL THEN accepted_how ELSE coalesce(accepted_how, 'phone') END
    FROM changed WHERE forwarding.id = {0}::uuid
)
"""

_TASKS = ", INSERT_TASKS".replace(
    "INSERT_TASKS", insert_tasks("{0}", "$7", ("$5", "$6"), "changed")
)

_STEP_TOLD = """
, step_told AS (
    UPDATE task_step SET told = true FROM changed WHERE task_id = {0}::uuid AND n = {1}::bigint AND NOT told
)
"""
"""Of the entry it is one write: there is never the one without the other."""

_VALUES = {_PLAN: 3, _FORWARD: 1, _FORWARD_TOLD: 4, _TASKS: 1, _STEP_TOLD: 2}
"""How many each of them has."""

_DONE = "SELECT incident_id FROM incident_command WHERE id = $1"
