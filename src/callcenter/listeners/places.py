"""Who may stay connected when there is no room for all: places for connections, shared by the listeners of a process.

A new connection is always taken, since it may be an SOS. When all places are taken, the address that has most of them gives one
up, the one that was silent for longest; who is being answered keeps theirs. So one address that opens thousands pushes out
itself, and a thousand idle diallers lose the one that has slept longest, which comes back when it has something to say.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from typing import Protocol

from callcenter.core import metrics
from callcenter.core.fullness import Fullness


class Occupant(Protocol):
    """A connection with a place."""

    @property
    def may_be_given_up(self) -> bool:
        """Nobody waits for an answer on it, and nobody sits behind it."""

    @property
    def is_gone(self) -> bool:
        """It has ended, and nobody has said so."""

    def give_up(self) -> None:
        """Close it now."""


def peer_of(transport: asyncio.BaseTransport) -> str:
    """The address at the other end."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else "unknown"


class Places:
    """`capacity` connections under one name; `limit` is the setting that bounds them. `clock` tells monotonic seconds, for what
    is told once a minute.
    """

    def __init__(self, name: str, limit: str, capacity: int, clock: Callable[[], float]) -> None:
        self.name = name
        self.capacity = capacity
        self._fullness = Fullness(limit, capacity, clock)
        self._of: dict[str, OrderedDict[Occupant, None]] = {}
        """By address, those silent for longest first."""
        self._with: defaultdict[int, dict[str, None]] = defaultdict(dict)
        """Addresses by how many places they have."""
        self._count = 0
        self._given_up = 0

    def __len__(self) -> int:
        return self._count

    def take(self, occupant: Occupant, peer: str) -> None:
        """A place for a new connection, whoever must go for it."""
        if self._count >= self.capacity:
            self._make_room()
        held = self._of.setdefault(peer, OrderedDict())
        held[occupant] = None
        self._move(peer, len(held) - 1, len(held))
        self._fullness.note(self._count, self._whose)

    def heard(self, occupant: Occupant, peer: str) -> None:
        """It is the last that will be given up of its address."""
        held = self._of.get(peer)
        if held is not None and occupant in held:
            held.move_to_end(occupant)

    def leave(self, occupant: Occupant, peer: str) -> None:
        """It has ended."""
        held = self._of.get(peer)
        if held is None or occupant not in held:
            return
        del held[occupant]
        self._move(peer, len(held) + 1, len(held))
        if not held:
            del self._of[peer]

    def _move(self, peer: str, before: int, after: int) -> None:
        self._count += after - before
        self._with[before].pop(peer, None)
        if not self._with[before]:
            del self._with[before]
        if after:
            self._with[after][peer] = None

    def _make_room(self) -> None:
        """Nobody goes where everybody is needed; the reserve of descriptors is for that."""
        for number in sorted(self._with, reverse=True):
            for peer in self._with[number]:
                found = next((o for o in self._of[peer] if o.is_gone or o.may_be_given_up), None)
                if found is not None:
                    self._free(found, peer)
                    return

    def _free(self, occupant: Occupant, peer: str) -> None:
        self.leave(occupant, peer)
        if not occupant.is_gone:
            occupant.give_up()
            self._given_up += 1
            metrics.GIVEN_UP.labels(self.name).inc()

    def _whose(self) -> Mapping[str, object]:
        most = max(self._with)
        return {
            "given_up": self._given_up,
            "fullest_address": next(iter(self._with[most])),
            "of_this_address": most,
        }
