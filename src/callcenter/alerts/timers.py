"""What must happen to an incident later: rows, so that restarts and further servers change nothing (G7). Pure.

Time that no server has looked on does not count: after an outage or a jump of the clock every timer is moved by it, and who
is missing is missed anew, since operators need a moment to come back. A time that a person has set (call again in 20 minutes) stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from callcenter.alerts.incident import (
    ESCALATION_OVER,
    FOLLOW_DUE,
    REQUEST_DUE,
    REQUEST_LATE,
    Incident,
    IncidentMode,
    State,
)
from callcenter.sms.catalogue import TO_CONTACTS, in_sql

GAP = timedelta(seconds=10)
"""Between two looks of an unbroken watch; they come every second."""
FIRST_LOOK = timedelta(seconds=3)
"""From the ring to the first look at who is there: no step is earlier."""
LATE = timedelta(minutes=5)
"""After its time, a follow-up that its taker was reminded of goes back to everybody, and a request for service is late."""


class TimerKind(StrEnum):
    UNTAKEN = "untaken"
    """A waiting alarm: alerts.escalation says who is called."""
    TAKER_GONE = "taker_gone"
    """A taken incident; it rests while its taker is there."""
    FOLLOW_UP = "follow_up"
    """Whoever is followed is to be called again."""
    CONTACT_SILENT = "contact_silent"
    """Beside those: a contact who was told has not answered, and the next one is to be told."""
    REQUEST = "request"
    """A waiting request for service: whoever asked is to be called back."""
    PLAN_WAIT = "plan_wait"
    """Beside those: a wait of the action plan is over, and the next step is to be done."""


AS_SET = (TimerKind.FOLLOW_UP, TimerKind.REQUEST, TimerKind.PLAN_WAIT)
"""Times that were told to a person: no outage moves them."""


def timer_of(incident: Incident) -> TimerKind | None:
    """What the incident as it stands is watched for. Nobody is called to a test."""
    if incident.state is State.FOLLOWING or (
        incident.state is State.TAKEN and incident.taken_by is None
    ):
        return TimerKind.FOLLOW_UP
    if incident.state is State.TAKEN:
        return TimerKind.TAKER_GONE
    if incident.state is not State.WAITING or incident.mode is IncidentMode.TEST:
        return None
    waits = _WAITS.get(incident.signal_class)
    return waits(incident) if waits else None


def _waiting_alarm(incident: Incident) -> TimerKind | None:
    return None if ESCALATION_OVER in incident.marks else TimerKind.UNTAKEN


def _waiting_request(incident: Incident) -> TimerKind | None:
    return None if REQUEST_LATE in incident.marks else TimerKind.REQUEST


_WAITS: Mapping[str, Callable[[Incident], TimerKind | None]] = MappingProxyType(
    {"alarm": _waiting_alarm, "service": _waiting_request}
)


def starts_anew(before: Incident, after: Incident) -> bool:
    """Whether the watch begins again: for another reason, for another taker, another time, or because it rings anew."""
    return _watched(before) != _watched(after)


def _watched(incident: Incident) -> tuple[object, ...]:
    return (
        timer_of(incident),
        incident.taken_by,
        incident.ring,
        incident.follow_due_at,
        incident.call_back_by,
        FOLLOW_DUE in incident.marks,
        REQUEST_DUE in incident.marks,
    )


def break_of(looked_at: datetime, now: datetime) -> timedelta:
    """How long nobody has looked on, or how far the clock has jumped: what the timers are moved by."""
    passed = now - looked_at
    return timedelta() if timedelta() <= passed <= GAP else passed


@dataclass(frozen=True, slots=True)
class Absence:
    """What a look at a taker leads to."""

    missing_since: datetime | None
    acts: bool = False


def absence(
    missing_since: datetime | None, *, last_there: datetime | None, delay: timedelta, now: datetime
) -> Absence:
    """`last_there`: when somebody was there last, None while somebody is. `delay`: how long they may be away. Times by the
    database's clock.
    """
    if last_there is None:
        return Absence(None)
    since = missing_since or last_there
    return Absence(since, acts=now - since >= delay)


_ANEW = "UPDATE SET since = excluded.since, due_at = excluded.due_at, missing_since = NULL, missed = excluded.missed"


def set_timers(cause: str, at: str, ago: str) -> Sequence[str]:
    """Two parts of a statement: `cause` names the part that answers with each incident that it has written, its timer (a TimerKind
    or NULL), anew, stops (whether contacts are no longer told by themselves) and ends_wait (whether no wait of its plan runs any
    more); `at` is the time of it, and `ago` the interval from then until now: what was done without the database began then.
    """
    began = f"clock_timestamp() - {ago}"
    return (
        f"""
    DELETE FROM incident_timer USING {cause} AS cause
    WHERE incident_id = cause.id AND CASE incident_timer.kind
        WHEN '{TimerKind.CONTACT_SILENT}' THEN cause.stops WHEN '{TimerKind.PLAN_WAIT}' THEN cause.ends_wait
        ELSE cause.anew AND incident_timer.kind IS DISTINCT FROM cause.timer END
    """,  # noqa: S608 name of a part of the statement
        f"""
    INSERT INTO incident_timer (incident_id, kind, since, due_at)
    SELECT id, timer, {began}, CASE timer
        WHEN '{TimerKind.UNTAKEN}' THEN {began} + interval '{FIRST_LOOK.seconds} seconds'
        WHEN '{TimerKind.FOLLOW_UP}' THEN {began} + CASE
            WHEN '{FOLLOW_DUE}' = ANY(marks) THEN interval '{LATE.seconds} seconds' ELSE follow_due_at - {at} END
        WHEN '{TimerKind.REQUEST}' THEN {began} + CASE
            WHEN '{REQUEST_DUE}' = ANY(marks) THEN interval '{LATE.seconds} seconds' ELSE call_back_by - {at} END
        END
    FROM {cause} AS cause WHERE timer IS NOT NULL AND anew ORDER BY id
    ON CONFLICT (incident_id, kind) DO {_ANEW}
    """,  # noqa: S608 likewise
    )


def await_answers(texts: str, seconds: str, *, anew: bool) -> str:
    """The part that waits for an answer to what was told: `texts` names the part that answers with reference and kind of each
    text that it has written, joined to what `seconds` needs. `anew`: from now on, also where it waits already.
    """
    return f"""
    INSERT INTO incident_timer (incident_id, kind, since, due_at)
    SELECT reference, '{TimerKind.CONTACT_SILENT}', clock_timestamp(), clock_timestamp() + seconds * interval '1 second'
    FROM (SELECT DISTINCT reference, {seconds} AS seconds FROM {texts} WHERE told.kind IN {in_sql(TO_CONTACTS)}) AS asked
    WHERE seconds > 0
    ON CONFLICT (incident_id, kind) DO {_ANEW if anew else "NOTHING"}
    """  # noqa: S608 names of parts of the statement


def await_step(cause: str, at: str, due: str) -> str:
    """The part that waits for a wait of the plan to be over: `cause` as in `set_timers`; `at` and `due` are parameters for the time
    and for when it is over, NULL where no wait begins.
    """
    return f"""
    INSERT INTO incident_timer (incident_id, kind, since, due_at)
    SELECT id, '{TimerKind.PLAN_WAIT}', clock_timestamp(), clock_timestamp() + ({due}::timestamptz - {at}) FROM {cause} AS cause
    WHERE {due}::timestamptz IS NOT NULL
    ON CONFLICT (incident_id, kind) DO {_ANEW}
    """  # noqa: S608 names of parts of the statement
