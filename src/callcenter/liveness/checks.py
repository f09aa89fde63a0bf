"""What must be alive: each check with its thresholds, and how a value stands against them. Pure.

A value that is not known is said to be unknown, never well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class CheckState(StrEnum):
    WELL = "well"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"
    OFF = "off"
    """Not set up here, and need not be."""


WEIGHT: Mapping[CheckState, int] = {
    CheckState.WELL: 0,
    CheckState.OFF: 1,
    CheckState.UNKNOWN: 2,
    CheckState.WARN: 3,
    CheckState.BAD: 4,
}
"""For the metric, and the order on the page."""


class Measure(StrEnum):
    SECONDS = "seconds"
    DAYS = "days"
    PERCENT = "percent"
    GIB = "gib"
    COUNT = "count"
    HOLDS = "holds"
    """1 or 0."""


class Check(StrEnum):
    """In the order of the page."""

    WATCHDOG = "watchdog"
    CIRCLE = "circle"
    DATABASE = "database"
    OFFICE = "office"
    PROCESSORS = "processors"
    LISTENER = "listener"
    SOURCE = "source"
    """Who hands in by HTTP, or a listener, by what was counted of it since this process began."""
    ALARMS_TOLD = "alarms_told"
    TEXTS_LEAVE = "texts_leave"
    GATEWAY = "gateway"
    CLOCK_NTP = "clock_ntp"
    CLOCK_DATABASE = "clock_database"
    CLOCK_WATCHDOG = "clock_watchdog"
    CERTIFICATE = "certificate"
    DISK = "disk"
    SPOOL_DISK = "spool_disk"
    RESERVE = "disk_reserve"
    WAL = "wal"
    DATABASE_SIZE = "database_size"
    BACKUP = "backup"
    CHAIN = "chain"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `warn` and `bad` on it stands so; None: never by its value. `falls`: less is worse."""

    unit: Measure
    warn: float | None
    bad: float | None
    falls: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What was found. `value` None: it could not be found out. `said`: what the value alone does not tell, as a code, which is as
    grave as `at_least`.
    """

    check: Check
    value: float | None
    subject: str = ""
    said: str = ""
    at_least: CheckState = CheckState.WELL


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact, judged. `since`: when it came to stand so, as far as this process knows."""

    check: Check
    subject: str
    state: CheckState
    value: float | None
    unit: Measure
    warn: float | None
    bad: float | None
    said: str
    since: datetime


Thresholds = Mapping[Check, Threshold]


def state_of(fact: Fact, threshold: Threshold) -> CheckState:
    """How it stands."""
    if fact.at_least is CheckState.OFF:
        return CheckState.OFF
    by_value = CheckState.UNKNOWN if fact.value is None else _by_value(fact.value, threshold)
    return max(by_value, fact.at_least, key=WEIGHT.__getitem__)


def _by_value(value: float, threshold: Threshold) -> CheckState:
    for limit, state in ((threshold.bad, CheckState.BAD), (threshold.warn, CheckState.WARN)):
        if limit is not None and (value <= limit if threshold.falls else value >= limit):
            return state
    return CheckState.WELL


def judged(
    facts: Iterable[Fact], thresholds: Thresholds, before: Sequence[Finding], now: datetime
) -> list[Finding]:
    """In the order of the checks; what stands as `before` does so since then."""
    held = {(one.check, one.subject): one for one in before}
    order = list(Check)
    found = [_finding(fact, thresholds[fact.check], now) for fact in facts]
    kept = [_since(one, held.get((one.check, one.subject))) for one in found]
    return sorted(kept, key=lambda one: (order.index(one.check), one.subject))


def _finding(fact: Fact, threshold: Threshold, now: datetime) -> Finding:
    return Finding(
        fact.check,
        fact.subject,
        state_of(fact, threshold),
        fact.value,
        threshold.unit,
        threshold.warn,
        threshold.bad,
        fact.said,
        now,
    )


def _since(one: Finding, before: Finding | None) -> Finding:
    same = before is not None and before.state is one.state
    return replace(one, since=before.since) if same and before is not None else one


def changed(before: Sequence[Finding], after: Sequence[Finding]) -> list[Finding]:
    """What is worse or better than it was: worth a line in the log. What was not there before counts as well."""
    held = {(one.check, one.subject): one.state for one in before}
    fine = (CheckState.WELL, CheckState.OFF)
    return [
        one
        for one in after
        if (was := held.get((one.check, one.subject), CheckState.WELL)) is not one.state
        and not (was in fine and one.state in fine)
    ]
