"""Saying that a limit is near before it is reached: at four fifths, once a minute at most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import structlog

log = structlog.get_logger(__name__)

NEARLY_FULL: Final = 0.8
TELL_EVERY_S: Final = 60.0


class Fullness:
    """How full one thing is that holds `most`; `limit` is the setting's name. `clock` tells monotonic seconds."""

    def __init__(self, limit: str, most: int, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._most = most
        self._near = most * NEARLY_FULL
        self._clock = clock
        self._told_at = float("-inf")

    def note(self, used: int, more: Callable[[], Mapping[str, object]] = dict) -> None:
        """So much is taken now; `more` is asked for what else is to be told."""
        if used < self._near:
            return
        now = self._clock()
        if now - self._told_at >= TELL_EVERY_S:
            self._told_at = now
            log.warning("limit_near", limit=self._limit, used=used, most=self._most, **more())
