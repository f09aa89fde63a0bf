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


async def kept(story: Story, hours: float = 10.0) -> Night:
    """The last hours of the story, as they come out of the file."""
    now = story.clock.now() + timedelta(seconds=1)
    night = await read_night(story.owner, now - timedelta(hours=hours), now, now, SITE)
    return read(written(night))


async def notes_seats(story: Story, seconds: float = 0.0) -> None:
    """So long, and who sits where is noted as the server does."""
    left = seconds
    await story.seats.presence.run_once(story.clock.now())
    while left > 0:
        await story.passes(min(left, 2.0))
        await story.seats.presence.run_once(story.clock.now())
        left -= 2.0
