"""Days of a hotline from a seed: the same seed, the same calls. Pure.

The sizes are those of the hotline of Shijiazhuang: 303,000 calls in 303 days, 121,200 of them effective, most of them between nine and
eleven. Who calls waits for the next free seat and gives up when it takes too long; nothing is left to be filed. There are no red calls
among them: each of those is an alarm, with an incident of its own.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from callcenter.core.errors import Invalid

EFFECTIVE_PER_MILLE: Final = 400
HOURS: Final = (
    *(4, 3, 2, 2, 3, 8, 20, 45, 90, 150, 148, 95),
    *(45, 50, 80, 85, 70, 45, 25, 18, 14, 10, 7, 5),
)
"""How many of a thousand calls come in each hour of the day, more or less."""
_KINDS: Final = ("hotline", "green")
_OF_THEM: Final = (4, 1)
ON_DUTY: Final = 7
"""So many of the seats are manned, others every day: enough, but for the worst of the morning."""
_FIRST_S, _REACTION_S = 2.0, 4.0
"""A free operator takes a call after that, and about this."""
_PATIENCE_S: Final = 150.0
_TALK_S: Final = 105.0
_WRAP_UP_S: Final = 25.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """`seats` are users who answer; the dispositions are codes of either sort."""

    first_day: date
    days: int
    calls_a_day: int
    zone: ZoneInfo
    seats: Sequence[int]
    effective: Sequence[str]
    not_effective: Sequence[str]
    seed: int = 2014

    def __post_init__(self) -> None:
        if not (self.seats and self.effective and self.not_effective):
            raise Invalid("Seats, and dispositions of both sorts, are needed for calls.")


@dataclass(frozen=True, slots=True)
class InventedCall:
    """One call that is over. Who was not answered has hung up."""

    id: UUID
    number: int
    """From 0, over all days."""
    kind: str
    caller: str
    offered_at: datetime
    answered_at: datetime | None
    answered_by: int | None
    ended_at: datetime
    wrapped_up_at: datetime | None
    disposition: str


def invented_days(wanted: Wanted) -> Iterator[list[InventedCall]]:
    """One list a day, in the order in which they came. Raises Invalid where so few are answered that too few can be effective."""
    random = Random(wanted.seed)  # noqa: S311 - no secret
    owed = 0
    for day in range(wanted.days):
        numbers = range(day * wanted.calls_a_day, (day + 1) * wanted.calls_a_day)
        owed += _effective_until(numbers.stop) - _effective_until(numbers.start)
        calls, given = _day(wanted, random, wanted.first_day + timedelta(days=day), numbers, owed)
        owed -= given
        yield calls
    if owed:
        raise Invalid(
            f"So few calls were answered that {owed} effective ones are missing: give more seats."
        )


def _effective_until(number: int) -> int:
    return number * EFFECTIVE_PER_MILLE // 1000


def _day(
    wanted: Wanted, random: Random, day: date, numbers: range, owed: int
) -> tuple[list[InventedCall], int]:
    """The calls of one day, and how many of them are effective."""
    came = sorted(_moments(random, day, wanted.zone, len(numbers)))
    free = [(came[0], seat) for seat in _on_duty(wanted.seats, day)]
    heapq.heapify(free)
    tried = [_tried(random, at, free) for at in came]
    answered = [at for at, each in enumerate(tried) if each.answered_by is not None]
    effective = set(random.sample(answered, min(owed, len(answered))))
    calls = [
        _call(random, wanted, number, each, effective=at in effective)
        for at, (number, each) in enumerate(zip(numbers, tried, strict=True))
    ]
    return calls, len(effective)


def _on_duty(seats: Sequence[int], day: date) -> Sequence[int]:
    first = day.toordinal() * ON_DUTY % len(seats)
    return [*seats[first:], *seats[:first]][:ON_DUTY]


def _moments(random: Random, day: date, zone: ZoneInfo, count: int) -> Iterator[datetime]:
    midnight = datetime.combine(day, time.min, zone)
    for hour in random.choices(range(24), HOURS, k=count):
        local = midnight + timedelta(hours=hour, milliseconds=random.randrange(3_600_000))
        yield local


@dataclass(frozen=True, slots=True)
class _Tried:
    offered_at: datetime
    answered_at: datetime | None
    answered_by: int | None
    ended_at: datetime
    wrapped_up_at: datetime | None


def _tried(random: Random, came: datetime, free: list[tuple[datetime, int]]) -> _Tried:
    """With the seat that is free first, or gone before."""
    since, seat = free[0]
    answer = max(came, since) + timedelta(seconds=_FIRST_S + random.expovariate(1 / _REACTION_S))
    gone = came + timedelta(seconds=3 + random.expovariate(1 / _PATIENCE_S))
    if gone < answer:
        return _Tried(came, None, None, gone, None)
    ended = answer + timedelta(seconds=8 + random.expovariate(1 / _TALK_S))
    wrapped = ended + timedelta(seconds=4 + random.expovariate(1 / _WRAP_UP_S))
    heapq.heapreplace(free, (wrapped, seat))
    return _Tried(came, answer, seat, ended, wrapped)


def _call(
    random: Random, wanted: Wanted, number: int, tried: _Tried, *, effective: bool
) -> InventedCall:
    return InventedCall(
        id=_uuid7(random, tried.offered_at),
        number=number,
        kind=random.choices(_KINDS, _OF_THEM)[0],
        caller=f"+86139000{random.randrange(100_000):05}",
        offered_at=tried.offered_at,
        answered_at=tried.answered_at,
        answered_by=tried.answered_by,
        ended_at=tried.ended_at,
        wrapped_up_at=tried.wrapped_up_at,
        disposition=random.choice(wanted.effective if effective else wanted.not_effective),
    )


def _uuid7(random: Random, at: datetime) -> UUID:
    """RFC 9562, of the seed."""
    ms = int(at.timestamp() * 1000) & (1 << 48) - 1
    bits = ms << 80 | 0x7 << 76 | random.getrandbits(12) << 64 | 0x2 << 62 | random.getrandbits(62)
    return UUID(int=bits)
