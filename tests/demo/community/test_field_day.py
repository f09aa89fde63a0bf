"""The demo begins in the middle of a day: some tasks are done, some under way, some nobody has."""

from __future__ import annotations

from callcenter.core.sealed import Seal
from callcenter.demo.community.field_day import field_day
from callcenter.demo.community.load import load
from tests.support.outbox import SHANGHAI


async def test_each_task_has_come_to_its_state_step_by_step(database, owner, clock, tmp_path):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    states = dict(
        await owner.fetch("SELECT state, count(*) FROM task GROUP BY state")  # type: ignore[arg-type]
    )
    listed: dict[str, int] = {}
    for each in field_day().task:
        listed[each.ends] = listed.get(each.ends, 0) + len(each.begins)
    assert states == listed
    assert sum(listed.values()) >= 24
    without = await owner.fetchval(
        "SELECT count(*) FROM task WHERE NOT EXISTS (SELECT FROM task_step WHERE task_id = task.id)"
    )
    proven = await owner.fetchval(
        "SELECT count(*) FROM check_in JOIN task ON task.id = task_id WHERE task.state = 'done' AND reason = ''"
    )
    assert (without, proven) == (0, 2 * listed["done"])


async def test_whom_the_script_calls_by_text_has_nothing_else_in_hand(
    database, owner, clock, tmp_path
):
    """A digit of theirs means one thing."""
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    texts = "SELECT DISTINCT recipient FROM sms_message JOIN staff ON phone = recipient WHERE name = ANY ($1)"
    names = list(field_day().without)
    assert await owner.fetchval("SELECT count(*) FROM staff WHERE name = ANY ($1)", names) == 2
    assert await owner.fetch(texts, names) == []
    held = "SELECT count(*) FROM task JOIN staff ON staff.id = staff_id WHERE name = ANY ($1)"
    assert await owner.fetchval(held, names) == 0


async def test_nothing_of_the_day_raises_an_alarm_by_itself_in_the_first_hours(
    database, owner, clock, tmp_path
):
    """Who does not check out in time is called: no worker of the demo is late while a visitor looks around."""
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    soonest = await owner.fetchval(
        "SELECT min(look_at) FROM task WHERE state = 'arrived'",
    )
    assert (soonest - clock.now()).total_seconds() > 6 * 3600
