"""Who has what: taken, followed, or ringing at them. From the changes of this process at once, from the table every two seconds.
Whoever works a drill is as free as before for what is real. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from callcenter.alerts.incident import Incident, IncidentMode, State


@dataclass(frozen=True, slots=True)
class Holding:
    """An open incident, and with whom it is."""

    users: Sequence[int]
    taken: bool
    """Being worked on, so that its taker has no time for another."""

    @classmethod
    def of(cls, state: str, taken_by: int | None, ring_to: Sequence[int]) -> Holding | None:
        """None for what is with nobody in particular."""
        if state == State.WAITING:
            return cls(tuple(ring_to), taken=False) if ring_to else None
        if state == State.CLOSED or taken_by is None:
            return None
        return cls((taken_by,), taken=state == State.TAKEN)


class Workload:
    """Counts by user. The table is the truth; what changed while it was read is as it was said."""

    def __init__(self) -> None:
        self._held: dict[UUID, Holding] = {}
        self._said: set[UUID] = set()
        """Since the last reading began."""
        self._open: Counter[int] = Counter()
        self._taken: Counter[int] = Counter()

    def open(self, user_id: int) -> int:
        """Incidents that are with this user, those that ring at them among them."""
        return self._open.get(user_id, 0)

    def works(self, user_id: int) -> bool:
        """Whether this user has a taken incident."""
        return self._taken.get(user_id, 0) > 0

    def note(self, incident: Incident) -> bool:
        """A change of this process; whether somebody has become busier, or free."""
        found = None
        if incident.mode is not IncidentMode.DRILL:
            found = Holding.of(incident.state, incident.taken_by, incident.ring_to)
        before = self._held.get(incident.id)
        if found is None and before is None:
            return False
        self._said.add(incident.id)
        self._put(incident.id, found)
        return _taker(before) != _taker(found)

    def begin(self) -> None:
        """The table is about to be read."""
        self._said.clear()

    def read(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """What the table says."""
        found = {
            row["id"]: Holding.of(row["state"], row["taken_by"], row["ring_to"]) for row in rows
        }
        for incident in (self._held.keys() | found.keys()) - self._said:
            self._put(incident, found.get(incident))

    def _put(self, incident: UUID, now: Holding | None) -> None:
        before = self._held.pop(incident, None)
        if before is not None:
            self._count(before, -1)
        if now is not None:
            self._held[incident] = now
            self._count(now, 1)

    def _count(self, holding: Holding, by: int) -> None:
        for user in holding.users:
            self._open[user] += by
            self._taken[user] += by * holding.taken


def _taker(holding: Holding | None) -> Sequence[int]:
    return holding.users if holding is not None and holding.taken else ()


HELD: Final = """
SELECT id, state, taken_by, ring_to FROM incident
WHERE state <> 'closed' AND mode <> 'drill' AND (taken_by IS NOT NULL OR ring_to <> '{}')
"""
