"""Texts that have left without their rows and did not arrive, as far as one knows: while the database is away nobody else would look
at them again. Decided as the outbox decides (`progress.py`), by the answer there was and the time since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from callcenter.core.clock import Clock
from callcenter.sms import progress
from callcenter.sms.catalogue import EMERGENCY
from callcenter.sms.flown import Flown
from callcenter.sms.gateway import Outcome, SendResult
from callcenter.sms.kept import Kept

NAME: Final = "sms_flown"


@dataclass(frozen=True, slots=True)
class Left:
    """One of them. `result` None: the process that handed it over died before it had an answer."""

    result: SendResult | None
    tries: int
    waited_s: float
    """Since that answer; where there is none, since this process began."""
    priority: int
    gateways: int
    """To choose from."""


def goes_again(left: Left) -> bool:
    """Whether it is to be handed over once more. What a gateway took is not, and what nobody knows of only if it is an emergency."""
    emergency = left.priority <= EMERGENCY
    known = left.result.outcome if left.result is not None else None
    match known:
        case None:
            return _again_blindly(left, progress.ORPHAN_WINDOW_S)
        case Outcome.UNKNOWN:
            return _again_blindly(left, progress.RECEIPT_WINDOW_S)
        case Outcome.REFUSED:
            delay = progress.retry_delay_s(left.tries, left.gateways, emergency=emergency)
            return left.waited_s >= delay
        case Outcome.REJECTED:
            return left.tries < left.gateways
        case _:
            return False


def _again_blindly(left: Left, window_s: float) -> bool:
    urgent = left.priority <= EMERGENCY and left.tries < progress.MOST_REPEATS
    return urgent and left.waited_s >= window_s


class FlownAgain:
    """A processor. `is_away`: the database takes nothing, so that no row will claim them soon."""

    name: Final = NAME
    interval_s: Final = 0.5

    def __init__(
        self, flown: Flown, kept: Kept, gateways: int, is_away: Callable[[], bool], clock: Clock
    ) -> None:
        self._flown = flown
        self._kept = kept
        self._gateways = gateways
        self._is_away = is_away
        self._clock = clock

    async def run_once(self, now: datetime) -> int:
        """Zero always. What gateways said is safe from a power cut afterwards."""
        await self._kept.flush()
        if self._is_away():
            await self._flown.send_again(self._is_due, now)
        return 0

    def _is_due(self, result: SendResult | None, tries: int, since: float, priority: int) -> bool:
        waited_s = self._clock.monotonic() - since
        return goes_again(Left(result, tries, waited_s, priority, self._gateways))
