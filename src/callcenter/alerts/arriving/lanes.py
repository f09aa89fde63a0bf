"""A lane: what waits, and who may be taken together (design 6b.4, 6b.5). No I/O.

Signals of one subject are written one after the other, in the order they arrived: a subject that is being written is
not handed out again until it is settled. So no batch holds the same subject twice, and batches are sorted by subject,
which keeps two connections from deadlocking.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, Protocol, TypeVar

OF_ONE_SUBJECT = 200
"""Signals of one home or device that may wait: those of a device that repeats every 2 s through six minutes of outage."""


class Lined(Protocol):
    @property
    def subject(self) -> str: ...


Item = TypeVar("Item", bound=Lined)


class Lane(Generic[Item]):
    """First come, first served over subjects; at most `capacity` items wait, `of_one` of any one subject."""

    def __init__(self, capacity: int, of_one: int = OF_ONE_SUBJECT) -> None:
        self._capacity = capacity
        self._of_one = of_one
        self._waiting: dict[str, deque[Item]] = {}
        self._ready: deque[str] = deque()
        self._busy: set[str] = set()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def has_room(self, subject: str) -> bool:
        """Whether an item of this subject may be put in: a flapping device shuts out itself alone (G3)."""
        queue = self._waiting.get(subject)
        return self._count < self._capacity and (queue is None or len(queue) < self._of_one)

    @property
    def has_ready(self) -> bool:
        """`take` would return something."""
        return bool(self._ready)

    def put(self, item: Item) -> None:
        """Append to the queue of its subject."""
        queue = self._waiting.get(item.subject)
        if queue is None:
            queue = self._waiting[item.subject] = deque()
        if not queue and item.subject not in self._busy:
            self._ready.append(item.subject)
        queue.append(item)
        self._count += 1

    def take(self, limit: int) -> list[Item]:
        """The oldest item of up to `limit` subjects, sorted by subject; these subjects are busy
        until `settle`.
        """
        batch: list[Item] = []
        while self._ready and len(batch) < limit:
            subject = self._ready.popleft()
            batch.append(self._waiting[subject].popleft())
            self._busy.add(subject)
        self._count -= len(batch)
        batch.sort(key=lambda item: item.subject)
        return batch

    def settle(self, subject: str) -> None:
        """The item of this subject is written (or given up): the next one may be taken."""
        self._busy.discard(subject)
        queue = self._waiting.get(subject)
        if queue:
            self._ready.append(subject)
        else:
            self._waiting.pop(subject, None)
