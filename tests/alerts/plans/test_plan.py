"""What makes a plan unfit to be followed, and at which step."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from callcenter.alerts.plans.plan import (
    MOST_STEPS,
    Flaw,
    Found,
    PlanStep,
    StepType,
    Whom,
    check,
    exits,
    read_steps,
    stored_steps,
)
from tests.support.plans import ask, call, retry, say, send, text, wait

SOUND = (
    call("call", "ask", "again"),
    retry("again", "call", 2, "text"),
    ask("ask", ("要人上门", "text"), ("平安", None)),
    text("text", "send"),
    send("send", "wait"),
    wait("wait", 10, "end"),
    say("end"),
)


def test_a_sound_plan_has_no_flaw():
    assert check(SOUND) == []


def test_two_ways_may_meet_again():
    assert check((ask("a", ("甲", "b"), ("乙", "c")), say("b", "d"), say("c", "d"), say("d"))) == []


# what is wrong -> steps, and where it is found
REFUSED: dict[Flaw, tuple[tuple[PlanStep, ...], list[tuple[str | None, str, str]]]] = {
    Flaw.NO_STEPS: ((), [(None, "", "")]),
    Flaw.TOO_MANY_STEPS: (
        tuple(say(f"s{n}", f"s{n + 1}" if n < MOST_STEPS else None) for n in range(MOST_STEPS + 1)),
        [(f"s{MOST_STEPS}", "", str(MOST_STEPS))],
    ),
    Flaw.SAME_ID: ((say("a", "a"), say("a")), [("a", "id", "")]),
    Flaw.LEADS_NOWHERE: (
        (ask("a", ("甲", "b"), ("乙", "x")), call("b", "y", "z")),
        [("a", "answers.1", "x"), ("b", "next", "y"), ("b", "otherwise", "z")],
    ),
    Flaw.NEVER_REACHED: ((say("a"), say("b", "c"), say("c")), [("b", "", ""), ("c", "", "")]),
    Flaw.ENDLESS_LOOP: ((say("a", "b"), say("b", "c"), say("c", "b")), [("b", "", "")]),
    Flaw.NO_TEXT: (
        (say("a", "b", text="  "), ask("b", (" ", None))),
        [("a", "text", ""), ("b", "answers.0", "")],
    ),
    Flaw.NO_ANSWERS: ((ask("a"),), [("a", "answers", "")]),
    Flaw.SAME_ANSWER: ((ask("a", ("是", None), (" 是", None)),), [("a", "answers.1", "是")]),
    Flaw.NOBODY_TO_CALL: (
        (PlanStep(id="a", type=StepType.CALL, text=""),),
        [("a", "whom", "")],
    ),
    Flaw.NO_RANK: ((call("a", whom=Whom.CONTACT),), [("a", "rank", "")]),
    Flaw.NO_NUMBER: (
        (call("a", "b", whom=Whom.NUMBER), call("b", whom=Whom.NUMBER, number="卫生站")),
        [("a", "number", ""), ("b", "number", "卫生站")],
    ),
    Flaw.NO_MINUTES: ((PlanStep(id="a", type=StepType.WAIT, text=""),), [("a", "minutes", "")]),
    Flaw.NO_RETRY: (
        (say("a", "b"), PlanStep(id="b", type=StepType.RETRY, text="", to="a")),
        [("b", "times", "")],
    ),
    Flaw.RETRY_NOT_BACK: ((retry("a", "b", 2, "b"), say("b")), [("a", "to", "b")]),
}


@pytest.mark.parametrize("flaw", Flaw)
def test_every_flaw_is_named_with_its_step(flaw: Flaw):
    steps, places = REFUSED[flaw]
    assert check(steps) == [Found(flaw, *place) for place in places]


def test_a_loop_with_a_retry_beside_it_is_still_endless():
    steps = (say("a", "b"), ask("b", ("再来", "a"), ("够了", "c")), retry("c", "a", 1))
    assert [(found.flaw, found.step) for found in check(steps)] == [(Flaw.ENDLESS_LOOP, "a")]


def test_each_of_two_loops_is_told_once():
    steps = (
        ask("a", ("甲", "b"), ("乙", "d")),
        say("b", "c"), say("c", "b"),
        say("d", "d"),
    )  # fmt: skip
    assert [found.step for found in check(steps)] == ["b", "d"]


def test_a_retry_cannot_lead_to_itself_or_to_another_branch():
    steps = (
        ask("a", ("甲", "b"), ("乙", "c")),
        say("b"),
        say("c", "again"),
        retry("again", "b", 1, "self"),
        retry("self", "self", 1),
    )
    assert [(found.flaw, found.step) for found in check(steps)] == [
        (Flaw.RETRY_NOT_BACK, "again"), (Flaw.RETRY_NOT_BACK, "self"),
    ]  # fmt: skip


IDS = st.sampled_from(["a", "b", "c", "d", "x"])
TO = st.none() | IDS
ANY_STEP = st.builds(
    PlanStep,
    id=IDS,
    type=st.sampled_from(StepType),
    text=st.sampled_from(["", "做"]),
    next=TO,
    otherwise=TO,
    to=TO,
    whom=st.none() | st.sampled_from(Whom),
    times=st.none() | st.integers(1, 3),
    minutes=st.none() | st.just(5),
    answers=st.lists(st.builds(dict, text=st.sampled_from(["是", "否"]), next=TO), max_size=3),
)


@given(st.lists(ANY_STEP, max_size=6))
def test_whatever_is_accepted_leads_everywhere_and_nowhere_else(steps: list[PlanStep]):
    if check(steps):
        return
    known = {step.id for step in steps}
    assert len(known) == len(steps)
    assert all(to in known for step in steps for _, to in exits(step) if to is not None)


def test_what_was_stored_is_read_again_and_what_a_newer_server_wrote_is_nothing():
    stored = stored_steps(SOUND)
    assert "times" not in stored[0]
    assert read_steps(stored) == SOUND
    assert read_steps([{"id": "a", "type": "hologram", "text": ""}]) is None
    assert read_steps(None) is None
