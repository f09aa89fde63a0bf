"""Between an exchange and the switchboard: what it says is heard, what follows is ordered, what has changed is told.

The orders of one call are given in their order; no call waits for another. An order that the exchange refuses is news like any other: a
telephone that cannot be rung has ended. Orders that are lost with the way to the exchange are given again when it is back.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from callcenter.core.clock import Clock
from callcenter.core.supervisor import StartShort, unless
from callcenter.hotline.call import Call
from callcenter.hotline.deeds import (
    CloseTalk,
    Deed,
    GiveAway,
    HangUp,
    Hush,
    Join,
    Keys,
    Leave,
    ListenIn,
    Mute,
    PickUp,
    Ring,
    Say,
    Wait,
)
from callcenter.hotline.switchboard import Switchboard
from callcenter.telephony.pbx import Ended, Heard, Lost, Pbx, PbxAway, PbxRefused, SaidOut

log = structlog.get_logger(__name__)

TICK_S: Final = 0.5
AGAIN_AFTER_S: Final = 1.0
LOOK_EVERY_S: Final = 5.0
"""At what stands in the exchange: what differs twice is mended."""
CANNOT_BE_RUNG: Final = 20
"""ITU-T Q.850: subscriber absent."""


Theirs = Callable[[Heard], bool]
"""Whether what the exchange says concerns somebody else, such as who rings by themselves: they have heard it by then."""


class Lines:
    """`told` is given the calls that are not as they were, each time that anything has happened, and none of them when the way to the
    exchange was lost or is there again. `theirs`: whose legs the switchboard does not know. It `rests` while another server has the exchange.
    """

    def __init__(
        self,
        pbx: Pbx,
        board: Switchboard,
        clock: Clock,
        start_short: StartShort,
        told: Callable[[Sequence[Call]], None],
        theirs: Sequence[Theirs] = (),
        rests: Callable[[], bool] = lambda: False,
    ) -> None:
        self.board = board
        self.pbx = pbx
        self._theirs = theirs
        self._rests = rests
        self._clock = clock
        self._start_short = start_short
        self._told = told
        self._orders: dict[str, deque[Deed]] = {}
        self._to_ring: dict[str, str] = {}
        """Among the orders of which call each telephone is that was not rung yet."""

    async def listen(self) -> None:
        """What the exchange says. A task of the supervisor, which no fault of an exchange ends: alarms go on beside it."""
        while True:
            try:
                if not self._rests():
                    await unless(self.pbx.run(self._hear), self._begins_to_rest())
                    self._hear(Lost("a newer server has it"))
            except Exception:  # see above
                log.exception("exchange_failed")
                self._hear(Lost("fault"))
            await asyncio.sleep(AGAIN_AFTER_S)

    async def _begins_to_rest(self) -> None:
        while not self._rests():  # noqa: ASYNC110 - it is asked, nobody tells
            await asyncio.sleep(TICK_S)

    async def tick(self) -> None:
        """What time brings. A task of the supervisor."""
        while True:
            await asyncio.sleep(TICK_S)
            try:
                self.follow(self.board.tick(self._clock.now()))
            except Exception:  # as above: the next half second is another one
                log.exception("waiting_not_looked_after")

    async def look(self) -> None:
        """At what stands in the exchange, also while it says nothing. A task of the supervisor."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look_once()
            except Exception:  # as above
                log.exception("exchange_not_looked_at")

    async def look_once(self) -> None:
        """A word that was lost keeps no call at a seat."""
        if not self.board.is_connected:
            return
        try:
            found = await self.pbx.standing()
        except (PbxAway, PbxRefused):
            return  # whether the way is open is known otherwise
        standing = set(self.board.calls)
        self.follow(self.board.look(found, self._clock.now()))
        if standing != set(self.board.calls):
            log.warning("calls_were_otherwise", calls=len(self.board.calls), were=len(standing))

    def follow(self, deeds: Sequence[Deed]) -> None:
        """Order this, and tell what has changed: for whoever has asked the switchboard for something."""
        for deed in deeds:
            self._queue(self._key_of(deed), deed)
        if self.board.changed:
            changed = list(self.board.changed.values())
            self.board.changed.clear()
            self._told(changed)

    def _hear(self, heard: Heard) -> None:
        """What cannot be understood of one call is no reason not to hear the others."""
        was_connected = self.board.is_connected
        try:
            if not any(each(heard) for each in self._theirs):
                self.follow(self.board.hear(heard, self._clock.now()))
        except Exception:  # see above
            log.exception("exchange_not_understood", heard=type(heard).__name__)
        if self.board.is_connected is not was_connected:
            self._say_connected(heard)
            self._told(())

    def _say_connected(self, heard: Heard) -> None:
        if isinstance(heard, Lost):
            log.error("exchange_lost", reason=heard.why)
        else:
            log.info("exchange_there", calls=len(self.board.calls))

    def _key_of(self, deed: Deed) -> str:
        """The call it belongs to; what is over waits for nobody."""
        match deed:
            case Join(talk) | CloseTalk(talk):
                return talk.partition("-")[2]
            case Hush(saying):
                return str(self.board.call_said(saying) or saying)
            case _:
                leg = deed.leg
                return self._to_ring.get(leg) or str(self.board.call_of(leg) or leg)

    def _queue(self, key: str, deed: Deed) -> None:
        if isinstance(deed, Ring):
            self._to_ring[deed.leg] = key
        waiting = self._orders.get(key)
        if waiting is not None:
            waiting.append(deed)
            return
        self._orders[key] = deque([deed])
        self._start_short(self._give(key), name=f"orders of call {key}")

    async def _give(self, key: str) -> None:
        waiting = self._orders[key]
        while waiting:
            deed = waiting.popleft()
            if not _is_over(deed, waiting):
                await self._order(deed)
            if isinstance(deed, Ring):
                self._to_ring.pop(deed.leg, None)
        del self._orders[key]

    async def _order(self, deed: Deed) -> None:
        try:
            await order(self.pbx, deed)
        except PbxAway as error:
            log.warning("order_lost", deed=type(deed).__name__, reason=error.message)
        except PbxRefused as error:
            log.warning("order_refused", deed=type(deed).__name__, reason=error.message)
            if isinstance(deed, Ring):
                self._hear(Ended(deed.leg, CANNOT_BE_RUNG))
            elif isinstance(deed, PickUp):
                self._hear(Ended(deed.leg, 16))
            elif isinstance(deed, Say):
                self._hear(SaidOut(deed.saying, deed.leg))


