"""Health is what worked last: a flush, or the rehearsal of one."""

from __future__ import annotations

from callcenter.core.store_health import STALE_S, StoreHealth


def test_it_is_well_from_the_start_until_nothing_has_worked_for_a_while():
    health = StoreHealth(100.0)
    assert health.trouble(100.0) is None
    assert health.trouble(100.0 + STALE_S + 0.1) == "no answer"


def test_a_flush_that_failed_is_trouble_until_one_works():
    health = StoreHealth(0.0)
    health.flush_failed(1.0, "could not extend file: No space left on device")
    assert health.trouble(1.0) == "could not extend file: No space left on device"
    health.flush_worked(2.0)
    assert health.trouble(2.0) is None


def test_a_rehearsal_that_wrote_no_row_does_not_outweigh_a_flush_that_failed():
    health = StoreHealth(0.0)
    health.flush_failed(1.0, "disk full")
    health.rehearsal_worked(1.5, wrote=False)
    assert health.trouble(1.5) == "disk full"
    health.rehearsal_worked(2.0, wrote=True)
    assert health.trouble(2.0) is None


def test_a_flush_that_works_outweighs_a_rehearsal_that_failed():
    health = StoreHealth(0.0)
    health.rehearsal_failed(1.0, "canceling statement due to lock timeout")
    assert health.trouble(1.0) == "canceling statement due to lock timeout"
    health.flush_worked(1.1)
    assert health.trouble(1.1) is None


def test_each_turn_is_told_once():
    told: list[str | None] = []
    health = StoreHealth(0.0, on_change=told.append)
    for at in (1.0, 1.5, 2.0):
        health.rehearsal_failed(at, "read-only")
    for at in (2.5, 3.0):
        health.rehearsal_worked(at, wrote=False)
    assert told == ["read-only", None]
