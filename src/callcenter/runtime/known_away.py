"""Whether the database is known not to answer: one byte that the parent shares with its children, so that an alarm process that is
started again in the middle of an outage does not find out anew.
"""

from __future__ import annotations

import mmap


class KnownAway:
    """Made before the fork."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 1)

    def __bool__(self) -> bool:
        return self._shared[0] != 0

    def say(self, *, is_away: bool) -> None:
        """As the process that writes alarms finds it."""
        self._shared[0] = is_away
