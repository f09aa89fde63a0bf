"""What must not stay as it is: alarms nobody sees, takers who are gone, keys nobody needs. Time passes in the timers' rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.watching import IncidentTimers, OldKeys
from callcenter.core import metrics
from callcenter.devices.signals import Kind
from tests.alerts.conftest import Desk

DUTY = ("+8613900000009", "duty_alarm")
STEP_S = 2.0
GONE_S = 60.0


@dataclass
class Watch:
    """A server's processor; another is another server, or the same one after a restart."""

    desk: Desk
    bench: Workbench
    timers: IncidentTimers = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.timers = IncidentTimers(self.bench, taker_gone_s=GONE_S)

    async def look(self) -> None:
        await self.timers.run_once(self.desk.clock.advance(STEP_S))

    async def passes(self, seconds: float) -> None:
        """So long, with a look every two seconds."""
        for _ in range(round(seconds / STEP_S)):
            await self.pause(STEP_S)
            await self.look()

    async def pause(self, seconds: float) -> None:
        """So long without any look."""
        await self.desk.owner.execute(
            "UPDATE incident_timer SET due_at = due_at - $1 * interval '1 second',"
            " looked_at = looked_at - $1 * interval '1 second'",
            seconds,
        )


@pytest.fixture
async def watch(desk: Desk, bench: Workbench) -> Watch:
    """A pendant at a home without contacts, in a street with a duty number."""
    home = await desk.community.home()
    await desk.community.source()
    await desk.community.device("1234", home, await desk.community.resident(home))
    await desk.reload()
    return Watch(desk, bench)


async def timers(desk: Desk) -> list[str]:
    rows = await desk.owner.fetch("SELECT kind FROM incident_timer ORDER BY incident_id, kind")
    return [row["kind"] for row in rows]


async def prove(desk: Desk, incident: object, proof: str = "seen") -> None:
    await desk.owner.execute(
        "INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at)"
        " VALUES ($1, 1, $2, 7, $1, $3)",
        incident,
        proof,
        desk.clock.now(),
    )


# ---- alarms that nobody sees


async def test_g4_an_alarm_whose_last_seat_left_is_told_to_the_duty_number_once(
    desk: Desk, watch: Watch
):
    incident = (await desk.press()).incident_id
    await watch.passes(2)
    assert await desk.texts() == []
    desk.board.seats = False
    await watch.passes(6)
    assert await desk.texts() == [DUTY]
    assert await desk.entries(incident) == ["opened", "duty_told"]
    assert desk.board.changes[-1].incident.marks == ("duty_told",)
    assert await timers(desk) == []


async def test_an_alarm_that_came_while_nobody_was_there_is_not_told_twice(
    desk: Desk, watch: Watch
):
    desk.board.seats = False
    await desk.press()
    await watch.passes(4)
    assert await desk.texts() == [DUTY]


async def test_g4_an_alarm_that_a_seat_has_shown_is_told_when_no_seat_comes_back(
    desk: Desk, watch: Watch
):
    incident = (await desk.press()).incident_id
    await prove(desk, incident, "sounding")
    desk.board.seats = False
    await watch.passes(10)
    desk.board.seats = True  # the page was loaded again
    await watch.passes(2)
    desk.board.seats = False
    await watch.passes(14)
    assert await desk.texts() == []
    await watch.passes(4)
    assert await desk.texts() == [DUTY]


async def test_an_alarm_that_rings_anew_is_told_at_once(desk: Desk, watch: Watch):
    await prove(desk, (await desk.press()).incident_id)
    desk.board.seats = False
    await watch.passes(2)
    assert await desk.texts() == []
    await desk.owner.execute("UPDATE incident SET ring = 2")
    await desk.owner.execute("UPDATE incident_timer SET due_at = NULL, looked_at = NULL")
    await watch.look()
    assert await desk.texts() == [DUTY]


async def test_a_more_urgent_call_of_a_home_that_waits_is_told_again(desk: Desk, watch: Watch):
    desk.board.seats = False
    await desk.press(kind=Kind.INACTIVITY)
    await watch.passes(2)
    assert await desk.owner.fetchval("SELECT marks FROM incident") == ["duty_told"]
    await desk.press(kind=Kind.SOS)
    await watch.passes(4)
    assert await desk.texts() == [DUTY, DUTY]


async def test_alarms_that_seats_will_see_hide_none_that_nobody_sees(desk: Desk, watch: Watch):
    for number in range(101):
        await desk.press(f"seen-{number}")
    last = (await desk.press("unseen")).incident_id
    west = await desk.community.region(desk.community.root, "district", "西柳区")
    await desk.owner.execute("UPDATE incident SET region_path = $2 WHERE id = $1", last, [west])
    desk.board.unmanned = frozenset({west})
    await watch.look()
    assert await desk.texts() == [DUTY]


async def test_without_any_duty_number_it_is_counted_unmarked_and_tried_again(
    desk: Desk, watch: Watch
):
    await desk.owner.execute("UPDATE region SET duty_numbers = '{}'")
    await desk.reload()
    desk.board.seats = False
    incident = (await desk.press()).incident_id
    await watch.passes(4)
    assert await desk.entries(incident) == ["opened"]
    assert metrics.ALARMS_UNTOLD._value.get() == 1
    await desk.owner.execute("UPDATE region SET duty_numbers = '{+8613900000009}'")
    await desk.reload()
    await watch.passes(2)
    assert await desk.texts() == [DUTY]
    assert metrics.ALARMS_UNTOLD._value.get() == 0


