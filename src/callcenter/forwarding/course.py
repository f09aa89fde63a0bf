"""What becomes of a forwarding: a table of states, what an answer, a lost sender and the clock lead to. Pure.

What the machine of the other centre says and what a person there says are two things: `delivered` is a technical receipt, and
whoever has accepted the alarm stands beside the state, never in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class ForwardState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    """Written before the first byte leaves."""
    DELIVERED = "delivered"
    """Their machine has acknowledged it; no person has."""
    REFUSED = "refused"
    """Their machine has answered that it does not take it."""
    UNKNOWN = "unknown"
    """It may have arrived: bytes have left, and no answer came."""
    EXPIRED = "expired"
    """It has certainly not arrived, and is not sent any more."""


MOVES: Final[Mapping[ForwardState, frozenset[ForwardState]]] = MappingProxyType(
    {
        ForwardState.WAITING: frozenset({ForwardState.SENDING, ForwardState.EXPIRED}),
        ForwardState.SENDING: frozenset(
            {
                ForwardState.WAITING,
                ForwardState.DELIVERED,
                ForwardState.REFUSED,
                ForwardState.UNKNOWN,
                ForwardState.EXPIRED,
            }
        ),
        ForwardState.UNKNOWN: frozenset({ForwardState.SENDING}),
        ForwardState.DELIVERED: frozenset(),
        ForwardState.REFUSED: frozenset(),
        ForwardState.EXPIRED: frozenset(),
    }
)
"""Where a state leads to; the database repeats it. Out of an unknown one that is settled nothing leads."""


class Outcome(StrEnum):
    """What one attempt, over all addresses, has proved."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    """No byte of it has left, or they have said that it was not stored."""
    UNKNOWN = "unknown"


ATTEMPTS: Final = 3
"""Of which each may have arrived: after the last it stays unknown. The other centre tells repeats by the number that they bear."""
AGAIN_AFTER: Final = timedelta(seconds=15)
_PAUSES_S: Final = (3, 5, 10, 20, 30)
VALID_FOR: Final = timedelta(minutes=15)
"""An alarm that nobody could be given for so long is not sent any more: whoever got it now would take it for new."""
LEASE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Next:
    """What is written: the state, when it is tried again (None: never by itself), and whether this is the end."""

    state: ForwardState
    due_at: datetime | None = None

    @property
    def is_end(self) -> bool:
        return self.due_at is None


def after_attempt(
    outcome: Outcome,
    *,
    sent_before: bool,
    maybe_sent: int,
    attempt: int,
    now: datetime,
    expires_at: datetime,
) -> Next:
    """`attempt` counts from 1; `maybe_sent`: attempts that may have arrived, this one counted; `sent_before`: one before this may
    have.
    """
    if outcome is Outcome.DELIVERED:
        return Next(ForwardState.DELIVERED)
    if outcome is Outcome.REFUSED:
        return Next(ForwardState.REFUSED)
    if outcome is Outcome.UNKNOWN:
        return _unknown(maybe_sent, now, expires_at)
    due_at = now + timedelta(seconds=_PAUSES_S[min(attempt, len(_PAUSES_S)) - 1])
    if sent_before:
        return Next(ForwardState.UNKNOWN, due_at if due_at < expires_at else None)
    if due_at >= expires_at:
        return Next(ForwardState.EXPIRED)
    return Next(ForwardState.WAITING, due_at)


def _unknown(maybe_sent: int, now: datetime, expires_at: datetime) -> Next:
    due_at = now + AGAIN_AFTER
    if maybe_sent >= ATTEMPTS or due_at >= expires_at:
        return Next(ForwardState.UNKNOWN)
    return Next(ForwardState.UNKNOWN, due_at)


def after_lost_sender(*, maybe_sent: int, now: datetime, expires_at: datetime) -> Next:
    """The lease ran out: its sender has died over it. It may have arrived."""
    return _unknown(maybe_sent, now, expires_at)
