"""The open incidents as this process knows them, by what they are about: what goes on ringing when the database does not answer.

A copy that every change passes through: those of this process as they are pushed, those of others as the sweep reads them. What
was changed here alone is marked until the database says it itself. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from callcenter.alerts.change import Change
from callcenter.alerts.entries import Entry
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident, State
from callcenter.alerts.recorded import IS_RECORDED, RECORDED, Recorded, steps_in

LATEST_ENTRIES = 100
"""Of each incident, as far as they have passed through here."""


@dataclass(slots=True)
class Held:
    """One open incident. `ahead`: the database does not have this version of it yet."""

    incident: Incident
    subject: str
    entries: list[Entry] = field(default_factory=list)
    steps: list[Recorded] = field(default_factory=list)
    ahead: bool = False


class OpenIncidents:
    """By id, and by subject and class, of which one at most is open."""

    def __init__(self) -> None:
        self._by_id: dict[UUID, Held] = {}
        self._by_subject: dict[tuple[str, str], UUID] = {}
        self._closed_ahead: dict[UUID, Held] = {}
        """What was closed here alone: its commands may still be repeated."""
        self.highest_number = 0
        """Of all incidents, as far as they have passed through here or were read."""

    def __len__(self) -> int:
        return len(self._by_id)

    def next_number(self) -> int:
        """One that nobody was told here."""
        self.highest_number += 1
        return self.highest_number

    def __iter__(self) -> Iterator[Held]:
        return iter(self._by_id.values())

    @property
    def ahead(self) -> Sequence[Held]:
        """What this process knows and the database does not."""
        return [
            held for held in (*self._by_id.values(), *self._closed_ahead.values()) if held.ahead
        ]

    def about(self, subject: str, signal_class: str) -> Incident | None:
        """The open incident of this subject and class."""
        found = self._by_subject.get((subject, signal_class))
        return self._by_id[found].incident if found is not None else None

    def get(self, incident_id: UUID) -> Held | None:
        """An open incident, or one that was closed here alone."""
        return self._by_id.get(incident_id) or self._closed_ahead.get(incident_id)

    def find(self, incident_id: str) -> Held | None:
        """By its id as a console writes it."""
        try:
            return self.get(UUID(incident_id))
        except ValueError:
            return None

    def note(self, change: Change) -> None:
        """A change as it goes out. One that is older than what is known here changes nothing."""
        incident = change.incident
        self.highest_number = max(self.highest_number, incident.number)
        held = self.get(incident.id)
        if held is not None and held.incident.version >= incident.version:
            self._confirm(held, change)
            return
        subject = change.subject or (held.subject if held is not None else None)
        if subject is None:
            return  # begun elsewhere this moment: the sweep brings it with its subject
        if held is None:
            held = Held(incident, subject)
        self._forget(held)
        held.incident, held.subject, held.ahead = incident, subject, change.ahead
        held.entries = [*held.entries, *change.entries][-LATEST_ENTRIES:]
        held.steps += steps_in(change.entries)
        self._keep(held)

    def versions(self) -> Mapping[UUID, int]:
        """Of all that are held: taken before the rows for `load` are read, it tells what has changed meanwhile."""
        known = (*self._by_id.values(), *self._closed_ahead.values())
        return {held.incident.id: held.incident.version for held in known}

    def load(
        self,
        rows: Iterable[Mapping[str, Any]],
        steps: Iterable[Mapping[str, Any]],
        before: Mapping[UUID, int],
        highest_number: int = 0,
    ) -> None:
        """What the database has, in place of what is known here, but for what has changed since `before`. `highest_number`: of all
        incidents, the closed ones too.
        """
        changed = [
            held
            for held in (*self._by_id.values(), *self._closed_ahead.values())
            if held.incident.version != before.get(held.incident.id)
        ]
        self._by_id.clear()
        self._by_subject.clear()
        self._closed_ahead.clear()
        for row in rows:
            self._keep(Held(Incident.of(row), row["subject"]))
        for row in steps:
            if (held := self._by_id.get(row["incident_id"])) is not None:
                held.steps.append(Recorded(row["step"], row["result"]))
        for held in changed:
            if (read := self._by_id.get(held.incident.id)) is not None:
                self._forget(read)
            self._keep(held)
        numbers = (held.incident.number for held in self._by_id.values())
        self.highest_number = max(self.highest_number, highest_number, *numbers)

    def _confirm(self, held: Held, change: Change) -> None:
        """The database has the version that was known here before."""
        incident = change.incident
        if held.ahead and not change.ahead and held.incident.version == incident.version:
            held.incident, held.ahead = incident, False
            if incident.state is State.CLOSED:
                self._closed_ahead.pop(incident.id, None)

    def _keep(self, held: Held) -> None:
        incident = held.incident
        if incident.state is State.CLOSED:
            if held.ahead:
                self._closed_ahead[incident.id] = held
            return
        self._by_id[incident.id] = held
        self._by_subject[held.subject, incident.signal_class] = incident.id

    def _forget(self, held: Held) -> None:
        incident = held.incident
        self._by_id.pop(incident.id, None)
        self._closed_ahead.pop(incident.id, None)
        key = held.subject, incident.signal_class
        if self._by_subject.get(key) == incident.id:
            del self._by_subject[key]


OPEN = (
    f"SELECT subject, {INCIDENT_COLUMNS} FROM incident WHERE state <> 'closed' ORDER BY opened_at"  # noqa: S608 constant columns
)

HIGHEST_NUMBER = "SELECT coalesce(max(number), 0) FROM incident"

STEPS_OF_OPEN = f"""
SELECT incident_id, {RECORDED} FROM timeline_entry
WHERE incident_id IN (SELECT id FROM incident WHERE state <> 'closed') AND {IS_RECORDED} ORDER BY incident_id, number
"""  # noqa: S608 constant parts
