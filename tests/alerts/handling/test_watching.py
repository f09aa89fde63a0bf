"""What must not stay as it is: alarms nobody sees, takers who are gone, keys nobody needs. The clock is moved by hand."""

from __future__ import annotations

import pytest

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.watching import LostTakers, OldKeys, Unmanned
from tests.alerts.conftest import Desk

DUTY = ("+8613900000009", "duty_alarm")


@pytest.fixture(autouse=True)
async def home(desk: Desk) -> None:
    """A pendant at a home without contacts, in a street with a duty number."""
    home = await desk.community.home()
    await desk.community.source()
    await desk.community.device("1234", home, await desk.community.resident(home))
    await desk.reload()


async def test_g4_an_alarm_whose_last_seat_left_is_told_to_the_duty_number_once(
    desk: Desk, bench: Workbench
):
    unmanned = Unmanned(bench)
    incident = (await desk.press()).incident_id
    await unmanned.run_once(desk.clock.now())
    assert await desk.texts() == []
    desk.board.seats = False
    for _ in range(3):
        await unmanned.run_once(desk.clock.advance(2))
    assert await desk.texts() == [DUTY]
    assert await desk.entries(incident) == ["opened", "duty_told"]
    assert desk.board.changes[-1].incident["marks"] == ["duty_told"]


async def test_an_alarm_that_came_while_nobody_was_there_is_not_told_twice(
    desk: Desk, bench: Workbench
):
    desk.board.seats = False
    await desk.press()
    await Unmanned(bench).run_once(desk.clock.advance(2))
    assert await desk.texts() == [DUTY]


async def test_what_a_seat_has_seen_or_somebody_took_is_not_told(desk: Desk, bench: Workbench):
    incident = (await desk.press()).incident_id
    await desk.owner.execute(
        "INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at)"
        " VALUES ($1, 1, 'seen', 7, $1, $2)",
        incident,
        desk.clock.now(),
    )
    desk.board.seats = False
    await Unmanned(bench).run_once(desk.clock.advance(2))
    assert await desk.texts() == []
    await desk.owner.execute("UPDATE incident SET ring = 2")  # it rings anew, and nobody is there
    await Unmanned(bench).run_once(desk.clock.advance(2))
    assert await desk.texts() == [DUTY]


async def taken(desk: Desk) -> object:
    incident = (await desk.press()).incident_id
    await desk.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = 7, taken_by_name = '王敏', taken_at = $1",
        desk.clock.now(),
    )
    return incident


async def test_g9_a_taker_who_is_gone_for_a_minute_loses_it(desk: Desk, bench: Workbench):
    incident = await taken(desk)
    lost = LostTakers(bench, gone_s=60)
    desk.board.users = {7}
    await lost.run_once(desk.clock.now())
    desk.board.users = set()
    for _ in range(2):
        await lost.run_once(desk.clock.advance(29.9))
    assert await desk.owner.fetchval("SELECT state FROM incident") == "taken"
    await lost.run_once(desk.clock.advance(31))
    row = await desk.owner.fetchrow("SELECT state, taken_by, ring, marks FROM incident")
    assert tuple(row) == ("waiting", None, 2, ["taker_lost"])
    assert await desk.entries(incident) == ["opened", "taker_lost"]
    assert desk.board.changes[-1].incident["state"] == "waiting"


async def test_a_taker_who_comes_back_in_time_keeps_it(desk: Desk, bench: Workbench):
    incident = await taken(desk)
    lost = LostTakers(bench, gone_s=60)
    await lost.run_once(desk.clock.now())
    await lost.run_once(desk.clock.advance(50))
    desk.board.users = {7}
    await lost.run_once(desk.clock.advance(5))
    desk.board.users = set()
    await lost.run_once(desk.clock.advance(5))
    await lost.run_once(desk.clock.advance(50))
    assert await desk.entries(incident) == ["opened"]


async def test_a_followed_incident_stays_with_its_taker(desk: Desk, bench: Workbench):
    await taken(desk)
    await desk.owner.execute("UPDATE incident SET state = 'following'")
    lost = LostTakers(bench, gone_s=60)
    await lost.run_once(desk.clock.now())
    await lost.run_once(desk.clock.advance(100))
    assert await desk.owner.fetchval("SELECT taken_by FROM incident") == 7


async def test_old_dedup_keys_go_and_young_ones_stay(desk: Desk, bench: Workbench):
    await desk.press("old")
    desk.clock.advance(3 * 86_400)
    await desk.press("young")
    keys = OldKeys(bench)
    assert await keys.run_once(desk.clock.now()) == 1
    assert await keys.run_once(desk.clock.now()) == 0
    assert await desk.owner.fetchval("SELECT count(*) FROM signal_dedup") == 1
