"""Whether alarms can be stored now. It goes by what worked or failed last, a flush of intake or a rehearsal of one, and by how
long ago that was: that a database answers says nothing of whether it writes. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

STALE_S: Final = 3.0
"""Something is written or rehearsed twice a second: when nothing has worked for this long, nothing does."""


class StoreHealth:
    """Times are seconds of the monotonic clock. `on_change` is called whenever the answer of `trouble` turns, with that answer."""

    def __init__(
        self, now: float, *, on_change: Callable[[str | None], None] = lambda _: None
    ) -> None:
        self._on_change = on_change
        self._worked_at = now
        self._refused: str | None = None
        """Why the last flush failed; None: it worked."""
        self._rehearsal_failed: str | None = None
        self._told: str | None = None

    @property
    def flush_failed_last(self) -> bool:
        """Something real was refused, and nothing real was written since."""
        return self._refused is not None

    def flush_worked(self, now: float) -> None:
        """Alarms were committed."""
        self._worked_at = now
        self._refused = self._rehearsal_failed = None
        self._tell(now)

    def flush_failed(self, now: float, reason: str) -> None:
        """The store did not take what was to be written; a signal that cannot be written as it is is no reason."""
        self._refused = reason
        self._tell(now)

    def rehearsal_worked(self, now: float, *, wrote: bool) -> None:
        """`wrote`: it went as far as a row, and so outweighs the flush that failed."""
        self._worked_at = now
        self._rehearsal_failed = None
        if wrote:
            self._refused = None
        self._tell(now)

    def rehearsal_failed(self, now: float, reason: str) -> None:
        """What a flush would have met."""
        self._rehearsal_failed = reason
        self._tell(now)

    def age(self, now: float) -> float:
        """Seconds since something was last written, or could have been."""
        return now - self._worked_at

    def trouble(self, now: float) -> str | None:
        """Why alarms cannot be stored now, for the log; None: they can."""
        if self._refused or self._rehearsal_failed:
            return self._refused or self._rehearsal_failed
        return "no answer" if self.age(now) > STALE_S else None

    def _tell(self, now: float) -> None:
        trouble = self.trouble(now)
        if (trouble is None) is not (self._told is None):
            self._told = trouble
            self._on_change(trouble)
