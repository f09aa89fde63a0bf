"""Whom a task is offered to next, and when nobody is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from callcenter.dispatch.choosing import Hindrance, Person, Suggestion
from callcenter.dispatch.offering import (
    ROUNDS,
    Offer,
    OfferAnswer,
    Yes,
    answers_of,
    next_step,
    worth,
)
from callcenter.dispatch.task import HELD, SEEKING, TaskEvent, TaskKind, TaskState, apply
from callcenter.records.staff_kinds import StaffKind

NOW = datetime(2026, 3, 14, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def suggested(*staff_ids: int) -> list[Suggestion]:
    kinds = frozenset({StaffKind.VOLUNTEER})
    return [
        Suggestion(Person(each, str(each), kinds, on_duty=True, reachable=True), 1)
        for each in staff_ids
    ]


def offered(staff_id: int, answer: OfferAnswer | None = None, at: datetime = NOW) -> Offer:
    return Offer(staff_id, at, at + MINUTE, answer)


def asked(step: object) -> list[int]:
    return [each.person.staff_id for each in step.ask]  # type: ignore[attr-defined]


def test_a_rescue_is_offered_to_the_two_best_at_once():
    step = next_step(TaskKind.RESCUE, TaskState.OPEN, [], suggested(4, 7, 9), NOW)
    assert (asked(step), step.event) == ([4, 7], TaskEvent.OFFER)
    assert step.until == NOW + ROUNDS[TaskKind.RESCUE].patience


def test_a_no_brings_the_next_one_while_the_other_still_thinks():
    offers = [offered(4, OfferAnswer.DECLINED), offered(7)]
    step = next_step(TaskKind.RESCUE, TaskState.OFFERED, offers, suggested(7, 9, 11), NOW)
    assert asked(step) == [9]


def test_no_answer_in_time_is_one_and_the_next_is_asked():
    step = next_step(TaskKind.VISIT, TaskState.OFFERED, [offered(4)], suggested(4, 7), NOW + MINUTE)
    assert (step.expired, asked(step)) == ((4,), [7])


def test_while_somebody_thinks_about_it_nothing_is_done():
    step = next_step(TaskKind.VISIT, TaskState.OFFERED, [offered(4)], suggested(4, 7), NOW)
    assert (step.expired, step.ask, step.event) == ((), (), None)


def test_nobody_left_is_unplaced_and_who_comes_on_duty_is_asked_then():
    offers = [offered(4, OfferAnswer.DECLINED)]
    step = next_step(TaskKind.VISIT, TaskState.OFFERED, offers, suggested(4), NOW)
    assert step.event is TaskEvent.GIVE_UP
    quiet = next_step(TaskKind.VISIT, TaskState.UNPLACED, offers, suggested(), NOW)
    assert quiet.event is None
    again = next_step(TaskKind.VISIT, TaskState.UNPLACED, offers, suggested(12), NOW)
    assert (asked(again), again.event) == ([12], TaskEvent.OFFER)


def test_who_was_asked_for_by_name_is_asked_alone_and_the_others_after_their_no():
    begun = next_step(TaskKind.RIDE, TaskState.OPEN, [], suggested(4, 7, 9), NOW, wanted=9)
    assert asked(begun) == [9]
    waiting = next_step(TaskKind.RIDE, TaskState.OFFERED, [offered(9)], suggested(4), NOW, wanted=9)
    assert asked(waiting) == []
    after = [offered(9, OfferAnswer.DECLINED)]
    assert asked(next_step(TaskKind.RIDE, TaskState.OPEN, after, suggested(4, 7), NOW, wanted=9)) == [4, 7]  # fmt: skip
    hindered = next_step(TaskKind.RIDE, TaskState.OPEN, [], suggested(4, 7), NOW, wanted=9)
    assert asked(hindered) == [4, 7]


def test_a_task_that_somebody_has_is_offered_to_nobody():
    for state in HELD:
        step = next_step(TaskKind.RESCUE, state, [offered(4)], suggested(7), NOW + MINUTE)
        assert (step.expired, step.ask, step.event) == ((4,), (), None)


def test_who_said_no_or_nothing_is_not_asked_again():
    offers = [
        offered(1, OfferAnswer.DECLINED),
        offered(2, OfferAnswer.EXPIRED),
        offered(3, OfferAnswer.WITHDRAWN),
    ]
    assert answers_of(offers) == {1: Hindrance.SAID_NO, 2: Hindrance.DID_NOT_ANSWER}


@pytest.mark.parametrize(
    ("state", "taken_by", "expected"),
    [
        (TaskState.OFFERED, None, Yes.HAS_IT),
        (TaskState.UNPLACED, None, Yes.HAS_IT),
        (TaskState.OPEN, None, Yes.HAS_IT),
        (TaskState.ACCEPTED, 4, Yes.HAD_IT_ALREADY),
        (TaskState.DONE, 4, Yes.HAD_IT_ALREADY),
        (TaskState.ACCEPTED, 7, Yes.TAKEN_BY_ANOTHER),
        (TaskState.CANCELLED, None, Yes.NOT_WANTED),
        (TaskState.CANCELLED, 4, Yes.TAKEN_BY_ANOTHER),
    ],
)
def test_what_a_yes_is_worth(state: TaskState, taken_by: int | None, expected: Yes):
    assert worth(state, taken_by, 4) is expected


@given(st.data())
def test_every_task_is_taken_or_unplaced_in_the_end_and_each_is_asked_once(data: st.DataObject):
    kind = data.draw(st.sampled_from(TaskKind))
    people = data.draw(st.lists(st.integers(1, 20), unique=True, max_size=12))
    now, state, offers, times_asked = NOW, TaskState.OPEN, [], []
    for _ in range(100):
        step = next_step(kind, state, offers, suggested(*people), now)
        offers = [_lapsed(each) if each.staff_id in step.expired else each for each in offers]
        if step.event is not None:
            state = apply(state, step.event)
        if state is TaskState.UNPLACED:
            break
        times_asked += asked(step)
        offers += [Offer(who, now, step.until or now) for who in asked(step)]
        running = [each for each in offers if each.runs(now)]
        assert len(running) <= ROUNDS[kind].at_once
        now += data.draw(st.sampled_from([MINUTE, 10 * MINUTE, 40 * MINUTE]))
    assert state is TaskState.UNPLACED
    assert sorted(times_asked) == sorted(people)
    assert state in SEEKING


def _lapsed(offer: Offer) -> Offer:
    return Offer(offer.staff_id, offer.offered_at, offer.expires_at, OfferAnswer.EXPIRED)
