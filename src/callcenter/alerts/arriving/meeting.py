"""A signal that meets an open incident: what it does to it, and the incident after it. Pure; the statement in `joining` writes
the same, and what rings without a database is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from callcenter.alerts.arriving.arrival import Arrival, call_back_by, signal_said
from callcenter.alerts.entries import Joined
from callcenter.alerts.incident import (
    PRESSED_AGAIN_WITHIN,
    Incident,
    Join,
    State,
    join,
    mode_after,
)
from callcenter.alerts.telephoned import TELEPHONE
from callcenter.devices.signals import Kind, SignalClass

TakerPresent = Callable[[int], bool]
"""Whether a seat of this user is connected and armed."""

ABOUT_AN_ALARM = frozenset({Kind.CANCEL, Kind.RESTORE})


@dataclass(frozen=True, slots=True)
class Met:
    """An arrival and the open incident it meets."""

    arrival: Arrival
    found: Incident
    decided: Join


def class_joined(arrival: Arrival) -> str:
    """A cancel or a restore says something about an open alarm; it opens none."""
    if arrival.signal_class is SignalClass.RECORD:
        return SignalClass.ALARM.value
    return arrival.signal_class.value


def meet(arrival: Arrival, found: Incident, taker_present: TakerPresent) -> Met:
    """What the table has for it."""
    kind, passed = arrival.signal.kind, arrival.received_at - found.last_signal_at
    if is_same_press(arrival, found):
        passed = timedelta.max
    decided = join(
        found,
        kind,
        taker_present=is_there(arrival, found.taken_by, taker_present),
        mode=mode_after(found, kind, arrival.mode, passed),
    )
    return Met(arrival, found, decided)


def is_same_press(arrival: Arrival, found: Incident) -> bool:
    """A key that sends a signal and dials as well was pressed once: the other of the two, soon after the first, is no second press."""
    by_both = (arrival.source.name == TELEPHONE) is not (found.source == TELEPHONE)
    soon = arrival.received_at - found.last_signal_at <= PRESSED_AGAIN_WITHIN
    known = arrival.signal.kind.value in found.kinds
    return by_both and soon and known and found.press_count == 1


def is_there(arrival: Arrival, taker: int | None, present: TakerPresent) -> bool:
    """Whether its taker is: what rang without the database is written as it rang, though they have gone or come back since."""
    rang = arrival.rang
    if rang is not None and rang.taker is not None and rang.taker == taker:
        return rang.taker_there
    return taker is not None and present(taker)


def said(met: Met) -> Joined:
    """What the timeline says of it."""
    found, decided = met.found, met.decided
    return Joined(
        **signal_said(met.arrival),
        rings=decided.rings,
        from_state=found.state.value,
        state=decided.state.value,
        real=decided.mode is not found.mode,
    )


def ring_to(met: Met) -> Sequence[int]:
    """Where it rings anew: at its taker while it is taken, else as if it had just come."""
    return met.arrival.ring_to if met.decided.state is State.WAITING else ()


def called_back_by(met: Met, now: datetime) -> datetime | None:
    """A request that waits anew has its time from now on."""
    found = met.found
    waits_anew = found.state is not State.WAITING and met.decided.state is State.WAITING
    return call_back_by(met.arrival, now) if waits_anew else found.call_back_by


def presses(met: Met) -> int:
    """How many more it counts."""
    return int(met.arrival.signal_class is not SignalClass.RECORD)


def after(met: Met, now: datetime) -> Incident:
    """The incident as it is then."""
    found, decided = met.found, met.decided
    rung = found.rung_anew() if decided.rings else found
    return replace(
        rung,
        version=found.version + 1,
        state=decided.state,
        kind=decided.kind,
        kinds=decided.kinds,
        priority=decided.priority,
        mode=decided.mode,
        press_count=found.press_count + presses(met),
        last_signal_at=now,
        ring_to=ring_to(met) if decided.rings else found.ring_to,
        call_back_by=called_back_by(met, now),
        **({} if decided.keeps_taker else _NO_TAKER),
    )


_NO_TAKER: dict[str, Any] = {
    "taken_by": None,
    "taken_by_name": None,
    "taken_at": None,
    "offered_to": None,
    "follow_due_at": None,
}
