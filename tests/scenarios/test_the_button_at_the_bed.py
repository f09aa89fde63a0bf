"""B1, B3, B4: the button at her bed is pressed. Her dot turns red at every seat, and who she is, where, her health and her children
stand beside it without anybody searching.
"""

from __future__ import annotations

from tests.support.story import Operator, Story

DAUGHTER, SON = "+8613900000001", "+8613900000002"


async def test_name_address_health_and_children_come_with_the_alarm(story: Story, wang: Operator):
    resident = await story.home("", DAUGHTER, SON)
    home = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", resident)
    button = await story.community.device("1234", home, resident)
    await story.owner.execute("UPDATE device SET kind = 'bedside_button' WHERE id = $1", button)
    await story.owner.execute("UPDATE resident SET health_note = '高血压' WHERE id = $1", resident)
    await story.reload()
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26发出紧急求助")
    incident = await story.press("1234")
    board = await wang.sees(incident, state="waiting", home_id=home, device_id=button)
    assert (board["lat"], board["lng"]) == (40.0, 104.0)
    card = board["card"]
    [person] = card["people"]
    assert (person["name"], person["age"], person["risk"]) == ("沈玉兰", 83, "high")
    assert person["hazards"] == ["抗凝药"]
    assert (card["address"], card["door"]) == ("榆荫里7号楼2单元501", "501")
    profile = (await wang.client.get(f"/api/v1/homes/{home}/profile")).json()
    assert [one["phone"] for one in profile["contacts"]] == [DAUGHTER, SON]
    assert profile["residents"][0]["health_note"] == "高血压"


async def test_its_dot_is_red_until_somebody_has_ended_it(story: Story, wang: Operator):
    li = await story.operator("li")
    await story.home("1234")
    incident = await story.press("1234")
    for operator in (wang, li):
        await operator.sees(incident, state="waiting")
    await wang.done(incident, "take")
    await li.sees(incident, state="taken", taken_by_name="wang同志")
    await wang.done(incident, "close", outcome="test")
    await li.sees(incident, state="closed")
