"""Garbage is looked for when nobody waits."""

from __future__ import annotations

import gc

import pytest

from callcenter.runtime import quiet
from callcenter.runtime.quiet import COLLECT_EVERY_S, QUIET_SHARE, THAW_EVERY_S, Due, Step


def test_a_busy_process_is_left_alone_however_long_it_waits():
    due = Due(collected_at=0.0, thawed_at=0.0)
    assert due.next(10 * THAW_EVERY_S, QUIET_SHARE + 0.01) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [(COLLECT_EVERY_S - 1, None), (COLLECT_EVERY_S, Step.COLLECT), (THAW_EVERY_S, Step.THAW)],
)
def test_a_quiet_moment_is_used_when_something_is_due(now, expected):
    assert Due(collected_at=0.0, thawed_at=0.0).next(now, 0.0) == expected


def test_what_lives_on_is_not_walked_again():
    thresholds = gc.get_threshold()
    try:
        quiet.settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == quiet.THRESHOLDS
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
