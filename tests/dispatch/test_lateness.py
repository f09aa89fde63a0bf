"""Which tasks want the dispatcher's eyes, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.dispatch.lateness import Rank, Standing, Worry, rank, worries
from callcenter.dispatch.task import TaskKind, TaskState

NOW = datetime(2026, 3, 14, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HALF = 30 * MINUTE
RESCUE = Standing(TaskKind.RESCUE, TaskState.ACCEPTED, NOW - 20 * MINUTE, None, HALF)
VISIT = Standing(
    TaskKind.VISIT, TaskState.ACCEPTED, NOW - timedelta(days=1), NOW + 60 * MINUTE, HALF
)


@pytest.mark.parametrize(
    ("standing", "expected", "place"),
    [
        (RESCUE, set(), Rank.NONE),
        (replace(RESCUE, state=TaskState.UNPLACED), {Worry.UNPLACED}, Rank.UNPLACED_RESCUE),
        (replace(VISIT, state=TaskState.UNPLACED), {Worry.UNPLACED}, Rank.UNPLACED),
        (replace(RESCUE, created_at=NOW - 31 * MINUTE), {Worry.AT_RISK}, Rank.AT_RISK),
        (replace(RESCUE, created_at=NOW - 46 * MINUTE), {Worry.LATE}, Rank.LATE),
        (replace(VISIT, until=NOW - MINUTE), {Worry.LATE}, Rank.LATE),
        (replace(VISIT, until=NOW + 10 * MINUTE), {Worry.AT_RISK}, Rank.AT_RISK),
        (replace(VISIT, until=NOW + 10 * MINUTE, state=TaskState.UNDER_WAY), set(), Rank.NONE),
        (replace(VISIT, eta=NOW + 61 * MINUTE), {Worry.AT_RISK}, Rank.AT_RISK),
        (replace(VISIT, eta=NOW + 59 * MINUTE), set(), Rank.NONE),
        (replace(VISIT, until=None), set(), Rank.NONE),
        (
            replace(VISIT, state=TaskState.ARRIVED, arrived_at=NOW - 51 * MINUTE),
            {Worry.OVERDUE_OUT},
            Rank.LONE_WORKER,
        ),
        (replace(VISIT, state=TaskState.ARRIVED, arrived_at=NOW - 49 * MINUTE), set(), Rank.NONE),
        (
            replace(VISIT, state=TaskState.ARRIVED, until=NOW - HALF, arrived_at=NOW),
            set(),
            Rank.NONE,
        ),
        (replace(VISIT, state=TaskState.DONE, until=NOW - HALF), set(), Rank.NONE),
        (replace(VISIT, state=TaskState.CANCELLED, until=NOW - HALF), set(), Rank.NONE),
        (
            replace(RESCUE, state=TaskState.UNPLACED, created_at=NOW - 60 * MINUTE),
            {Worry.UNPLACED, Worry.LATE},
            Rank.UNPLACED_RESCUE,
        ),
    ],
)
def test_what_is_wrong_and_where_it_stands(standing: Standing, expected: set[Worry], place: Rank):
    assert worries(standing, NOW) == expected
    assert rank(standing, NOW) is place
