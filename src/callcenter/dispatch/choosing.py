"""Who is best to go there, and why: every person with the reasons that speak for them, or with what stands in the way. Pure.

The order is fixed and is what the page prints: right skill and on duty, or not at all; then who holds the key, who speaks the language,
who is free at that time, who is nearest as the crow flies, who has had the fewest jobs today. Nothing is weighed against
anything, so that a dispatcher can follow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from types import MappingProxyType
from typing import Final

from callcenter.dispatch.task import TaskKind
from callcenter.records.staff_kinds import StaffKind

EARTH_M: Final = 6_371_009.0
"""Mean radius of the WGS-84 ellipsoid."""


class Hindrance(StrEnum):
    """Why somebody is not asked. The first that holds is the one that is said."""

    OFF_DUTY = "off_duty"
    ABSENT = "absent"
    WRONG_KIND = "wrong_kind"
    LACKS_SKILL = "lacks_skill"
    CERTIFICATE_ENDED = "certificate_ended"
    LIVES_THERE = "lives_there"
    """An emergency of one's own is nobody's task."""
    CANNOT_BE_TOLD = "cannot_be_told"
    """Neither a telephone nor an open page."""
    SAID_NO = "said_no"
    """To this task."""
    DID_NOT_ANSWER = "did_not_answer"


class Merit(StrEnum):
    HOLDS_KEY = "holds_key"
    LOOKS_AFTER = "looks_after"
    SPEAKS = "speaks"
    FREE = "free"
    BUSY_UNTIL = "busy_until"
    MINUTES = "minutes"
    OLD_POSITION = "old_position"
    NO_POSITION = "no_position"
    JOBS_TODAY = "jobs_today"


@dataclass(frozen=True, slots=True)
class Spot:
    """WGS-84 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Need:
    """What a task asks for. `until` is when somebody has to be there at the latest; None: as soon as can be."""

    kind: TaskKind
    at: Spot | None
    begins: datetime
    lasts: timedelta
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    """Any of them is enough; none: any language is."""
    kinds: frozenset[StaffKind] = frozenset()
    """Any of them; none: by the kind of task."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff as they stand at this moment. `seen_at` is the time of the position."""

    staff_id: int
    name: str
    kinds: frozenset[StaffKind]
    on_duty: bool
    reachable: bool
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    absent: bool = False
    certificate_ended: bool = False
    lives_there: bool = False
    holds_key: bool = False
    looks_after: bool = False
    at: Spot | None = None
    seen_at: datetime | None = None
    speed_m_per_min: float = 80.0
    busy_until: datetime | None = None
    jobs_today: int = 0
    answer: Hindrance | None = None
    """What they have said of this task already."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One line beside a name, e.g. minutes 7. `value` is a number of minutes, of jobs, or a time in ISO 8601."""

    merit: Merit
    value: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    person: Person
    minutes: int | None
    """As the crow flies; None: nobody knows where they are."""
    reasons: tuple[Reason, ...] = field(default=())
    away_m: float | None = None
    """As the crow flies; None: nobody knows."""


KINDS_FOR: Mapping[TaskKind, frozenset[StaffKind]] = MappingProxyType(
    {
        TaskKind.RESCUE: frozenset(set(StaffKind) - {StaffKind.DRIVER, StaffKind.COOK}),
        TaskKind.VISIT: frozenset(
            {StaffKind.CAREGIVER, StaffKind.NURSE, StaffKind.SOCIAL_WORKER, StaffKind.VOLUNTEER}
        ),
        TaskKind.STOP: frozenset(StaffKind),
        TaskKind.RIDE: frozenset({StaffKind.DRIVER}),
        TaskKind.ERRAND: frozenset(StaffKind),
        TaskKind.INSPECTION: frozenset(
            {StaffKind.SOCIAL_WORKER, StaffKind.GRID_WORKER, StaffKind.TECHNICIAN, StaffKind.NURSE}
        ),
    }
)
"""Who is asked for what, where the task says nothing else."""

