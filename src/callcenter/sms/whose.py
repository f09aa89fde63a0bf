"""Who reads a text that has come in: the one order for all who ask people for digits. Pure.

A worker may be somebody's son, look in on a neighbour and have been driven today: the same 1 takes a job, answers for his mother, says
that the neighbour is well, or rates the ride. Each part says how the text fits what it has asked this number (`Claim`); the order says
which of them has it, and exactly one has. What nobody claims is an incident's: there an unknown word becomes a call in the queue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final


class Asker(StrEnum):
    """Who has asked; of two whose questions are of the same moment, the first has it."""

    INCIDENT = "incident"
    FIELD = "field"
    PAIR = "pair"
    RIDE = "ride"


class Fit(StrEnum):
    """How a text fits what was asked."""

    CODE = "code"
    """It names that very question."""
    ALONE = "alone"
    """Nobody else asks for such words."""
    OPEN = "open"
    """It answers a question that somebody waits for."""
    UNREAD = "unread"
    """Nobody understands it, and it comes from somebody who is at work."""
    WORDS = "words"
    """Words that need no question: she is well."""
    EVERYDAY = "everyday"
    """It answers a question that can wait, or one that is over."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`asked_at`: when this number was asked last what the text may answer; None: never by text."""

    asker: Asker
    fit: Fit
    asked_at: datetime | None = None


ORDER: Final[tuple[frozenset[tuple[Asker, Fit]], ...]] = (
    frozenset({(Asker.FIELD, Fit.CODE)}),
    frozenset({(Asker.PAIR, Fit.CODE)}),
    frozenset({(Asker.INCIDENT, Fit.CODE)}),
    frozenset({(Asker.FIELD, Fit.ALONE)}),
    frozenset({(Asker.INCIDENT, Fit.OPEN), (Asker.FIELD, Fit.OPEN)}),
    frozenset({(Asker.FIELD, Fit.UNREAD)}),
    frozenset({(Asker.PAIR, Fit.WORDS)}),
    frozenset(
        {
            (Asker.INCIDENT, Fit.EVERYDAY),
            (Asker.FIELD, Fit.EVERYDAY),
            (Asker.PAIR, Fit.EVERYDAY),
            (Asker.RIDE, Fit.EVERYDAY),
        }
    ),
)
"""The code before all, then the newest question; what is open goes before what can wait. A 1 for an alarm that has just been closed must
not stand as "she is well". Of one line the newest question has the text."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_FIRST: Final = {asker: -place for place, asker in enumerate(Asker)}


def asker_of(claims: Iterable[Claim]) -> Asker:
    """Whose the text is."""
    claimed = list(claims)
    for line in ORDER:
        rivals = [each for each in claimed if (each.asker, each.fit) in line]
        if rivals:
            return max(rivals, key=_newest).asker
    return Asker.INCIDENT


def _newest(claim: Claim) -> tuple[datetime, int]:
    return claim.asked_at or _NEVER, _FIRST[claim.asker]