def _is_over(deed: Deed, following: Iterable[Deed]) -> bool:
    """A telephone that is to be hung up is not rung: whoever rang has given up meanwhile."""
    if not isinstance(deed, Ring):
        return False
    return any(isinstance(each, HangUp) and each.leg == deed.leg for each in following)


async def order(pbx: Pbx, deed: Deed) -> None:  # noqa: C901, PLR0912 - one line for each
    """Give one order. Raises PbxAway and PbxRefused."""
    match deed:
        case PickUp(leg):
            await pbx.answer(leg)
        case Ring(leg, to, shown, call, within_s):
            await pbx.ring(leg, to, shown, within_s, call)
        case Join(talk, legs):
            await pbx.talk(talk, legs)
        case Leave(talk, leg):
            await pbx.leave(talk, leg)
        case CloseTalk(talk):
            await pbx.close_talk(talk)
        case Wait(leg, music):
            await pbx.wait(leg, music)
        case GiveAway(leg):
            await pbx.give_away(leg)
        case HangUp(leg, cause):
            await pbx.hang_up(leg, cause)
        case Mute(leg, muted):
            await pbx.mute(leg, muted)
        case Keys(leg, digits):
            await pbx.keys(leg, digits)
        case Say(saying, leg, prompts, language):
            await pbx.say(saying, leg, prompts, language)
        case Hush(saying):
            await pbx.hush(saying)
        case ListenIn(spy, leg, supervisor, whisper):
            await pbx.listen_in(spy, leg, supervisor, whisper)
