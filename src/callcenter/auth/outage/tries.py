"""Wrong tries, counted in memory while the database cannot count them, by the same rules. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from callcenter.auth.login import (
    ALL_STRANGERS,
    FORGOTTEN_AFTER,
    Failures,
    after_failure,
    counted_under,
    patience_with,
    seconds_to_wait,
)
from callcenter.auth.waiting_line import Comer

MOST: Final = 50_000
"""Places that are counted: at ten tries a second it takes longer to push one out than the longest wait lasts."""

TRIED: Final = """
SELECT login, address, failures, last_failure_at, locked_until FROM login_delay
WHERE failures > 0 AND last_failure_at > now() - interval '1 hour' ORDER BY last_failure_at DESC LIMIT 10000
"""


class Tries:
    """What `login_delay` has, and what has come since."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._failures: dict[tuple[str, str], Failures] = {}

    def learn(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """What the database has counted; of one place the later word holds."""
        for row in rows:
            key = row["login"], row["address"]
            known = self._failures.get(key)
            if known is None or row["last_failure_at"] >= known.last_at:
                read = Failures(row["failures"], row["last_failure_at"], row["locked_until"])
                self._put(key, read)

    def seconds_to_wait(self, comer: Comer, now: datetime) -> float:
        """Until this one is heard; 0: now."""
        return max(
            seconds_to_wait(self._known((comer.login, place), now), now)
            for place in counted_under(comer)
        )

    def note(self, comer: Comer, now: datetime) -> None:
        """A try counts as a failure until `forgive`."""
        for place in counted_under(comer):
            key = comer.login, place
            self._put(key, after_failure(self._failures.get(key), now, patience_with(place)))

    def forgive(self, comer: Comer) -> None:
        """The password was right: what other strangers have failed with this log-in stays counted."""
        self._failures.pop((comer.login, comer.place), None)
        strangers = comer.login, ALL_STRANGERS
        counted = self._failures.get(strangers)
        if not comer.is_known and counted is not None:
            self._put(strangers, Failures(counted.count - 1, counted.last_at))

    def _known(self, key: tuple[str, str], now: datetime) -> Failures | None:
        found = self._failures.get(key)
        if found is not None and now - found.last_at > FORGOTTEN_AFTER:
            del self._failures[key]
            return None
        return found

    def _put(self, key: tuple[str, str], failures: Failures) -> None:
        self._failures.pop(key, None)
        self._failures[key] = failures
        if len(self._failures) > self._most:
            del self._failures[next(iter(self._failures))]
