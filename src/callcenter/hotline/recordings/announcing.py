"""Whoever rings a line where the law wants it hears that the call is recorded, before anybody speaks with them. A red call waits for nothing.

It stands between the switchboard and the exchange: a call is picked up when its announcement has been said. What else is ordered for this
call waits that long, and no other call does; whoever hangs up meanwhile, or an exchange that does not say it, keeps nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Final, cast

import structlog

from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbx import Arrived, Ended, Heard, Lost, Pbx, PbxRefused, SaidOut

log = structlog.get_logger(__name__)

PROMPT: Final = "cc-recorded"
SAID_WITHIN_S: Final = 10.0
_SAYING: Final = "recorded-"


def announced(pbx: Pbx, line_of: Callable[[str], Line], kinds: Collection[LineKind]) -> Pbx:
    """The same exchange where no line is announced."""
    if not kinds:
        return pbx
    return cast("Pbx", Announcing(pbx, line_of, frozenset(kinds) - {LineKind.RED}))


class Announcing:
    """Everything but picking up passes through as it is."""

    def __init__(
        self, pbx: Pbx, line_of: Callable[[str], Line], kinds: frozenset[LineKind]
    ) -> None:
        self._pbx = pbx
        self._line_of = line_of
        self._kinds = kinds
        self._arrived: dict[str, Line] = {}
        """Legs that are still to be told, with the line they have rung."""
        self._saying: dict[str, asyncio.Event] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(self._pbx, name)

    async def run(self, hear: Callable[[Heard], None]) -> None:
        """What the exchange says, but for the end of our own announcement."""

        def heard(each: Heard) -> None:
            if not self._is_ours(each):
                hear(each)

        await self._pbx.run(heard)

    async def answer(self, leg: str) -> None:
        """Raises as the exchange does. The announcement is told, or over, or was refused, when this returns."""
        await self._pbx.answer(leg)
        line = self._arrived.pop(leg, None)
        if line is None:
            return
        said = self._saying[leg] = asyncio.Event()
        try:
            await self._pbx.say(_SAYING + leg, leg, [PROMPT], line.language)
            async with asyncio.timeout(SAID_WITHIN_S):
                await said.wait()
        except PbxRefused as error:  # they are gone, or the prompt is
            log.warning("recording_not_announced", line=line.number, reason=error.message)
        except TimeoutError:
            log.warning("recording_not_announced", line=line.number, reason="it was never said out")
            await self._pbx.hush(_SAYING + leg)
        finally:
            self._saying.pop(leg, None)

    def _is_ours(self, each: Heard) -> bool:
        match each:
            case Arrived():
                line = self._line_of(each.line)
                if line.kind in self._kinds:
                    self._arrived[each.leg] = line
            case Ended(leg):
                self._arrived.pop(leg, None)
                self._over(leg)
            case Lost():
                for leg in list(self._saying):
                    self._over(leg)
            case SaidOut(saying) if saying.startswith(_SAYING):
                self._over(saying.removeprefix(_SAYING))
                return True
            case _:
                pass
        return False

    def _over(self, leg: str) -> None:
        if (said := self._saying.get(leg)) is not None:
            said.set()
