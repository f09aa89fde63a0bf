"""A night for training: what is pressed when, and how a trainee did beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import asyncpg

from callcenter.auth.permissions import Role
from callcenter.core.sealed import Seal
from callcenter.replaying.beside import Handled, beside, told
from callcenter.replaying.exercise import prepare
from callcenter.replaying.night import Night, What
from callcenter.replaying.pressing_again import IN_TEST, Pace, presses_of
from callcenter.replaying.scratch import Place
from tests.replaying.nights import NightStory, kept, notes_seats


async def a_night(story: NightStory) -> Night:
    """One is called back after 10 s and more, the other nobody takes."""
    wang = await story.operator("wang")
    await story.home("1234")
    await story.home("2345")
    await notes_seats(story, 2)
    first = await story.press("1234")
    await notes_seats(story, 10)
    await wang.done(first, "take")
    await story.press("1234", again=True)
    await wang.done(first, "steps", step="call_back", result="no_answer")
    await wang.done(first, "close", outcome="assistance", note="邻居去看过")
    await notes_seats(story, 4)
    await story.press("2345")
    await notes_seats(story, 2)
    return await kept(story)


def as_pressed_again(night: Night, **lines: Any) -> Night:
    """The exercise of somebody to whom the same presses came: each with the key of then as its id."""
    signals = [
        {**row, "raw": "\\x" + f'{{"id":"{row["key"]}"}}'.encode().hex()}
        for row in night.lines[What.SIGNAL]
    ]
    return replace(night, lines={**night.lines, What.SIGNAL: signals, **lines})


async def test_devices_press_again_in_their_pauses(story: NightStory):
    night = await a_night(story)
    found = presses_of(night)
    assert [press.body["device"] for press in found.presses] == ["1234", "1234", "2345"]
    first, again, other = (press.after_s for press in found.presses)
    assert 10 <= again - first < 12 <= other - first
    assert found.not_played == {"commands of the operators of then": 3}


async def test_what_a_device_in_test_has_sent_is_not_pressed_and_counted(story: NightStory):
    night = await a_night(story)
    for row in night.lines[What.SIGNAL]:
        row["mode"] = "test"
    found = presses_of(night)
    assert (found.presses, found.not_played[IN_TEST]) == ([], 3)


async def test_a_trainee_who_is_faster_and_does_less_stands_beside_the_night(story: NightStory):
    night = await a_night(story)
    [then, untaken] = beside(night, as_pressed_again(night))
    assert then.now == then.then
    assert then.then.taken_s is not None
    assert 10 <= then.then.taken_s <= (then.then.called_back_s or 0) <= (then.then.closed_s or 0)
    assert (then.then.steps, untaken.then) == (1, Handled())
    took = [row for row in night.lines[What.COMMAND] if row["action"] == "take"]
    [now, _] = beside(night, as_pressed_again(night, **{What.COMMAND: took}))
    assert now.now == Handled(taken_s=then.then.taken_s)
    assert told([now, untaken])[-1] == "not taken: 1; not pressed yet, or part of another alarm: 0"


async def test_an_alarm_that_was_not_pressed_yet_has_nothing_beside_it(story: NightStory):
    night = await a_night(story)
    rows = beside(night, replace(night, lines={**night.lines, What.SIGNAL: []}))
    assert [row.now for row in rows] == [None, None]


async def test_the_exercise_has_log_ins_of_its_own_and_none_of_the_site(
    story: NightStory, empty_system: Place, tmp_path
):
    night = await a_night(story)
    made = await prepare(night, empty_system, Seal.load(tmp_path), {"phones": "http-json"}, 2)
    assert [(one.login, one.role) for one in made.log_ins] == [
        ("trainee1", Role.OPERATOR), ("trainee2", Role.OPERATOR), ("trainer", Role.SUPERVISOR),
    ]  # fmt: skip
    assert made.tokens["phones"]
    assert len({one.password for one in made.log_ins}) == 3
    there = await asyncpg.connect(empty_system.dsn)
    known = await there.fetch("SELECT login FROM app_user WHERE password_hash IS NOT NULL")
    await there.close()
    assert {row["login"] for row in known} == {one.login for one in made.log_ins}


def test_a_night_is_held_goes_faster_and_skips_a_pause():
    pace = Pace(1.0, 100.0)
    assert pace.passed(110.0) == 10.0
    pace.hold(110.0)
    assert (pace.passed(200.0), pace.speed) == (10.0, 0.0)
    pace.go_on(200.0, 10.0)
    assert pace.passed(201.0) == 20.0
    pace.skip_to(600.0, 201.0)
    assert pace.passed(202.0) == 610.0
