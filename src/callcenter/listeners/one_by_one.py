"""Starts what is heavy one by one, a turn of the event loop apart: hundreds of pages and consoles that come in the same moment
would else be begun in one turn, and a press among them would wait for all of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable


class OneByOne:
    """Of one event loop. What comes alone starts at once."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._started = False
        """In this turn."""

    def soon(self, start: Callable[[], None]) -> None:
        """Start now, or when those before have had their turn. `start` raises nothing."""
        if self._started:
            self._waiting.append(start)
            return
        self._start(start)

    def _start(self, start: Callable[[], None]) -> None:
        self._started = True
        asyncio.get_running_loop().call_soon(self._next)
        start()

    def _next(self) -> None:
        self._started = False
        if self._waiting:
            self._start(self._waiting.popleft())
