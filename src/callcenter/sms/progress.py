"""What may become of a text, decided without I/O.

Evidence (the gateway's answer, receipts) only ever raises the rank of a row, so any order and repetition of receipts ends in
the same state; a late receipt may still turn `failed` into `delivered`. The clock has moves of its own. A repeat is a new
attempt, and the rank starts again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from callcenter.sms.catalogue import EMERGENCY
from callcenter.sms.gateway import Evidence, Outcome, SendResult
from callcenter.sms.models import SmsState

RANK: Mapping[SmsState, int] = MappingProxyType(
    {
        SmsState.QUEUED: 0,
        SmsState.SUBMITTING: 1,
        SmsState.UNKNOWN: 2,
        SmsState.SUBMITTED: 3,
        SmsState.BUFFERED: 4,
        SmsState.EXPIRED: 5,
        SmsState.FAILED: 6,
        SmsState.DELIVERED: 7,
        SmsState.COMBINED: 8,
        SmsState.CANCELLED: 9,
        SmsState.DRILL: 10,
    }
)
"""`unknown` is low: whatever a gateway says later is better than not knowing."""

SETTLED = frozenset(
    {
        SmsState.DELIVERED,
        SmsState.FAILED,
        SmsState.EXPIRED,
        SmsState.UNKNOWN,
        SmsState.COMBINED,
        SmsState.CANCELLED,
        SmsState.DRILL,
    }
)

RECEIPT_WINDOW_S = 30.0
"""How long an emergency text of unknown outcome waits for a receipt before it is sent again (a duplicate is possible and
accepted; its ref shows people that it is one)."""
RECEIPT_GRACE_S = 60.0
"""Receipts that come this long after the end of a text's validity still count as on time."""
LEASE_S = 3.0
"""How long a sender that says nothing counts as alive. A living one renews the lease of what is on its way every second."""
ORPHAN_WINDOW_S = 4.5
"""As `RECEIPT_WINDOW_S`, when the sender died over it: nobody will hear the gateway's answer, and its lease has been waited for,
so that another server takes it over within 10 s of the death (two sweeps of a second among them).
"""
MOST_REPEATS = 3
"""Attempts after which an unknown outcome is left as it is."""

_EMERGENCY_BACK_OFF_S = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0)
_OTHER_BACK_OFF_S = (10.0, 30.0, 60.0, 120.0, 300.0)

OF_EVIDENCE: Mapping[Evidence, SmsState] = MappingProxyType(
    {
        Evidence.TAKEN: SmsState.SUBMITTED,
        Evidence.BUFFERED: SmsState.BUFFERED,
        Evidence.DELIVERED: SmsState.DELIVERED,
        Evidence.FAILED: SmsState.FAILED,
        Evidence.REFUSED: SmsState.FAILED,
    }
)
"""State that a receipt proves. `refused` is also looked at again at once: another gateway may take it."""


@dataclass(frozen=True, slots=True)
class NextState:
    """How a row is to be written. Durations count from the moment of writing, in seconds."""

    state: SmsState
    error: str | None = None
    due_in_s: float | None = None
    """When to try again, for a row that is queued once more."""
    watch_for_s: float | None = None
    """When the clock has the next say; None: nothing is awaited."""


def may_rise(old: SmsState, new: SmsState) -> bool:
    return RANK[new] > RANK[old]


@dataclass(frozen=True, slots=True)
class Watched:
    """A row that the clock is to decide on."""

    state: SmsState
    attempt: int
    priority: int
    is_over: bool
    """Its time has passed, as far as that can be known (`lifetime.py`)."""
    error: str | None = None


_UNSENT = frozenset({SmsState.COMBINED, SmsState.CANCELLED, SmsState.DRILL})
RISES = frozenset(
    f"{old}>{new}" for old in SmsState for new in SmsState
    if old != SmsState.QUEUED and new not in _UNSENT and may_rise(old, new)
)  # fmt: skip
ANSWER_MOVES = sorted(RISES | {"submitting>queued", "failed>queued"})
"""What the answer of a gateway may do to the attempt it belongs to. A refused text may have failed already, by a receipt that
overtook the answer (Kannel reports a 403 in both ways)."""
CLOCK_MOVES = sorted(
    {
        "queued>expired",
        "submitting>unknown",
        "submitted>unknown",
        "buffered>unknown",
        "failed>queued",
        "failed>failed",
        "unknown>queued",
        "unknown>unknown",
    }
)
RECEIPT_MOVES = sorted(RISES | {"queued>delivered"})
"""A text that is to be sent again, because nobody knew whether it went out, and has arrived after all is not sent again."""
LATE_RECEIPT_MOVES = sorted(
    {move for move in RISES if move.endswith(">delivered")} | {"queued>delivered"}
)
"""A receipt of an earlier attempt says nothing about this one, unless it says that the text arrived."""


def after_answer(
    result: SendResult, *, priority: int, attempt: int, gateways: int, valid_for_s: float
) -> NextState:
    """What the answer to attempt number `attempt` means, with `gateways` to choose from."""
    watch_for_s = max(valid_for_s, 0.0) + RECEIPT_GRACE_S
    match result.outcome:
        case Outcome.DELIVERED:
            return NextState(SmsState.DELIVERED)
        case Outcome.SUBMITTED:
            return NextState(SmsState.SUBMITTED, watch_for_s=watch_for_s)
        case Outcome.BUFFERED:
            return NextState(SmsState.BUFFERED, result.error, watch_for_s=watch_for_s)
        case Outcome.UNKNOWN:
            return unknown(result.error or "no_answer", priority)
        case Outcome.REJECTED if attempt >= gateways:
            return NextState(SmsState.FAILED, result.error)
        case Outcome.REFUSED | Outcome.REJECTED:
            delay = retry_delay_s(attempt, gateways, emergency=priority <= EMERGENCY)
            return NextState(SmsState.QUEUED, result.error, due_in_s=delay)


def unknown(error: str, priority: int, window_s: float = RECEIPT_WINDOW_S) -> NextState:
    """Nobody can say whether it went out: an emergency text is looked at again after the receipt window."""
    return NextState(
        SmsState.UNKNOWN, error, watch_for_s=window_s if priority <= EMERGENCY else None
    )


def after_waiting(watched: Watched, *, gateways: int) -> NextState:
    """What the clock decides about a row whose watch has run out."""
    urgent = watched.priority <= EMERGENCY and not watched.is_over
    match watched.state:
        case SmsState.SUBMITTING:
            return unknown("lease_over", watched.priority, ORPHAN_WINDOW_S)
        case SmsState.UNKNOWN if urgent and watched.attempt < MOST_REPEATS:
            return NextState(SmsState.QUEUED, "repeated", due_in_s=0.0)
        case SmsState.UNKNOWN:
            return NextState(SmsState.UNKNOWN, "not_repeated")
        case SmsState.FAILED if urgent and watched.attempt < gateways:
            return NextState(SmsState.QUEUED, watched.error, due_in_s=0.0)
        case SmsState.FAILED:
            return NextState(SmsState.FAILED, watched.error)
        case _:
            return NextState(SmsState.UNKNOWN, "no_receipt")


def retry_delay_s(attempt: int, gateways: int, *, emergency: bool) -> float:
    """Seconds until the attempt after `attempt`: none while a gateway has not been asked, then longer each round."""
    rounds, asked = divmod(attempt, max(gateways, 1))
    if asked:
        return 0.0
    table = _EMERGENCY_BACK_OFF_S if emergency else _OTHER_BACK_OFF_S
    return table[min(max(rounds, 1), len(table)) - 1]
