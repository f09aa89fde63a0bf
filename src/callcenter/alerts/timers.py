"""What must happen to an incident later unless somebody is there: rows, so that restarts and further servers change nothing
(G7). Pure.

A timer rests (`due_at` empty) while somebody is there. When a look finds nobody, it becomes due; when a later look finds
nobody still, it acts. Time that no server has looked on does not count: after a restart or a jump of the clock it is
counted anew, since operators need a moment to come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from callcenter.alerts.incident import DUTY_TOLD, Incident, State

GAP = timedelta(seconds=10)
"""Between two looks of an unbroken watch; they come every 2 s."""
RETRY = timedelta(seconds=2)
"""What was due and could not be done, or whose server died over it, is due again."""


class TimerKind(StrEnum):
    UNSEEN = "unseen"
    """A waiting alarm of whose ring no duty number knows."""
    TAKER_GONE = "taker_gone"
    """A taken incident."""


def timer_of(incident: Incident) -> TimerKind | None:
    """What the incident as it stands is watched for."""
    if incident.state is State.TAKEN:
        return TimerKind.TAKER_GONE
    alarm = incident.state is State.WAITING and incident.signal_class == "alarm"
    return TimerKind.UNSEEN if alarm and DUTY_TOLD not in incident.marks else None


def starts_anew(before: Incident, after: Incident) -> bool:
    """Whether the watch begins again: for another reason, for another taker, or because it rings anew."""
    return (timer_of(before), before.taken_by, before.ring) != (
        timer_of(after),
        after.taken_by,
        after.ring,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a timer leads to: it is due at `due_at` (None: it rests), and acts now if `acts`."""

    due_at: datetime | None
    acts: bool = False


def look(
    due_at: datetime | None,
    looked_at: datetime | None,
    *,
    missing: bool,
    delay: timedelta,
    now: datetime,
) -> Look:
    """`missing`: nobody is there at this moment. `delay`: how long that may last. All times by the database's clock."""
    if not missing:
        return Look(None)
    unbroken = looked_at is not None and timedelta() <= now - looked_at <= GAP
    due = due_at if due_at is not None and unbroken else now + delay
    return Look(now + RETRY, acts=True) if due <= now else Look(due)


def set_timers(cause: str) -> Sequence[str]:
    """Two parts of a statement: `cause` names the part that answers with id, timer (a TimerKind or NULL) and anew of each
    incident that it has written.
    """
    return (
        f"""
    DELETE FROM incident_timer USING {cause} AS cause
    WHERE incident_id = cause.id AND cause.anew AND incident_timer.kind IS DISTINCT FROM cause.timer
    """,  # noqa: S608 name of a part of the statement
        f"""
    INSERT INTO incident_timer (incident_id, kind) SELECT id, timer FROM {cause} AS cause
    WHERE timer IS NOT NULL AND anew ORDER BY id
    ON CONFLICT (incident_id, kind) DO UPDATE SET due_at = NULL, looked_at = NULL
    """,  # noqa: S608 likewise
    )
