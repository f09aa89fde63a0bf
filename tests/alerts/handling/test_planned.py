"""Working by the plan: every answer at every place, and which ordinary step answers which step of a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from callcenter.alerts.bodies import CommandBody, PlanStepBody, StepBody, StepKind, StepResult
from callcenter.alerts.entries import PlanChosen, PlanStepDone
from callcenter.alerts.handling.decision import By, Contact, Facts, PlanWait
from callcenter.alerts.handling.planned import (
    answer_step,
    choose_plan,
    plan_at_assignment,
    plan_at_take,
    step_done_by,
    step_done_by_telling,
    unmarked_by_step,
    wait_after,
    wait_at_start,
)
from callcenter.alerts.incident import Actor, State
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.plan import PlanStep, Whom
from callcenter.alerts.plans.playing import Done, Run
from callcenter.core.errors import CallCenterError
from callcenter.core.ids import new_id
from tests.support.community import LONG_AGO
from tests.support.incidents import incident
from tests.support.plans import ask, call, retry, say, send, text, wait

TAKER = By(Actor(7), "wang")
TAKEN = incident(state=State.TAKEN, taken_by=7)
PLAN = (call("call", "ask"), ask("ask", ("要人上门", "look"), ("平安", None)), say("look"))


def running(*steps: PlanStep, done: tuple[tuple[str, str], ...] = ()) -> Facts:
    said = [Done(step, answer, LONG_AGO) for step, answer in done]
    return Facts(run=Run(Choice("sos", 5, 1), "预案", "", steps, LONG_AGO, said))


def said(facts: Facts, step: str, answer: str) -> PlanStepDone | str:
    body = PlanStepBody(command_id=new_id(), step=step, answer=answer)
    try:
        decision = answer_step(TAKEN, facts, TAKER, body, LONG_AGO)
    except CallCenterError as error:
        return error.code
    assert decision.texts == ()
    assert replace(decision.after, state=TAKEN.state) == TAKEN
    assert isinstance(decision.said, PlanStepDone)
    return decision.said


def test_an_answer_stands_on_the_timeline_in_the_words_of_the_plan():
    facts = running(*PLAN, done=(("call", "reached"),))
    entry = PlanStepDone(
        step="ask", type="question", answer="1", text="怎样？", answer_text="要人上门"
    )
    assert said(facts, "ask", "1") == entry


# what was done, step, answer -> the refusal
REFUSED: dict[tuple[tuple[tuple[str, str], ...], str, str], str] = {
    ((), "ask", "1"): "plan_moved_on",
    ((), "nothing", "done"): "plan_moved_on",
    ((), "call", "1"): "no_such_answer",
    ((("call", "reached"),), "ask", "3"): "no_such_answer",
    ((("call", "reached"),), "ask", "skipped"): "no_such_answer",
    ((("call", "reached"), ("ask", "2")), "ask", "1"): "plan_moved_on",
    ((), "call", "back"): "nothing_to_take_back",
    ((("call", "reached"),), "ask", "back"): "nothing_to_take_back",
}


@pytest.mark.parametrize(("done", "step", "answer"), REFUSED)
def test_what_is_no_answer_here_is_refused(done, step: str, answer: str):
    assert said(running(*PLAN, done=done), step, answer) == REFUSED[done, step, answer]


def test_the_last_answer_can_be_taken_back():
    entry = said(running(*PLAN, done=(("call", "reached"),)), "call", "back")
    assert isinstance(entry, PlanStepDone)
    assert (entry.step, entry.answer) == ("call", "back")


def test_without_a_plan_there_is_nothing_to_answer():
    assert said(Facts(), "call", "done") == "no_plan"


# ---- which plan it runs with

OLD, NEW = Choice("sos", 5, 1), Choice("sos", 5, 2)
SMOKE, HERS = Choice("smoke"), Choice("sos", 8, 1)


@pytest.mark.parametrize(
    ("begun", "holds", "at_take", "at_assignment"),
    [
        (None, OLD, OLD, None),  # the first take
        (OLD, OLD, None, None),
        (OLD, NEW, None, None),  # it keeps the version that it began with
        (SMOKE, OLD, OLD, OLD),  # something else heads the incident since
        (OLD, HERS, None, HERS),  # the caller turns out to be her
        (None, None, None, None),
    ],
)
def test_which_plan_it_runs_with(begun, holds, at_take, at_assignment):
    facts = Facts(plan=holds, begun=begun)
    assert plan_at_take(incident(kind="sos"), facts) == at_take
    assert plan_at_assignment(facts) == at_assignment


def test_the_plan_that_holds_now_is_begun_at_the_operators_word():
    plan = Run(NEW, "新预案", "New plan", PLAN, None)
    body = CommandBody(command_id=new_id())
    decision = choose_plan(TAKEN, Facts(next_plan=plan, begun=OLD), TAKER, body, LONG_AGO)
    assert decision.plan == NEW
    assert decision.said == PlanChosen(plan_id=5, plan_version=2, name="新预案", name_en="New plan")
    for facts in (Facts(next_plan=plan, begun=NEW), Facts(begun=OLD)):
        with pytest.raises(CallCenterError) as refused:
            choose_plan(TAKEN, facts, TAKER, body, LONG_AGO)
        assert refused.value.code == "plan_holds_already"


# ---- what an ordinary step does for the plan

STEPS = {
    "resident": call("resident"),
    "contact": call("contact", whom=Whom.CONTACT, rank=2),
    "ambulance": call("ambulance", whom=Whom.AMBULANCE),
    "fire": call("fire", whom=Whom.FIRE),
    "police": call("police", whom=Whom.POLICE),
    "number": call("number", whom=Whom.NUMBER, number="96120"),
    "text": text("text"),
    "send": send("send"),
    "say": say("say"),
    "ask": ask("ask", ("是", None)),
    "wait": wait("wait", 5),
}
ANSWERED_BY = {
    "resident": StepKind.CALL_BACK,
    "contact": StepKind.CONTACT_CALLED,
    "ambulance": StepKind.AMBULANCE_CALLED,
    "fire": StepKind.FIRE_CALLED,
    "police": StepKind.POLICE_CALLED,
    "send": StepKind.WORKER_SENT,
}


@pytest.mark.parametrize(("name", "kind"), list(product(STEPS, StepKind)))
def test_which_step_of_the_call_does_which_step_of_the_plan(name: str, kind: StepKind):
    second = Contact(3, "李强", "邻居", "neighbour", rank=2)
    facts = replace(running(STEPS[name]), contact=second)
    body = StepBody(command_id=new_id(), step=kind, result=StepResult.REACHED)
    assert step_done_by(facts, body, LONG_AGO) == (name if ANSWERED_BY.get(name) is kind else None)


@pytest.mark.parametrize("name", STEPS)
def test_telling_the_next_contact_does_a_step_that_texts(name: str):
    done = step_done_by_telling(running(STEPS[name]), LONG_AGO)
    assert done == ("text" if name == "text" else None)


@pytest.mark.parametrize("rank", [1, 3, None])
def test_calling_another_contact_than_the_plan_names_leaves_the_plan_where_it_is(rank: int | None):
    facts = replace(running(STEPS["contact"]), contact=Contact(3, "李强", None, None, rank=rank))
    body = StepBody(command_id=new_id(), step=StepKind.CONTACT_CALLED, result=StepResult.REACHED)
    assert step_done_by(facts, body, LONG_AGO) is None


def test_without_a_plan_or_at_its_end_a_step_is_a_step():
    body = StepBody(command_id=new_id(), step=StepKind.CALL_BACK, result=StepResult.REACHED)
    at_end = running(*PLAN, done=(("call", "reached"), ("ask", "2")))
    for facts in (Facts(), at_end):
        assert step_done_by(facts, body, LONG_AGO) is None
        assert step_done_by_telling(facts, LONG_AGO) is None


WAITING = (say("first", "pause"), wait("pause", 10, "look"), say("look"))
OVER = LONG_AGO + timedelta(minutes=10)


def test_the_step_before_a_wait_begins_it_and_the_one_after_is_waited_for_no_more():
    facts = running(*WAITING)
    assert wait_after(facts, "first", "done", LONG_AGO) == PlanWait(OVER)
    begun = running(*WAITING, done=(("first", "done"),))
    assert wait_after(begun, "pause", "skipped", LONG_AGO) == PlanWait(None)
    assert wait_after(begun, "first", "back", LONG_AGO) == PlanWait(None)
    assert wait_after(facts, None, "done", LONG_AGO) is None
    assert wait_after(Facts(), "first", "done", LONG_AGO) is None


def test_a_plan_may_begin_with_a_wait():
    begins = running(*WAITING[1:]).run
    assert begins is not None
    assert wait_at_start(replace(begins, started_at=None), LONG_AGO) == PlanWait(OVER)
    assert wait_at_start(running(*PLAN).run, LONG_AGO) == PlanWait(None)
    assert wait_at_start(None, LONG_AGO) == PlanWait(None)


def test_waits_that_follow_each_other_are_one():
    steps = (say("first", "one"), wait("one", 10, "two"), wait("two", 5, "again"), retry("again", "two", 2, "look"), say("look"))  # fmt: skip
    begun = wait_after(running(*steps), "first", "done", LONG_AGO)
    assert begun == PlanWait(OVER + timedelta(minutes=15))


def test_whoever_does_the_step_that_is_due_is_reminded_no_more():
    due = replace(TAKEN, marks=("plan_due", "duty_told"))
    assert unmarked_by_step(due, "look").marks == ("duty_told",)
    assert unmarked_by_step(due, None) == due
