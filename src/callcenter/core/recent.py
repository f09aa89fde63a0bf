"""A memory with a bound: what came lately, by key. Pure.

Two generations, so that it forgets without being walked: the older one goes as a whole when the younger is full.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

GENERATION: Final = 20_000
"""Keys a generation holds; two of them are some 24 megabytes of what messages led to."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The newest value of up to two generations of keys."""

    def __init__(self, generation: int = GENERATION) -> None:
        self._generation = generation
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __contains__(self, key: K) -> bool:
        return key in self._young or key in self._old

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: K, default: V) -> V:
        """The value that was put last, unless it was forgotten."""
        found = self._young.get(key)
        return self._old.get(key, default) if found is None else found

    def find(self, key: K) -> V | None:
        """The value that was put last; None: there is none, or it was forgotten."""
        found = self._young.get(key)
        return self._old.get(key) if found is None else found

    def put(self, key: K, value: V) -> None:
        """Remember, and forget the older generation when the younger is full."""
        if len(self._young) >= self._generation and key not in self._young:
            self._old, self._young = self._young, {}
        self._young[key] = value
