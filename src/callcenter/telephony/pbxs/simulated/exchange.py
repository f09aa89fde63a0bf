"""An exchange in memory, as calls see it: legs ring, are answered, speak with each other and end, and nobody hears anything.

Everybody outside is one page (`ring_in`, `pick_up`, `put_down`, `press`). A seat answers by itself, for nobody would hear it ring. What
stands in it ends with its process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from callcenter.core.errors import NotFound
from callcenter.core.ids import new_id
from callcenter.telephony.emergency import is_emergency
from callcenter.telephony.pbx import (
    Answered,
    Arrived,
    Connected,
    Digit,
    Ended,
    Heard,
    LegFound,
    Lost,
    PbxAway,
    PbxRefused,
    Rings,
    SaidOut,
    SeatKey,
    Shown,
    To,
    room_of,
)

AGAIN_AFTER_S: Final = 0.1
"""A way that was closed is open again."""
SAID_IN_S: Final = 1.0
"""What is said takes as long for each prompt."""
HUNG_UP: Final = 16
NO_ANSWER: Final = 19
REFUSED: Final = 21

OutsideState = Literal["rings", "calls", "speaks"]


@dataclass(slots=True)
class _Leg:
    """`number`: of a telephone outside; empty for a seat and for who listens in."""

    id: str
    number: str = ""
    is_up: bool = False
    arrived: Arrived | None = None
    gives_up: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class _Saying:
    leg: str
    ends: asyncio.TimerHandle


@dataclass(frozen=True, slots=True)
class OutsideCall:
    """As the page shows it: the centre `rings` them, they have rung and it `calls`, it `speaks`."""

    id: str
    number: str
    state: OutsideState


class Simulated:
    """Fulfils telephony.pbx.Pbx. `stands_for`: a number that is dialled at a seat, and the one that rings in its stead."""

    is_simulated = True

    def __init__(self, name: str, stands_for: Mapping[str, str]) -> None:
        self.name = name
        self._stands_for = stands_for
        self._hear: Callable[[Heard], None] | None = None
        self._cut = asyncio.Event()
        self._legs: dict[str, _Leg] = {}
        self._talks: dict[str, set[str]] = {}
        self._sayings: dict[str, _Saying] = {}

    @property
    def is_there(self) -> bool:
        return self._hear is not None

    # ---- what it says

    async def run(self, hear: Callable[[Heard], None]) -> None:
        while True:
            self._cut.clear()
            self._hear = hear
            try:
                hear(await self.standing())
                await self._cut.wait()
            finally:
                self._hear = None
            hear(Lost("closed"))
            await asyncio.sleep(AGAIN_AFTER_S)

    async def standing(self) -> Connected:
        found = {
            each.id: LegFound(each.is_up, ours=True, arrived=each.arrived)
            for each in self._legs.values()
        }
        return Connected(found, {talk: frozenset(legs) for talk, legs in self._talks.items()})

    def _tell(self, heard: Heard) -> None:
        """After the order that it follows from. Nobody listens: it is found when somebody does."""
        asyncio.get_running_loop().call_soon(self._say, heard)

    def _say(self, heard: Heard) -> None:
        if self._hear is not None:
            self._hear(heard)

    # ---- what the page of everybody outside does

    @property
    def outside(self) -> Sequence[OutsideCall]:
        """Calls with somebody outside, in the order in which they began."""
        return [
            OutsideCall(each.id, each.number, _state(each))
            for each in self._legs.values()
            if each.number
        ]

    def ring_in(self, line: str, number: str) -> str:
        """Somebody rings one of our numbers; the name of their leg. Raises PbxAway."""
        self._require_there()
        id_ = f"simulated-{new_id()}"
        arrived = Arrived(id_, id_, line, number)
        self._legs[id_] = _Leg(id_, number, arrived=arrived)
        self._tell(arrived)
        return id_

    def pick_up(self, leg: str) -> None:
        """They answer what rings. Raises NotFound."""
        found = self._outside(leg)
        if _state(found) == "rings":
            self._picked_up(found)

    def put_down(self, leg: str) -> None:
        """They hang up, or refuse what rings. Raises NotFound."""
        self._end(leg, REFUSED if _state(self._outside(leg)) == "rings" else HUNG_UP)

    def press(self, leg: str, digit: str) -> None:
        """They press a key; before they speak nobody hears it. Raises NotFound."""
        if self._outside(leg).is_up:
            self._tell(Digit(leg, digit))

    def _outside(self, leg: str) -> _Leg:
        found = self._legs.get(leg)
        if found is None or not found.number:
            raise NotFound(f"There is no call {leg}, or it has ended.", what="call")
        return found

    # ---- what it is told

    async def admit(self, key: SeatKey) -> None:
        """A seat is a page that is open, and registers nothing."""

    async def dismiss(self, name: str) -> None:
        """There is nothing of it here."""

    async def ring(self, leg: str, to: To, shown: Shown, within_s: int, call: str) -> None:  # noqa: ARG002 - nobody sees who rings
        self._require_there()
        if leg in self._legs:
            raise PbxRefused(f"there is a leg {leg} already")
        if to.seat:
            self._ring_seat(leg)
        else:
            self._ring_outside(leg, to, within_s)

    def _ring_seat(self, leg: str) -> None:
        rung = self._legs[leg] = _Leg(leg)
        self._tell(Rings(leg))
        self._picked_up(rung)

    def _ring_outside(self, leg: str, to: To, within_s: int) -> None:
        """As the dialplan has it: by themselves machines ring no emergency number, and people that which stands for it."""
        number = self._stands_for.get(to.number, to.number) if to.by_hand else to.number
        self._legs[leg] = rung = _Leg(leg, number)
        if is_emergency(number):
            self._end(leg, REFUSED)
            return
        loop = asyncio.get_running_loop()
        rung.gives_up = loop.call_later(within_s, self._end, leg, NO_ANSWER)
        self._tell(Rings(leg))

    def _picked_up(self, leg: _Leg) -> None:
        if leg.gives_up is not None:
            leg.gives_up.cancel()
        leg.is_up = True
        self._tell(Answered(leg.id))

    async def answer(self, leg: str) -> None:
        self._known(leg).is_up = True

    async def hang_up(self, leg: str, cause: int = HUNG_UP) -> None:
        self._require_there()
        self._end(leg, cause)

    def _end(self, leg: str, cause: int) -> None:
        """What is gone is gone; what was being said to it is over."""
        ended = self._legs.pop(leg, None)
        if ended is None:
            return
        if ended.gives_up is not None:
            ended.gives_up.cancel()
        self._out_of_talks(leg)
        for saying in [each for each, one in self._sayings.items() if one.leg == leg]:
            self._said_out(saying)
        self._tell(Ended(leg, cause))

    async def talk(self, talk: str, legs: Sequence[str]) -> None:
        known = [self._known(each).id for each in legs]
        for each in known:
            self._out_of_talks(each)
        self._talks.setdefault(talk, set()).update(known)

    async def leave(self, talk: str, leg: str) -> None:
        self._require_there()
        self._talks.get(talk, set()).discard(leg)

    async def close_talk(self, talk: str) -> None:
        self._require_there()
        self._talks.pop(talk, None)

    async def wait(self, leg: str, music: bool = True) -> None:  # noqa: ARG002 - nobody hears it
        self._out_of_talks(self._known(leg).id)

    async def give_away(self, leg: str) -> None:
        """There are no duty phones here, and no message would be heard: they give up."""
        self._end(self._known(leg).id, NO_ANSWER)

    def _out_of_talks(self, leg: str) -> None:
        for each in self._talks.values():
            each.discard(leg)

    async def mute(self, leg: str, muted: bool) -> None:  # noqa: ARG002 - nothing is said
        self._known(leg)

    async def say(self, saying: str, leg: str, prompts: Sequence[str], language: str) -> None:  # noqa: ARG002 - nobody hears it
        self._known(leg)
        loop = asyncio.get_running_loop()
        ends = loop.call_later(SAID_IN_S * len(prompts), self._said_out, saying)
        self._sayings[saying] = _Saying(leg, ends)

    async def hush(self, saying: str) -> None:
        self._require_there()
        self._said_out(saying)

    def _said_out(self, saying: str) -> None:
        said = self._sayings.pop(saying, None)
        if said is not None:
            said.ends.cancel()
            self._tell(SaidOut(saying, said.leg))

    async def keys(self, leg: str, digits: str) -> None:  # noqa: ARG002 - no hub listens
        self._known(leg)

    async def listen_in(self, spy: str, leg: str, supervisor: str, whisper: bool) -> None:  # noqa: ARG002 - nobody hears it
        self._known(leg)
        self._known(supervisor)
        self._legs[spy] = joins = _Leg(spy)
        self._picked_up(joins)
        await self.talk(room_of(spy), (spy, supervisor))

    async def close(self) -> None:
        self._cut.set()

    def _require_there(self) -> None:
        if self._hear is None:
            raise PbxAway("the simulated exchange does not run")

    def _known(self, leg: str) -> _Leg:
        self._require_there()
        found = self._legs.get(leg)
        if found is None:
            raise PbxRefused(f"there is no leg {leg}")
        return found


def _state(leg: _Leg) -> OutsideState:
    if leg.is_up:
        return "speaks"
    return "rings" if leg.arrived is None else "calls"
