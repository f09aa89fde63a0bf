"""Which of the bytes that nobody can read are kept: enough to see who talks and what is wrong, whatever is poured in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

from callcenter.core.fullness import Fullness
from callcenter.listeners.bounds import USUAL, SampleBounds

_SET_BACK: Final = 60
"""Minutes: a time so far before the last one is a clock that was set, not a datagram that was read late."""


class Samples:
    """At most so many per minute of the wall clock, in all and of each peer. What was received in a minute that is over counts
    with the present one: the minute that ends never begins again.
    """

    __slots__ = ("_in_all", "_minute", "_note", "_of_one", "_of_peers", "_used")

    def __init__(
        self,
        in_all: int = USUAL.samples.a_minute,
        of_one: int = USUAL.samples.of_one,
        note: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._note = note
        self._in_all = in_all
        self._of_one = of_one
        self._minute = -1
        self._used = 0
        self._of_peers: Counter[str] = Counter()

    @classmethod
    def within(cls, kept: SampleBounds, clock: Callable[[], float]) -> Samples:
        """Of one source; `clock` tells monotonic seconds, for what is told once a minute."""
        near = Fullness("devices.unread_a_minute", kept.a_minute, clock)
        return cls(kept.a_minute, kept.of_one, near.note)

    def take(self, now: datetime, peer: str) -> bool:
        """Whether one more of this peer is kept; if so it is counted."""
        if self.is_used_up(now, peer):
            return False
        self._used += 1
        self._of_peers[peer] += 1
        self._note(self._used)
        return True

    def is_used_up(self, now: datetime, peer: str) -> bool:
        """Whether nothing more of this peer is kept this minute."""
        self._turn(int(now.timestamp() // 60))
        return self._used >= self._in_all or self._of_peers.get(peer, 0) >= self._of_one

    def _turn(self, minute: int) -> None:
        if minute > self._minute or minute < self._minute - _SET_BACK:
            self._minute, self._used = minute, 0
            self._of_peers.clear()
