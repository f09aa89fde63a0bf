"""No device has called: somebody rings on an ordinary telephone, stands at the door, shouts. It is an alarm like any other."""

from __future__ import annotations

from callcenter.core.ids import new_id
from tests.support.story import DUTY, Operator, Story

DAUGHTER, SON = "+8613900000001", "+8613900000002"


async def test_a_neighbour_rings_and_the_family_is_told_as_if_the_pendant_had_called(
    story: Story, wang: Operator
):
    resident = await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26")
    shown = await wang.opens(
        resident_id=resident, kind="fall", said="在楼道里摔了", phone="139 0000 0077", caller="邻居"
    )
    board = await wang.sees(shown["id"], state="waiting", kind="fall", source="office")
    assert board["card"]["text"] == "在楼道里摔了"
    called = board["card"]["called"]
    assert (called["way"], called["phone"], called["caller"]) == ("phone", "+8613900000077", "邻居")
    assert await story.entries(shown["id"]) == ["opened"]


async def test_the_daughter_who_rings_is_not_told_as_if_it_were_news_to_her(
    story: Story, wang: Operator
):
    resident = await story.home("1234", DAUGHTER, SON)
    daughter = await story.owner.fetchval("SELECT id FROM contact WHERE rank = 1")
    shown = await wang.opens(resident_id=resident, kind="sos", contact_id=daughter, take=True)
    assert (shown["state"], shown["taken_by_name"]) == ("taken", "wang同志")
    story.phones.expect(SON, "沈玉兰")
    await wang.done(shown["id"], "tell-next")
    assert await wang.refused(shown["id"], "tell-next") == (409, "nobody_to_tell")


async def test_whoever_opens_it_may_take_it_at_once_and_everybody_sees_it(
    story: Story, wang: Operator
):
    li = await story.operator("li")
    shown = await wang.opens(kind="help", said="要人帮忙换煤气", way="in_person", take=True)
    board = await li.sees(shown["id"], state="taken")
    assert (board["taken_by"], board["signal_class"]) == (wang.user_id, "service")
    assert await story.entries(shown["id"]) == ["opened", "taken"]


async def test_what_nobody_takes_is_told_to_the_duty_with_place_and_number_in_words(story: Story):
    wang = await story.operator("wang", on_duty=False)
    story.phones.expect(
        DUTY, "值班：未登记来电17:26紧急求助，现无坐席在岗，接警请回复1。菜市场东门"
    )
    shown = await wang.opens(kind="sos", place="菜市场东门", said="有人倒在地上")
    story.phones.expect(DUTY, "菜市场东门")
    await story.passes(60)
    assert await story.entries(shown["id"]) == ["opened", "duty_told"]


async def test_a_call_about_a_home_that_has_pressed_joins_its_incident(
    story: Story, wang: Operator
):
    resident = await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26发出紧急求助")
    pressed = await story.press("1234")
    shown = await wang.opens(resident_id=resident, kind="sos", said="她按了，没人接")
    assert (shown["id"], shown["press_count"]) == (pressed, 2)
    assert await story.entries(pressed) == ["opened", "joined"]


async def test_a_colleague_who_has_it_keeps_it_and_hears_that_it_rings_again(
    story: Story, wang: Operator
):
    li = await story.operator("li")
    resident = await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "沈玉兰")
    pressed = await story.press("1234")
    await li.done(pressed, "take")
    shown = await wang.opens(resident_id=resident, kind="sos", take=True)
    assert (shown["taken_by"], shown["ring"]) == (li.user_id, 2)


async def test_a_command_sent_again_opens_nothing_also_when_the_first_is_over(
    story: Story, wang: Operator
):
    command = str(new_id())
    shown = await wang.opens(command_id=command, kind="help", take=True)
    again = await wang.opens(command_id=command, kind="help", take=True)
    assert again["id"] == shown["id"]
    await wang.done(shown["id"], "close", outcome="assistance")
    assert (await wang.opens(command_id=command, kind="help"))["state"] == "closed"
    assert await story.owner.fetchval("SELECT count(*) FROM incident") == 1


async def test_a_stranger_turns_out_to_live_here_and_no_telephone_becomes_a_device(
    story: Story, wang: Operator
):
    resident = await story.home("", DAUGHTER)
    shown = await wang.opens(kind="sos", phone="13900000088", caller="沈奶奶", take=True)
    assert shown["home_id"] is None
    story.phones.expect(DAUGHTER, "沈玉兰")
    assigned = await wang.done(shown["id"], "assign", resident_id=resident)
    assert assigned["card"]["called"]["phone"] == "+8613900000088"
    assert await story.owner.fetchval("SELECT count(*) FROM device") == 0
    story.phones.expect(DAUGHTER, "确认安全")
    await wang.done(shown["id"], "close", outcome="assistance", safe_by="本人", safe_where="家中")
