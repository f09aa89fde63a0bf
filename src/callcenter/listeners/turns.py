"""Whose bytes are read next, when more comes in than can be read: the turns of all device listeners of a process.

Reading is done in steps of about a millisecond. Who has been quiet is read at once, those first whose address has cost least: a
press on a connection that has said nothing for a second does not wait for two hundred that never stop. All others take turns,
a few milliseconds at a time with pauses between, so that whatever is poured in, most of the process's time is left to the rest of
it, as long as the rest has a use for it; what is not read meanwhile waits with whoever sends it.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Final, Protocol

from callcenter.listeners.bounds import USUAL

STEP_S: Final = 0.001
ROUND_S: Final = 0.004
PAUSE_S: Final = 0.008
"""Between two rounds of those that talk on, while the process has other work: they have a third of it then, some five thousand
frames a second.
"""
SHORT_PAUSE_S: Final = 0.001
"""The same while it has none."""
IN_TIME_S: Final = 0.001
"""A pause that ends no later than this was one in which nobody else wanted the process."""
QUIET_S: Final = 1.0
"""A device says something every few seconds at most; one that polls and rings in the same second waits for its turn."""
HALVED_AFTER_S: Final = 10.0
MOST_ADDRESSES: Final = 4_096
COSTS_AT_MOST_S: Final = 3 * STEP_S
"""A step that took longer was interrupted by the machine, not by its sender."""


class Reader(Protocol):
    """Something that has bytes to be read."""

    @property
    def peer(self) -> str:
        """The address they came from."""

    @property
    def last_read_at(self) -> float:
        """When it last had its turn, in seconds of the monotonic clock."""

    def read_step(self) -> bool:
        """Read for about STEP_S; True when there is more, which may be read now."""


class Loop(Protocol):
    """What is needed of an event loop."""

    def call_soon(self, callback: Callable[[], None], /) -> object: ...
    def call_later(self, delay: float, callback: Callable[[], None], /) -> object: ...


class Turns:
    """`clock` tells monotonic seconds; `light_s`: how much an address may have cost lately and still be read at once."""

    def __init__(
        self, loop: Loop, clock: Callable[[], float], light_s: float = USUAL.light_s
    ) -> None:
        self._loop = loop
        self._light_s = light_s
        self._clock = clock
        self._quiet: list[tuple[float, int, Reader]] = []
        """A heap: by the cost of the address, then in the order they came."""
        self._others: deque[Reader] = deque()
        self._number = count()
        self._rests_until = float("-inf")
        self._pause_s = PAUSE_S
        self._soon = self._later = False
        """A round is to come: at once, or after the pause."""
        self._spent: dict[str, tuple[float, float]] = {}
        """By address: what its bytes have cost, and when that was last counted (s)."""

    def __len__(self) -> int:
        return len(self._quiet) + len(self._others)

    def wait(self, reader: Reader) -> None:
        """It has bytes. It may wait once at a time."""
        now = self._clock()
        cost = self._cost(reader.peer, now)
        if cost < self._light_s and now - reader.last_read_at > QUIET_S:
            heapq.heappush(self._quiet, (cost, next(self._number), reader))
        else:
            self._others.append(reader)
        self._schedule(now)

    def is_light(self, peer: str, now: float) -> bool:
        """Whether reading this address has cost little lately."""
        return self._cost(peer, now) < self._light_s

    def _schedule(self, now: float) -> None:
        if self._quiet or (self._others and now >= self._rests_until):
            if not self._soon:
                self._soon = True
                self._loop.call_soon(self._begin)
        elif self._others and not self._later:
            self._later = True
            self._loop.call_later(self._rests_until - now, self._rested)

    def _rested(self) -> None:
        self._later = False
        now = self._clock()
        if now - self._rests_until <= IN_TIME_S:
            self._pause_s = max(self._pause_s / 2, SHORT_PAUSE_S)
        else:
            self._pause_s = PAUSE_S
        self._schedule(now)

    def _begin(self) -> None:
        self._soon = False
        now = self._clock()
        until = now + ROUND_S
        while self._quiet and now < until:
            now = self._read(heapq.heappop(self._quiet)[2], now)
        if now >= self._rests_until:
            now = self._go_round(now)
        self._schedule(now)

    def _go_round(self, now: float) -> float:
        until = now + ROUND_S
        for _ in range(len(self._others)):
            if now >= until:
                break
            now = self._read(self._others.popleft(), now)
        if self._others:
            self._rests_until = now + self._pause_s
        return now

    def _read(self, reader: Reader, before: float) -> float:
        """One step; the time after it."""
        if reader.read_step():
            self._others.append(reader)
        now = self._clock()
        self._charge(reader.peer, min(now - before, COSTS_AT_MOST_S), now)
        return now

    def _cost(self, peer: str, now: float) -> float:
        spent, at = self._spent.get(peer, (0.0, now))
        return float(spent * 0.5 ** ((now - at) / HALVED_AFTER_S))

    def _charge(self, peer: str, seconds: float, now: float) -> None:
        self._spent[peer] = (self._cost(peer, now) + seconds, now)
        if len(self._spent) > MOST_ADDRESSES:
            self._spent = {
                one: held for one, held in self._spent.items() if not self.is_light(one, now)
            }
