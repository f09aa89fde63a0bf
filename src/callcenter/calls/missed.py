"""Whom an outage may have silenced: the homes that are called after it, whoever is most at risk first. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callcenter.calls.item import ListKind
from callcenter.calls.outage import Window
from callcenter.calls.risk import Person, rank_of, weight

RISKS: Final = ("high", "medium", "low")
AT_HOME: Final = frozenset({"home", "away"})
"""Who has died or moved, or lies in hospital, presses nothing at home."""


class WhyCalled(StrEnum):
    STILL_SILENT = "still_silent"  # should have reported after it, and has not
    SHOULD_REPORT = "should_report"  # at least one life sign of it fell into the window
    PRESSED_BEFORE = "pressed_before"  # has pressed in the months before
    COULD_NOT_REACH = "could_not_reach"  # has a device of a listener that was away


@dataclass(frozen=True, slots=True)
class Device:
    """`heartbeat_s`: expected interval of life signs in seconds. `seen_at` None: not heard of since the start."""

    source: str
    heartbeat_s: int | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody of a home."""

    id: int
    person: Person
    status: str = "home"
    has_phone: bool = True


@dataclass(frozen=True, slots=True)
class Home:
    """What is known of a home with at least one device."""

    id: int
    devices: Sequence[Device]
    residents: Sequence[Resident] = ()
    pressed_before: bool = False
    heard_since: bool = False
    """An alarm of it has come in since the window began: it got through, and is worked like any other."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of them a supervisor wants to have called: any of these reasons, and at least this risk."""

    reasons: Collection[WhyCalled] = frozenset(WhyCalled)
    at_least: str = "low"


@dataclass(frozen=True, slots=True)
class Missed:
    """A home on the list. `resident_id`: whom to ask for; None where nobody is registered there."""

    home_id: int
    resident_id: int | None
    rank: int
    reasons: tuple[WhyCalled, ...]
    risk: str
    has_phone: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Of a list before it is made."""

    homes: int
    without_phone: int
    by_risk: dict[str, int] = field(default_factory=dict)
    by_reason: dict[str, int] = field(default_factory=dict)


def whom(homes: Iterable[Home], window: Window, chosen: Chosen, now: datetime) -> list[Missed]:
    """The list, in the order of the calls: rank, then who is silent still."""
    found = [one for home in homes if (one := _missed(home, window, chosen, now))]
    return sorted(found, key=lambda m: (m.rank, WhyCalled.STILL_SILENT not in m.reasons, m.home_id))


def _missed(home: Home, window: Window, chosen: Chosen, now: datetime) -> Missed | None:
    there = [one for one in home.residents if one.status in AT_HOME]
    if home.heard_since or (home.residents and not there):
        return None
    reasons = tuple(reasons_of(home, window, now))
    asked = min(there, key=lambda one: (weight(one.person), not one.has_phone), default=None)
    person = asked.person if asked else Person()
    if RISKS.index(person.risk) > RISKS.index(chosen.at_least):
        return None
    if not set(reasons) & set(chosen.reasons):
        return None
    return Missed(
        home.id,
        asked.id if asked else None,
        rank_of(ListKind.ROLL_CALL, person),
        reasons,
        person.risk,
        any(one.has_phone for one in there),
    )


def reasons_of(home: Home, window: Window, now: datetime) -> Iterable[WhyCalled]:
    """Why this home may have called without being heard; nothing for devices of other listeners."""
    concerned = [one for one in home.devices if window.source in (None, one.source)]
    if not concerned:
        return
    if any(_still_silent(one, window, now) for one in concerned):
        yield WhyCalled.STILL_SILENT
    if any(_should_report(one, window) for one in concerned):
        yield WhyCalled.SHOULD_REPORT
    if home.pressed_before:
        yield WhyCalled.PRESSED_BEFORE
    yield WhyCalled.COULD_NOT_REACH


def _should_report(device: Device, window: Window) -> bool:
    return device.heartbeat_s is not None and timedelta(seconds=device.heartbeat_s) <= window.length


def _still_silent(device: Device, window: Window, now: datetime) -> bool:
    if device.heartbeat_s is None:
        return False
    unheard = device.seen_at is None or device.seen_at < window.until
    return unheard and now - window.until > timedelta(seconds=device.heartbeat_s)


def totals(listed: Sequence[Missed]) -> Totals:
    """What a supervisor reads before the list is made."""
    return Totals(
        homes=len(listed),
        without_phone=sum(not one.has_phone for one in listed),
        by_risk=dict(Counter(one.risk for one in listed)),
        by_reason=dict(Counter(reason.value for one in listed for reason in one.reasons)),
    )
