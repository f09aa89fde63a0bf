"""Who an unknown caller was: a device that was not looked up in time rang as unknown, and is joined with its home as soon as the
registry can tell.

Nothing of it lies on the way of an alarm, which only sets a flag. It looks on for a while after that, since a signal may be
written long after it was not looked up, and after each start, for what the process before has left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.bodies import Known, Part
from callcenter.alerts.called import OFFICE, REPEATED_WITHIN_S
from callcenter.alerts.handling.assigning import RECOGNISE
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.alerts.handling.one_alone import one_alone
from callcenter.auth.permissions import Action, roles_with
from callcenter.devices.callers import Caller, SourceRef
from callcenter.devices.codec import DEFAULT_RETRY_HORIZON_S
from callcenter.devices.signals import Kind, Position, Signal

log = structlog.get_logger(__name__)

WITHIN: Final = timedelta(hours=1)
"""An unknown caller of before is somebody's who has found out by now."""
LOOKS_ON_S: Final = 600.0
AT_ONCE: Final = 50
PRESSES: Final = 20
"""Of one incident that are entered again: the first, among them every kind that it has gathered, as good as always."""
_WORKING_ROLES = roles_with(Action.WORK_INCIDENTS)


class Recognising:
    """The processor."""

    name = "recognised_callers"
    interval_s = 1.0

    def __init__(self, workbench: Workbench, intake: Intake) -> None:
        self._workbench = workbench
        self._intake = intake
        self._until = workbench.clock.monotonic() + LOOKS_ON_S

    async def run_once(self, now: datetime) -> int:
        """Recognise a slice of those who rang as unknown and are not."""
        if not self._is_wanted():
            return 0
        async with self._workbench.connections.use() as connection:
            rows = await connection.fetch(_STRANGERS, now - WITHIN, OFFICE, _WORKING_ROLES, AT_ONCE)
            await self._read(connection, rows)
            for row in rows:
                await one_alone(row["id"], self._recognise(connection, row, now))
        return 0

    def _is_wanted(self) -> bool:
        moment = self._workbench.clock.monotonic()
        if self._intake.gave_up() or not self._workbench.registry.complete:
            self._until = moment + LOOKS_ON_S
        return moment < self._until

    async def _read(
        self, connection: asyncpg.Connection, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Those of them that the registry has not come to yet."""
        registry = self._workbench.registry
        names = sorted((row["source"], row["identifier"]) for row in rows)
        for source, of_source in groupby(names, key=lambda name: name[0]):
            unread = [each for _, each in of_source if registry.device_id(source, each) is None]
            if unread:
                await registry.find_devices(connection, source, unread)

    async def _recognise(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        """Whose device belongs to another home by now is left to an operator."""
        bench = self._workbench
        source = SourceRef(row["source"], row["source_kind"], row["region_id"], REPEATED_WITHIN_S)
        caller = bench.registry.resolve(source, row["identifier"], now)
        if (caller.device_id, caller.home_id) != (row["device_id"], row["home_id"]):
            return
        body = Known(
            row["version"],
            caller,
            row["taker_sees_it"],
            tried=bench.registry.in_test(caller, row["opened_at"]),
            part_of=await self._part_of(connection, row, source, caller),
        )
        after = await carry_out(connection, bench, row["id"], of_system(RECOGNISE, body))
        number = body.part_of.number if body.part_of else None
        log.info("caller_recognised", incident_id=str(after.id), part_of=number)

    async def _part_of(
        self,
        connection: asyncpg.Connection,
        row: Mapping[str, Any],
        source: SourceRef,
        caller: Caller,
    ) -> Part | None:
        """Where the home has an open incident already, its presses are entered there as the device's own: each is recognised by its
        place in the journal, however often it comes. What the device has repeated when its home was known stands there already.
        """
        open_one = await connection.fetchval(_OPEN, caller.subject, row["class"], row["id"])
        if open_one is None:
            return None
        found: UUID = open_one
        presses = await connection.fetch(
            _JOURNALED, row["id"], PRESSES, open_one, self._repeated_within(row["source"])
        )
        for signal, received_at in _again(presses):
            [stored] = await self._intake.accept(source, [signal], received_at, caller)
            found = stored.incident_id or found
        return Part(found, await connection.fetchval(_NUMBER, found))

    def _repeated_within(self, name: str) -> timedelta:
        """The time within which the same bytes are the same press (design 6b.1)."""
        source = self._workbench.registry.source(name)
        return timedelta(seconds=source.retry_horizon_s if source else DEFAULT_RETRY_HORIZON_S)


def _again(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Signal, datetime]]:
    """The signals as they came."""
    for row in rows:
        has_place = row["lat"] is not None
        signal = Signal(
            row["identifier"],
            Kind(row["kind"]),
            row["id"].bytes,
            row["raw"],
            occurred_at=row["occurred_at"],
            position=Position(row["lat"], row["lng"]) if has_place else None,
            text=row["text"],
            extra=row["extra"],
            flags=(*(flag for flag in row["flags"] if flag != "unknown_device"), "recognised"),
        )
        yield signal, row["received_at"]


_STRANGERS = """
SELECT incident.id, incident.version, incident.class, incident.source, incident.identifier, incident.region_id,
    incident.opened_at, coalesce(source.kind, '') AS source_kind, device.id AS device_id, held.home_id,
    EXISTS (
        SELECT FROM role_grant WHERE user_id = incident.taken_by AND role = ANY($3) AND role_grant.region_id = ANY(region.path)
    ) AS taker_sees_it
FROM incident
JOIN device ON device.source = incident.source
    AND lower(device.identifier) COLLATE "C" = lower(incident.identifier) COLLATE "C"
JOIN LATERAL (
    SELECT home_id FROM device_assignment AS held WHERE held.device_id = device.id AND held.valid_from <= incident.opened_at
        AND (held.valid_until IS NULL OR held.valid_until > incident.opened_at)
    ORDER BY held.valid_from DESC LIMIT 1
) AS held ON true
JOIN home ON home.id = held.home_id JOIN region ON region.id = home.region_id
LEFT JOIN source ON source.name = incident.source
WHERE incident.state <> 'closed' AND incident.home_id IS NULL AND incident.opened_at > $1 AND incident.source <> $2
    AND incident.mode <> 'drill'
    AND NOT EXISTS (
        SELECT FROM timeline_entry WHERE incident_id = incident.id AND timeline_entry.kind IN ('assigned', 'recognised')
    )
ORDER BY incident.opened_at LIMIT $4
"""
"""Whom an operator has said it is, and then that it is not, stays unknown."""

_OPEN = """
SELECT id FROM incident WHERE subject = $1 AND class = $2 AND state <> 'closed' AND id <> $3
"""
"""Not the very one, which another server may have recognised this moment."""

_JOURNALED = """
SELECT id, kind, identifier, received_at, occurred_at, lat, lng, text, extra, flags, raw FROM journal AS press
WHERE incident_id = $1 AND outcome IN ('opened', 'joined') AND NOT EXISTS (
    SELECT FROM journal AS repeat WHERE repeat.incident_id = $3 AND repeat.outcome IN ('opened', 'joined')
        AND repeat.source = press.source AND repeat.identifier = press.identifier AND repeat.kind = press.kind AND repeat.raw = press.raw
        AND repeat.received_at BETWEEN press.received_at - $4::interval AND press.received_at + $4::interval
) ORDER BY id LIMIT $2
"""

_NUMBER = "SELECT number FROM incident WHERE id = $1"
