"""Who sat where, and from which moment decisions knew it: noted where it is counted, written down by `presence`. No I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

MOST_WAITING: Final = 10_000
"""Changes that are kept while the database is away; of more, the oldest are lost to a replay, and to nothing else."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """How somebody sits at a seat."""

    user_id: int
    region_ids: Sequence[int]
    supervised_ids: Sequence[int]
    armed: bool
    state: str
    pause: str | None
    since: datetime
    heard_at: datetime
    """When its console was last heard."""

    @property
    def decides(self) -> tuple[object, ...]:
        """What an alarm may go another way by."""
        return self.armed, self.state, self.pause, self.region_ids, self.supervised_ids


@dataclass(frozen=True, slots=True)
class SeatChanged:
    """From `at` on it was known."""

    at: datetime
    seat_id: UUID
    sitting: Sitting
    gone: bool = False

    def row(self) -> Mapping[str, object]:
        """As the statement reads it."""
        sitting = self.sitting
        return {
            "at": self.at,
            "seat_id": self.seat_id,
            "gone": self.gone,
            **{name: getattr(sitting, name) for name in sitting.__slots__},
        }


class Sittings:
    """The changes that wait to be written."""

    def __init__(self) -> None:
        self._known: dict[UUID, Sitting] = {}
        self.waiting: deque[SeatChanged] = deque(maxlen=MOST_WAITING)

    def look(
        self, now: datetime, seats: Iterable[UUID], sitting_of: Callable[[UUID], Sitting]
    ) -> None:
        """After each count of who is there."""
        found = {seat_id: sitting_of(seat_id) for seat_id in seats}
        for seat_id in self._known.keys() - found.keys():
            self._go(now, seat_id)
        for seat_id, sitting in found.items():
            known = self._known.get(seat_id)
            if known is None or known.decides != sitting.decides:
                self.waiting.append(SeatChanged(now, seat_id, sitting))
                self._known[seat_id] = sitting
            elif known.heard_at != sitting.heard_at:
                self._known[seat_id] = sitting

    def all_go(self, now: datetime) -> None:
        """At a clean stop."""
        for seat_id in list(self._known):
            self._go(now, seat_id)

    def _go(self, now: datetime, seat_id: UUID) -> None:
        self.waiting.append(SeatChanged(now, seat_id, self._known.pop(seat_id), gone=True))

    def written(self, changes: Sequence[SeatChanged]) -> None:
        """These are in the database."""
        for change in changes:
            if self.waiting and self.waiting[0] is change:
                self.waiting.popleft()
