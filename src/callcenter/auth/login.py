"""How long the next try to log in has to wait. Pure.

Failures are counted in several places, each with a patience of its own:

- per user and network together: the wait doubles from one second after the third failure to a quarter of an hour, so guessing
  from elsewhere does not keep an operator away from the seat;
- per user and known browser together: the same, up to a minute, so that a joke at a shared seat locks out nobody;
- per user from all strangers together: who guesses from many addresses waits up to a minute. A browser that this user has
  logged in with before does not count there and does not wait for it;
- per network, as a place in the line (`waiting_line`).

All is forgotten an hour after the last failure, and with the first success, so that nobody is locked out for ever.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from callcenter.auth.waiting_line import Comer
from callcenter.core.visible import visible

FORGOTTEN_AFTER: Final = timedelta(hours=1)
KNOWN: Final = "browser "
"""What the place of a known browser begins with."""
ALL_STRANGERS: Final = "*"
"""In place of an address: everybody whose browser this user has not logged in with."""


@dataclass(frozen=True, slots=True)
class Patience:
    """So many failures cost nothing; after the next the wait is `first`, then twice as long each time, up to `longest`."""

    free_failures: int
    first: timedelta
    longest: timedelta

    def wait_after(self, count: int) -> timedelta:
        """The wait after so many failures in a row."""
        if count <= self.free_failures:
            return timedelta(0)
        doublings = min(count - self.free_failures - 1, 20)  # 2^20 s is beyond the longest wait
        return min(self.first * (1 << doublings), self.longest)


WITH_ONE: Final = Patience(2, timedelta(seconds=1), timedelta(minutes=15))
WITH_KNOWN: Final = Patience(2, timedelta(seconds=1), timedelta(minutes=1))
WITH_ALL: Final = Patience(20, timedelta(seconds=1), timedelta(minutes=1))
"""Longer would let strangers keep somebody away from a browser that is new."""


@dataclass(frozen=True, slots=True)
class Failures:
    """What is known of one user's failures from one place."""

    count: int
    last_at: datetime
    locked_until: datetime | None = None


def patience_with(place: str) -> Patience:
    """What holds for the failures counted under this address or in place of one."""
    if place.startswith(KNOWN):
        return WITH_KNOWN
    return WITH_ALL if place == ALL_STRANGERS else WITH_ONE


def after_failure(before: Failures | None, now: datetime, patience: Patience) -> Failures:
    """One failure more."""
    forgotten = before is None or now - before.last_at > FORGOTTEN_AFTER
    count = 1 if before is None or forgotten else before.count + 1
    wait = patience.wait_after(count)
    return Failures(count, now, now + wait if wait else None)


def seconds_to_wait(failures: Failures | None, now: datetime) -> float:
    """Seconds until the next try is heard; 0 when it is heard now."""
    if failures is None or failures.locked_until is None:
        return 0.0
    return max(0.0, (failures.locked_until - now).total_seconds())


def network_of(address: str) -> str:
    """What one stranger has: an IPv4 address, of IPv6 the 64 bits of a network (they can choose the rest)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, 64), strict=False))


def normal_login(login: str) -> str:
    """Log-ins are compared without regard to case, outer spaces and what cannot be seen."""
    return visible(login).strip().casefold()


def comer_of(login: str, address: str, browser: str | None) -> Comer:
    """Who is at the door; `browser` is the id of one that this log-in was used with before."""
    login = normal_login(login)
    if browser is None:
        return Comer(network_of(address), login)
    return Comer(f"{KNOWN}{browser}", login, is_known=True)


def counted_under(comer: Comer) -> tuple[str, ...]:
    """Where a failure counts, always in this order: rows are locked in it."""
    return (comer.place,) if comer.is_known else (comer.place, ALL_STRANGERS)


class Told:
    """How many tries with log-ins that do not exist are written down each minute: whoever invents them must not fill the audit
    trail, which only grows. The rest is counted, and the next entry says how many.
    """

    def __init__(self, per_minute: int = 30) -> None:
        self._per_minute = per_minute
        self._minute = -1
        self._told = 0
        self._untold = 0

    def one_more(self, now: datetime) -> int | None:
        """How many went untold before this one; None if this one goes untold, too."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute:
            self._minute, self._told = minute, 0
        if self._told >= self._per_minute:
            self._untold += 1
            return None
        self._told += 1
        untold, self._untold = self._untold, 0
        return untold
