"""Sun Suqin says in a follow-up call that she would like to be talked with: whoever cleans there next reads it at her door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.support.api import browser
from tests.support.calls import Caller, Calls, open_calls
from tests.support.clock import HandClock
from tests.support.field import NOW, Field, later
from tests.support.hotline_calls import CallsOnPaper
from tests.support.phones import InHand
from tests.support.recorded import incident_of
from tests.support.story import Story, open_story

WISH = "让护理员陪我唠唠嗑"


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW - timedelta(hours=8))


@pytest.fixture
async def story(database, owner, clock) -> AsyncIterator[Story]:
    async with open_story(database, owner, clock) as made:
        yield made


@pytest.fixture
async def calls(story: Story) -> AsyncIterator[Calls]:
    async with open_calls(story) as made:
        yield made


@pytest.fixture
async def sun(story: Story) -> int:
    return await story.home("", name="孙素琴")


@pytest.fixture
async def wang(calls: Calls) -> Caller:
    return await calls.caller("wang")


@pytest.fixture
def field(story: Story) -> Field:
    return Field(story.database, story.owner, story.community)


@pytest.fixture
async def anna(story: Story, field: Field) -> tuple[int, InHand]:
    """Who cleans at hers, with a phone."""
    staff = await field.staff("王敏", ["caregiver"])
    phone = InHand(field, await story.stack.enter_async_context(browser(story.app)))
    await phone.log_in(staff)
    return staff, phone


async def is_rung(calls: Calls, sun: int, wang: Caller, **said: Any) -> Any:
    """The follow-up call, and what she says."""
    list_id = await calls.list(rule={"every": "daily", "at": "09:30"})
    await calls.plan(list_id, sun)
    await calls.passes(40)
    call = await wang.next(list_id)
    await wang.report(call, "well", **said)
    calls.story.clock.advance((NOW - calls.story.clock.now()).total_seconds())
    return call


async def wishes_at(phone: InHand) -> list[list[str]]:
    """Of each of her jobs."""
    return [[each["words"] for each in job["wishes"]] for job in (await phone.get("/jobs"))["jobs"]]


async def test_the_wish_of_a_follow_up_call_stands_at_the_next_visit_and_is_ticked_off_there(
    calls: Calls, story: Story, sun: int, wang: Caller, field: Field, anna: tuple[int, InHand]
):
    call = await is_rung(calls, sun, wang, wish=WISH)
    staff, phone = anna
    home = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", sun)
    task = await field.accepted(staff, home_id=home, resident_id=sun)
    other = await story.home("", name="沈玉兰")
    elsewhere = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", other)
    await field.accepted(staff, home_id=elsewhere, resident_id=other, begins_at=later(hours=3))
    assert await wishes_at(phone) == [[WISH], []]
    [wish] = (await phone.get(f"/jobs/{task}"))["wishes"]
    [kept] = (await wang.client.get(f"/api/v1/residents/{sun}/wishes")).json()
    assert (kept["call_item_id"], kept["heard_by_name"], kept["said_by"]) == (
        call["item"]["id"],
        "wang同志",
        "",
    )
    profile = (await wang.client.get(f"/api/v1/homes/{home}/profile")).json()
    assert [each["words"] for each in profile["wishes"]] == [WISH]

    assert (await phone.does("wish", task, {"wish_id": wish["id"], "words": ""}))[
        "code"
    ] == "words_missing"
    ticked = await phone.does(
        "wish", task, {"wish_id": wish["id"], "words": "聊了半小时，讲她年轻时的事"}
    )
    assert ticked["answer"] == "done"
    assert await wishes_at(phone) == [[], []]
    [kept] = (await wang.client.get(f"/api/v1/residents/{sun}/wishes")).json()
    assert (kept["state"], kept["ended_by_name"], kept["task_id"]) == ("done", "王敏", str(task))
    assert kept["ended_words"].startswith("聊了半小时")
    profile = (await wang.client.get(f"/api/v1/homes/{home}/profile")).json()
    assert profile["wishes"] == []
    assert (await field.steps(task))[-1] == "note", "the desk reads it at the task"


async def test_a_wish_stays_until_somebody_fulfils_it_whoever_comes(
    calls: Calls, sun: int, wang: Caller, field: Field, anna: tuple[int, InHand], story: Story
):
    await is_rung(calls, sun, wang, wish=WISH)
    staff, phone = anna
    home = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", sun)
    for day in range(2):
        await field.accepted(staff, home_id=home, resident_id=sun, begins_at=later(days=day))
    alarm = await incident_of(story.owner, story.community)
    rescue = await field.accepted(
        staff, kind="rescue", incident_id=alarm, home_id=home, resident_id=sun
    )
    listed = {job["id"]: job["wishes"] for job in (await phone.get("/jobs"))["jobs"]}
    assert listed.pop(str(rescue)) == [], "nobody reads wishes on the way to an alarm"
    assert [len(each) for each in listed.values()] == [1, 1]


async def test_a_wish_of_somebody_else_and_one_that_was_ticked_off_are_refused(
    calls: Calls, sun: int, wang: Caller, field: Field, anna: tuple[int, InHand], story: Story
):
    await is_rung(calls, sun, wang, wish=WISH)
    wish_id = await story.owner.fetchval("SELECT id::text FROM care_wish")
    staff, phone = anna
    other = await story.home("", name="沈玉兰")
    home = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", other)
    task = await field.accepted(staff, home_id=home, resident_id=other)
    body = {"wish_id": wish_id, "words": "聊了"}
    assert (await phone.does("wish", task, body))["code"] == "no_such_wish"
    assert (await phone.does("wish", task, body | {"wish_id": "?"}))["code"] == "no_such_wish"
    hers = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", sun)
    task = await field.accepted(staff, home_id=hers)
    assert (await phone.does("wish", task, body))["answer"] == "done", "whoever lives there"
    assert (await phone.does("wish", task, body))["code"] == "wish_over"
    theirs = await field.accepted(await field.staff("刘师傅"), home_id=hers)
    assert (await phone.does("wish", theirs, body))["code"] == "no_such_task"


async def test_the_same_report_sent_twice_is_one_wish_and_no_word_of_illness_leaves_the_room(
    calls: Calls, sun: int, wang: Caller, story: Story
):
    list_id = await calls.list(rule={"every": "daily", "at": "09:30"})
    await calls.plan(list_id, sun)
    await calls.passes(40)
    call = await wang.next(list_id)
    path = f"/items/{call['item']['id']}/report"
    said = {"id": str(uuid4()), "result": "well", "wish": "有高血压，请陪去医院"}
    refused = await wang.post(path, said, 422)
    assert refused["error"]["code"] == "not_for_phones"
    assert await calls.states(list_id) == ["leased"], "nothing of it was written"
    for _ in range(2):
        await wang.post(path, said | {"wish": WISH})
    assert await story.owner.fetchval("SELECT count(*) FROM care_wish") == 1


async def test_what_is_wished_in_a_call_of_the_hotline_names_that_call(
    sun: int, wang: Caller, story: Story
):
    paper = CallsOnPaper(story.owner, story.community)
    await paper.disposition("companionship", effective=True)
    home = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", sun)
    call = await paper.call(
        NOW, answered_s=5, talked_s=60, answered_by=wang.user_id, resident_id=sun, home_id=home
    )
    body = {"id": str(uuid4()), "filings": 0, "disposition": "companionship", "wish": WISH}
    filed = await wang.client.post(f"/api/v1/hotline/calls/{call}/file", json=body)
    assert filed.status_code == 200, filed.text
    [kept] = (await wang.client.get(f"/api/v1/residents/{sun}/wishes")).json()
    assert (kept["words"], kept["call_id"]) == (WISH, str(call))