async def test_what_is_no_alarm_is_not_watched(desk: Desk, watch: Watch):
    await desk.press(kind=Kind.HELP)
    assert await timers(desk) == []


# ---- takers who are gone


async def taken(desk: Desk) -> object:
    incident = (await desk.press()).incident_id
    await desk.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = 7, taken_by_name = '王敏', taken_at = $1",
        desk.clock.now(),
    )
    await desk.owner.execute("UPDATE incident_timer SET kind = 'taker_gone'")
    return incident


async def test_g9_a_taker_who_is_gone_for_a_minute_loses_it(desk: Desk, watch: Watch):
    incident = await taken(desk)
    desk.board.users = {7}
    await watch.passes(2)
    desk.board.users = set()
    await watch.passes(60)
    assert await desk.entries(incident) == ["opened"]
    await watch.passes(4)
    row = await desk.owner.fetchrow("SELECT state, taken_by, ring, marks FROM incident")
    assert tuple(row) == ("waiting", None, 2, ["taker_lost"])
    assert await desk.entries(incident) == ["opened", "taker_lost"]
    assert desk.board.changes[-1].incident.state == "waiting"
    assert await timers(desk) == ["unseen"]


async def test_the_minute_of_a_dead_seat_begins_with_its_last_word(desk: Desk, watch: Watch):
    """It is missed after some beats; those belong to the minute, too."""
    incident = await taken(desk)
    desk.board.unheard_for = timedelta(seconds=8)
    await watch.look()
    await watch.passes(50)
    assert await desk.entries(incident) == ["opened"]
    await watch.passes(2)
    assert await desk.entries(incident) == ["opened", "taker_lost"]


async def test_who_takes_without_having_been_heard_for_an_hour_has_most_of_the_minute(
    desk: Desk, watch: Watch
):
    incident = await taken(desk)
    desk.board.unheard_for = timedelta(hours=1)
    await watch.look()
    await watch.passes(48)
    assert await desk.entries(incident) == ["opened"]


async def test_a_taker_who_comes_back_in_time_keeps_it(desk: Desk, watch: Watch):
    incident = await taken(desk)
    await watch.passes(50)
    desk.board.users = {7}
    await watch.passes(2)
    desk.board.users = set()
    await watch.passes(50)
    assert await desk.entries(incident) == ["opened"]


async def test_a_followed_incident_stays_with_its_taker(desk: Desk, watch: Watch):
    await taken(desk)
    await desk.owner.execute("UPDATE incident SET state = 'following'")
    await watch.passes(100)
    assert await desk.owner.fetchval("SELECT taken_by FROM incident") == 7


# ---- restarts, other servers, jumps of the clock


async def test_g7_a_restart_goes_on_counting_where_the_rows_are(desk: Desk, watch: Watch):
    incident = await taken(desk)
    await watch.passes(40)
    watch.restart()
    await watch.passes(24)
    assert await desk.entries(incident) == ["opened", "taker_lost"]


@pytest.mark.parametrize("away_s", [300.0, -300.0])
async def test_g7_time_that_nobody_looked_on_or_that_the_clock_jumped_does_not_count(
    desk: Desk, watch: Watch, away_s: float
):
    """After an update of five minutes operators need a moment to come back, and the clock may have been set."""
    incident = await taken(desk)
    await watch.passes(10)
    await watch.pause(away_s)
    await watch.look()
    await watch.passes(56)
    assert await desk.entries(incident) == ["opened"]
    await watch.passes(6)
    assert await desk.entries(incident) == ["opened", "taker_lost"]


async def test_g7_two_servers_tell_once(desk: Desk, watch: Watch, bench: Workbench):
    other = Watch(desk, bench)
    incident = await taken(desk)
    for _ in range(32):
        await watch.passes(2)
        await other.look()
    assert await desk.entries(incident) == ["opened", "taker_lost"]


@pytest.mark.parametrize("what", ["unseen", "lost"])
async def test_an_incident_that_somebody_holds_keeps_no_other_from_being_looked_after(
    desk: Desk, watch: Watch, what: str
):
    held, other = [(await desk.press(name)).incident_id for name in ("held", "other")]
    if what == "lost":
        await desk.owner.execute("UPDATE incident SET state = 'taken', taken_by = 7")
        await desk.owner.execute("UPDATE incident_timer SET kind = 'taker_gone'")
        await watch.passes(60)
    desk.board.seats = what == "lost"
    holder = await desk.database.connect("holder")
    await holder.execute("SET idle_in_transaction_session_timeout = 0")
    async with holder.transaction():
        await holder.execute("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", held)
        await watch.passes(2)
    await holder.close()
    expected = "duty_told" if what == "unseen" else "taker_lost"
    assert await desk.entries(other) == ["opened", expected]
    await watch.passes(4)
    assert await desk.entries(held) == ["opened", expected]


async def test_old_dedup_keys_go_and_young_ones_stay(desk: Desk, bench: Workbench, watch: Watch):
    await desk.press("old")
    desk.clock.advance(3 * 86_400)
    await desk.press("young")
    keys = OldKeys(bench)
    assert await keys.run_once(desk.clock.now()) == 1
    assert await keys.run_once(desk.clock.now()) == 0
    assert await desk.owner.fetchval("SELECT count(*) FROM signal_dedup") == 1
