"""How the centre stands now and today: service level against its targets, who waits longest, who is late. Pure.

Everything is counted by region path, once for everybody; whoever asks gets the sum of the regions they see. An alarm is
taken in time when its first take lies within the target; one that is still waiting counts as soon as the target has passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import ClassVar, Final, Literal
from uuid import UUID

from pydantic import ConfigDict

from callcenter.alerts.levels import Level, Target, level_of
from callcenter.alerts.shown import SHOWN

Path = tuple[int, ...]
"""Region ids from the root down."""
Window = Literal["now", "today"]
WINDOWS: Final[Sequence[Window]] = ("now", "today")


TARGETS: Final = (Target(15, 900), Target(20, 950), Target(60, 975), Target(180, 990))
"""15 s and 20 s as NENA-STA-020 asks of emergency lines, 60 s and 180 s as the TSA asks of social alarm centres."""
NOW: Final = timedelta(hours=1)
"""What "now" looks back on."""
LATE: Final = timedelta(seconds=60)
"""A waiting alarm older than this is late."""
MOST_LATE: Final = 20
"""Late incidents that are listed, the longest first; all are counted."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incident that waits for a person: nobody has taken it, or it is time to call again. Without anything about the home."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    incident_id: UUID
    number: int
    kind: str
    priority: int
    why: Literal["untaken", "follow_up"]
    since: datetime
    """When it was opened, or when the call was due."""
    taken_by: int | None = None
    taken_by_name: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCount:
    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    signal_class: str
    state: str
    priority: int
    count: int


@dataclass(frozen=True, slots=True)
class Today:
    """Of incidents opened since midnight at the site."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    alarms: int
    closed: int
    """Of these alarms."""
    outcomes: Mapping[str, int]
    """Of the closed ones."""
    technical: int
    service: int
    """Requests for service, whatever became of them."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests for service that are open; of these those that nobody has taken, and those of whom somebody should have been called by now."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    open: int = 0
    waiting: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """`at` is when the database was read; the day begins at `midnight`, by the site's time zone."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    at: datetime
    midnight: datetime
    timezone: str
    now_minutes: int
    service_now: Sequence[Level]
    service_today: Sequence[Level]
    longest_waiting: Waiting | None
    """Of alarms that nobody has taken."""
    late: Sequence[Waiting]
    late_count: int
    open: Sequence[OpenCount]
    today: Today
    requests: Requests


@dataclass(frozen=True, slots=True)
class Taking:
    """How the alarms of one region and window were taken, for one target."""

    path: Path
    window: Window
    seconds: int
    decided: int
    met: int


@dataclass(frozen=True, slots=True)
class Opened:
    """Incidents of today in one region."""

    path: Path
    signal_class: str
    outcome: str | None
    """None: still open."""
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the database said, by region path."""

    at: datetime
    midnight: datetime
    timezone: str
    takings: Sequence[Taking]
    waiting: Sequence[tuple[Path, Waiting]]
    """The longest of each region, for each reason: at most `MOST_LATE`."""
    late: Sequence[tuple[Path, int]]
    open: Sequence[tuple[Path, OpenCount]]
    opened: Sequence[Opened]
    requests: Sequence[tuple[Path, Requests]] = ()


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """When the day began at the site."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def figures(
    reading: Reading, scope: Collection[int], in_detail: Collection[int] = ()
) -> LiveFigures:
    """For whoever sees the figures of these regions, and single incidents of those `in_detail`."""

    def seen(path: Path, by: Collection[int] = scope) -> bool:
        return any(region in by for region in path)

    waiting = [one for path, one in reading.waiting if seen(path) and seen(path, in_detail)]
    late = [one for one in waiting if is_late(one, reading.at)]
    takings = [each for each in reading.takings if seen(each.path)]
    return LiveFigures(
        at=reading.at,
        midnight=reading.midnight,
        timezone=reading.timezone,
        now_minutes=int(NOW.total_seconds()) // 60,
        service_now=_levels(each for each in takings if each.window == "now"),
        service_today=_levels(each for each in takings if each.window == "today"),
        longest_waiting=min(
            (one for one in waiting if one.why == "untaken"), key=_longest, default=None
        ),
        late=sorted(late, key=_longest)[:MOST_LATE],
        late_count=sum(count for path, count in reading.late if seen(path)),
        open=_counted(one for path, one in reading.open if seen(path)),
        today=_today([each for each in reading.opened if seen(each.path)]),
        requests=_together(each for path, each in reading.requests if seen(path)),
    )


def is_late(one: Waiting, now: datetime) -> bool:
    """A call that was due is late at once, an alarm after a minute."""
    return one.why == "follow_up" or now - one.since > LATE


def _longest(one: Waiting) -> tuple[datetime, int]:
    return one.since, one.number


def _levels(takings: Iterable[Taking]) -> list[Level]:
    decided: Counter[int] = Counter()
    met: Counter[int] = Counter()
    for each in takings:
        decided[each.seconds] += each.decided
        met[each.seconds] += each.met
    return [level_of(target, decided[target.seconds], met[target.seconds]) for target in TARGETS]


def _counted(counts: Iterable[OpenCount]) -> list[OpenCount]:
    found: Counter[tuple[str, str, int]] = Counter()
    for each in counts:
        found[each.signal_class, each.state, each.priority] += each.count
    return [OpenCount(*key, count) for key, count in sorted(found.items())]


def _together(counts: Iterable[Requests]) -> Requests:
    each = list(counts)
    return Requests(
        sum(one.open for one in each),
        sum(one.waiting for one in each),
        sum(one.late for one in each),
    )


def _today(opened: Sequence[Opened]) -> Today:
    alarms = [each for each in opened if each.signal_class == "alarm"]
    outcomes: Counter[str] = Counter()
    for each in alarms:
        if each.outcome is not None:
            outcomes[each.outcome] += each.count
    return Today(
        alarms=sum(each.count for each in alarms),
        closed=outcomes.total(),
        outcomes=dict(sorted(outcomes.items())),
        technical=sum(each.count for each in opened if each.signal_class == "technical"),
        service=sum(each.count for each in opened if each.signal_class == "service"),
    )
