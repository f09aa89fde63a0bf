"""The second listener as the alarm process sees it: whether it answers, and what it has counted. Nothing of an alarm waits for it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import structlog

from callcenter.api.passing import Office
from callcenter.runtime.part import Part

log = structlog.get_logger(__name__)

LOOK_EVERY_S: Final = 2.0


class SecondListener:
    """`path` is the Unix socket at which it says how it is."""

    def __init__(self, path: Path) -> None:
        self._there = Office(path)
        self._answers = False

    def part(self) -> Part:
        """Looks every two seconds."""
        return Part(tasks={"outside": self._watch}, stop=self._there.close)

    async def is_there(self) -> bool:
        """Whether it did at the last look."""
        return self._answers

    async def counted(self) -> bytes | None:
        """In the text format of Prometheus; None while it does not answer."""
        return await self._there.ask("/metrics")

    async def _watch(self) -> None:
        while True:
            there = await self._there.ask("/healthz") is not None
            if there and not self._answers:
                log.warning("outside_answers")
            elif not there and self._answers:
                log.warning("outside_away")
            self._answers = there
            await asyncio.sleep(LOOK_EVERY_S)
