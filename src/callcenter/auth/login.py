"""How long the next try to log in has to wait. Pure.

Failures count per user and address together: guessing from elsewhere does not keep an operator away from the seat. The
wait doubles from one second after the third failure to a quarter of an hour, and is forgotten an hour after the last
failure or with the first success, so that nobody is locked out for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FREE_FAILURES: Final = 2
FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Failures:
    """What is known of one user from one address."""

    count: int
    last_at: datetime
    locked_until: datetime | None = None


def wait_after(count: int) -> timedelta:
    """The wait after so many failures in a row."""
    if count <= FREE_FAILURES:
        return timedelta(0)
    doublings = min(count - FREE_FAILURES - 1, 20)  # 2^20 s is beyond the longest wait
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def after_failure(before: Failures | None, now: datetime) -> Failures:
    """One failure more."""
    forgotten = before is None or now - before.last_at > FORGOTTEN_AFTER
    count = 1 if before is None or forgotten else before.count + 1
    wait = wait_after(count)
    return Failures(count, now, now + wait if wait else None)


def seconds_to_wait(failures: Failures | None, now: datetime) -> float:
    """Seconds until the next try is heard; 0 when it is heard now."""
    if failures is None or failures.locked_until is None:
        return 0.0
    return max(0.0, (failures.locked_until - now).total_seconds())
