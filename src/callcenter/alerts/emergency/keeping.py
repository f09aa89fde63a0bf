"""Emergency access: one subject outside somebody's regions, opened with a reason, for a quarter of an hour, under the eyes of its
supervisors. What it allows is decided in `auth/permissions.py`, where every other right is.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from pydantic import Field, StringConstraints

from callcenter.alerts.archive import Look
from callcenter.alerts.emergency.finding import FoundElsewhere, find_elsewhere
from callcenter.alerts.emergency.pace import (
    KEPT,
    LASTS,
    MOST_ALARMS,
    MOST_PROFILES,
    MOST_SEARCHES,
    WITHIN,
    check_pace,
)
from callcenter.alerts.emergency.shown import (
    ACCESS_COLUMNS,
    AccessLook,
    AccessView,
    access_view,
)
from callcenter.alerts.incident import subjects_of
from callcenter.audit.trail import record_raw
from callcenter.auth.permissions import IN_EMERGENCY, Action
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.held import HeldConnections
from callcenter.core.written import Written

MOST_LISTED = 50
MOST_LOOKS = 50


class FindBody(Written):
    """A full name, a telephone number, an address as it is registered, or the number of an incident."""

    q: Annotated[str, Field(min_length=1, max_length=100)]


class OpenBody(Written):
    """One of the two, and why."""

    home_id: int | None = None
    incident_id: UUID | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=300)]


@dataclass(frozen=True, slots=True)
class _Subject:
    subject: str
    label: str
    home_id: int | None
    path: Sequence[int]
    rings: bool
    """Somebody calls for help there."""


class EmergencyAccesses:
    """A port of the API, and the processor that ends what is over. `changed`: told whenever one begins, is kept or ends."""

    name = "emergency_access"
    interval_s = 10.0

    def __init__(self, database: Database, clock: Clock, changed: Callable[[], None]) -> None:
        self.clock = clock
        self.connections = HeldConnections(database, self.name, 1)
        self._changed = changed
        self._searches: defaultdict[int, deque[datetime]] = defaultdict(
            lambda: deque(maxlen=MOST_SEARCHES)
        )

    async def run_once(self, now: datetime) -> int:
        """Keep what is needed by who helps there, and end what is over."""
        async with self.connections.use() as connection, connection.transaction():
            kept = await connection.fetch(_KEEP, now + KEPT / 2, now + KEPT)
            ended = await connection.fetch(_END_OVER, now)
            for row in ended:
                look = {"at": now, "principal_id": row["user_id"]}
                await _journal(connection, look, "emergency_access_over", row)
        if kept or ended:
            self._changed()
        return 0

    async def find(self, look: Look, body: FindBody) -> Sequence[FoundElsewhere]:
        """Raises TooManyAttempts, Invalid `too_many_found`."""
        searches = self._searches[look.principal.user_id]
        check_pace(searches, look.at, MOST_SEARCHES)
        searches.append(look.at)
        async with self.connections.use() as connection:
            found = await find_elsewhere(connection, body.q.strip())
            homes = [each.home_id for each in found if each.home_id is not None]
            paths = await connection.fetchval(_PATHS, homes)
            await record_raw(
                connection,
                at=look.at,
                principal_id=look.principal.user_id,
                action="emergency_search",
                subject="homes",
                region_ids=paths or sorted(look.principal.regions(Action.BREAK_GLASS)),
                address=look.address,
                detail={"home_ids": homes},
            )
        return found

    async def open(self, look: Look, body: OpenBody) -> AccessView:
        """Raises Invalid `one_subject`, NotFound, Conflict `already_yours`, TooManyAttempts. What is open stays as it is."""
        async with self.connections.use() as connection, connection.transaction():
            found = await _subject_of(connection, body)
            if all(look.principal.may(action, found.path) for action in IN_EMERGENCY):
                raise Conflict("This lies in your own regions.", code="already_yours")
            await connection.execute(_ONE_AT_A_TIME, look.principal.user_id)
            row = await connection.fetchrow(
                _STANDING, look.principal.user_id, found.subject, look.at
            )
            if row is None:
                row = await _begin(connection, look, found, body.reason)
        self._changed()
        return access_view(row)

    async def end(self, look: Look, access_id: int) -> AccessView:
        """By whoever opened it, or a supervisor there. Raises NotFound; Conflict `takes_incident` while they hold an alarm of it:
        that is given to somebody else first.
        """
        async with self.connections.use() as connection, connection.transaction():
            row = await connection.fetchrow(_ONE, access_id)
            if row is None or not _may_end(look, row):
                raise NotFound("no such access", what="access")
            if row["ended_at"] is None:
                if number := await connection.fetchval(_HELD, access_id):
                    raise Conflict(
                        f"They are working incident {number} there: give it to somebody else first.",
                        code="takes_incident",
                        number=number,
                    )
                row = await connection.fetchrow(
                    _END, access_id, look.at, look.principal.user_id, look.principal.name
                )
                await _journal(connection, _by(look), "emergency_access_ended", row)
        self._changed()
        return access_view(row)

    async def latest(self, look: Look) -> Sequence[AccessView]:
        """One's own and those in the regions one watches over, the newest first, with what was looked at."""
        regions = sorted(look.principal.regions(Action.WATCH_ACCESS))
        async with self.connections.use() as connection:
            rows = await connection.fetch(_LATEST, look.principal.user_id, regions, MOST_LISTED)
            listed = [access_view(row, await _looks(connection, row, look.at)) for row in rows]
            if listed:
                await record_raw(
                    connection,
                    at=look.at,
                    principal_id=look.principal.user_id,
                    action="emergency_access_listed",
                    subject="emergency_access",
                    region_ids=sorted({region for row in rows for region in row["region_path"]}),
                    address=look.address,
                    detail={"ids": [row["id"] for row in rows]},
                )
        return listed


