"""What a look at a timer leads to, with who is there at this moment; the steps themselves: test_escalation.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.alerts.bodies import Climbed, Gone, RequestWaits, Silence, TimeToCall, WaitOver
from callcenter.alerts.escalation import RETRY, Made, Step
from callcenter.alerts.handling.looking import MISSED_WITHIN, Look, Round, Watched
from callcenter.alerts.timers import TimerKind
from callcenter.core.ids import new_id
from callcenter.regions.tree import RegionSettings
from tests.alerts.conftest import ShownBoard
from tests.support.community import LONG_AGO

NOW = LONG_AGO
GONE = timedelta(seconds=60)
WAITING = Watched(
    incident_id=new_id(),
    kind=TimerKind.UNTAKEN,
    since=NOW,
    due_at=NOW,
    missing_since=None,
    now=NOW,
    region_id=7,
    region_path=(1, 7),
    priority=1,
    ring=1,
    ring_to=(),
    escalated=0,
    marks=(),
    taken_by=None,
    follow_due_at=None,
    last_signal_at=NOW,
    proofs=0,
)
TAKEN = replace(WAITING, kind=TimerKind.TAKER_GONE, due_at=None, taken_by=7)
SILENT = replace(WAITING, kind=TimerKind.CONTACT_SILENT)
FOLLOWED = replace(WAITING, kind=TimerKind.FOLLOW_UP, taken_by=7, follow_due_at=NOW)


def look(one: Watched, board: ShownBoard | None = None) -> Look:
    """In a region where nothing is set up, and nobody is on the duty list."""
    return Round(board or ShownBoard(), lambda _: RegionSettings(), GONE, NOW).look(one)


def body(found: Look) -> Any:
    assert found.order is not None
    return found.order.body


def test_a_taker_who_is_there_needs_nothing():
    assert look(TAKEN, ShownBoard(users={7})) == Look(None)


def test_a_taker_is_missed_since_the_console_was_last_heard():
    found = look(TAKEN, ShownBoard(unheard_for=timedelta(seconds=8)))
    assert found == Look(None, NOW - timedelta(seconds=8))
    long_ago = look(TAKEN, ShownBoard(unheard_for=timedelta(hours=1)))
    assert long_ago == Look(None, NOW - MISSED_WITHIN)


def test_a_taker_who_has_been_away_for_too_long_loses_it_and_it_is_tried_again_if_that_fails():
    found = look(replace(TAKEN, missing_since=NOW - GONE))
    assert found.due_at == NOW + RETRY
    assert body(found) == Gone(7)


def test_whoever_follows_is_reminded_when_it_is_time():
    assert look(replace(FOLLOWED, due_at=NOW + GONE)).order is None
    assert body(look(FOLLOWED, ShownBoard(users={7}))) == TimeToCall(NOW, taker_there=True)
    assert body(look(FOLLOWED)) == TimeToCall(NOW, taker_there=False)


def test_an_alarm_that_is_seen_is_looked_at_again_when_the_next_step_is_due():
    found = look(WAITING)
    assert (found.order, found.due_at) == (None, NOW + timedelta(seconds=15))


def test_a_step_is_ordered_for_the_ring_it_was_decided_on():
    later = NOW + timedelta(seconds=15)
    found = look(replace(WAITING, now=later, ring=3), ShownBoard(users={7}, supervisors={7}))
    assert isinstance(body(found), Climbed)
    assert (body(found).ring, body(found).escalated, body(found).after) == (3, 0, 2)
    assert (found.due_at, found.untold) == (later + RETRY, False)


def test_nobody_on_the_list_is_counted_at_every_look_and_ordered_once():
    deserted = ShownBoard(seats=False)
    first = look(WAITING, deserted)
    assert first.untold
    assert body(first).due_in == RETRY
    again = look(replace(WAITING, marks=("nobody_told",)), deserted)
    assert (again.order, again.untold) == (None, True)


def test_between_two_tellings_an_emptied_list_is_counted_at_every_look_too():
    told_once = replace(WAITING, due_at=NOW + RETRY, escalated=3, marks=("nobody_told",))
    found = look(told_once, ShownBoard(seats=False))
    assert (found.order, found.due_at, found.untold) == (None, NOW + RETRY, True)
    assert not look(replace(told_once, marks=())).untold


def test_what_was_offered_to_who_is_free_waits_for_the_proof():
    offered = replace(WAITING, ring_to=(7,), proofs=2)
    found = look(offered, ShownBoard(users={7, 8}))
    assert (found.order, found.due_at) == (None, NOW + timedelta(seconds=15))


@pytest.mark.parametrize(
    "board",
    [ShownBoard(users={8, 9}), ShownBoard(users={7, 8}, occupied=frozenset({7}))],
    ids=["gone", "pauses or has another"],
)
def test_what_was_offered_to_who_cannot_take_it_rings_everywhere_at_once(board: ShownBoard):
    found = look(replace(WAITING, ring_to=(7,), proofs=2), board)
    assert body(found).made == [Made(Step.ALL_SEATS, 2)]


DAY = timedelta(days=1)


@pytest.mark.parametrize("missed", [timedelta(), timedelta(hours=4)])
def test_what_waits_before_their_eyes_is_never_too_old(missed: timedelta):
    """Nor what was followed all day and comes back to everybody."""
    found = look(replace(WAITING, last_signal_at=NOW - DAY, missed=missed))
    assert found.order is None or not body(found).over


def test_what_nobody_has_looked_on_for_too_long_is_ended():
    yesterday = replace(WAITING, last_signal_at=NOW - DAY, missed=DAY)
    assert body(look(yesterday)).over


def test_a_contact_who_does_not_answer_is_waited_for_until_it_is_time_whoever_sits_there():
    assert look(replace(SILENT, due_at=NOW + GONE)) == Look(NOW + GONE)
    found = look(SILENT, ShownBoard(seats=False))
    assert (found.due_at, body(found)) == (NOW + RETRY, Silence(NOW))


def test_after_a_restore_nobody_is_told_of_an_old_alarm():
    yesterday = replace(SILENT, last_signal_at=NOW - DAY, missed=DAY)
    assert body(look(yesterday)) == Silence(NOW, over=True)


REQUEST = replace(WAITING, kind=TimerKind.REQUEST, call_back_by=NOW)
WAITS = replace(WAITING, kind=TimerKind.PLAN_WAIT, taken_by=7)
LATER = NOW + timedelta(minutes=1)


def test_a_request_is_due_and_then_late_whoever_sits_there():
    assert look(replace(REQUEST, due_at=LATER)) == Look(LATER)
    for board in (ShownBoard(), ShownBoard(users={7})):
        assert body(look(REQUEST, board)) == RequestWaits(NOW, late=False)
    late = look(replace(REQUEST, marks=("request_due",)))
    assert (late.due_at, body(late)) == (NOW + RETRY, RequestWaits(NOW, late=True))


def test_a_wait_of_the_plan_is_over_for_whoever_has_it():
    assert look(replace(WAITS, due_at=LATER)) == Look(LATER)
    assert body(look(WAITS)) == WaitOver(taker_there=False)
    assert body(look(WAITS, ShownBoard(users={7}))) == WaitOver(taker_there=True)
    assert body(look(replace(WAITS, taken_by=None))) == WaitOver(taker_there=False)
