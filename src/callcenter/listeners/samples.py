"""Which of the bytes that nobody can read are kept: enough to see who talks and what is wrong, whatever is poured in. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

PER_MINUTE: Final = 60
"""Of one source (design 6b.7): an administrator reads the first ten of them."""
OF_ONE_PEER: Final = 5
"""So that one that floods does not hide the others."""
_SET_BACK: Final = 60
"""Minutes: a time so far before the last one is a clock that was set, not a datagram that was read late."""


class Samples:
    """At most so many per minute of the wall clock, in all and of each peer. What was received in a minute that is over counts
    with the present one: the minute that ends never begins again.
    """

    __slots__ = ("_in_all", "_minute", "_of_one", "_of_peers", "_used")

    def __init__(self, in_all: int = PER_MINUTE, of_one: int = OF_ONE_PEER) -> None:
        self._in_all = in_all
        self._of_one = of_one
        self._minute = -1
        self._used = 0
        self._of_peers: Counter[str] = Counter()

    def take(self, now: datetime, peer: str) -> bool:
        """Whether one more of this peer is kept; if so it is counted."""
        if self.is_used_up(now, peer):
            return False
        self._used += 1
        self._of_peers[peer] += 1
        return True

    def is_used_up(self, now: datetime, peer: str) -> bool:
        """Whether nothing more of this peer is kept this minute."""
        self._turn(int(now.timestamp() // 60))
        return self._used >= self._in_all or self._of_peers.get(peer, 0) >= self._of_one

    def _turn(self, minute: int) -> None:
        if minute > self._minute or minute < self._minute - _SET_BACK:
            self._minute, self._used = minute, 0
            self._of_peers.clear()
