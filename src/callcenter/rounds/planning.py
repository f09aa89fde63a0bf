"""Which stops a run has on its day, and what is to be changed in one that was written before. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import Final

from callcenter.rounds.days import Visited, times
from callcenter.rounds.visit import VisitState

_GONE: Final = frozenset({"deceased", "moved"})
_AWAY: Final = frozenset({"away", "hospital"})


class Whereabouts(StrEnum):
    """Of the people behind a door, as the records have it."""

    THERE = "there"
    AWAY = "away"
    GONE = "gone"
    """Died or moved: nobody goes there any more."""


def whereabouts(statuses: Sequence[str]) -> Whereabouts:
    """`statuses`: of whoever is visited; none where nobody is registered, and somebody goes there all the same."""
    left = [each for each in statuses if each not in _GONE]
    if statuses and not left:
        return Whereabouts.GONE
    return Whereabouts.AWAY if left and set(left) <= _AWAY else Whereabouts.THERE


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of the template, with who is behind the door."""

    id: int
    n: int
    home_id: int
    resident_id: int | None
    days: Visited
    window: tuple[time | None, time | None]
    statuses: Sequence[str]


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit as it is to be written."""

    stop_id: int
    n: int
    home_id: int
    resident_id: int | None
    due_from: datetime | None
    due_until: datetime | None
    for_days: int
    away: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A visit as it stands. `said`: somebody has said something of it, so that the template changes nothing of it any more."""

    id: int
    state: VisitState
    said: bool
    planned: Planned


@dataclass(frozen=True, slots=True)
class Changes:
    """`changed` by the id of the visit."""

    added: Sequence[Planned] = ()
    changed: Mapping[int, Planned] = field(default_factory=dict)
    removed: Sequence[int] = ()


def planned(
    stops: Iterable[Stop], day: date, served: tuple[date, ...], zone: tzinfo
) -> list[Planned]:
    """What a run of this day visits, whose things of the days `served` it brings."""
    found = []
    for stop in stops:
        for_days, where = times(stop.days, served), whereabouts(stop.statuses)
        if not for_days or where is Whereabouts.GONE:
            continue
        due = [_at(day, each, zone) for each in stop.window]
        away = where is Whereabouts.AWAY
        found.append(
            Planned(stop.id, stop.n, stop.home_id, stop.resident_id, due[0], due[1], for_days, away)
        )
    return found


def changes(wanted: Sequence[Planned], written: Sequence[Written]) -> Changes:
    """What makes the run what is wanted. A stop of which somebody has spoken stays."""
    by_stop = {each.stop_id: each for each in wanted}
    stand = {each.planned.stop_id: each for each in written}
    free = [each for each in written if not each.said and each.state is not VisitState.MISSED]
    return Changes(
        [each for each in wanted if each.stop_id not in stand],
        {
            each.id: by_stop[each.planned.stop_id]
            for each in free
            if each.planned.stop_id in by_stop and by_stop[each.planned.stop_id] != each.planned
        },
        [each.id for each in free if each.planned.stop_id not in by_stop],
    )


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """In UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _at(day: date, at: time | None, zone: tzinfo) -> datetime | None:
    return None if at is None else moment(day, at, zone)
