"""The server was away for two hours. Whom may we have missed? Everybody is called once, and who cannot be reached is an alarm."""

from __future__ import annotations

from datetime import timedelta

from tests.support.calls import open_calls
from tests.support.story import DUTY, Story


async def test_the_whole_roll_call(story: Story):
    for pendant, name in (
        ("1001", "沈玉兰"),
        ("1002", "周阿姨"),
        ("1003", "何老伯"),
        ("", "无设备"),
    ):
        await story.home(pendant, name=name)
    await story.owner.execute("UPDATE resident SET risk = 'low' WHERE name <> '何老伯'")
    story.phones.expect(DUTY, "沈玉兰")
    await story.press("1001")
    now = story.clock.now()
    window = {
        "name": "停电点名",
        "region_id": story.community.root,
        "since": (now - timedelta(hours=2)).isoformat(),
        "until": (now - timedelta(minutes=1)).isoformat(),
    }
    async with open_calls(story) as calls:
        totals = await calls.supervisor.post("/roll-calls/preview", window)
        assert totals["homes"] == 2, (
            "who has pressed since got through, who has no device pressed nothing"
        )
        made = await calls.supervisor.post("/roll-calls", window)
        wang, li = await calls.caller("wang"), await calls.caller("li")
        first, second = await wang.next(made["id"]), await li.next(made["id"])
        assert (first["item"]["name"], second["item"]["name"]) == ("何老伯", "周阿姨")
        await li.report(second, "well")
        for pause in (10, 30):
            await wang.report(first, "no_answer")
            await calls.passes(pause)
            first = await wang.next(made["id"])
        story.phones.expect(DUTY, "何老伯")
        await wang.report(first, "no_answer")
        await calls.look()
        [shown] = await calls.supervisor.get("/lists")
        assert shown["counts"] == {"done": 1, "escalated": 1}
        assert ("office", "inactivity") in await calls.incidents()
        report = (await calls.supervisor.get(f"/lists/{made['id']}/report.csv")).text
        assert "周阿姨" in report
        assert "li同志" in report
        assert "何老伯" in report
        assert "转为警情" in report
