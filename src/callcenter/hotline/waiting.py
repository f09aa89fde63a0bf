"""Who is spoken with next, and what whoever waits hears meanwhile. Pure.

Red before green before everybody else; whoever has been with somebody already before whoever has not; then by how long they wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callcenter.hotline.call import SOUGHT, Call, State
from callcenter.telephony.line import LineKind

BEFORE: Final = {LineKind.RED: 0, LineKind.GREEN: 1, LineKind.HOTLINE: 2, LineKind.OFFICE: 3}
"""Who comes before whom."""


class Heard(StrEnum):
    """What is said to whoever waits."""

    ONE_MOMENT = "one_moment"
    YOUR_PLACE = "your_place"
    CALL_BACK = "call_back"
    """Press 1, hang up, and be rung."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: when the server picks a call up, how often a place is said, when a call back is offered, when another centre is asked."""

    pick_up_s: float = 3.0
    say_place_every_s: float = 30.0
    offer_call_back_s: float = 60.0
    overflow_s: float = 180.0
    ask_s: float = 10.0
    """For so long one seat is asked alone."""
    wrap_up_s: float = 10.0
    """For so long whoever has spoken is asked for no other call."""
    alone_s: float = 10.0
    """Nobody at a seat for so long: whoever waits is given to the duty phones."""


CLOSED: Final = "cc-closed"
CLOSED_KEYS: Final = "cc-closed-keys"
"""After it: key 1 and be rung, or leave word."""
WORD_S: Final = 120
"""So long whoever rings a closed line may speak; the recording has it."""
WILL_CALL_BACK: Final = "cc-will-call-back"
PLACES: Final = 10
"""So many places are said by their number."""


def in_order(calls: Iterable[Call]) -> Sequence[Call]:
    """Those that nobody speaks with, the next one first."""
    sought = [call for call in calls if call.state in SOUGHT]
    return sorted(sought, key=_turn)


def by_turn(calls: Iterable[Call]) -> Sequence[Call]:
    """All of them: whoever nobody speaks with in their order, then the others."""
    standing = list(calls)
    return [*in_order(standing), *(each for each in standing if each.state not in SOUGHT)]


def _turn(call: Call) -> tuple[int, bool, datetime, int]:
    return BEFORE[call.kind], not call.front, call.offered_at, call.id.int


def place(call: Call, calls: Iterable[Call]) -> int:
    """How many are spoken with before, and one: the number that is said."""
    return 1 + sum(_turn(each) < _turn(call) for each in in_order(calls))


def due(call: Call, said_at: datetime | None, now: datetime, patience: Patience) -> Heard | None:
    """What is to be said to whoever waits, if anything. `said_at` is when something was said last."""
    waited = now - call.offered_at
    if said_at is None:
        return Heard.ONE_MOMENT if waited >= timedelta(seconds=patience.pick_up_s) else None
    if now - said_at < timedelta(seconds=patience.say_place_every_s):
        return None
    offers = call.kind is not LineKind.RED and waited >= timedelta(
        seconds=patience.offer_call_back_s
    )
    return Heard.CALL_BACK if offers else Heard.YOUR_PLACE


def is_over(call: Call, tried_at: datetime | None, now: datetime, patience: Patience) -> bool:
    """Whether another centre is to be rung, for the first time or again."""
    since = tried_at or call.offered_at
    return call.state is State.WAITING and now - since >= timedelta(seconds=patience.overflow_s)


def is_alone(call: Call, since: datetime, now: datetime, patience: Patience) -> bool:
    """Whether it goes to the duty phones. `since`: from when on nobody was at a seat. A seat whose page is loaded again
    is away for some seconds; whoever has only begun to ring is not kept waiting for that.
    """
    patient = patience.pick_up_s if call.state is State.RINGING else patience.alone_s
    return now - max(since, call.offered_at) >= timedelta(seconds=patient)


def prompts(heard: Heard, nth: int) -> Sequence[str]:
    """The sounds that say it; `nth`: their place."""
    place_ = ["cc-your-place", f"cc-{min(nth, PLACES)}"]
    match heard:
        case Heard.ONE_MOMENT:
            return ["cc-one-moment"]
        case Heard.YOUR_PLACE:
            return place_
        case Heard.CALL_BACK:
            return [*place_, "cc-call-back"]
