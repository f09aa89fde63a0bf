"""Which names a desk has shown already: a page that asks every two seconds writes one look a person and day, not one a question.

A copy in memory that may be forgotten at any time: then the look is written once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

MOST: Final = 500_000
"""Pairs of a user and a resident; beyond it is begun anew."""


class Looks:
    """Of this process, for the day of the site that is asked about."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._day: date | None = None
        self._seen: set[tuple[int, int]] = set()

    def new_to(self, user_id: int, residents: Iterable[int], day: date) -> list[int]:
        """Those whom this user has not been shown today, in their order; from now on they have been."""
        if day != self._day or len(self._seen) > self._most:
            self._day, self._seen = day, set()
        pairs = {(user_id, each) for each in residents} - self._seen
        self._seen |= pairs
        return sorted(resident for _, resident in pairs)
