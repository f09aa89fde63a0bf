"""When a text is past its time for certain, whatever is done to the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from callcenter.sms.lifetime import (
    ALWAYS,
    JUMP,
    Steadiness,
    Trust,
    first_seen,
    is_over,
    left_s,
    seen,
    trust,
)

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIFETIME = 10 * MINUTE


def watched(*steps: tuple[timedelta, timedelta]) -> Steadiness:
    """Looks one after the other: how far time went on, and how far the wall clock did."""
    known, wall, monotonic_s = first_seen(NOON, 0.0), NOON, 0.0
    for time, on_the_wall in steps:
        wall, monotonic_s = wall + on_the_wall, monotonic_s + time / timedelta(seconds=1)
        known = seen(known, wall, monotonic_s)
    return known


def over(written: datetime, now: datetime, known: Steadiness, *, about_open: bool = True) -> bool:
    return is_over(
        created_at=written,
        expires_at=written + LIFETIME,
        now=now,
        about_open=about_open,
        trusted=trust(known),
    )


def test_a_clock_that_runs_evenly_is_believed():
    known = watched(*[(MINUTE, MINUTE)] * 20)
    assert trust(known) == Trust(ALWAYS, 20 * MINUTE)
    assert over(NOON, NOON + LIFETIME, known)
    assert not over(NOON, NOON + LIFETIME - timedelta(seconds=1), known)


def test_a_clock_that_is_slewed_runs_evenly():
    a_little_fast = (MINUTE, MINUTE + JUMP / 2)
    assert trust(watched(*[a_little_fast] * 20)).steady == ALWAYS


@pytest.mark.parametrize("jump", [HOUR, -HOUR, LIFETIME, 2 * JUMP, -2 * JUMP])
def test_after_a_jump_an_age_is_believed_again_when_the_clock_has_run_evenly_for_as_long(jump):
    jumped = [(MINUTE, MINUTE)] * 30 + [(MINUTE, MINUTE + jump)]
    assert trust(watched(*jumped)).steady == timedelta()
    assert trust(watched(*jumped, (MINUTE, MINUTE))).steady == MINUTE
    assert trust(watched(*jumped, *[(MINUTE, MINUTE)] * 10)).steady == LIFETIME


def test_a_text_that_a_slow_clock_has_written_is_not_over_when_the_clock_comes_right():
    slow = [(MINUTE, MINUTE)] * 30 + [(MINUTE, MINUTE - HOUR)]
    written = NOON + 31 * MINUTE - HOUR
    right = watched(*slow, (MINUTE, MINUTE + HOUR))
    now = NOON + 32 * MINUTE
    assert written + LIFETIME < now
    assert not over(written, now, right)
    assert not over(written, now, right, about_open=False)


def test_a_text_is_not_over_because_the_clock_was_put_forward():
    written = NOON + 30 * MINUTE
    fast = watched(*[(MINUTE, MINUTE)] * 30, (MINUTE, MINUTE + HOUR))
    assert not over(written, written + MINUTE + HOUR, fast)


def test_what_waited_while_no_sender_lived_goes_out_if_the_alarm_is_still_open():
    began = watched((MINUTE, MINUTE))
    written = NOON - 2 * HOUR
    assert not over(written, NOON + MINUTE, began)
    assert over(written, NOON + MINUTE, began, about_open=False)
    assert over(written, NOON + 10 * MINUTE, watched(*[(MINUTE, MINUTE)] * 10))


jumps = st.sampled_from([timedelta(0), timedelta(0), HOUR, -HOUR, 365 * 24 * HOUR, LIFETIME])


@given(
    steps=st.lists(st.tuples(st.integers(1, 240), jumps), min_size=1, max_size=40),
    written_at=st.integers(0, 39),
)
def test_no_text_about_an_open_alarm_is_over_before_it_has_waited_for_its_lifetime(
    steps, written_at
):
    """Whatever the clock does: by the time that really passed."""
    moves = [(timedelta(seconds=s), timedelta(seconds=s) + jump) for s, jump in steps]
    walls = [NOON, *(NOON + sum((m[1] for m in moves[: n + 1]), timedelta()) for n in range(len(moves)))]  # fmt: skip
    times = [sum((m[0] for m in moves[:n]), timedelta()) for n in range(len(moves) + 1)]
    assert all(a < b for a, b in pairwise(times))
    written_at = min(written_at, len(moves))
    for looked in range(written_at, len(moves) + 1):
        if over(walls[written_at], walls[looked], watched(*moves[:looked])):
            assert times[looked] - times[written_at] >= LIFETIME


@pytest.mark.parametrize(
    ("off", "left"),
    [(timedelta(), 600), (5 * MINUTE, 300), (HOUR, 600), (-HOUR, 600), (LIFETIME, 600)],
)
def test_a_gateway_is_given_what_is_left_or_all_of_it_where_the_clock_was_set(off, left):
    assert left_s(NOON + LIFETIME, NOON + off, LIFETIME) == left
