"""Who is next where many wait for one place: addresses take turns, and at an address its log-ins. Pure.

A stranger who tries a thousand names makes their own address wait, not the others. When the line is full, the address that
has the most in it loses its last one, so that nobody is pushed out by who pushes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_Waiting = dict[str, list[T]]
"""Of one address: who waits by log-in, both in the order of their turns."""

TURNS_BEFORE_STRANGER: Final = 4
"""Of those whose browser is known, before one goes to a stranger."""
TURNS_BEFORE_FAILED: Final = 4
"""Of addresses without failures, before one goes to an address whose last try failed."""


@dataclass(frozen=True, slots=True)
class Comer:
    """Who wants a turn: from where (a network, or a known browser's id), for which log-in."""

    place: str
    login: str
    is_known: bool = False


class Lanes(Generic[T]):
    """Two lines of at most `most` each: browsers that the log-in was used with before, and strangers. No number of strangers
    costs a known browser its place, and it has four turns of five.
    """

    def __init__(self, most: int) -> None:
        self._lines: dict[bool, WaitingLine[T]] = {
            is_known: WaitingLine(most) for is_known in (True, False)
        }
        self._turns = 0

    def put(self, item: T, comer: Comer) -> T | None:
        """Let it wait. Answers with who lost their place for it, maybe itself."""
        return self._lines[comer.is_known].put(item, comer.place, comer.login)

    def take(self) -> T | None:
        """Who is next."""
        self._turns = (self._turns + 1) % (TURNS_BEFORE_STRANGER + 1)
        first = self._turns != 0
        found = self._lines[first].take()
        return self._lines[not first].take() if found is None else found

    def discard(self, item: T, comer: Comer) -> None:
        """It waits no longer."""
        self._lines[comer.is_known].discard(item, comer.place, comer.login)

    def note(self, comer: Comer, *, failed: bool) -> None:
        """How the last try from there ended."""
        self._lines[comer.is_known].note(comer.place, failed=failed)


class WaitingLine(Generic[T]):
    """At most `most` items, each with the address and the log-in it waits for."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._addresses: dict[str, _Waiting[T]] = {}
        self._failed: dict[str, None] = {}
        self._turns = 0

    def __len__(self) -> int:
        return sum(_count(waiting) for waiting in self._addresses.values())

    def put(self, item: T, address: str, login: str) -> T | None:
        """Let it wait. Answers with who lost their place for it, maybe itself."""
        self._addresses.setdefault(address, {}).setdefault(login, []).append(item)
        if len(self) <= self._most:
            return None
        fullest = max(reversed(self._addresses), key=lambda each: _count(self._addresses[each]))
        logins = self._addresses[fullest]
        crowded = max(reversed(logins), key=lambda each: len(logins[each]))
        return self._remove(fullest, crowded, -1)

    def take(self) -> T | None:
        """Who is next; their address and log-in go to the end."""
        address = self._next_address()
        if address is None:
            return None
        login = next(iter(self._addresses[address]))
        item = self._remove(address, login, 0)
        if address in self._addresses:
            logins = self._addresses[address] = self._addresses.pop(address)
            if login in logins:
                logins[login] = logins.pop(login)
        return item

    def discard(self, item: T, address: str, login: str) -> None:
        """It waits no longer."""
        waiting = self._addresses.get(address, {}).get(login, [])
        if item in waiting:
            self._remove(address, login, waiting.index(item))

    def note(self, address: str, *, failed: bool) -> None:
        """How the last try from an address ended: after a failure it waits behind the others until one succeeds."""
        self._failed.pop(address, None)
        if failed:
            self._failed[address] = None
        if len(self._failed) > self._most:
            del self._failed[next(iter(self._failed))]

    def _next_address(self) -> str | None:
        first = next((each for each in self._addresses if each not in self._failed), None)
        behind = next((each for each in self._addresses if each in self._failed), None)
        if first is None or behind is None:
            return behind if first is None else first
        self._turns = (self._turns + 1) % (TURNS_BEFORE_FAILED + 1)
        return first if self._turns else behind

    def _remove(self, address: str, login: str, place: int) -> T:
        logins = self._addresses[address]
        item = logins[login].pop(place)
        if not logins[login]:
            del logins[login]
        if not logins:
            del self._addresses[address]
        return item


def _count(waiting: _Waiting[T]) -> int:
    return sum(map(len, waiting.values()))
