"""A supervisor tells all seats that a building has no power; an alarm that rings meanwhile rings as ever, and no phone hears of it."""

from __future__ import annotations

from callcenter.core.ids import new_id
from tests.support.story import Operator, Story

WORDS = "3号楼停电至18点，手环可能离线，请先回拨"


async def test_an_announcement_delays_no_alarm_and_is_read_with_one_key(
    story: Story, wang: Operator, boss: Operator
):
    await story.home("1234")
    said = {"id": str(new_id()), "words": WORDS, "must_acknowledge": True, "minutes": 30}
    written = (await boss.client.post("/api/v1/announcements", json=said)).json()
    await story.sweep("announcements")
    [told] = wang.console.messages("announcements")
    assert [one["words"] for one in told["announcements"]] == [WORDS]
    incident = await story.press("1234")
    await wang.sees(incident, state="waiting", ring=1)  # before it is read
    await wang.done(incident, "take")
    assert [one["read_at"] for one in written["people"]] == [None, None]
    read = await wang.client.post(f"/api/v1/announcements/{written['id']}/read")
    assert read.status_code == 204
    [shown] = (await boss.client.get("/api/v1/announcements")).json()
    assert {one["user_id"]: bool(one["read_at"]) for one in shown["people"]} == {
        wang.user_id: True, boss.user_id: False,
    }  # fmt: skip
    await wang.done(incident, "close", outcome="test")


async def test_it_ends_by_itself(story: Story, wang: Operator, boss: Operator):
    said = {"id": str(new_id()), "words": WORDS, "minutes": 5}
    await boss.client.post("/api/v1/announcements", json=said)
    await story.passes(5 * 60 + 8)
    await story.sweep("announcements")
    last = wang.console.messages("announcements")[-1]["announcements"]
    assert [one["ended_at"] is not None for one in last] == [True]
