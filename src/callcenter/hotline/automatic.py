"""Between an exchange and the calls that the centre rings by itself: what it says of their legs is theirs, what follows is ordered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from callcenter.core.clock import Clock
from callcenter.hotline.announcement import PREFIX
from callcenter.hotline.announcing import Announcer
from callcenter.hotline.deeds import Deed
from callcenter.telephony.pbx import Heard

log = structlog.get_logger(__name__)

TICK_S: Final = 0.25


class Automatic:
    """`follow` carries deeds out; it is set once the lines are there. `ended`: something is to be written."""

    def __init__(self, clock: Clock, ended: Callable[[], None]) -> None:
        self.announcer = Announcer()
        self.follow: Callable[[Sequence[Deed]], None] = _nowhere
        self._clock = clock
        self._ended = ended

    def theirs(self, heard: Heard) -> bool:
        """Whether it concerns such a leg alone; it is heard by then. A fault here is none of the switchboard's."""
        try:
            self._do(self.announcer.hear(heard, self._clock.now()))
        except Exception:  # see above
            log.exception("automatic_call_failed")
        return getattr(heard, "leg", "").startswith(PREFIX)

    async def tick(self) -> None:
        """What time brings. A task of the supervisor."""
        while True:
            await asyncio.sleep(TICK_S)
            try:
                self._do(self.announcer.tick(self._clock.now()))
            except Exception:  # no fault of one call ends the task that looks after the others
                log.exception("automatic_call_failed")

    def _do(self, deeds: Sequence[Deed]) -> None:
        if deeds:
            self.follow(deeds)
        if self.announcer.ended or self.announcer.answered:
            self._ended()


def _nowhere(_deeds: Sequence[Deed]) -> None:
    """Without an exchange nothing is ordered."""
