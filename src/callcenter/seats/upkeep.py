"""What keeps the seats true, over and over: sweep, presence, proofs, states of texts, the beat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from callcenter.core.clock import Clock
from callcenter.core.supervisor import wait_for_any
from callcenter.seats.board import frame
from callcenter.seats.hub import Hub
from callcenter.seats.presence import Presence
from callcenter.seats.proofs import Proofs
from callcenter.seats.sweep import Sweep

BEAT_S = 2.0
"""A console that hears nothing for three beats says that the link is lost."""
TEXTS_GATHER_S = 0.25
FORGET_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Loop:
    """A step done for ever on a held connection, each time after waiting (core.held.keep_doing)."""

    name: str
    wait: Callable[[], Awaitable[None]]
    step: Callable[[asyncpg.Connection], Awaitable[object]]


class Upkeep:
    """The loops of one process's seats. `hint` wakes the sweep before its interval is over."""

    def __init__(
        self,
        hub: Hub,
        sweep: Sweep,
        presence: Presence,
        proofs: Proofs,
        clock: Clock,
        *,
        sweep_every_s: float,
    ) -> None:
        self._hub = hub
        self._sweep = sweep
        self._presence = presence
        self._proofs = proofs
        self._clock = clock
        self._sweep_every_s = sweep_every_s
        self.hint = asyncio.Event()
        self._texts: set[UUID] = set()
        self._texts_changed = asyncio.Event()
        self._colleagues: list[dict[str, Any]] = []
        self._swept_at = clock.monotonic()
        self._forgot_at = float("-inf")  # silent homes are known with the first sweep

    def note_texts(self, ids: Sequence[UUID]) -> None:
        """The state of these texts has changed; pushed soon, many together."""
        self._texts.update(ids)
        self._texts_changed.set()

    def loops(self) -> list[Loop]:
        """Each runs by itself: a slow one holds up no other."""
        return [
            Loop("sweep", hint_or(self.hint, self._sweep_every_s), self._sweep_once),
            Loop("presence", self._presence.wait, self._presence_once),
            Loop("proofs", self._proofs.wait, self._proofs.cycle),
            Loop("looks", self._hub.looks.wait, self._hub.looks.cycle),
            Loop("sms-states", self._wait_for_texts, self._push_texts),
        ]

    async def beat(self) -> None:
        """Every 2 s to every seat: we live, and whether the database does."""
        while True:
            await asyncio.sleep(BEAT_S)
            self._hub.recount()  # who is silent is noticed while the database does not answer, too
            fresh = self._clock.monotonic() - self._swept_at < 3 * BEAT_S
            made = frame({"type": "beat", "now": self._clock.now(), "database": fresh})
            for seat in list(self._hub.seats.values()):
                seat.link.offer(made)

    async def _sweep_once(self, connection: asyncpg.Connection) -> None:
        await self._sweep.incidents(connection)
        await self._sweep.sessions(connection, self._clock.now())
        self._swept_at = self._clock.monotonic()
        if self._swept_at - self._forgot_at > FORGET_EVERY_S:
            self._forgot_at = self._swept_at
            self._sweep.turn()
            self._proofs.turn()
            self._hub.looks.turn()
            await self._sweep.silent_homes(connection, self._clock.now())

    async def _presence_once(self, connection: asyncpg.Connection) -> None:
        await self._presence.cycle(connection)
        colleagues = self._hub.colleagues()
        if colleagues != self._colleagues:
            self._colleagues = colleagues
            await self._hub.tell_all({"type": "seats", "seats": colleagues})

    async def _wait_for_texts(self) -> None:
        await self._texts_changed.wait()
        await asyncio.sleep(TEXTS_GATHER_S)

    async def _push_texts(self, connection: asyncpg.Connection) -> None:
        self._texts_changed.clear()
        ids, self._texts = self._texts, set()
        await self._sweep.texts(connection, list(ids))


def hint_or(hint: asyncio.Event, interval_s: float) -> Callable[[], Awaitable[None]]:
    """Wait for the hint, at most for the interval."""

    async def wait() -> None:
        await wait_for_any([hint], timeout_s=interval_s)
        hint.clear()

    return wait
