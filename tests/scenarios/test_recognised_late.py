"""A server starts, and somebody presses before it has read who has which pendant; the database is too busy to be asked. It rings as
an unknown caller at once, and a moment later as whose it is.
"""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from callcenter.devices.registry import seeking
from tests.support.story import DUTY, Operator, Story

DAUGHTER, SON = "+8613900000001", "+8613900000002"
ALARM = "沈玉兰老人17:26发出紧急求助"


@pytest.fixture(autouse=True)
def no_time_to_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is looked up as it calls is given up at once."""
    monkeypatch.setattr(seeking, "SEEK_S", 0.0)


async def starts(story: Story) -> None:
    """Another process, which has read no home and no device."""
    connection = await story.database.connect("registry")
    await story.registry.prepare(connection)
    await connection.close()
    story.restart()


async def press_as_unknown(story: Story, pendant: str, code: str = "QA") -> str:
    """Before anything else of the process comes to its turn."""
    processors, story.processors = story.processors, ()
    incident = await story.press(pendant, code)
    story.processors = processors
    return incident


async def press_at_the_start(story: Story, pendant: str) -> str:
    await starts(story)
    return await press_as_unknown(story, pendant)


async def test_it_becomes_what_it_would_have_been(story: Story, wang: Operator):
    resident = await story.home("1234", DAUGHTER, SON)
    incident = await press_at_the_start(story, "1234")
    await wang.sees(incident, home_id=None, region_path=[story.community.root], ring=1)

    story.phones.expect(DAUGHTER, ALARM)
    await story.look()
    shown = await wang.sees(incident, resident_id=resident, state="waiting", ring=2)
    assert shown["region_path"] == [story.community.root, story.community.street]
    assert [person["name"] for person in shown["card"]["people"]] == ["沈玉兰"]
    assert (shown["lat"], shown["lng"]) == (40.0, 104.0)
    assert await story.entries(incident) == ["opened", "recognised"]

    await wang.done(incident, "take")
    story.phones.expect(SON, "沈玉兰老人")
    await story.passes(184)  # the daughter does not answer
    await story.reload()
    assert await story.press("1234") == incident


async def test_nobody_sits_there_and_the_ladder_of_its_region_begins_anew(story: Story):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DUTY, "值班：未登记来电17:26紧急求助")
    incident = await press_at_the_start(story, "1234")
    story.phones.expect(DAUGHTER, ALARM)
    story.phones.expect(DUTY, "沈玉兰")
    await story.passes(10)
    assert await story.entries(incident) == ["opened", "recognised", "duty_told"]


async def test_whoever_has_taken_it_keeps_it_and_reads_who_it_is(story: Story, wang: Operator):
    resident = await story.home("1234", DAUGHTER)
    incident = await press_at_the_start(story, "1234")
    processors, story.processors = story.processors, ()
    await wang.done(incident, "take")
    story.processors = processors
    story.phones.expect(DAUGHTER, ALARM)
    await story.look()
    await wang.sees(incident, resident_id=resident, state="taken", taken_by=wang.user_id, ring=1)


async def test_what_the_process_before_has_left_is_found_by_the_next(story: Story, wang: Operator):
    resident = await story.home("1234", DAUGHTER)
    incident = await press_at_the_start(story, "1234")
    await story.reload()
    story.restart()
    story.phones.expect(DAUGHTER, ALARM)
    await story.look()
    await wang.sees(incident, resident_id=resident)


async def test_two_servers_find_it_and_it_is_told_once(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    incident = await press_at_the_start(story, "1234")
    story.phones.expect(DAUGHTER, ALARM)
    mine = story.processors
    story.restart()
    story.processors = [*mine, *story.processors]
    await story.look()
    assert await story.entries(incident) == ["opened", "recognised"]
    assert [kind for kind, _ in await story.texts()] == ["alarm_raised"]


async def test_the_home_s_open_alarm_rings_at_its_taker_and_the_unknown_one_ends_as_part_of_it(
    story: Story, wang: Operator
):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, ALARM)
    first = await story.press("1234")
    await wang.done(first, "take")

    unknown = await press_at_the_start(story, "1234")
    assert unknown != first
    await story.look()
    shown = await wang.sees(first, press_count=2, ring=2, state="taken")
    await wang.sees(unknown, state="closed", outcome="part_of_other")
    assert await story.entries(unknown) == ["opened", "recognised"]
    assert await said(story, unknown, "part_of") == str(shown["number"])
    assert (await story.entries(first))[-1] == "joined"
    await story.passes(120)
    await wang.sees(first, press_count=2, ring=2)


async def test_an_unknown_one_that_somebody_works_on_stays_with_them_and_says_where_it_goes_on(
    story: Story, wang: Operator
):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, ALARM)
    first = await story.press("1234")
    unknown = await press_at_the_start(story, "1234")
    processors, story.processors = story.processors, ()
    await wang.done(unknown, "take")
    story.processors = processors
    await story.passes(10)
    await wang.sees(unknown, state="taken", home_id=None)
    shown = await wang.sees(first, press_count=2, state="waiting")
    assert await story.entries(unknown) == ["opened", "taken", "recognised"]
    assert await said(story, unknown, "part_of") == str(shown["number"])
    await wang.done(unknown, "close", outcome="assistance", safe_by="老人", safe_where="家中")


async def said(story: Story, incident: str, field: str) -> str:
    found: str = await story.owner.fetchval(
        "SELECT data->>$2 FROM timeline_entry WHERE incident_id = $1::uuid AND kind = 'recognised'",
        incident,
        field,
    )
    return found


async def test_whom_an_operator_has_said_it_is_not_stays_unknown(story: Story, wang: Operator):
    neighbour = await story.home("", SON, name="贺长林")
    await story.home("1234", DAUGHTER)
    incident = await press_at_the_start(story, "1234")
    processors, story.processors = story.processors, ()
    story.phones.expect(SON, "贺长林老人17:26发出紧急求助")
    await wang.done(incident, "take")
    await wang.done(incident, "assign", resident_id=neighbour)
    story.processors = processors
    await story.look()
    story.phones.expect(SON, "更正")
    await wang.done(incident, "unassign", reason="回电的是隔壁")
    await story.passes(8)
    await wang.sees(incident, home_id=None)
    assert "recognised" not in await story.entries(incident)


async def test_nobody_knows_it_still_and_it_stays_unknown(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    incident = await press_at_the_start(story, "9999")
    await story.reload()
    await story.passes(8)
    await wang.sees(incident, home_id=None, state="waiting")
    assert await story.entries(incident) == ["opened"]


async def test_a_device_that_was_given_to_a_home_after_its_call_stays_unknown(
    story: Story, wang: Operator
):
    await story.home("1234", DAUGHTER)
    incident = await press_at_the_start(story, "1234")
    await story.owner.execute(
        "UPDATE device_assignment SET valid_from = $1", story.clock.advance(1)
    )
    await story.passes(8)
    await wang.sees(incident, home_id=None)


async def test_no_family_is_told_of_a_button_that_is_tried(
    story: Story, wang: Operator, owner: asyncpg.Connection
):
    resident = await story.home("1234", DAUGHTER)
    await owner.execute(
        "INSERT INTO test_period (subject, subject_id, region_id, region_path, from_at, until_at, reason, by_id, by_name)"
        " SELECT 'home', home_id, 1, '{1}', $1, $2, '', 1, '' FROM resident",
        story.clock.now(),
        story.clock.now() + timedelta(hours=1),
    )
    incident = await press_at_the_start(story, "1234")
    await story.look()
    await wang.sees(incident, resident_id=resident)
    await wang.done(incident, "take")
    await story.passes(184)
    assert await story.texts() == []
