"""Who has a telephone number, as two sorted columns of integers: 16 bytes an entry, where a dictionary takes more than a hundred. Pure.

An entry says where to look; whether it is still so says the row itself. So nothing need be known of a row before it was changed, and
what is stale is thrown away by whoever meets it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

_SHARDS: Final = 4093
"""A prime, so that numbers of one town spread; of a million homes each shard has some hundred entries, which are moved in a microsecond."""


def digits_of(e164: str) -> int | None:
    """+8613900000001 as an integer; None for what is no number."""
    bare = e164[1:]
    if not e164.startswith("+") or not bare.isascii() or not bare.isdecimal():
        return None
    return int(bare) if len(bare) <= 15 and bare[0] != "0" else None


_NONE: Final = array("q")
"""Stands for a shard without entries, and is never written to: to make all shards of an empty registry takes milliseconds."""


class ByNumber:
    """Any number of owners (integers of the caller's meaning) by number."""

    __slots__ = ("_numbers", "_owners")

    def __init__(self) -> None:
        self._numbers = [_NONE] * _SHARDS
        self._owners = [_NONE] * _SHARDS

    def put(self, number: int, owner: int) -> None:
        """Once, however often it is said."""
        numbers, owners = self._shard_to_write(number % _SHARDS)
        place = bisect_left(numbers, number)
        while place < len(numbers) and numbers[place] == number:
            if owners[place] == owner:
                return
            place += 1
        numbers.insert(place, number)
        owners.insert(place, owner)

    def _shard_to_write(self, shard: int) -> tuple[array[int], array[int]]:
        if self._numbers[shard] is _NONE:
            self._numbers[shard], self._owners[shard] = array("q"), array("q")
        return self._numbers[shard], self._owners[shard]

    def of(self, number: int) -> Iterator[int]:
        """Whoever was said to have it, in the order in which that was said."""
        numbers, owners = self._numbers[number % _SHARDS], self._owners[number % _SHARDS]
        place = bisect_left(numbers, number)
        while place < len(numbers) and numbers[place] == number:
            yield owners[place]
            place += 1

    def drop(self, number: int, owner: int) -> None:
        """They have it no longer."""
        numbers, owners = self._numbers[number % _SHARDS], self._owners[number % _SHARDS]
        place = bisect_left(numbers, number)
        while place < len(numbers) and numbers[place] == number:
            if owners[place] == owner:
                del numbers[place], owners[place]
                return
            place += 1

    @property
    def bytes_held(self) -> int:
        """Of both columns, with what they have in reserve."""
        return sum(
            each.__sizeof__() for each in (*self._numbers, *self._owners) if each is not _NONE
        )
