"""What must happen to an incident later: rows, so that restarts and further servers change nothing (G7). Pure.

Time that no server has looked on does not count: after an outage or a jump of the clock every timer is moved by it, and who
is missing is missed anew, since operators need a moment to come back. A time that a person has set (call again in 20 minutes) stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from callcenter.alerts.incident import ESCALATION_OVER, FOLLOW_DUE, Incident, IncidentMode, State
from callcenter.sms.catalogue import TO_CONTACTS, in_sql

GAP = timedelta(seconds=10)
"""Between two looks of an unbroken watch; they come every second."""
FIRST_LOOK = timedelta(seconds=3)
"""From the ring to the first look at who is there: no step is earlier."""
LATE = timedelta(minutes=5)
"""After its time, a follow-up that its taker was reminded of goes back to everybody."""


class TimerKind(StrEnum):
    UNTAKEN = "untaken"
    """A waiting alarm: alerts.escalation says who is called."""
    TAKER_GONE = "taker_gone"
    """A taken incident; it rests while its taker is there."""
    FOLLOW_UP = "follow_up"
    """Whoever is followed is to be called again."""
    CONTACT_SILENT = "contact_silent"
    """Beside those: a contact who was told has not answered, and the next one is to be told."""


def timer_of(incident: Incident) -> TimerKind | None:
    """What the incident as it stands is watched for. Nobody is called to a test."""
    if incident.state is State.FOLLOWING or (
        incident.state is State.TAKEN and incident.taken_by is None
    ):
        return TimerKind.FOLLOW_UP
    if incident.state is State.TAKEN:
        return TimerKind.TAKER_GONE
    alarm = incident.state is State.WAITING and incident.signal_class == "alarm"
    alarm = alarm and incident.mode is not IncidentMode.TEST
    return TimerKind.UNTAKEN if alarm and ESCALATION_OVER not in incident.marks else None


def starts_anew(before: Incident, after: Incident) -> bool:
    """Whether the watch begins again: for another reason, for another taker, another time, or because it rings anew."""
    return _watched(before) != _watched(after)


def _watched(incident: Incident) -> tuple[object, ...]:
    return (
        timer_of(incident),
        incident.taken_by,
        incident.ring,
        incident.follow_due_at,
        FOLLOW_DUE in incident.marks,
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


def set_timers(cause: str, at: str) -> Sequence[str]:
    """Two parts of a statement: `cause` names the part that answers with id, timer (a TimerKind or NULL), anew, marks and
    follow_due_at of each incident that it has written, and stops (whether contacts are no longer told by themselves); `at` is its
    parameter for the time.
    """
    return (
        f"""
    DELETE FROM incident_timer USING {cause} AS cause
    WHERE incident_id = cause.id AND CASE incident_timer.kind WHEN '{TimerKind.CONTACT_SILENT}' THEN cause.stops
        ELSE cause.anew AND incident_timer.kind IS DISTINCT FROM cause.timer END
    """,  # noqa: S608 name of a part of the statement
        f"""
    INSERT INTO incident_timer (incident_id, kind, since, due_at)
    SELECT id, timer, clock_timestamp(), CASE timer
        WHEN '{TimerKind.UNTAKEN}' THEN clock_timestamp() + interval '{FIRST_LOOK.seconds} seconds'
        WHEN '{TimerKind.FOLLOW_UP}' THEN clock_timestamp() + CASE
            WHEN '{FOLLOW_DUE}' = ANY(marks) THEN interval '{LATE.seconds} seconds' ELSE follow_due_at - {at} END
        END
    FROM {cause} AS cause WHERE timer IS NOT NULL AND anew ORDER BY id
    ON CONFLICT (incident_id, kind) DO UPDATE SET since = excluded.since, due_at = excluded.due_at, missing_since = NULL
    """,  # noqa: S608 likewise
    )


def await_answers(texts: str, seconds: str, *, anew: bool) -> str:
    """The part that waits for an answer to what was told: `texts` names the part that answers with reference and kind of each
    text that it has written, joined to what `seconds` needs. `anew`: from now on, also where it waits already.
    """
    again = (
        "UPDATE SET since = excluded.since, due_at = excluded.due_at, missing_since = NULL"
        if anew
        else "NOTHING"
    )
    return f"""
    INSERT INTO incident_timer (incident_id, kind, since, due_at)
    SELECT reference, '{TimerKind.CONTACT_SILENT}', clock_timestamp(), clock_timestamp() + seconds * interval '1 second'
    FROM (SELECT DISTINCT reference, {seconds} AS seconds FROM {texts} WHERE told.kind IN {in_sql(TO_CONTACTS)}) AS asked
    WHERE seconds > 0
    ON CONFLICT (incident_id, kind) DO {again}
    """  # noqa: S608 names of parts of the statement