async def _subject_of(connection: asyncpg.Connection, body: OpenBody) -> _Subject:
    if (body.home_id is None) is (body.incident_id is None):
        raise Invalid("Name a home or an incident.", code="one_subject")
    home_id, label, path, rings = body.home_id, "", None, False
    if body.incident_id is not None:
        row = await connection.fetchrow(_INCIDENT, body.incident_id)
        if row is None:
            raise NotFound("no such incident", what="incident")
        home_id, label, path, rings = row["home_id"], row["label"], row["region_path"], True
    if home_id is not None:
        row = await connection.fetchrow(_HOME, home_id)
        if row is None:
            raise NotFound("no such home", what="home")
        rings = rings or row["rings"]
        return _Subject(f"home:{home_id}", row["address"], home_id, row["path"], rings)
    if body.incident_id is None or path is None:
        raise AssertionError("an incident or a home was named")
    return _Subject(subjects_of(body.incident_id, None)[0], label, None, path, rings)


async def _begin(
    connection: asyncpg.Connection, look: Look, found: _Subject, reason: str
) -> Mapping[str, Any]:
    await _demand_pace(connection, look, found)
    row: Mapping[str, Any] = await connection.fetchrow(
        _OPEN,
        look.principal.user_id,
        look.principal.name,
        found.subject,
        found.label,
        found.home_id,
        found.path,
        reason,
        look.at,
        look.at + LASTS,
    )
    detail = {"reason": reason, "until": row["ends_at"].isoformat()}
    await _journal(connection, _by(look), "emergency_access_opened", row, detail)
    return row


async def _demand_pace(connection: asyncpg.Connection, look: Look, found: _Subject) -> None:
    rows = await connection.fetch(_LATELY, look.principal.user_id, look.at - WITHIN)
    opened = [row["opened_at"] for row in rows]
    check_pace(opened, look.at, MOST_ALARMS if found.rings else MOST_PROFILES)


def _may_end(look: Look, row: Mapping[str, Any]) -> bool:
    own = row["user_id"] == look.principal.user_id
    return own or look.principal.may(Action.WATCH_ACCESS, row["region_path"])


