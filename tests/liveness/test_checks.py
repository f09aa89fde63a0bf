"""How a value stands against its thresholds, and since when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.liveness.checks import Check, CheckState, Fact, changed, judged, state_of
from callcenter.liveness.limits import Limits, thresholds_of

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
THRESHOLDS = thresholds_of(Limits())


def test_every_check_has_a_threshold():
    assert set(THRESHOLDS) == set(Check)


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        (Fact(Check.WATCHDOG, 20), CheckState.WELL),
        (Fact(Check.WATCHDOG, 150), CheckState.WARN),
        (Fact(Check.WATCHDOG, 301), CheckState.BAD),
        (Fact(Check.DISK, 60), CheckState.WELL),
        (Fact(Check.DISK, 15), CheckState.WARN),
        (Fact(Check.DISK, 4.9), CheckState.BAD),
        (Fact(Check.CERTIFICATE, 31), CheckState.WELL),
        (Fact(Check.CERTIFICATE, -1), CheckState.BAD),
        (Fact(Check.CERTIFICATE, None, at_least=CheckState.OFF), CheckState.OFF),
        (Fact(Check.DATABASE, 1), CheckState.WELL),
        (Fact(Check.DATABASE, 0), CheckState.BAD),
        (Fact(Check.DATABASE_SIZE, 10_000), CheckState.WELL),
        (Fact(Check.WAL, None), CheckState.UNKNOWN),
        (Fact(Check.BACKUP, None, said="never", at_least=CheckState.WARN), CheckState.WARN),
        (Fact(Check.BACKUP, 10, said="failed", at_least=CheckState.BAD), CheckState.BAD),
        (Fact(Check.CIRCLE, 1, said="kept", at_least=CheckState.WARN), CheckState.WARN),
        (Fact(Check.PROCESSORS, 1), CheckState.BAD),
    ],
)
def test_how_it_stands(fact: Fact, state: CheckState):
    assert state_of(fact, THRESHOLDS[fact.check]) is state


@pytest.mark.parametrize("check", Check)
def test_what_is_not_known_is_never_well(check: Check):
    assert state_of(Fact(check, None), THRESHOLDS[check]) is CheckState.UNKNOWN


def test_what_stands_as_before_does_so_since_then():
    first = judged([Fact(Check.DISK, 60), Fact(Check.WATCHDOG, 2, "a")], THRESHOLDS, (), NOON)
    later = NOON + timedelta(minutes=5)
    second = judged([Fact(Check.DISK, 3), Fact(Check.WATCHDOG, 9, "a")], THRESHOLDS, first, later)
    assert [(one.check, one.since) for one in second] == [
        (Check.WATCHDOG, NOON),
        (Check.DISK, later),
    ]


def test_only_what_is_worse_or_better_is_worth_a_line():
    before = judged([Fact(Check.DISK, 60), Fact(Check.WAL, 0.1)], THRESHOLDS, (), NOON)
    after = judged([Fact(Check.DISK, 3), Fact(Check.WAL, 0.2)], THRESHOLDS, before, NOON)
    assert changed((), before) == []
    assert [one.check for one in changed(before, after)] == [Check.DISK]
    assert [one.state for one in changed(after, before)] == [CheckState.WELL]
