"""What an exchange has said, and waiting for more of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from callcenter.telephony.pbx import Arrived, Connected, Ended, Heard, Pbx

LIMIT_S = 15.0


class Ear:
    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._more = asyncio.Event()

    def __call__(self, heard: Heard) -> None:
        self.heard.append(heard)
        self._more.set()

    async def until(self, wanted: Callable[[Heard], bool]) -> Heard:
        """The first that is wanted."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                for each in self.heard:
                    if wanted(each):
                        return each
                self._more.clear()
                await self._more.wait()

    async def every(self, kind: type[Heard], times: int) -> Sequence[Heard]:
        """All of this kind, as soon as there are so many."""
        await self.until(lambda _: len(self._of(kind)) >= times)
        return self._of(kind)

    async def of(self, kind: type[Heard]) -> Heard:
        return await self.until(lambda each: isinstance(each, kind))

    async def arrived(self) -> Arrived:
        found = await self.of(Arrived)
        assert isinstance(found, Arrived)
        return found

    async def end_of(self, leg: str) -> Ended:
        found = await self.until(lambda each: isinstance(each, Ended) and each.leg == leg)
        assert isinstance(found, Ended)
        return found

    def _of(self, kind: type[Heard]) -> Sequence[Heard]:
        return [each for each in self.heard if isinstance(each, kind)]


@asynccontextmanager
async def listening(pbx: Pbx) -> AsyncIterator[Ear]:
    """What this exchange says is heard, from when it is connected."""
    ear = Ear()
    task = asyncio.create_task(pbx.run(ear))
    try:
        await ear.of(Connected)
        yield ear
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
