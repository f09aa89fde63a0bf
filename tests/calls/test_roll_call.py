"""After an outage: what the server knows of it, whom it would call, the list and its report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callcenter.calls.awake import Awake
from callcenter.core.ids import new_id
from tests.support.calls import Calls

DAUGHTER = "+8613900000001"


def window(calls: Calls, **more: Any) -> dict[str, Any]:
    """The last two hours, without the last ten minutes."""
    now = calls.story.clock.now()
    return {
        "name": "停电点名",
        "region_id": calls.story.community.root,
        "since": (now - timedelta(hours=2)).isoformat(),
        "until": (now - timedelta(minutes=10)).isoformat(),
    } | more


async def test_the_server_knows_when_it_was_away(calls: Calls, owner, database):
    awake = Awake(database, new_id(), lambda: True)
    await awake.run_once(calls.story.clock.now())
    await owner.execute(
        "UPDATE watch_span SET since = since - interval '3 hours', until = until - interval '2 hours'"
    )
    await awake.run_once(calls.story.clock.now())
    [proposed] = await calls.supervisor.get("/outages")
    length = datetime.fromisoformat(proposed["until"]) - datetime.fromisoformat(proposed["since"])
    assert proposed["source"] is None
    assert timedelta(hours=2) <= length < timedelta(hours=2, minutes=1)
    assert datetime.now(UTC) - datetime.fromisoformat(proposed["until"]) < timedelta(minutes=1)
    await awake.connections.close()


async def test_a_listener_all_of_whose_devices_are_silent_is_proposed(calls: Calls, owner):
    for pendant in ("1", "2"):
        await calls.story.home(pendant)
    await owner.execute("UPDATE device SET heartbeat_s = 600")
    seen = calls.story.clock.now() - timedelta(hours=2)
    await owner.execute("INSERT INTO device_last_seen SELECT id, $1 FROM device", seen)
    [proposed] = await calls.supervisor.get("/outages")
    assert (proposed["source"], proposed["devices"]) == ("dc09", 2)
    await owner.execute("UPDATE device_last_seen SET seen_at = $1 WHERE device_id = 1", calls.story.clock.now())  # fmt: skip
    assert await calls.supervisor.get("/outages") == []


async def test_who_it_would_be_is_counted_before(calls: Calls):
    for pendant in ("1", "2", ""):
        await calls.story.home(pendant)
    totals = await calls.supervisor.post("/roll-calls/preview", window(calls))
    assert totals == {
        "homes": 2,
        "without_phone": 2,
        "by_risk": {"high": 2},
        "by_reason": {"could_not_reach": 2},
    }
    assert await calls.supervisor.get("/lists") == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"since": "2026-03-14T09:26:53Z"}, "window_reversed"),
        ({"until": "2026-03-15T09:00:00Z"}, "window_reversed"),
        ({"source": "unheard of"}, "nobody_to_call"),
        ({"reasons": ["pressed_before"]}, "nobody_to_call"),
    ],
)
async def test_a_list_of_nobody_is_refused(calls: Calls, more: dict[str, Any], code: str):
    await calls.story.home("1")
    refused = await calls.supervisor.post("/roll-calls", window(calls, **more), 422)
    assert refused["error"]["code"] == code


async def test_several_call_at_once_and_nobody_is_called_twice(calls: Calls, owner):
    for number in range(6):
        await calls.story.home(str(number), name=f"老人{number}")
    made = await calls.supervisor.post("/roll-calls", window(calls))
    assert (made["counts"], made["due"]) == ({"open": 6}, 6)
    callers = [await calls.caller(login) for login in ("wang", "li", "zhao")]
    called: list[str] = []
    for _ in range(2):
        for caller in callers:
            call = await caller.next(made["id"])
            called.append(call["item"]["name"])
            await caller.report(call, "well")
    assert sorted(called) == [f"老人{number}" for number in range(6)]
    assert await callers[0].next(made["id"]) is None
    assert await owner.fetchval("SELECT count(*) FROM call_attempt") == 6


async def test_the_report_says_who_was_reached_by_whom_and_who_was_not(calls: Calls):
    for pendant, name in (("1", "沈玉兰"), ("2", "=1+1")):
        await calls.story.home(pendant, name=name)
    made = await calls.supervisor.post("/roll-calls", window(calls))
    wang = await calls.caller("wang")
    first = await wang.next()
    await wang.report(first, "well", note="在吃饭")
    second = await wang.next()
    calls.story.phones.expect("+8613900000009", "无坐席在岗")
    await wang.report(second, "wrong_number")
    await calls.look()
    page = (await calls.supervisor.get(f"/lists/{made['id']}/report", lang="en")).text
    assert "Roll-call report: 停电点名" in page
    assert "wang同志" in page
    assert "Not reached, now an incident</th><td>1<" in page
    table = (await calls.supervisor.get(f"/lists/{made['id']}/report.csv")).content
    lines = table.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert any("'=1+1" in line for line in lines)
    assert any("在吃饭" in line and "联系上，平安" in line for line in lines)
