"""What a site must have before it may say that it is in service. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SEATS: Final = 2
"""One seat is nobody while its operator is at the door."""
LATELY: Final = timedelta(days=30)
CERTIFICATE_LASTS: Final = timedelta(days=14)
BACKUP_TRIED: Final = timedelta(days=183)


class Name(StrEnum):
    """In the order in which a site gets there."""

    REGION = "region"
    HOTLINE = "hotline"
    OPERATORS = "operators"
    DUTY_LIST = "duty_list"
    GATEWAY = "gateway"
    TEXT = "text"
    DEVICES = "devices"
    SEATS = "seats"
    TRIAL = "trial"
    ALARM = "alarm"
    CERTIFICATE = "certificate"
    BACKUP = "backup"


CONFIRMED_BY_HAND: Final = frozenset({Name.BACKUP})
"""What the server may not see for itself: an administrator says so, with what was done."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How far a test alarm has come: on a screen, to somebody's ears, into somebody's hands."""

    sent_at: datetime
    seen_at: datetime | None = None
    sounding_at: datetime | None = None
    taken_at: datetime | None = None
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found, everywhere below the root."""

    regions: int
    """Below the root."""
    homes: int
    with_device: int
    """Homes whose key reaches the centre."""
    without_hotline: int
    """Homes whose families would read no number to call."""
    without_duty: int
    """Homes of which nobody would be told by text."""
    root_has_duty: bool
    """For unknown callers."""
    operators: int
    """Who may sit at a seat."""
    seats_lately: int
    """Of these, on duty lately: going on duty plays the test tone."""
    gateways: Sequence[str]
    """Names of those that reach telephones."""
    delivered_at: datetime | None
    """When a text last reached a telephone."""
    trial: Trial | None
    """The last test alarm that was sent from here."""
    answered_at: datetime | None
    """When somebody last took an alarm that a seat had shown and sounded."""
    certificate_until: datetime | None
    """None: the console is served without one, on this machine alone."""
    backup_at: datetime | None
    """When an administrator last said that a copy was restored."""
    drilled_at: datetime | None = None
    """When the server itself last restored a copy and proved it, unless a later trial failed."""
    copied_at: datetime | None = None
    """When a copy was last taken, unless a later one failed."""


@dataclass(frozen=True, slots=True)
class Item:
    """`figures` are what its sentence names; a time is ISO 8601."""

    name: Name
    done: bool
    by_hand: bool
    figures: Mapping[str, int | str | None]


def checklist(facts: Facts, now: datetime) -> list[Item]:
    """Every item, done or not."""
    found: Mapping[Name, tuple[bool, Mapping[str, int | str | None]]] = {
        Name.REGION: (facts.regions > 0, {"n": facts.regions}),
        Name.HOTLINE: (facts.homes > 0 and not facts.without_hotline, {"n": facts.without_hotline}),
        Name.OPERATORS: (facts.operators >= SEATS, {"n": facts.operators, "least": SEATS}),
        Name.DUTY_LIST: (facts.root_has_duty and not facts.without_duty, {"n": facts.without_duty}),
        Name.GATEWAY: (bool(facts.gateways), {"names": ", ".join(facts.gateways)}),
        Name.TEXT: (_lately(facts.delivered_at, now, LATELY), {"at": _iso(facts.delivered_at)}),
        Name.DEVICES: (facts.with_device > 0, {"n": facts.with_device, "homes": facts.homes}),
        Name.SEATS: (facts.seats_lately >= SEATS, {"n": facts.seats_lately, "least": SEATS}),
        Name.TRIAL: (
            _arrived(facts.trial, now) or _lately(facts.answered_at, now, LATELY),
            _told(facts.trial),
        ),
        Name.ALARM: (_lately(facts.answered_at, now, LATELY), {"at": _iso(facts.answered_at)}),
        Name.CERTIFICATE: (
            facts.certificate_until is not None
            and facts.certificate_until - now >= CERTIFICATE_LASTS,
            {"at": _iso(facts.certificate_until)},
        ),
        Name.BACKUP: (
            _lately(_tried(facts), now, BACKUP_TRIED),
            {"at": _iso(_tried(facts)), "copied": _iso(facts.copied_at)},
        ),
    }
    return [Item(name, found[name][0], name in CONFIRMED_BY_HAND, found[name][1]) for name in Name]


def _tried(facts: Facts) -> datetime | None:
    """By the server itself or by hand."""
    return max((at for at in (facts.backup_at, facts.drilled_at) if at), default=None)


def missing(items: Sequence[Item]) -> list[Name]:
    """What keeps the site from being in service."""
    return [item.name for item in items if not item.done]


def _arrived(trial: Trial | None, now: datetime) -> bool:
    """Seen, heard and taken, lately."""
    if trial is None:
        return False
    return all(
        _lately(at, now, LATELY) for at in (trial.seen_at, trial.sounding_at, trial.taken_at)
    )


def _told(trial: Trial | None) -> Mapping[str, str | None]:
    if trial is None:
        return {"at": None}
    return {
        "at": _iso(trial.sent_at),
        "seen": _iso(trial.seen_at),
        "sounding": _iso(trial.sounding_at),
        "taken": _iso(trial.taken_at),
        "by": trial.taken_by,
    }


def _lately(at: datetime | None, now: datetime, within: timedelta) -> bool:
    return at is not None and now - at <= within


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
