"""What a key means on a list of calls, and what follows where none was pressed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from callcenter.calls.item import HEARD, RATED, CallResult, ListKind
from callcenter.hotline.spoken import WISHES, VoiceKind

RUNG_AS: Final[Mapping[ListKind, VoiceKind]] = MappingProxyType(
    {
        ListKind.WELL_BEING: VoiceKind.WELL_BEING,
        ListKind.ROLL_CALL: VoiceKind.WELL_BEING,
        ListKind.SATISFACTION: VoiceKind.SATISFACTION,
        ListKind.NOTICE: VoiceKind.NOTICE,
    }
)
"""Lists that can be worked by voice, and what is said. Of a device there is too much to ask."""
BY_VOICE_FOR: Final = timedelta(hours=14)
"""If nothing has come of it by then (no exchange, no server), a person is offered the call; a night lies in it."""
SPEAK: Final = "speak"


@dataclass(frozen=True, slots=True)
class Report:
    """As if a person had called: `calls.item.report` says what follows."""

    result: CallResult


@dataclass(frozen=True, slots=True)
class Settled:
    """It is done, with this result."""

    result: str
    score: int | None = None


@dataclass(frozen=True, slots=True)
class ForPeople:
    """A person calls them, at once where they have asked for it."""

    wish: str | None = None


Follows = Report | Settled | ForPeople


def follows(kind: ListKind, pressed: str | None) -> Follows:
    """`pressed` None: nobody has pressed a key. A machine says of nobody that they did not answer: people go on with them."""
    if pressed is None:
        is_only_asked = kind is ListKind.SATISFACTION
        return Settled(CallResult.NO_ANSWER) if is_only_asked else ForPeople()
    if pressed in WISHES:
        return ForPeople(SPEAK)
    match kind:
        case ListKind.SATISFACTION:
            return Settled(RATED, int(pressed))
        case ListKind.NOTICE:
            return Settled(HEARD)
        case _:
            return Report(CallResult.WELL if pressed == "1" else CallResult.NEEDS_HELP)
