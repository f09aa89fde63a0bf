"""Wrong links of each address: so many in some minutes, then it is told to wait. Pure: time is an argument."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Final

MOST: Final = 30
"""A household behind one address of a mobile network mistypes less."""
WITHIN_S: Final = 600.0
MOST_ADDRESSES: Final = 5_000


class WrongLinks:
    """In memory of one office: what is forgotten with it is a few guesses of 59 bits."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, deque[float]] = OrderedDict()

    def note(self, address: str, now: float) -> None:
        """One more, at this moment (monotonic s)."""
        times = self._at.setdefault(address, deque(maxlen=MOST))
        times.append(now)
        self._at.move_to_end(address)
        if len(self._at) > MOST_ADDRESSES:
            self._at.popitem(last=False)

    def has_too_many(self, address: str, now: float) -> bool:
        """Whether the address has to wait."""
        times = self._at.get(address, ())
        return sum(now - at < WITHIN_S for at in times) >= MOST
