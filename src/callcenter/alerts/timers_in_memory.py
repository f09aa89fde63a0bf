"""What the timers of the open incidents would say, as far as this process has watched them: the ladder goes by it while the database,
which has their rows, is away. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from callcenter.alerts import timers
from callcenter.alerts.escalation import DUTY_MADE
from callcenter.alerts.incident import FOLLOW_DUE, REQUEST_DUE, Incident
from callcenter.alerts.open_incidents import Held
from callcenter.alerts.timers import TimerKind, timer_of
from callcenter.devices.watch_device import WATCH_PATH
from callcenter.regions.policies import EscalationPolicy

WALKED: Final = frozenset(
    {TimerKind.UNTAKEN, TimerKind.TAKER_GONE, TimerKind.FOLLOW_UP, TimerKind.REQUEST}
)
"""What needs nothing but the incident and who is there. Contacts who are silent are told on beside it (`handling/silent_away.py`); waits of a plan wait for the database."""

TIMED: Final = """
SELECT incident_id, kind, extract(epoch FROM clock_timestamp() - since)::float8 AS age_s,
       CASE WHEN isfinite(due_at) THEN extract(epoch FROM due_at - clock_timestamp())::float8 END AS due_in_s,
       extract(epoch FROM clock_timestamp() - missing_since)::float8 AS missing_s
FROM incident_timer
"""
"""What the rows say when a process begins, in seconds: they go by the clock of the database, which may be another one."""

_Cause = tuple[TimerKind, int, int | None, datetime | None, bool, bool]


@dataclass(frozen=True, slots=True)
class Timed:
    """Since when an incident is watched for what it is watched for now; `made_at`: since when so many steps are made."""

    cause: _Cause
    since: datetime
    escalated: int
    made_at: datetime
    missing_since: datetime | None = None
    due: datetime | None = None
    """When the next step is due, where a row has said so."""


class TimersInMemory:
    """Of all open incidents of one process."""

    def __init__(self) -> None:
        self._timed: dict[UUID, Timed] = {}
        self._looked_at: datetime | None = None
        self._rows: Mapping[tuple[UUID, str], Mapping[str, Any]] = {}
        self._rows_at: datetime | None = None

    def recall(self, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
        """What the timers were when this process began (TIMED), for its first look."""
        self._rows = {(row["incident_id"], row["kind"]): row for row in rows}
        self._rows_at = now

    def look(self, incidents: Iterable[Held], now: datetime) -> Mapping[UUID, Timed]:
        """What is watched now. A cause that was not there at the last look began since; at the very first one what no row tells of may
        have begun with the last signal: who is called too early is called in time.
        """
        found = {}
        for held in incidents:
            if (timed := self._watched(held, now, None)) is not None:
                found[held.incident.id] = timed
        self._timed, self._looked_at, self._rows = found, now, {}
        return found

    def note(self, held: Held, at: datetime) -> None:
        """An incident that was changed without the database at this time."""
        found = self._watched(held, at, at)
        if found is None:
            self._timed.pop(held.incident.id, None)
        else:
            self._timed[held.incident.id] = found

    def missing(self, incident_id: UUID, since: datetime | None) -> None:
        """Since when nobody is there, as a look has found."""
        held = self._timed.get(incident_id)
        if held is not None:
            self._timed[incident_id] = replace(held, missing_since=since)

    def _watched(self, held: Held, now: datetime, began: datetime | None) -> Timed | None:
        """`began`: when it has become what it is, where that is known."""
        incident, kind = held.incident, timer_of(held.incident)
        if kind not in WALKED or tuple(incident.region_path) == WATCH_PATH:
            return None
        cause, known = _cause(kind, incident), self._timed.get(incident.id)
        if known is None or known.cause != cause:
            return self._begun(cause, held, now, began)
        if known.escalated != incident.escalated:
            made_at = began or self._began(held, now)
            return replace(known, escalated=incident.escalated, made_at=made_at, due=None)
        return known

    def _begun(self, cause: _Cause, held: Held, now: datetime, at: datetime | None) -> Timed:
        escalated = held.incident.escalated
        row = (
            self._rows.get((held.incident.id, cause[0].value)) if self._looked_at is None else None
        )
        if row is None or self._rows_at is None:
            began = at or self._began(held, now)
            return Timed(cause, began, escalated, began)
        since = self._rows_at - timedelta(seconds=row["age_s"])
        missing, due = row["missing_s"], row["due_in_s"]
        return Timed(
            cause,
            since,
            escalated,
            since,
            None if missing is None else self._rows_at - timedelta(seconds=missing),
            None if due is None else self._rows_at + timedelta(seconds=due),
        )

    def _began(self, held: Held, now: datetime) -> datetime:
        """When what is new at this look has become so. Between two looks the entries say it; no clock that was put on or back does."""
        if self._looked_at is None:
            return min(held.incident.last_signal_at, now)
        said = held.entries[-1].at if held.entries else now
        return max(min(said, now), self._looked_at)


def _cause(kind: TimerKind, incident: Incident) -> _Cause:
    """The watch begins again with it: `timers.starts_anew`."""
    at = incident.follow_due_at if kind is TimerKind.FOLLOW_UP else incident.call_back_by
    return (
        kind,
        incident.ring,
        incident.taken_by,
        at,
        FOLLOW_DUE in incident.marks,
        REQUEST_DUE in incident.marks,
    )


def due_at(timed: Timed, incident: Incident, policy: EscalationPolicy) -> datetime | None:
    """When its timer would be due by time alone; None: it goes by who is there."""
    kind = timed.cause[0]
    if kind is TimerKind.FOLLOW_UP:
        late = FOLLOW_DUE in incident.marks
        return timed.since + timers.LATE if late else incident.follow_due_at
    if kind is TimerKind.REQUEST:
        late = REQUEST_DUE in incident.marks
        return timed.since + timers.LATE if late else incident.call_back_by
    if kind is TimerKind.UNTAKEN and incident.escalated >= DUTY_MADE:
        return timed.due or timed.made_at + timedelta(seconds=policy.again_s)
    return None


def order_id(incident_id: UUID, name: str, ring: int, escalated: int, marks: Iterable[str]) -> UUID:
    """Of what the system does by itself to an incident as it is: the same however often it is worked out, with the database or without,
    so that nobody is texted twice where nobody knows whether it was written. A UUID of the incident's time (RFC 9562, version 7).
    """
    said = f"{name} {ring} {escalated} {sorted(marks)}".encode()
    rest = bytearray(sha256(incident_id.bytes + said).digest()[:10])
    rest[0] = rest[0] & 0x0F | 0x70
    rest[2] = rest[2] & 0x3F | 0x80
    return UUID(bytes=incident_id.bytes[:6] + bytes(rest))


class Watched:
    """For how long the timers were watched from memory since the database was last looked at: no time that nobody has looked on."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._last: float | None = None

    def look(self, at: float) -> None:
        """A look, at this time (monotonic s)."""
        passed = at - self._last if self._last is not None else 0.0
        if passed <= timers.GAP.total_seconds():
            self._seconds += passed
        self._last = at

    @property
    def time(self) -> timedelta:
        """So long."""
        return timedelta(seconds=self._seconds)

    def told(self) -> None:
        """The database knows of it."""
        self._seconds, self._last = 0.0, None
