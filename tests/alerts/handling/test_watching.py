"""What must not stay as it is: alarms nobody takes, takers who are gone, people to call again, keys nobody needs. Time passes
in the timers' rows.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from callcenter.alerts.entries import DutyTold
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.watching import IncidentTimers, OldKeys
from callcenter.core import metrics
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.devices.signals import Kind
from callcenter.regions.policies import EscalationPolicy, stored_policies
from tests.alerts.conftest import Desk
from tests.support.flaky_proxy import Direction, FlakyProxy

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
        """So long, without any look if it is longer than the watch allows."""
        await self.desk.owner.execute(
            "UPDATE incident_timer SET due_at = due_at - $1 * interval '1 second',"
            " since = since - $1 * interval '1 second',"
            " missing_since = missing_since - $1 * interval '1 second'",
            seconds,
        )
        await self.desk.owner.execute(
            "UPDATE incident_watch SET looked_at = looked_at - $1 * interval '1 second'", seconds
        )


@pytest.fixture
async def watch(desk: Desk, bench: Workbench) -> Watch:
    """A pendant at a home without contacts, in a street with a duty number."""
    home = await desk.community.home()
    await desk.community.source()
    await desk.community.device("1234", home, await desk.community.resident(home))
    await desk.reload()
    watching = Watch(desk, bench)
    await watching.look()
    return watching


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


async def test_g4_an_alarm_whose_last_seat_left_is_told_to_the_duty_number(
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
    assert await timers(desk) == ["untaken"]


async def test_an_alarm_that_came_while_nobody_was_there_is_told_again_after_a_minute(
    desk: Desk, watch: Watch
):
    desk.board.seats = False
    incident = (await desk.press()).incident_id
    await watch.passes(58)
    assert await desk.texts() == [DUTY]
    await watch.passes(4)
    assert await desk.texts() == [DUTY, DUTY]
    assert await desk.entries(incident) == ["opened", "duty_told"]


async def test_g4_an_alarm_that_a_seat_has_shown_is_told_when_no_seat_comes_back(
    desk: Desk, watch: Watch
):
    incident = (await desk.press()).incident_id
    await prove(desk, incident, "sounding")
    desk.board.seats = False
    await watch.passes(8)
    desk.board.seats = True  # the page was loaded again
    await watch.passes(2)
    desk.board.seats = False
    await watch.passes(4)
    assert await desk.texts() == []
    await watch.passes(12)
    assert await desk.texts() == [DUTY]


async def test_an_alarm_that_rings_anew_is_told_at_once(desk: Desk, watch: Watch):
    await prove(desk, (await desk.press()).incident_id)
    desk.board.seats = False
    await watch.passes(2)
    assert await desk.texts() == []
    await desk.owner.execute("UPDATE incident SET ring = 2")
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


async def test_without_any_duty_number_it_is_counted_said_once_and_tried_again(
    desk: Desk, watch: Watch
):
    await desk.owner.execute("UPDATE region SET duty_numbers = '{}'")
    await desk.reload()
    desk.board.seats = False
    incident = (await desk.press()).incident_id
    await watch.passes(8)
    assert await desk.entries(incident) == ["opened", "escalated"]
    assert desk.board.changes[-1].incident.marks == ("nobody_told",)
    assert metrics.ALARMS_UNTOLD._value.get() == 1
    await desk.owner.execute("UPDATE region SET duty_numbers = '{+8613900000009}'")
    await desk.reload()
    await watch.passes(4)
    assert await desk.texts() == [DUTY]
    assert metrics.ALARMS_UNTOLD._value.get() == 0
    assert desk.board.changes[-1].incident.marks == ("duty_told",)


async def test_it_is_counted_at_every_look_while_somebody_sits_there_who_does_not_take_it(
    desk: Desk, watch: Watch
):
    await listed(desk)
    incident = (await desk.press()).incident_id
    await watch.passes(20)
    assert await desk.entries(incident) == ["opened", "escalated"]
    for _ in range(3):
        await watch.look()  # none of which is due
        assert metrics.ALARMS_UNTOLD._value.get() == 1


async def test_what_is_technical_is_not_watched(desk: Desk, watch: Watch):
    await desk.press(kind=Kind.LOW_BATTERY)
    assert await timers(desk) == []


# ---- alarms that are seen and not taken


async def listed(desk: Desk, *numbers: str) -> None:
    await desk.owner.execute("UPDATE region SET duty_numbers = $1", list(numbers))
    await desk.reload()


async def test_supervisors_are_called_then_the_duty_list_one_after_the_other(
    desk: Desk, watch: Watch
):
    await listed(desk, "+8613900000009", "+8613900000008")
    desk.board.users, desk.board.supervisors = {7, 8}, {8}
    incident = (await desk.press()).incident_id
    await watch.passes(14)
    assert await desk.entries(incident) == ["opened"]
    await watch.passes(2)
    assert await desk.entries(incident) == ["opened", "escalated"]
    assert desk.board.changes[-1].incident.marks == ("supervisors_called",)
    await watch.passes(12)
    assert await desk.texts() == []
    told = []
    for _ in range(3):
        await watch.passes(60)
        told.append([recipient for recipient, _ in await desk.texts()])
    assert told == [
        ["+8613900000009"],
        ["+8613900000009", "+8613900000008"],
        ["+8613900000009", "+8613900000008", "+8613900000009"],
    ]
    assert {kind for _, kind in await desk.texts()} == {"duty_untaken"}


async def test_without_a_supervisor_the_duty_list_is_called_in_their_place(
    desk: Desk, watch: Watch
):
    incident = (await desk.press()).incident_id
    await watch.passes(16)
    assert await desk.texts() == [("+8613900000009", "duty_untaken")]
    assert await desk.entries(incident) == ["opened", "duty_told"]
    said = desk.board.changes[-1].entries[-1].data
    assert said == DutyTold(numbers=1, passed=("supervisors",))


async def test_it_rings_everywhere_when_the_seat_it_was_for_has_not_shown_it(
    desk: Desk, watch: Watch
):
    desk.board.users, desk.board.best = {7, 8}, (7,)
    policy = stored_policies({0: EscalationPolicy(ring="one")})
    await desk.owner.execute("UPDATE region SET escalation = $1", policy)
    await desk.reload()
    incident = (await desk.press()).incident_id
    await watch.passes(4)
    assert await desk.entries(incident) == ["opened", "escalated"]
    assert desk.board.changes[-1].incident.ring_to == ()


async def test_what_is_taken_calls_nobody_any_more(desk: Desk, watch: Watch):
    incident = await taken(desk)
    desk.board.users = {7}
    await watch.passes(120)
    assert await desk.entries(incident) == ["opened"]
    assert await desk.texts() == []


async def test_the_policy_of_its_region_and_priority_counts(desk: Desk, watch: Watch):
    policy = stored_policies({0: EscalationPolicy(supervisors_s=60, duty_s=60)})
    await desk.owner.execute("UPDATE region SET escalation = $1", policy)
    await desk.reload()
    await desk.press()
    await watch.passes(58)
    assert await desk.texts() == []
    await watch.passes(4)
    assert await desk.texts() == [("+8613900000009", "duty_untaken")]


async def a_day_passes(desk: Desk) -> None:
    for moved in (
        "incident SET last_signal_at = last_signal_at - interval '1 day'",
        "incident_timer SET since = since - interval '1 day', due_at = due_at - interval '1 day'",
    ):
        await desk.owner.execute(f"UPDATE {moved}")


async def test_what_waits_for_a_day_is_told_to_the_duty_list_all_day(desk: Desk, watch: Watch):
    await desk.press()
    await watch.passes(20)
    assert len(await desk.texts()) == 1
    await a_day_passes(desk)
    await watch.passes(62)
    assert len(await desk.texts()) == 3


async def test_what_a_back_up_has_brought_back_from_yesterday_calls_nobody(
    desk: Desk, watch: Watch
):
    incident = (await desk.press()).incident_id
    await a_day_passes(desk)
    await desk.owner.execute("UPDATE incident_watch SET looked_at = looked_at - interval '1 day'")
    await watch.passes(90)
    assert await desk.texts() == []
    assert await desk.entries(incident) == ["opened", "escalated"]
    assert desk.board.changes[-1].incident.marks == ("escalation_over",)


async def test_g7_each_step_is_made_once_by_two_servers_and_through_restarts(
    desk: Desk, watch: Watch, bench: Workbench
):
    other = Watch(desk, bench)
    incident = (await desk.press()).incident_id
    for _ in range(41):
        await watch.passes(2)
        await other.look()
        watch.restart()
    assert await desk.entries(incident) == ["opened", "duty_told", "duty_told"]
    assert len(await desk.texts()) == 2


# ---- takers who are gone


async def taken(desk: Desk) -> object:
    incident = (await desk.press()).incident_id
    await desk.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = 7, taken_by_name = '王敏', taken_at = $1",
        desk.clock.now(),
    )
    await desk.owner.execute("UPDATE incident_timer SET kind = 'taker_gone', due_at = NULL")
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
    assert await timers(desk) == ["untaken"]


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


# ---- people to call again


async def followed(desk: Desk, minutes: int = 20) -> object:
    incident = await taken(desk)
    await desk.owner.execute(
        "UPDATE incident SET state = 'following', follow_due_at = $1", desk.clock.now()
    )
    await desk.owner.execute(
        "UPDATE incident_timer SET kind = 'follow_up', due_at = clock_timestamp() + $1 * interval '1 minute'",
        minutes,
    )
    return incident


async def test_a_followed_incident_stays_with_its_taker_until_it_is_time_to_call_again(
    desk: Desk, watch: Watch
):
    incident = await followed(desk, minutes=2)
    desk.board.users = {7}
    await watch.passes(118)
    assert await desk.entries(incident) == ["opened"]
    await watch.passes(4)
    assert await desk.entries(incident) == ["opened", "follow_up"]
    after = desk.board.changes[-1].incident
    assert (after.state, after.taken_by, after.ring, after.marks) == (
        "following",
        7,
        2,
        ("follow_due",),
    )


async def test_who_does_not_call_again_in_time_loses_it_to_everybody(desk: Desk, watch: Watch):
    incident = await followed(desk, minutes=0)
    desk.board.users = {7}
    await watch.passes(298)
    assert await desk.entries(incident) == ["opened", "follow_up"]
    await watch.passes(6)
    after = desk.board.changes[-1].incident
    assert await desk.entries(incident) == ["opened", "follow_up", "follow_up"]
    assert (after.state, after.taken_by, after.marks) == ("waiting", None, ("follow_late",))
    assert await timers(desk) == ["untaken"]


async def test_where_its_taker_is_gone_it_is_everybody_s_when_it_is_time(desk: Desk, watch: Watch):
    incident = await followed(desk, minutes=1)
    await watch.passes(62)
    assert await desk.entries(incident) == ["opened", "follow_up"]
    assert desk.board.changes[-1].incident.state == "waiting"


async def test_a_time_that_somebody_has_set_stays_through_an_outage(desk: Desk, watch: Watch):
    incident = await followed(desk, minutes=20)
    desk.board.users = {7}
    await watch.pause(1_300)
    await watch.look()
    assert await desk.entries(incident) == ["opened", "follow_up"]


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


async def test_g7_a_clock_that_is_put_forward_ends_no_alarm(desk: Desk, watch: Watch):
    """It looks a day old, and has waited for seconds."""
    incident = (await desk.press()).incident_id
    await watch.passes(4)
    desk.clock.set_wall(desk.clock.now() + timedelta(days=1))
    await watch.passes(14)
    assert await desk.entries(incident) == ["opened", "duty_told"]
    desk.clock.set_wall(desk.clock.now() - timedelta(days=1))
    await watch.passes(62)
    assert await desk.texts() == [("+8613900000009", "duty_untaken")] * 2


async def test_g7_two_servers_tell_once(desk: Desk, watch: Watch, bench: Workbench):
    other = Watch(desk, bench)
    incident = await taken(desk)
    for _ in range(32):
        await watch.passes(2)
        await other.look()
    assert await desk.entries(incident) == ["opened", "taker_lost"]


@pytest.mark.parametrize("direction", ["up", "down"])
async def test_g7_the_database_goes_in_the_middle_of_a_step_and_is_away_for_a_minute(
    desk: Desk, watch: Watch, bench: Workbench, direction: Direction
):
    """Before the step has reached it, or before its answer has come back: the step is made once, and the next in its time."""
    async with FlakyProxy.to_postgres(desk.database.dsn) as proxy:
        database = Database(proxy.dsn)
        far = Watch(desk, replace(bench, connections=HeldConnections(database, "far", 1)))
        incident = (await desk.press()).incident_id
        await far.passes(14)
        proxy.hold(direction, lambda data: b"duty_told" in data)
        step = asyncio.ensure_future(far.passes(2))
        await proxy.held(direction)
        proxy.cut()
        with pytest.raises(Unavailable):
            await step
        await far.pause(60)
        proxy.restore()
        await far.passes(4)
        assert await desk.entries(incident) == ["opened", "duty_told"]
        await far.passes(52)
        assert len(await desk.texts()) == 1
        await far.passes(10)
        assert await desk.texts() == [("+8613900000009", "duty_untaken")] * 2
        await far.bench.connections.close()
        await database.close()


@pytest.mark.parametrize("what", ["unseen", "lost"])
async def test_an_incident_that_somebody_holds_keeps_no_other_from_being_looked_after(
    desk: Desk, watch: Watch, what: str
):
    held, other = [(await desk.press(name)).incident_id for name in ("held", "other")]
    if what == "lost":
        await desk.owner.execute("UPDATE incident SET state = 'taken', taken_by = 7")
        await desk.owner.execute("UPDATE incident_timer SET kind = 'taker_gone', due_at = NULL")
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


async def test_an_incident_that_cannot_be_written_keeps_no_other_from_being_looked_after(
    desk: Desk, watch: Watch
):
    first, second = [(await desk.press(name)).incident_id for name in ("broken", "other")]
    await desk.owner.execute(
        f"ALTER TABLE incident ADD CONSTRAINT broken CHECK (id <> '{first}' OR escalated = 0)"
    )
    desk.board.seats = False
    await watch.passes(6)
    assert await desk.entries(first) == ["opened"]
    assert await desk.entries(second) == ["opened", "duty_told"]


async def test_one_whose_region_nobody_knows_keeps_no_other_from_being_looked_after(
    desk: Desk, watch: Watch
):
    first, second = [(await desk.press(name)).incident_id for name in ("lost", "other")]
    await desk.owner.execute("UPDATE incident SET region_id = 999 WHERE id = $1", first)
    desk.board.seats = False
    await watch.passes(6)
    assert await desk.entries(second) == ["opened", "duty_told"]


async def test_old_dedup_keys_go_and_young_ones_stay(desk: Desk, bench: Workbench, watch: Watch):
    await desk.press("old")
    desk.clock.advance(3 * 86_400)
    await desk.press("young")
    keys = OldKeys(bench)
    assert await keys.run_once(desk.clock.now()) == 1
    assert await keys.run_once(desk.clock.now()) == 0
    assert await desk.owner.fetchval("SELECT count(*) FROM signal_dedup") == 1
