"""How long a text may wait to leave. Its age is a difference of two wall times, which is believed only as far as this sender has seen
its clock run evenly: no text about an alarm is given up because somebody has set the clock (ADR only-a-steady-clock-ends-a-text).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

JUMP: Final = timedelta(seconds=2)
"""More between two looks than any clock that is only slewed runs away, and more than a look takes."""
ALWAYS: Final = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Trust:
    """Lifetimes up to which an age is believed: a text that may live longer than `steady` may be older than its time only because the
    clock was set; one that may live longer than `lived` may have waited while no sender lived.
    """

    steady: timedelta
    lived: timedelta


OF_ROWS: Final = Trust(ALWAYS, timedelta())
"""By the rows alone, for who has watched no clock: what tells of an open alarm is never over."""


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What a sender has seen of its clock; monotonic seconds and a wall time."""

    began_s: float
    wall: datetime
    seen_s: float
    jumped_s: float | None = None


def first_seen(now: datetime, monotonic_s: float) -> Steadiness:
    return Steadiness(monotonic_s, now, monotonic_s)


def seen(before: Steadiness, now: datetime, monotonic_s: float) -> Steadiness:
    """After another look at both clocks."""
    off = (now - before.wall) - timedelta(seconds=monotonic_s - before.seen_s)
    jumped_s = monotonic_s if abs(off) > JUMP else before.jumped_s
    return replace(before, wall=now, seen_s=monotonic_s, jumped_s=jumped_s)


def trust(known: Steadiness) -> Trust:
    lived = timedelta(seconds=known.seen_s - known.began_s)
    if known.jumped_s is None:
        return Trust(ALWAYS, lived)
    return Trust(timedelta(seconds=known.seen_s - known.jumped_s), lived)


def is_over(
    *,
    created_at: datetime,
    expires_at: datetime,
    now: datetime,
    about_open: bool,
    trusted: Trust,
) -> bool:
    """Whether a text is past its time for certain; `about_open`: the alarm that it tells of is not closed, so that its words still hold.
    `OVER` says the same to the database.
    """
    lifetime = expires_at - created_at
    if now < expires_at or lifetime > trusted.steady:
        return False
    return not about_open or lifetime <= trusted.lived


def over(now: str, steady: str, lived: str) -> str:
    """The condition on a row of `sms_message`; the three are parameters."""
    return f"""(
    expires_at <= {now} AND expires_at - created_at <= CAST({steady} AS interval)
    AND (expires_at - created_at <= CAST({lived} AS interval)
         OR NOT EXISTS (SELECT FROM incident WHERE incident.id = reference AND incident.state <> 'closed'))
)"""


def left_s(expires_at: datetime, now: datetime, lifetime: timedelta) -> float:
    """Seconds that a gateway may try for: what is left of the lifetime, all of it where the clock has been set since."""
    left = expires_at - now
    return (left if timedelta() < left <= lifetime else lifetime) / timedelta(seconds=1)


class Watching:
    """The clock of one sender."""

    def __init__(self, read: Callable[[], tuple[datetime, float]]) -> None:
        self._read = read
        self._known = first_seen(*read())

    def trust(self) -> Trust:
        """As of now."""
        self._known = seen(self._known, *self._read())
        return trust(self._known)
