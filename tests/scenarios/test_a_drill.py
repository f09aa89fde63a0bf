"""A region in exercise: homes press by themselves, everything goes as if it were real, and no phone of anybody rings."""

from __future__ import annotations

import asyncio
from typing import Any

from callcenter.drills.running import Drills
from tests.support.story import DUTY, Operator, Story

DAUGHTER, SON = "+8613900000001", "+8613900000002"


async def home_of(story: Story, pendant: str, *phones: str, name: str = "沈玉兰") -> int:
    resident = await story.home(pendant, *phones, name=name)
    home: int = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", resident)
    return home


async def starts(boss: Operator, *presses: tuple[int, str, int], status: int = 201) -> Any:
    """A drill of the whole centre: home, kind, seconds after the beginning."""
    body = {
        "region_id": boss.story.community.root,
        "title": "夜间演练",
        "presses": [{"home_id": h, "kind": kind, "after_s": after} for h, kind, after in presses],
    }
    answer = await boss.client.post("/api/v1/drills", json=body)
    assert answer.status_code == status, answer.text
    await boss.story.look()
    return answer.json()


async def shown(boss: Operator, drill: Any) -> Any:
    return (await boss.client.get(f"/api/v1/drills/{drill['id']}")).json()


async def stops(boss: Operator, drill: Any) -> None:
    answer = await boss.client.post(f"/api/v1/drills/{drill['id']}/stop")
    assert answer.status_code == 200, answer.text
    await boss.story.look()


async def incidents(story: Story, mode: str = "drill") -> list[str]:
    rows = await story.owner.fetch("SELECT id FROM incident WHERE mode = $1 ORDER BY number", mode)
    return [str(row["id"]) for row in rows]