async def _looks(
    connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
) -> Sequence[AccessLook]:
    until = row["ended_at"] or now
    subject, home_id = row["subject"], row["home_id"]
    found = await connection.fetch(
        _LOOKS, row["user_id"], row["opened_at"], until, subject, home_id, MOST_LOOKS
    )
    return [AccessLook(each["at"], each["action"]) for each in found]


def _by(look: Look) -> dict[str, Any]:
    return {"at": look.at, "principal_id": look.principal.user_id, "address": look.address}


async def _journal(
    connection: asyncpg.Connection,
    by: Mapping[str, Any],
    action: str,
    row: Mapping[str, Any],
    detail: Mapping[str, object] | None = None,
) -> None:
    said = {"access_id": row["id"], "user_id": row["user_id"], **(detail or {})}
    await record_raw(
        connection,
        action=action,
        subject=row["subject"],
        region_ids=row["region_path"],
        detail=said,
        **by,
    )


_PATHS = """
SELECT array_agg(DISTINCT step) FROM home JOIN region ON region.id = home.region_id, unnest(region.path) AS step
WHERE home.id = ANY($1::bigint[])
"""

_INCIDENT = """
SELECT home_id, region_path, coalesce(nullif(card->>'address', ''), identifier, source) AS label FROM incident
WHERE id = $1 AND state <> 'closed'
"""

_HOME = """
SELECT address, region.path, EXISTS (
    SELECT FROM incident WHERE subject = 'home:' || home.id AND class = 'alarm' AND state <> 'closed'
) AS rings
FROM home JOIN region ON region.id = home.region_id WHERE home.id = $1
"""

# Two presses at once open one, and neither passes the other by.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('emergency_access:' || $1::bigint))"

_STANDING = f"""
SELECT {ACCESS_COLUMNS} FROM emergency_access
WHERE user_id = $1 AND subject = $2 AND ended_at IS NULL AND ends_at > $3
"""  # noqa: S608 constant columns

_LATELY = "SELECT opened_at FROM emergency_access WHERE user_id = $1 AND opened_at > $2"

_OPEN = f"""
INSERT INTO emergency_access (user_id, user_name, subject, label, home_id, region_path, reason, opened_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {ACCESS_COLUMNS}
"""  # noqa: S608 constant columns

_ONE = f"SELECT {ACCESS_COLUMNS} FROM emergency_access WHERE id = $1 FOR UPDATE"  # noqa: S608 constant columns

_HOLDS = """
incident.state <> 'closed' AND incident.taken_by = emergency_access.user_id
AND emergency_access.subject IN ('incident:' || incident.id, 'home:' || incident.home_id)
"""

_HELD = (
    f"SELECT number FROM incident JOIN emergency_access ON {_HOLDS} WHERE emergency_access.id = $1"  # noqa: S608 constants
)

_END = f"""
UPDATE emergency_access SET ended_at = $2, ended_by = $3, ended_by_name = $4, version = version + 1
WHERE id = $1 RETURNING {ACCESS_COLUMNS}
"""  # noqa: S608 constant columns

_KEEP = f"""
UPDATE emergency_access SET ends_at = $2, version = version + 1
WHERE ended_at IS NULL AND ends_at < $1 AND EXISTS (SELECT FROM incident WHERE {_HOLDS})
RETURNING id
"""  # noqa: S608 constants

_END_OVER = f"""
UPDATE emergency_access SET ended_at = $1, version = version + 1
WHERE ended_at IS NULL AND ends_at <= $1 RETURNING {ACCESS_COLUMNS}
"""  # noqa: S608 constant columns

_LATEST = f"""
SELECT {ACCESS_COLUMNS} FROM emergency_access
WHERE user_id = $1 OR region_path && $2::bigint[] ORDER BY opened_at DESC LIMIT $3
"""  # noqa: S608 constant columns

_LOOKS = """
SELECT at, action FROM audit_entry
WHERE user_id = $1 AND at BETWEEN $2 AND $3 AND action NOT LIKE 'emergency_access%'
  AND (subject = $4 OR detail->>'home_id' = $5::bigint::text)
ORDER BY at DESC, id DESC LIMIT $6
"""
