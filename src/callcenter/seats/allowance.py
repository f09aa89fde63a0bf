"""How much one console may say: a bucket that fills with time. Pure."""

from __future__ import annotations

from collections.abc import Callable


class Allowance:
    """Holds `most` and fills by `per_s` a second. `note` is told how much of it is gone whenever something is taken."""

    __slots__ = ("_at", "_left", "_most", "_note", "_per_s")

    def __init__(
        self, per_s: float, most: float, note: Callable[[int], None] = lambda _: None
    ) -> None:
        self._note = note
        self._per_s = per_s
        self._most = most
        self._left = most
        self._at = 0.0

    def takes(self, amount: float, now: float) -> bool:
        """Take `amount` at `now` (monotonic s); False when so much is not there, and nothing is taken."""
        self._left = min(self._most, self._left + max(0.0, now - self._at) * self._per_s)
        self._at = now
        if amount > self._left:
            return False
        self._left -= amount
        self._note(int(self._most - self._left))
        return True
