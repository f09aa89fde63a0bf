"""When the writers of a lane take their turn: one at a time, so that what comes together is written together; a second one when
that takes long; and after a crowd of what is no alarm, a rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from callcenter.alerts.arriving.lanes import Lane, Lined

HELP_AFTER_S = 0.02
"""Another writer helps a flush that takes longer than this."""
CROWD = 8
"""Signals of one flush, from which on more will have come within the rest."""
REST_S = 0.04
"""Each commit waits for the disk, and an alarm's with it: in a storm the others are written in fewer, larger ones."""

Item = TypeVar("Item", bound=Lined)


class Line(Generic[Item]):
    """One lane with its writers. A writer without work waits on a future that the next signal resolves at once, unless
    another one is at work that will soon be done, or the line rests (`rest_s`, 0 for alarms: nobody ever waits for more).
    """

    def __init__(self, name: str, capacity: int, rest_s: float = 0.0) -> None:
        self.name = name
        self.lane: Lane[Item] = Lane(capacity)
        self.contended: asyncio.Queue[Item] = asyncio.Queue()
        self._rest_s = rest_s
        self._idle: list[asyncio.Future[None]] = []
        self._began: list[float] = []
        """When the flushes under way began (s of the loop), the oldest first."""
        self._helps: asyncio.TimerHandle | None = None
        self._rests_until = 0.0

    def put(self, item: Item) -> None:
        """Behind what waits."""
        self.lane.put(item)
        self.wake()

    def wake(self) -> None:
        """A writer's turn may have come."""
        while self._idle and self._has_work():
            writer = self._idle.pop()
            if not writer.done():
                writer.set_result(None)
                return
        if self._idle and self._helps is None and self.lane.has_ready:
            loop = asyncio.get_running_loop()
            self._helps = loop.call_at(
                max(loop.time() + HELP_AFTER_S, self._rests_until), self._look_again
            )

    async def ready(self) -> None:
        """Until it is this writer's turn."""
        while not self._has_work():
            waiter = asyncio.get_running_loop().create_future()
            self._idle.append(waiter)
            self.wake()
            await waiter

    @contextmanager
    def writing(self, signals: int) -> Iterator[None]:
        """A flush of so many signals is under way."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._began.append(began)
        try:
            yield
        finally:
            self._began.remove(began)
            if signals >= CROWD:
                self._rests_until = loop.time() + self._rest_s

    def _has_work(self) -> bool:
        if not self.lane.has_ready:
            return False
        now = asyncio.get_running_loop().time()
        if now < self._rests_until:
            return False
        return not self._began or now - self._began[0] >= HELP_AFTER_S

    def _look_again(self) -> None:
        self._helps = None
        self.wake()
