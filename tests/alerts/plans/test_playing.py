"""Where a run stands after every answer; time is an argument."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from callcenter.alerts.plans.built_in import BUILT_IN
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.plan import PlanStep, StepType, by_id
from callcenter.alerts.plans.playing import (
    BACK,
    DONE,
    SKIPPED,
    CallResult,
    Done,
    Run,
    Standing,
    answers_to,
    following,
    stands,
)
from tests.support.community import LONG_AGO
from tests.support.plans import ask, call, retry, say, send, text, wait

PLAN = (
    call("call", "ask", "again"),
    retry("again", "call", 2, "text"),
    ask("ask", ("要人上门", "text"), ("平安", None)),
    text("text", "send"),
    send("send", "wait"),
    wait("wait", 10, "end"),
    say("end"),
)


def at(minutes: float) -> datetime:
    return LONG_AGO + timedelta(minutes=minutes)


def after(*answers: str, now: float = 60, plan: tuple[PlanStep, ...] = PLAN) -> Standing:
    """`step:answer` each a minute after the one before; a step alone is done."""
    said = []
    for minute, words in enumerate(answers, 1):
        step, _, answer = words.partition(":")
        said.append(Done(step, answer or DONE, at(minute), "wang"))
    return stands(plan, said, LONG_AGO, at(now))


# answers -> where it stands
STANDS: dict[tuple[str, ...], str | None] = {
    (): "call",
    ("call:reached",): "ask",
    ("call:done",): "ask",
    ("call:no_answer",): "call",
    ("call:busy", "call:declined"): "call",
    ("call:no_answer", "call:no_answer", "call:no_answer"): "text",
    ("call:no_answer", "call:reached"): "ask",
    ("call:skipped",): "ask",
    ("call:reached", "ask:1"): "text",
    ("call:reached", "ask:2"): None,
    ("call:reached", "ask:1", "text", "send:skipped"): "wait",
    ("call:reached", "ask:1", "text", "send", "wait", "end"): None,
    # what is said to another step changes nothing
    ("ask:1",): "call",
    ("call:reached", "call:reached"): "ask",
    # taking back
    ("call:reached", "call:back"): "call",
    ("call:reached", "ask:2", "ask:back"): "ask",
    ("call:no_answer", "call:no_answer", "call:back"): "call",
    ("call:back",): "call",
}


@pytest.mark.parametrize("answers", STANDS, ids=" ".join)
def test_where_it_stands(answers: tuple[str, ...]):
    assert after(*answers, now=len(answers)).current == STANDS[answers]


def test_a_wait_goes_on_by_itself_when_its_time_is_over_and_not_before():
    to_wait = ("call:reached", "ask:1", "text", "send")
    waiting = after(*to_wait, now=13.9)
    assert (waiting.current, waiting.since, waiting.due_at) == ("wait", at(4), at(14))
    over = after(*to_wait, now=14)
    assert (over.current, over.since, over.due_at) == ("end", at(14), None)


def test_a_step_after_a_wait_that_was_over_counts_however_late_it_is_looked_at():
    said = [Done("a", DONE, at(0)), Done("b", DONE, at(6))]
    plan = (say("a", "w"), wait("w", 5, "b"), say("b", "c"), say("c"))
    assert stands(plan, said, LONG_AGO, at(6)).current == "c"
    too_early = [said[0], Done("b", DONE, at(4))]
    assert stands(plan, too_early, LONG_AGO, at(4)).current == "w"


def test_two_waits_one_after_the_other_take_the_time_of_both():
    plan = (wait("a", 5, "b"), wait("b", 5, "c"), say("c"))
    assert [stands(plan, (), LONG_AGO, at(m)).current for m in (4, 5, 9, 10)] == [
        "a",
        "b",
        "b",
        "c",
    ]


def test_the_round_grows_with_each_retry():
    missed = "call:no_answer"
    assert [after(*[missed] * n, now=n).round for n in range(4)] == [1, 2, 3, 3]


def test_what_was_done_is_kept_in_its_order_without_what_was_taken_back():
    standing = after("call:reached", "ask:2", "ask:back", "ask:1", now=5)
    assert [(one.step, one.answer) for one in standing.done] == [("call", "reached"), ("ask", "1")]


# answers -> what was not done
UNDONE: dict[tuple[str, ...], tuple[str, ...]] = {
    (): ("call",),  # whether anybody answers decides
    ("call:reached",): ("ask",),
    ("call:skipped",): ("call", "ask"),
    ("call:reached", "ask:1"): ("text", "send", "wait", "end"),
    ("call:reached", "ask:1", "text:skipped"): ("text", "send", "wait", "end"),
    ("call:reached", "ask:1", "text:skipped", "send", "wait", "end"): ("text",),
    ("call:reached", "ask:2"): (),
}


@pytest.mark.parametrize("answers", UNDONE, ids=" ".join)
def test_what_was_not_done(answers: tuple[str, ...]):
    assert after(*answers, now=len(answers)).undone == UNDONE[answers]


ANSWERS: dict[StepType, tuple[PlanStep, list[str]]] = {
    StepType.INSTRUCTION: (say("a"), [DONE, SKIPPED]),
    StepType.QUESTION: (ask("a", ("甲", None), ("乙", None)), ["1", "2"]),
    StepType.CALL: (call("a"), [*CallResult, SKIPPED]),
    StepType.TEXT: (text("a"), [DONE, SKIPPED]),
    StepType.SEND: (send("a"), [DONE, SKIPPED]),
    StepType.WAIT: (wait("a", 5), [DONE, SKIPPED]),
    StepType.RETRY: (retry("a", "a", 1), [DONE, SKIPPED]),
}


@pytest.mark.parametrize("kind", StepType)
def test_what_can_be_said_to_each_type_of_step(kind: StepType):
    step, expected = ANSWERS[kind]
    assert list(answers_to(step)) == expected


@pytest.mark.parametrize("answer", ["0", "3", "²", "-1", "x", ""])
def test_what_is_no_answer_leads_nowhere(answer: str):
    assert following(ask("a", ("甲", "b"), ("乙", "c")), answer) is None


def test_a_plan_without_steps_is_at_its_end():
    assert stands((), (), LONG_AGO, LONG_AGO).current is None


def test_before_the_take_a_run_stands_at_its_beginning_whenever_it_is_looked_at():
    run = Run(Choice("sos"), "预案", "", (wait("a", 5, "b"), say("b")), None)
    assert run.standing(at(99)).current == "a"


@given(st.data(), st.sampled_from(BUILT_IN))
def test_every_run_of_every_plan_comes_to_an_end(data: st.DataObject, plan):
    """Whatever is answered, in at most as many answers as its bounded retries allow."""
    said: list[Done] = []
    for minute in range(400):
        standing = stands(plan.steps, said, LONG_AGO, at(minute))
        if standing.current is None:
            break
        step = by_id(plan.steps)[standing.current]
        answer = data.draw(st.sampled_from(list(answers_to(step))))
        said.append(Done(standing.current, answer, at(minute)))
    assert standing.current is None
    assert BACK not in {one.answer for one in standing.done}
