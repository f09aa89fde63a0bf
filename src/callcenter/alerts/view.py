"""Rows of incidents and their timeline as plain values for JSON: the shapes of seats.messages. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

View = dict[str, Any]

INCIDENT_COLUMNS = (
    "id, number, version, state, class AS signal_class, kind, priority, region_id, region_path, home_id, resident_id, "
    "device_id, source, identifier, lat, lng, card, opened_at, last_signal_at, press_count, ring, marks, taken_by, "
    "taken_by_name, taken_at, offered_to, closed_at, outcome, safe_by, safe_where"
)
ENTRY_COLUMNS = "incident_id, number, at, kind, user_id, user_name, data"


@dataclass(frozen=True, slots=True)
class Change:
    """An incident after a change, with the timeline entries of that change: what the hub pushes."""

    incident: View
    entries: Sequence[View] = ()

    @property
    def region_path(self) -> Sequence[int]:
        path: Sequence[int] = self.incident["region_path"]
        return path


def view(row: Mapping[str, Any]) -> View:
    """A row of INCIDENT_COLUMNS (or of ENTRY_COLUMNS) as a JSON-ready dict."""
    return dict(row)


def entry(
    incident_id: object,
    number: int,
    at: object,
    kind: str,
    data: Mapping[str, Any],
    *,
    user_id: int | None = None,
    user_name: str | None = None,
) -> View:
    """One timeline entry as seats.messages.TimelineView has it."""
    return {
        "incident_id": incident_id,
        "number": number,
        "at": at,
        "kind": kind,
        "user_id": user_id,
        "user_name": user_name,
        "data": data,
    }
