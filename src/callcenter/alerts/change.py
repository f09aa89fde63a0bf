"""What the hub pushes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from callcenter.alerts.entries import Entry
from callcenter.alerts.incident import Incident


@dataclass(frozen=True, slots=True)
class Change:
    """An incident after a change, with the timeline entries of that change."""

    incident: Incident
    entries: Sequence[Entry] = ()
    subject: str | None = None
    """What the incident is about, where whoever made the change knows it."""
    ahead: bool = False
    """It was made without the database, which hears of it later."""

    @property
    def region_path(self) -> Sequence[int]:
        return self.incident.region_path
