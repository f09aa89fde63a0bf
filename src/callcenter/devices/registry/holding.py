"""Containers for a million rows that grow without ever standing still, and that hold little besides their rows. Pure.

A dictionary of a million keys is copied whole each time it grows, which stops the event loop for tens of milliseconds.
"""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

_PAGE = 1024
_SHARDS = 256


class ById(Generic[T]):
    """Values by a row's id: pages of slots, 8 bytes an id where ids are dense, as those of a sequence are."""

    __slots__ = ("_pages",)

    def __init__(self) -> None:
        self._pages: dict[int, list[T | None]] = {}

    def get(self, row_id: int) -> T | None:
        """The value, or None."""
        page = self._pages.get(row_id // _PAGE)
        return None if page is None else page[row_id % _PAGE]

    def put(self, row_id: int, value: T) -> None:
        """Keep or replace."""
        page = self._pages.get(row_id // _PAGE)
        if page is None:
            page = self._pages[row_id // _PAGE] = [None] * _PAGE
        page[row_id % _PAGE] = value

    def pop(self, row_id: int) -> T | None:
        """Take out; None if it is not there."""
        value = self.get(row_id)
        if value is not None:
            self._pages[row_id // _PAGE][row_id % _PAGE] = None
        return value


class ByName(Generic[T]):
    """Values by a name: many small dictionaries, of which one grows at a time."""

    __slots__ = ("_shards",)

    def __init__(self) -> None:
        self._shards: tuple[dict[str, T], ...] = tuple({} for _ in range(_SHARDS))

    def get(self, name: str) -> T | None:
        """The value, or None."""
        return self._shard(name).get(name)

    def put(self, name: str, value: T) -> None:
        """Keep or replace."""
        self._shard(name)[name] = value

    def pop(self, name: str) -> T | None:
        """Take out; None if it is not there."""
        return self._shard(name).pop(name, None)

    def _shard(self, name: str) -> dict[str, T]:
        # Not by the lowest bits: by those the shard itself spreads its keys.
        return self._shards[(hash(name) >> 32) % _SHARDS]
