"""What a page works out by the clock from a row is what `lateness.rank` says, at every moment."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, strategies as some

from callcenter.dispatch.desk.ordering import moments, rank_by
from callcenter.dispatch.lateness import Rank, Standing, rank
from callcenter.dispatch.task import TaskKind, TaskState
from tests.support.field import NOW, later

_times = some.integers(-200, 200).map(lambda minutes: later(minutes=minutes))
standings = some.builds(
    Standing,
    kind=some.sampled_from(TaskKind),
    state=some.sampled_from(TaskState),
    created_at=_times,
    until=some.none() | _times,
    lasts=some.integers(5, 120).map(lambda minutes: timedelta(minutes=minutes)),
    arrived_at=some.none() | _times,
    eta=some.none() | _times,
)


@given(standings, _times)
def test_the_moments_say_the_same_as_the_rank(standing: Standing, now):
    assert rank_by(standing.kind, standing.state, moments(standing), now) is rank(standing, now)


def test_a_visit_becomes_at_risk_and_then_late_by_the_clock_alone():
    until = later(minutes=60)
    visit = Standing(TaskKind.VISIT, TaskState.ACCEPTED, NOW, until, timedelta(minutes=30))
    at = moments(visit)
    seen = [
        rank_by(visit.kind, visit.state, at, later(minutes=minutes)) for minutes in (44, 46, 61)
    ]
    assert seen == [Rank.NONE, Rank.AT_RISK, Rank.LATE]


def test_what_has_ended_wants_nobody_at_any_time():
    done = Standing(TaskKind.RESCUE, TaskState.DONE, NOW, NOW, timedelta(minutes=30))
    assert rank_by(done.kind, done.state, moments(done), later(days=9)) is Rank.NONE