async def test_it_rings_is_worked_and_closed_as_if_it_were_real_and_nobody_s_phone_rings(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234", DAUGHTER, SON)
    drill = await starts(boss, (home, "sos", 10))
    await story.passes(8)
    assert await incidents(story) == []
    await story.passes(2)
    [incident] = await incidents(story)
    await wang.sees(incident, state="waiting", mode="drill", home_id=home, ring=1)
    await wang.done(incident, "take")
    assert await story.texts() == [("alarm_raised", "drill")]
    drafts = await wang.previews(incident, "tell-next")
    assert [draft["text"][:4] for draft in drafts] == ["【演练】"]
    await wang.done(incident, "tell-next")
    await wang.done(
        incident, "close", outcome="emergency", safe_by="沈岚", safe_where="家中", note="演练"
    )
    assert {state for _, state in await story.texts()} == {"drill"}
    assert len(await story.texts()) == 4
    assert (await shown(boss, drill))["ending"] == "over"


async def test_left_alone_it_climbs_the_ladder_to_a_duty_list_that_hears_nothing(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234", DAUGHTER)
    await starts(boss, (home, "sos", 0))
    await story.passes(60)
    [incident] = await incidents(story)
    assert await story.entries(incident) == ["opened", "escalated", "duty_told"]
    assert set(await story.texts()) == {("alarm_raised", "drill"), ("duty_untaken", "drill")}


async def test_with_nobody_on_duty_no_text_leaves_either(story: Story, boss: Operator):
    boss.leaves()
    home = await home_of(story, "1234", DAUGHTER, SON)
    await starts(boss, (home, "sos", 0))
    await story.passes(300)
    assert {state for _, state in await story.texts()} == {"drill"}
    assert story.phones.box.taken == []


async def test_a_real_press_at_a_home_in_the_drill_is_real_and_goes_as_always(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234", DAUGHTER)
    await starts(boss, (home, "sos", 0))
    await story.passes(2)
    [drilled] = await incidents(story)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    real = await story.press("1234")
    assert real != drilled
    await wang.sees(real, state="waiting", mode="real", press_count=1)
    assert await incidents(story, "real") == [real]
    await wang.done(real, "take")
    await wang.sees(drilled, mode="drill", press_count=1)


async def test_a_drilled_press_at_a_home_with_a_real_alarm_leaves_it_alone(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    real = await story.press("1234")
    await wang.done(real, "take")
    await starts(boss, (home, "sos", 0))
    await story.passes(2)
    [drilled] = await incidents(story)
    await wang.sees(real, state="taken", press_count=1, ring=1)
    assert drilled != real


async def test_while_a_real_alarm_waits_nothing_is_pressed_and_later_by_so_much(
    story: Story, wang: Operator, boss: Operator
):
    await home_of(story, "1234", DAUGHTER)
    other = await home_of(story, "5678", name="马桂英")
    drill = await starts(boss, (other, "fall", 30))
    await story.passes(10)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    real = await story.press("1234")
    await story.passes(2)
    assert (await shown(boss, drill))["paused_at"] is not None
    story.phones.expect(DUTY, "至今无人接警")
    await story.passes(40)
    assert await incidents(story) == []
    await wang.done(real, "take")
    await story.passes(10)
    assert await incidents(story) == []
    await story.passes(14)
    assert len(await incidents(story)) == 1


async def test_none_is_started_while_a_real_alarm_waits(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    real = await story.press("1234")
    refused = await starts(boss, (home, "sos", 0), status=409)
    assert refused["error"]["code"] == "real_alarms_wait"
    await wang.done(real, "take")
    await starts(boss, (home, "sos", 0))
    refused = await starts(boss, (home, "sos", 0), status=409)
    assert refused["error"]["code"] == "drill_running"


async def test_stopped_by_hand_nothing_more_is_pressed_and_what_is_open_leaves_the_boards(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234")
    other = await home_of(story, "5678", name="马桂英")
    drill = await starts(boss, (home, "sos", 0), (other, "sos", 60), (other, "fall", 90))
    await story.passes(2)
    [incident] = await incidents(story)
    await stops(boss, drill)
    await wang.sees(incident, state="closed", outcome="test")
    assert await story.entries(incident) == ["opened", "called_off"]
    await story.passes(120)
    assert await incidents(story) == [incident]
    states = [press["state"] for press in (await shown(boss, drill))["presses"]]
    assert states == ["made", "left_out", "left_out"]
    await stops(boss, drill)
    assert (await shown(boss, drill))["ending"] == "stopped"


async def test_it_ends_by_itself_with_what_nobody_has_closed(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234")
    drill = await starts(boss, (home, "sos", 0))
    await story.passes(2)
    [incident] = await incidents(story)
    await wang.done(incident, "take")
    await story.passes(30 * 60 + 8)
    await wang.sees(incident, state="closed")
    assert (await shown(boss, drill))["ending"] == "over"


async def test_an_answer_to_a_real_text_is_never_taken_for_one_to_the_drill(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    real = await story.press("1234")
    await wang.done(real, "take")
    await starts(boss, (home, "sos", 0))
    await story.passes(2)
    [drilled] = await incidents(story)
    story.phones.expect(DAUGHTER, "已记录您正赶往")
    await story.answers(DAUGHTER, "1")
    assert "reply" in await story.entries(real)
    assert "reply" not in await story.entries(drilled)


async def test_who_writes_during_a_drill_is_heard_as_if_there_were_none(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234", DAUGHTER)
    await starts(boss, (home, "sos", 0))
    await story.passes(2)
    [drilled] = await incidents(story)
    await story.answers(DAUGHTER, "我妈妈刚才打电话说摔倒了")
    assert await story.entries(drilled) == ["opened"]
    assert len(await incidents(story, "real")) == 1


async def test_a_second_press_of_the_script_joins_the_first_and_stays_a_drill(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234", DAUGHTER)
    await starts(boss, (home, "sos", 0), (home, "sos", 20))
    await story.passes(2)
    [incident] = await incidents(story)
    await wang.done(incident, "take")
    await story.passes(20)
    await wang.sees(incident, mode="drill", press_count=2, ring=2)
    assert await wang.refused(incident, "make-real") == (409, "is_a_drill")


async def test_a_restart_and_a_second_server_press_nothing_twice(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234")
    drill = await starts(boss, (home, "sos", 4))
    story.clock.advance(4)
    now = story.clock.now()
    first, second = (Drills(story.bench, story.intake) for _ in range(2))
    await asyncio.gather(first.run_once(now), second.run_once(now))
    await story.owner.execute(
        "UPDATE drill_press SET state = 'waiting', incident_id = NULL, made_at = NULL"
    )
    story.restart()
    await story.look()
    [incident] = await incidents(story)
    await wang.sees(incident, press_count=1, ring=1)
    [press] = (await shown(boss, drill))["presses"]
    assert (press["state"], press["incident_id"]) == ("made", incident)


async def test_after_an_outage_nothing_is_pressed_that_nobody_awaits_any_more(
    story: Story, wang: Operator, boss: Operator
):
    home = await home_of(story, "1234")
    drill = await starts(boss, (home, "sos", 10), (home, "fall", 400))
    story.clock.advance(300)
    await story.look()
    assert await incidents(story) == []
    assert [press["state"] for press in (await shown(boss, drill))["presses"]] == [
        "missed",
        "waiting",
    ]


async def test_the_report_says_how_each_press_was_met(story: Story, wang: Operator, boss: Operator):
    home = await home_of(story, "1234", DAUGHTER)
    other = await home_of(story, "5678", name="马桂英")
    drill = await starts(boss, (home, "sos", 0), (other, "fall", 4), (home, "sos", 8))
    await story.passes(2)
    [incident] = await incidents(story)
    await story.passes(10)
    await wang.done(incident, "take")
    await wang.done(incident, "steps", step="call_back", result="reached")
    await wang.done(incident, "close", outcome="mistaken_press")
    await story.passes(60)
    await stops(boss, drill)
    answer = (await boss.client.get(f"/api/v1/drills/{drill['id']}/report")).json()
    taken, missed, again = answer["report"]["presses"]
    assert (taken["taken_by"], taken["outcome"], taken["again"]) == (
        "wang同志",
        "mistaken_press",
        False,
    )
    assert [each["met"] for each in taken["in_time"]] == [True, True, True, True]
    assert taken["not_made"] == ["supervisors", "duty"]
    assert [text["text"][:4] for text in taken["texts"]] == ["【演练】", "【演练】"]
    assert "*" in taken["texts"][0]["recipient"]
    assert (missed["taken_by"], missed["outcome"]) == (None, None)
    assert missed["made"] == ["supervisors", "duty"]
    assert [each["met"] for each in missed["in_time"]] == [False, False, False, None]
    assert (again["again"], again["incident_number"]) == (True, taken["incident_number"])
    for language, words in (("zh-CN", "演练报告: 夜间演练"), ("en", "Drill report: 夜间演练")):
        page = await boss.client.get(f"/api/v1/drills/{drill['id']}/print?lang={language}")
        assert words in page.text
