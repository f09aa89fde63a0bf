"""What becomes of an incident that nobody looks after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from callcenter.alerts.bodies import (
    Climbed,
    Elsewhere,
    FollowBody,
    Gone,
    RequestWaits,
    TimeToCall,
    WaitOver,
)
from callcenter.alerts.entries import (
    DutyTold,
    Escalated,
    FollowUp,
    PlanWaited,
    Relocated,
    RequestDue,
)
from callcenter.alerts.escalation import Made, Step
from callcenter.alerts.handling.decision import (
    SYSTEM,
    TAKER_LOST,
    Decision,
    Facts,
    PlanWait,
)
from callcenter.alerts.handling.unattended import (
    END_WAIT,
    ESCALATE,
    LOSE_TAKER,
    RELOCATE,
    REMIND,
    REMIND_REQUEST,
)
from callcenter.alerts.incident import Incident, IncidentMode, State
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.playing import Run
from callcenter.regions.tree import RegionSettings
from tests.support.callers import CALLER
from tests.support.commands import COMMANDS, DUE, FACTS, ID, TAKEN, by, request, standing
from tests.support.community import LONG_AGO
from tests.support.plans import say, wait


def test_g9_only_the_taker_who_is_gone_loses_it():
    decision = LOSE_TAKER.decide(TAKEN, Facts(), SYSTEM, Gone(7), LONG_AGO)
    assert decision is not None
    after = decision.after
    assert (after.state, after.taken_by, after.ring) == (State.WAITING, None, 2)
    assert after.marks == ("taker_lost",)
    for found in (standing(State.FOLLOWING), standing(State.WAITING), replace(TAKEN, taken_by=8)):
        assert LOSE_TAKER.decide(found, Facts(), SYSTEM, Gone(7), LONG_AGO) is None


def relocated(found: Incident, *, taker_sees_it: bool) -> Decision | None:
    body = Elsewhere(5, (1, 5), taker_sees_it=taker_sees_it)
    return RELOCATE.decide(found, Facts(), SYSTEM, body, LONG_AGO)


@pytest.mark.parametrize("state", [State.TAKEN, State.FOLLOWING])
@pytest.mark.parametrize(
    ("taker_sees_it", "taker", "ring", "marks"), [(True, 7, 1, ()), (False, None, 2, (TAKER_LOST,))]
)
def test_g9_an_incident_follows_its_home_and_rings_where_its_taker_may_not_see_it(
    state: State, taker_sees_it: bool, taker: int | None, ring: int, marks: tuple[str, ...]
):
    decision = relocated(standing(state), taker_sees_it=taker_sees_it)
    assert decision is not None
    assert decision.said == Relocated(from_path=(1, 2))
    after = decision.after
    assert (after.region_id, after.region_path) == (5, (1, 5))
    assert after.state is (state if taker_sees_it else State.WAITING)
    assert (after.taken_by, after.ring, after.marks) == (taker, ring, marks)


def test_what_waits_rings_anew_where_nobody_was_called_yet():
    waiting = replace(standing(State.WAITING), escalated=4, marks=("taker_lost", "duty_told"))
    decision = relocated(waiting, taker_sees_it=False)
    assert decision is not None
    after = decision.after
    assert (after.state, after.ring, after.escalated, after.marks) == (
        State.WAITING,
        2,
        0,
        ("taker_lost",),
    )


def test_nothing_follows_when_it_waits_there_already_or_is_over():
    decision = relocated(standing(State.WAITING), taker_sees_it=False)
    assert decision is not None
    for found in (decision.after, standing(State.CLOSED)):
        assert relocated(found, taker_sees_it=False) is None


def climbed(*made: Made, found: Incident, after: int, manned: bool = True) -> Climbed:
    return Climbed(found.ring, found.escalated, after, made, manned, timedelta(seconds=60))


def escalated(found: Incident, body: Climbed, facts: Facts = FACTS) -> Decision | None:
    return ESCALATE.decide(found, facts, SYSTEM, body, LONG_AGO)


def test_who_was_called_stands_on_the_incident_and_on_its_timeline():
    waiting = replace(standing(State.WAITING), ring_to=(7,))
    every = escalated(waiting, climbed(Made(Step.ALL_SEATS, 2), found=waiting, after=1))
    assert every is not None
    assert (every.after.ring_to, every.after.escalated, every.after.marks) == ((), 1, ())
    called = climbed(Made(Step.SUPERVISORS, 1), found=every.after, after=2)
    supervisors = escalated(every.after, called)
    assert supervisors is not None
    assert supervisors.said == Escalated(step="supervisors", reached=1)
    assert supervisors.after.marks == ("supervisors_called",)
    assert supervisors.due_in == timedelta(seconds=60)


def test_the_duty_list_is_told_with_the_steps_that_had_nobody():
    waiting = standing(State.WAITING)
    body = climbed(Made(Step.SUPERVISORS, 0), Made(Step.DUTY, 1), found=waiting, after=3)
    decision = escalated(waiting, body)
    assert decision is not None
    assert decision.said == DutyTold(numbers=1, passed=("supervisors",))
    assert (decision.after.marks, decision.after.escalated) == (("duty_told",), 3)
    assert [(t.recipient, t.kind) for t in decision.texts] == [("+8613900000009", "duty_untaken")]
    deserted = escalated(waiting, replace(body, manned=False))
    assert deserted is not None
    assert [t.kind for t in deserted.texts] == ["duty_alarm"]


def test_a_step_is_made_once_whoever_decides_upon_it():
    waiting = standing(State.WAITING)
    body = climbed(Made(Step.DUTY, 1), found=waiting, after=3)
    decision = escalated(waiting, body)
    assert decision is not None
    for found in (decision.after, waiting.rung_anew(), TAKEN):
        assert escalated(found, body) is None


def test_an_empty_duty_list_is_said_once_and_is_never_a_mark_that_somebody_was_told():
    waiting = standing(State.WAITING)
    nobody = replace(FACTS, caller=replace(CALLER, settings=RegionSettings()))
    body = climbed(Made(Step.SUPERVISORS, 0), Made(Step.DUTY, 0), found=waiting, after=3)
    decision = escalated(waiting, body, nobody)
    assert decision is not None
    assert decision.said == Escalated(step="duty", passed=("supervisors",))
    assert (decision.after.marks, decision.after.escalated) == (("nobody_told",), 0)
    assert decision.texts == ()
    assert escalated(decision.after, body, nobody) is None
    found = escalated(decision.after, climbed(Made(Step.DUTY, 1), found=waiting, after=3))
    assert found is not None
    assert found.after.marks == ("duty_told",)


def test_a_duty_list_that_is_emptied_after_it_was_told_leaves_no_mark_that_somebody_was_told():
    told = replace(standing(State.WAITING), escalated=3, marks=("duty_told",))
    nobody = replace(FACTS, caller=replace(CALLER, settings=RegionSettings()))
    decision = escalated(told, climbed(Made(Step.DUTY, 0), found=told, after=4), nobody)
    assert decision is not None
    assert (decision.after.marks, decision.after.escalated) == (("nobody_told",), 3)
    again = climbed(Made(Step.DUTY, 1), found=decision.after, after=4)
    listed = escalated(decision.after, again)
    assert listed is not None
    assert (listed.after.marks, listed.after.escalated) == (("duty_told",), 4)


def test_what_is_too_old_calls_nobody_any_more_and_says_so():
    waiting = standing(State.WAITING)
    decision = escalated(waiting, Climbed(1, 0, 0, over=True))
    assert decision is not None
    assert (decision.said, decision.after.marks) == (Escalated(over=True), ("escalation_over",))
    assert decision.texts == ()
    assert escalated(decision.after, Climbed(1, 0, 0, over=True)) is None


@pytest.mark.parametrize(
    "changes", [{"mode": IncidentMode.TEST}, {"signal_class": "technical", "kind": "low_battery"}]
)
def test_nobody_is_called_to_a_test_or_to_what_is_no_alarm(changes: dict[str, Any]):
    found = replace(standing(State.WAITING), **changes)
    body = climbed(Made(Step.DUTY, 1), found=found, after=3)
    assert escalated(found, body) is None


def reminded(found: Incident, *, taker_there: bool = True) -> Decision | None:
    return REMIND.decide(found, FACTS, SYSTEM, TimeToCall(DUE, taker_there), LONG_AGO)


def test_whoever_follows_is_reminded_once_then_it_is_everybody_s():
    first = reminded(standing(State.FOLLOWING))
    assert first is not None
    assert first.said == FollowUp(name="taker")
    assert (first.after.state, first.after.ring, first.after.marks) == (
        State.FOLLOWING,
        2,
        ("follow_due",),
    )
    late = reminded(first.after)
    assert late is not None
    assert late.said == FollowUp(late=True, name="taker")
    assert (late.after.state, late.after.ring, late.after.marks) == (
        State.WAITING,
        3,
        ("follow_late",),
    )
    assert (late.after.taken_by, late.after.follow_due_at) == (None, None)


def test_where_nobody_is_there_to_call_again_it_is_everybody_s_at_once():
    decision = reminded(standing(State.FOLLOWING), taker_there=False)
    assert decision is not None
    assert decision.after.state is State.WAITING


def test_another_time_to_call_ends_the_reminder():
    due = reminded(standing(State.FOLLOWING))
    assert due is not None
    again = COMMANDS["follow"].decide(
        due.after, FACTS, by("taker"), FollowBody(command_id=ID, minutes=5), LONG_AGO
    )
    assert again is not None
    assert again.after.marks == ()
    assert again.after.follow_due_at == LONG_AGO + timedelta(minutes=5)
    assert reminded(again.after) is None  # the time that was decided upon is not its time any more


def due_request(found: Incident, *, late: bool) -> Decision | None:
    return REMIND_REQUEST.decide(found, Facts(), SYSTEM, RequestWaits(DUE, late=late), DUE)


def test_a_request_that_nobody_takes_is_due_and_then_late():
    due = due_request(request(State.WAITING), late=False)
    assert due is not None
    assert due.said == RequestDue()
    assert (due.after.marks, due.after.ring, due.texts) == (("request_due",), 2, ())
    late = due_request(due.after, late=True)
    assert late is not None
    assert late.said == RequestDue(late=True)
    assert (late.after.marks, late.after.ring) == (("request_due", "request_late"), 3)
    for found in (due.after, request(State.TAKEN), request(State.WAITING, call_back_by=LONG_AGO)):
        assert due_request(found, late=False) is None
    assert due_request(late.after, late=True) is None


WAITS = Run(Choice("sos"), "", "", (wait("pause", 10, "look"), say("look", text="问问")), LONG_AGO)
OVER = LONG_AGO + timedelta(minutes=10)


def waited(found: Incident, now: datetime = OVER, *, there: bool = True) -> Decision | None:
    return END_WAIT.decide(found, replace(FACTS, run=WAITS), SYSTEM, WaitOver(there), now)


def test_a_wait_that_is_over_rings_at_its_taker():
    decision = waited(TAKEN)
    assert decision is not None
    assert decision.said == PlanWaited(step="look", text="问问")
    assert (decision.after.state, decision.after.ring, decision.after.taken_by) == (
        State.TAKEN,
        2,
        7,
    )
    assert (decision.after.marks, decision.wait) == (("plan_due",), PlanWait(None))
    assert waited(TAKEN, OVER - timedelta(seconds=1)) is None
    assert END_WAIT.decide(TAKEN, Facts(), SYSTEM, WaitOver(True), OVER) is None


def test_a_wait_that_is_over_comes_back_to_everybody_where_its_taker_is_gone():
    decision = waited(standing(State.FOLLOWING), there=False)
    assert decision is not None
    assert (decision.after.state, decision.after.taken_by) == (State.WAITING, None)
    assert decision.after.marks == (TAKER_LOST, "plan_due")
    kept = waited(standing(State.FOLLOWING))
    assert kept is not None
    assert kept.after.state is State.FOLLOWING


def test_a_wait_that_ends_in_the_queue_rings_no_louder():
    decision = waited(standing(State.WAITING))
    assert decision is not None
    assert (decision.after.ring, decision.after.marks) == (1, ("plan_due",))
