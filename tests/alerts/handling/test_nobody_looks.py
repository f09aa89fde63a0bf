"""Alarms that nobody looks at any more: the duty number is told, whatever else waits or is locked."""

from __future__ import annotations

import pytest

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.watching import LostTakers, Unmanned
from tests.alerts.conftest import Desk

DUTY = ("+8613900000009", "duty_alarm")


@pytest.fixture(autouse=True)
async def home(desk: Desk) -> None:
    await desk.community.source()
    await desk.reload()


async def test_g4_an_alarm_that_a_seat_has_shown_is_told_when_the_seat_does_not_come_back(
    desk: Desk, bench: Workbench
):
    incident = (await desk.press()).incident_id
    await desk.owner.execute(
        "INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at)"
        " VALUES ($1, 1, 'sounding', 7, $1, $2)",
        incident,
        desk.clock.now(),
    )
    unmanned = Unmanned(bench)
    desk.board.seats = False
    await unmanned.run_once(desk.clock.now())
    desk.board.seats = True  # the page was loaded again
    await unmanned.run_once(desk.clock.advance(10))
    desk.board.seats = False
    await unmanned.run_once(desk.clock.advance(10))
    assert await desk.texts() == []
    for _ in range(2):
        await unmanned.run_once(desk.clock.advance(15))
    assert await desk.texts() == [DUTY]


async def test_alarms_that_seats_will_see_hide_none_that_nobody_sees(
    desk: Desk, bench: Workbench, monkeypatch: pytest.MonkeyPatch
):
    for number in range(101):
        await desk.press(f"seen-{number}")
    last = (await desk.press("unseen")).incident_id
    west = await desk.community.region(desk.community.root, "district", "西柳区")
    await desk.owner.execute("UPDATE incident SET region_path = $2 WHERE id = $1", last, [west])
    monkeypatch.setattr(desk.board, "manned", lambda path: west not in path)
    await Unmanned(bench).run_once(desk.clock.advance(2))
    assert await desk.texts() == [DUTY]


@pytest.mark.parametrize("what", ["unmanned", "lost"])
async def test_an_incident_that_somebody_holds_keeps_no_other_from_being_looked_after(
    desk: Desk, bench: Workbench, what: str
):
    held, other = [(await desk.press(name)).incident_id for name in ("held", "other")]
    if what == "lost":
        await desk.owner.execute("UPDATE incident SET state = 'taken', taken_by = 7")
    desk.board.seats = False
    watch = Unmanned(bench) if what == "unmanned" else LostTakers(bench, gone_s=0)
    async with desk.owner.transaction():
        await desk.owner.execute("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", held)
        await watch.run_once(desk.clock.advance(2))
    expected = "duty_told" if what == "unmanned" else "taker_lost"
    assert await desk.entries(other) == ["opened", expected]
    await watch.run_once(desk.clock.advance(2))
    assert await desk.entries(held) == ["opened", expected]
