"""The day of one person as a bar: what follows what, with the ways between, and what nobody can do both of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from callcenter.dispatch.choosing import Spot, minutes_between


@dataclass(frozen=True, slots=True)
class Piece:
    """A task of the day, when it is to be done and where."""

    task_id: UUID
    begins: datetime
    lasts: timedelta
    at: Spot | None

    @property
    def ends(self) -> datetime:
        return self.begins + self.lasts


@dataclass(frozen=True, slots=True)
class Laid:
    """One piece in its place. `way_minutes` from the one before; None: it is the first, or nobody knows where."""

    piece: Piece
    way_minutes: int | None
    overlaps: bool


def laid_out(pieces: Iterable[Piece], speed_m_per_min: float) -> list[Laid]:
    """In the order of time. One overlaps that begins before the end of any earlier one and the way from there."""
    ordered = sorted(pieces, key=lambda each: (each.begins, each.task_id))
    return [_laid(ordered[:at], each, speed_m_per_min) for at, each in enumerate(ordered)]


def _laid(before: Sequence[Piece], piece: Piece, speed: float) -> Laid:
    way = _way(before[-1], piece, speed) if before else None
    late = any(
        each.ends + timedelta(minutes=_way(each, piece, speed) or 0) > piece.begins
        for each in before
    )
    return Laid(piece, way, late)


def _way(start: Piece, end: Piece, speed: float) -> int | None:
    if start.at is None or end.at is None:
        return None
    return minutes_between(start.at, end.at, speed)
