"""Nights that a story tells, kept as files."""

from __future__ import annotations

from datetime import timedelta

from callcenter.replaying.night import Night, read, written
from callcenter.replaying.reading import Site, read_night
from tests.support.story import TAKER_GONE_S, Phones, Story

SITE = Site("Asia/Shanghai", "test", TAKER_GONE_S)


class WhateverComes(Phones):
    """The story is about the night as a whole: each text arrives, and none was announced."""

    async def ring(self) -> None:
        self.awaited = [(came.recipient, "") for came in self.box.taken[self.read :]]
        await super().ring()


class NightStory(Story):
    """Its database has the same clock as everything else."""

    async def _move(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.owner.execute("UPDATE moved.clock SET at = $1", self.clock.now())
        for operator in self.operators:
            if operator.pulses:
                operator.seat.pulsed_at = self.clock.monotonic()
        self.seats.hub.recount()

    async def moment(self) -> None:
        """A millisecond, in which nobody looks: no two things happen at the same time."""
        await self._move(0.001)


async def kept(story: NightStory, hours: float = 10.0) -> Night:
    """The last hours of the story, as they come out of the file."""
    now = story.clock.now() + timedelta(seconds=1)
    night = await read_night(story.owner, now - timedelta(hours=hours), now, now, SITE)
    return read(written(night))


async def notes_seats(story: NightStory, seconds: float = 0.0) -> None:
    """So long, and who sits where is noted as the server does."""
    left = seconds
    await story.seats.presence.run_once(story.clock.now())
    while left > 0:
        await story.passes(min(left, 2.0))
        await story.seats.presence.run_once(story.clock.now())
        left -= 2.0
