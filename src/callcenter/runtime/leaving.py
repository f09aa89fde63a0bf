"""One of several servers: it says that it lives, steps back for a newer one, and lets its seats go before it stops."""

from __future__ import annotations

import asyncio

from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.seats.going import Going
from callcenter.several.living import SERVER_LIFE


class Leaving:
    """What the alarm process does beside its life."""

    def __init__(self, ground: Ground, going: Going) -> None:
        self._ground = ground
        self._going = going
        self._turned = asyncio.Event()
        ground.lives.on_change = self._turned.set

    async def stays(self) -> bool:
        """For whoever sends traffic here: it is not being stopped."""
        return self._going.why != "stopping"

    async def schema_known(self) -> bool:
        """For the same: no newer server does the work."""
        return not self._ground.lives.stands_back

    def part(self) -> Part:
        """Last to leave, first to be told."""
        lives = self._ground.lives

        async def stop() -> None:
            if lives.leaving:
                await lives.leave()
            await lives.connections.close()

        return Part(
            ports={Going: self._going},
            tasks={"leaving": self._watch},
            processors=[lives],
            listens={SERVER_LIFE: lambda _: self._ground.wakeups.wake(SERVER_LIFE)},
            leave=self._leave,
            stop=stop,
        )

    async def _watch(self) -> None:
        while True:
            await self._turned.wait()
            self._turned.clear()
            if self._going.why != "stopping":
                stands_back = self._ground.lives.stands_back
                await self._going.tell("schema_newer" if stands_back else None)

    async def _leave(self) -> None:
        """Whoever watches sees it first, seats go, devices are still taken in; only then is anything closed."""
        ground = self._ground
        ground.lives.leaving = True
        ground.wakeups.wake(SERVER_LIFE)
        ground.changes.tell(SERVER_LIFE)
        await self._going.tell("stopping")
        if len(self._going.servers) > 1:
            until = ground.clock.monotonic() + ground.settings.several.drain_s
            await self._going.gone(ground.settings.several.drain_s)
            await asyncio.sleep(max(0.0, until - ground.clock.monotonic()))


def lives_part(ground: Ground) -> Part:
    """Of the office: it only looks."""
    return Part(
        processors=[ground.lives],
        listens={SERVER_LIFE: lambda _: ground.wakeups.wake(SERVER_LIFE)},
        stop=ground.lives.connections.close,
    )
