"""What the watchdogs have told, in memory and as rows: a server shows which of them is silent, also while the database is away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog
from pydantic import BaseModel

from callcenter.alerts.handling.calling_off import CALL_OFF
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.core.encoding import encode_text
from callcenter.core.errors import CallCenterError
from callcenter.core.held import HeldConnections
from callcenter.liveness.circle import Circle

log = structlog.get_logger(__name__)

LEFT_AFTER: Final = timedelta(minutes=5)
"""A press that its watchdog did not close is closed by the server."""
AT_ONCE: Final = 50


@dataclass(slots=True)
class Watched:
    """One watchdog. `ahead_s`: its clock before ours."""

    name: str
    every_s: int
    within_s: int
    enrolled_at: datetime
    seen_at: datetime | None = None
    circle: Circle | None = None
    ahead_s: float | None = None
    unwritten: bool = False


class _Ahead(BaseModel):
    """What is written beside the circle."""

    ahead_s: float | None = None


class Watchdogs:
    """Port of the API and the processor `watchdogs` of the alarm process."""

    name = "watchdogs"
    interval_s = 5.0

    def __init__(self, bench: Workbench, connections: HeldConnections) -> None:
        self._bench = bench
        self.connections = connections
        self._by_user: dict[int, Watched] = {}

    def all(self) -> Sequence[Watched]:
        """Those that may still come, by name."""
        return sorted(self._by_user.values(), key=lambda one: one.name)

    def heard(self, user_id: int, circle: Circle, at: datetime, now: datetime) -> Watched | None:
        """It tells of a circle; `at` by its clock. None: there is no such watchdog, or it is not known yet."""
        found = self._by_user.get(user_id)
        if found is not None:
            found.seen_at, found.circle, found.unwritten = now, circle, True
            found.ahead_s = (at - now).total_seconds()
        return found

    async def run_once(self, now: datetime) -> int:
        """Write what was told, read what others were told, close what was left open."""
        async with self.connections.use() as connection:
            await self._write(connection)
            self._read(await connection.fetch(_ALL))
            for row in await connection.fetch(_LEFT_OPEN, now - LEFT_AFTER, AT_ONCE):
                await self._close(connection, row["id"])
        return 0

    async def _write(self, connection: asyncpg.Connection) -> None:
        for user_id, one in self._by_user.items():
            if one.unwritten and one.circle is not None:
                told = encode_text({**one.circle.model_dump(mode="json"), "ahead_s": one.ahead_s})
                one.unwritten = False
                try:
                    await connection.execute(_TOLD, user_id, one.seen_at, told)
                except BaseException:
                    one.unwritten = True
                    raise

    def _read(self, rows: Sequence[Mapping[str, Any]]) -> None:
        read = {row["user_id"]: _watched(row) for row in rows}
        for user_id, held in self._by_user.items():
            other = read.get(user_id)
            if other is not None and _later(held.seen_at, other.seen_at):
                other.seen_at, other.circle, other.ahead_s = held.seen_at, held.circle, held.ahead_s
                other.unwritten = held.unwritten
        self._by_user = read

    async def _close(self, connection: asyncpg.Connection, incident_id: UUID) -> None:
        try:
            await carry_out(connection, self._bench, incident_id, of_system(CALL_OFF, None))
        except CallCenterError as error:
            log.warning("incident_left_for_later", incident_id=str(incident_id), code=error.code)


def _later(held: datetime | None, read: datetime | None) -> bool:
    return held is not None and (read is None or held >= read)


def _watched(row: Mapping[str, Any]) -> Watched:
    told = row["circle"]
    found = Watched(
        row["name"], row["every_s"], row["within_s"], row["enrolled_at"], row["seen_at"]
    )
    if told is not None:
        found.circle = Circle.model_validate_json(told)
        found.ahead_s = _Ahead.model_validate_json(told).ahead_s
    return found


_ALL = """
SELECT user_id, watchdog.name, every_s, within_s, enrolled_at, seen_at, circle::text AS circle
FROM watchdog JOIN app_user ON app_user.id = user_id WHERE active
"""
_TOLD = """
UPDATE watchdog SET seen_at = $2, circle = $3::text::jsonb WHERE user_id = $1 AND (seen_at IS NULL OR seen_at < $2)
"""
_LEFT_OPEN = """
SELECT id FROM incident
WHERE state <> 'closed' AND mode = 'drill' AND starts_with(subject, 'drill:watch:') AND last_signal_at < $1 LIMIT $2
"""
