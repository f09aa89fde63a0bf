"""What a worker's text means, and which job it is about."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from callcenter.dispatch.said import Job, Said, Text, meant, understood
from callcenter.dispatch.task import TaskState


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Text(Said.TAKE)),
        (" １。", Text(Said.TAKE)),
        ("回复1", Text(Said.TAKE)),
        ("2", Text(Said.NO)),
        ("3", Text(Said.THERE)),
        ("4", Text(Said.DONE)),
        ("0", Text(Said.HELP)),
        ("1 482", Text(Said.TAKE, 482)),
        ("1482", Text(Said.TAKE, 482)),
        ("1编号482", Text(Said.TAKE, 482)),
        ("3, 482", Text(Said.THERE, 482)),
        ("482 4", Text(Said.DONE, 482)),
        ("3 4711", Text(Said.THERE, door="4711")),
        ("4 482 4711", Text(Said.DONE, 482, "4711")),
        ("3门牌A12", Text(Said.THERE, door="a12")),
        ("3 482 Card 7-31", Text(Said.THERE, 482, "7-31")),
        ("上班", Text(Said.ON_DUTY)),
        ("On duty", Text(Said.ON_DUTY)),
        ("下班!", Text(Said.OFF_DUTY)),
        ("到了。", Text(Said.THERE)),
        ("Help!", Text(Said.HELP)),
    ],
)
def test_what_is_understood(text: str, expected: Text):
    assert understood(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "1?",
        "1？",
        "好的",
        "1小时后到",
        "13",
        "1 48",
        "1 4711",
        "3 later",
        "3 10min",
        "3 123456789",
        "14821",
        "谁去",
        "1 2",
        "不能去",
        "1:30",
    ],
)
def test_what_could_mean_two_things_means_none(text: str):
    assert understood(text) is None


@given(st.text())
def test_any_text_is_read(text: str):
    found = understood(text)
    assert found is None or found.said in Said


OFFERED = Job("offered", 482, TaskState.OFFERED, has=False)
OWN = Job("own", 517, TaskState.ACCEPTED, has=True)
OFFERED_TOO = Job("offered too", 483, TaskState.OFFERED, has=False)
OWN_TOO = Job("own too", 518, TaskState.UNDER_WAY, has=True)
THERE = Job("there", 519, TaskState.ARRIVED, has=True)
GONE = Job("gone", 630, TaskState.ACCEPTED, has=False)


@pytest.mark.parametrize(
    ("text", "jobs", "expected"),
    [
        ("1", [OFFERED], OFFERED),
        ("1", [OFFERED, GONE], OFFERED),
        ("1", [GONE], None),
        ("1 630", [OFFERED, GONE], GONE),  # and is told that somebody else has it
        ("1 999", [OFFERED], None),
        ("1", [OFFERED, OWN], OFFERED),  # they have the other one already
        ("1", [OFFERED, OFFERED_TOO], None),  # which of the two: ask back
        ("3", [OWN, THERE], OWN),
        ("4", [OWN, THERE], THERE),
        ("3", [OWN, OWN_TOO], None),
        ("4", [OWN, OWN_TOO], None),
        ("3", [OFFERED, OWN], OWN),
        ("4", [OFFERED, OWN], OWN),
        ("3", [OFFERED], None),
        ("2", [OWN], OWN),  # cannot after all
        ("2", [OFFERED, OWN], None),
        ("0", [OFFERED, OWN], OWN),
        ("0", [], None),
        ("0 482", [OFFERED, OWN], OFFERED),
    ],
)
def test_which_job_is_meant(text: str, jobs: list[Job], expected: Job | None):
    said = understood(text)
    assert said is not None
    assert meant(said, jobs) == expected


@pytest.mark.parametrize(
    ("text", "jobs", "expected"),
    [
        ("1", [OFFERED, OWN], None),
        ("1", [OFFERED], OFFERED),
        ("3", [OWN, THERE], None),
        ("4", [OWN, THERE], None),
        ("3 517", [OWN, THERE], OWN),
        ("4", [THERE], THERE),
    ],
)
def test_words_that_a_modem_may_have_repeated_are_asked_back_where_they_could_be_new(
    text: str, jobs: list[Job], expected: Job | None
):
    said = understood(text)
    assert said is not None
    assert meant(said, jobs, again=True) == expected