FRESH: Final = timedelta(minutes=5)
"""A position that is older shows where somebody was."""
_NOWHERE_MIN: Final = 10_000
_HANDS_ON: Final = frozenset({StaffKind.CAREGIVER, StaffKind.COOK})
"""They need a health certificate."""


def hindrance(need: Need, person: Person) -> Hindrance | None:
    """What stands in the way of asking this person; None: nothing."""
    wanted = need.kinds or KINDS_FOR[need.kind]
    holds: Mapping[Hindrance, bool] = {
        Hindrance.OFF_DUTY: not person.on_duty,
        Hindrance.ABSENT: person.absent,
        Hindrance.WRONG_KIND: not wanted & person.kinds,
        Hindrance.LACKS_SKILL: not need.skills <= person.skills,
        Hindrance.CERTIFICATE_ENDED: person.certificate_ended
        and wanted & person.kinds <= _HANDS_ON
        and need.kind is not TaskKind.RESCUE,
        Hindrance.LIVES_THERE: person.lives_there,
        Hindrance.CANNOT_BE_TOLD: not person.reachable,
    }
    return next((each for each, is_so in holds.items() if is_so), person.answer)


def ranked(need: Need, people: Iterable[Person], now: datetime) -> list[Suggestion]:
    """Those who may be asked, the best first; equal ones by their number, so that the same list comes out each time."""
    fit = [_suggested(need, each, now) for each in people if hindrance(need, each) is None]
    return sorted(fit, key=lambda each: _key(need, each))


def hindered(need: Need, people: Iterable[Person]) -> list[tuple[Person, Hindrance]]:
    """Everybody else, with what stands in the way."""
    found = ((each, hindrance(need, each)) for each in people)
    return [(person, why) for person, why in found if why is not None]


def minutes_between(start: Spot, end: Spot, speed_m_per_min: float) -> int:
    """As the crow flies, begun minutes."""
    return -int(-metres(start, end) // speed_m_per_min)


def metres(start: Spot, end: Spot) -> float:
    """Great circle."""
    lat1, lat2 = radians(start.lat), radians(end.lat)
    turned = sin((lat2 - lat1) / 2) ** 2
    turned += cos(lat1) * cos(lat2) * sin(radians(end.lng - start.lng) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(turned))


def _key(need: Need, suggestion: Suggestion) -> tuple[object, ...]:
    person, minutes = suggestion.person, suggestion.minutes
    return (
        not (person.holds_key or person.looks_after),
        not _speaks(need, person),
        not _is_free(need, person),
        _NOWHERE_MIN if minutes is None else minutes,
        person.jobs_today,
        person.staff_id,
    )


def _suggested(need: Need, person: Person, now: datetime) -> Suggestion:
    minutes = away_m = None
    if person.at is not None and need.at is not None:
        away_m = metres(person.at, need.at)
        minutes = minutes_between(person.at, need.at, person.speed_m_per_min)
    return Suggestion(person, minutes, tuple(_reasons(need, person, minutes, now)), away_m)


def _reasons(need: Need, person: Person, minutes: int | None, now: datetime) -> Iterable[Reason]:
    if person.holds_key:
        yield Reason(Merit.HOLDS_KEY)
    if person.looks_after:
        yield Reason(Merit.LOOKS_AFTER)
    if need.languages and _speaks(need, person):
        yield Reason(Merit.SPEAKS, min(need.languages & person.languages))
    if _is_free(need, person):
        yield Reason(Merit.FREE)
    elif person.busy_until is not None:
        yield Reason(Merit.BUSY_UNTIL, person.busy_until.isoformat())
    yield Reason(Merit.NO_POSITION) if minutes is None else Reason(Merit.MINUTES, str(minutes))
    if minutes is not None and (person.seen_at is None or now - person.seen_at > FRESH):
        yield Reason(
            Merit.OLD_POSITION, "" if person.seen_at is None else person.seen_at.isoformat()
        )
    yield Reason(Merit.JOBS_TODAY, str(person.jobs_today))


def _speaks(need: Need, person: Person) -> bool:
    return not need.languages or bool(need.languages & person.languages)


def _is_free(need: Need, person: Person) -> bool:
    return person.busy_until is None or person.busy_until <= need.begins
