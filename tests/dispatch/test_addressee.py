"""Whose a text is, and what is done with it: exactly one reader, and nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from callcenter.dispatch.addressee import (
    Deed,
    FieldQuestion,
    IncidentQuestion,
    Known,
    claims_of,
    reading,
)
from callcenter.dispatch.said import Job
from callcenter.dispatch.task import TaskState
from callcenter.sms.whose import Asker, asker_of
from tests.support.field import later


def question(
    code: int, state: TaskState, *, has: bool = False, asked: int | None = 0, done: bool = False
):
    task_id = UUID(int=code)
    at = None if asked is None else later(minutes=asked)
    return FieldQuestion(task_id, 3, Job(task_id, code, state, has), at, done)


OFFERED = question(482, TaskState.OFFERED)
OFFERED_TOO = question(483, TaskState.OFFERED)
OWN = question(517, TaskState.ACCEPTED, has=True)
THERE = question(519, TaskState.ARRIVED, has=True)
GONE = question(630, TaskState.ACCEPTED)
DONE = question(640, TaskState.DONE, done=True)
MOTHER = IncidentQuestion(code=271, number=37, asked_at=later(minutes=5))
EARLIER = replace(MOTHER, asked_at=later(minutes=-5))


@pytest.mark.parametrize(
    ("words", "questions", "incidents", "is_so"),
    [
        ("1", [OFFERED], [], True),
        ("1", [], [], False),  # nothing was asked: a call in the queue, as ever
        ("上班", [], [MOTHER], True),
        ("off", [OWN], [MOTHER], True),
        ("1", [OFFERED], [MOTHER], False),
        ("1", [OFFERED], [EARLIER], True),
        ("2", [OFFERED], [MOTHER], False),
        ("1 482", [OFFERED], [MOTHER], True),
        ("1 271", [OFFERED], [EARLIER], False),
        ("1482", [OFFERED], [MOTHER], True),
        ("1 37", [OFFERED], [EARLIER], False),  # a number of the incident is no code
        ("3", [OWN], [MOTHER], True),
        ("4", [THERE], [MOTHER], True),
        ("0", [OWN], [MOTHER], True),
        ("我马上到", [OWN], [], True),
        ("我马上到", [OWN], [MOTHER], False),
        ("我马上到", [], [MOTHER], False),
        ("药没了", [DONE, GONE], [], False),  # of no job any more: a call in the queue
        ("1？", [OFFERED], [], True),
        ("1", [question(482, TaskState.OFFERED, asked=None)], [EARLIER], False),
    ],
)
def test_whose_it_is(words, questions, incidents, is_so):
    asker = asker_of(claims_of(words, Known(3, questions, incidents)))
    assert (asker is Asker.FIELD) is is_so


@given(st.text(), st.sampled_from(["1", "3", "上班", "0", "1 482"]))
def test_of_nobody_of_the_staff_no_text_is_the_fields(any_words: str, words: str):
    for each in (any_words, words):
        assert claims_of(each, Known(None, [OFFERED], [])) == []


@pytest.mark.parametrize(
    ("words", "questions", "deed", "about"),
    [
        ("1", [OFFERED], Deed.DO, OFFERED),
        ("1", [OFFERED, OWN], Deed.DO, OFFERED),
        ("1", [OFFERED, OFFERED_TOO], Deed.ASK_BACK, None),
        ("1 483", [OFFERED, OFFERED_TOO], Deed.DO, OFFERED_TOO),
        ("1 999", [OFFERED], Deed.ASK_BACK, None),
        ("1", [GONE], Deed.LOST, GONE),
        ("2", [GONE], Deed.LOST, GONE),
        ("1 630", [OFFERED, GONE], Deed.LOST, GONE),
        ("3", [OWN], Deed.DO, OWN),
        ("3", [OFFERED], Deed.ASK_BACK, None),  # take it first
        ("3", [OWN, THERE], Deed.DO, OWN),
        ("4", [OWN, THERE], Deed.DO, THERE),
        ("4", [DONE], Deed.SAID_BEFORE, DONE),
        ("4 640", [DONE, OWN], Deed.SAID_BEFORE, DONE),
        ("4", [GONE], Deed.LOST, GONE),
        ("0", [OFFERED, OWN], Deed.DO, OWN),
        ("0", [OFFERED], Deed.DO, OFFERED),
        ("0", [DONE], Deed.DO, DONE),
        ("0 999", [OWN], Deed.DO, OWN),
        ("钥匙不对", [OWN, OFFERED], Deed.NOTE, OWN),
        ("钥匙不对", [OFFERED], Deed.NOTE, OFFERED),
        ("钥匙不对", [OFFERED, GONE], Deed.NOTE, OFFERED),
        ("钥匙不对", [DONE], Deed.HAND_OVER, None),
        ("下班", [OWN], Deed.DUTY, None),
        ("1", [], Deed.HAND_OVER, None),
    ],
)
def test_what_is_done_with_it(words, questions, deed, about):
    found = reading(words, Known(3, questions))
    assert (found.deed, found.about) == (deed, about)
    assert bool(found.choices) == (deed is Deed.ASK_BACK)


def test_a_word_that_a_modem_may_have_repeated_is_asked_back():
    assert reading("1", Known(3, [OFFERED, OWN], again=True)).deed is Deed.ASK_BACK
    assert reading("1", Known(3, [OWN], again=True)).deed is Deed.DO
