"""What is read is exact against a plain count, and is read once in two seconds whoever asks."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from callcenter.alerts.live.figures import TARGETS, Requests, figures
from callcenter.alerts.live.reading import LiveReading, read_figures
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from tests.support.clock import HandClock

ZONE = ZoneInfo("Asia/Shanghai")
EAST, WEST = [1, 2], [1, 3]
OPEN = ("waiting", "taken", "following")


async def opened(
    owner: asyncpg.Connection,
    at: datetime,
    *,
    path: list[int] = EAST,
    taken_after: float | None = None,
    state: str = "waiting",
    signal_class: str = "alarm",
    by_phone: bool = False,
) -> None:
    """An incident of `at`; taken after so many seconds, by somebody at a seat or by a duty phone."""
    incident_id = new_id()
    outcome = "test" if state == "closed" else None
    await owner.execute(
        "INSERT INTO incident (id, subject, class, kind, kinds, state, priority, region_id, region_path, source, card, opened_at,"
        " last_signal_at, outcome, closed_at, follow_due_at, taken_by, taken_by_name)"
        " VALUES ($1::uuid, 'device:' || $1, $2, 'sos', '{sos}', $3, 1, $4, $5, 'dc09', '{}', $6, $6, $7, $8, $9, $10, $11)",
        incident_id, signal_class, state, path[-1], path, at, outcome, at if outcome else None,
        at + timedelta(minutes=20) if state == "following" else None,
        None if state == "waiting" else 7, None if state == "waiting" else "王敏",
    )  # fmt: skip
    if taken_after is not None:
        kind, data = ("reply", '{"takes": true}') if by_phone else ("taken", "{}")
        await owner.execute(
            "INSERT INTO timeline_entry (incident_id, number, at, kind, data) VALUES ($1, 2, $2, $3, $4::text::jsonb)",
            incident_id, at + timedelta(seconds=taken_after), kind, data,
        )  # fmt: skip


@pytest.fixture
async def live(database: Database, clock: HandClock) -> AsyncIterator[LiveReading]:
    made = LiveReading(database, clock, ZONE)
    yield made
    await made.close()


async def test_levels_and_counts_are_those_of_a_plain_count(
    owner: asyncpg.Connection, clock: HandClock
):
    dice = random.Random(20260314)
    now = clock.now()
    for _ in range(150):
        state = dice.choice((*OPEN, "closed"))
        wait = None if state == "waiting" else dice.choice((0, 14, 15, 15.5, 20, 21, 60, 61, 200))
        age = dice.choice((10, 30, 100, 1_000, 3_599, 3_601, 50_000, 90_000))
        signal_class = dice.choice(("alarm", "alarm", "technical"))
        await opened(
            owner, now - timedelta(seconds=age), path=dice.choice((EAST, WEST)), taken_after=wait,
            state=state, signal_class=signal_class, by_phone=dice.random() < 0.3,
        )  # fmt: skip
    day = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    reading = await read_figures(owner, now, ZONE)
    for scope in (1, 2, 3):
        found = figures(reading, {scope}, {scope})
        for levels, since in (
            (found.service_now, now - timedelta(hours=1)),
            (found.service_today, day),
        ):
            for level, target in zip(levels, TARGETS, strict=True):
                assert (level.decided, level.met) == await plain_level(
                    owner, scope, since, now, target.seconds
                )
        counted = await owner.fetchval(
            "SELECT count(*) FROM incident WHERE state <> 'closed' AND $1 = ANY(region_path)", scope
        )
        assert sum(one.count for one in found.open) == counted
        today = await owner.fetchrow(
            "SELECT count(*) FILTER (WHERE class = 'alarm'), count(*) FILTER (WHERE class = 'alarm' AND state = 'closed'),"
            " count(*) FILTER (WHERE class = 'technical') FROM incident WHERE opened_at >= $1 AND $2 = ANY(region_path)",
            day,
            scope,
        )
        assert (found.today.alarms, found.today.closed, found.today.technical) == tuple(today)
        assert found.late_count == await owner.fetchval(
            "SELECT count(*) FROM incident WHERE $1 = ANY(region_path) AND (follow_due_at <= $2 AND state <> 'closed'"
            " OR state = 'waiting' AND class = 'alarm' AND $2 - opened_at > interval '60 seconds')",
            scope,
            now,
        )
        oldest = await owner.fetchval(
            "SELECT min(opened_at) FROM incident WHERE state = 'waiting' AND class = 'alarm' AND $1 = ANY(region_path)",
            scope,
        )
        assert found.longest_waiting is not None
        assert found.longest_waiting.since == oldest


async def plain_level(
    owner: asyncpg.Connection, scope: int, since: datetime, now: datetime, seconds: int
) -> tuple[int, int]:
    """Decided and met, one alarm after the other."""
    alarms = await owner.fetch(
        "SELECT id, opened_at FROM incident WHERE class = 'alarm' AND opened_at >= $1 AND $2 = ANY(region_path)",
        since,
        scope,
    )
    decided = met = 0
    for alarm in alarms:
        taken = await owner.fetchval(
            "SELECT at FROM timeline_entry WHERE incident_id = $1 AND number = 2", alarm["id"]
        )
        if taken is not None and (taken - alarm["opened_at"]).total_seconds() <= seconds:
            met += 1
        late = (now - alarm["opened_at"]).total_seconds() > seconds
        decided += taken is not None or late
    return decided, met


async def test_whoever_asks_within_two_seconds_is_told_the_same(
    live: LiveReading, owner: asyncpg.Connection, clock: HandClock
):
    first = await live.latest()
    await opened(owner, clock.now())
    clock.advance(1.9)
    assert await live.latest() is first
    clock.advance(0.1)
    assert len((await live.latest()).open) == 1


async def test_an_alarm_of_yesterday_evening_counts_in_this_hour_and_not_in_this_day(
    live: LiveReading, owner: asyncpg.Connection, clock: HandClock
):
    clock.set_wall(clock.now().replace(hour=16, minute=10))  # ten past midnight at the site
    await opened(owner, clock.now() - timedelta(minutes=20), taken_after=5)
    found = figures(await live.latest(), {1})
    assert (found.service_now[0].met, found.service_today[0].decided) == (1, 0)
    assert found.today.alarms == 0


async def test_while_the_database_is_away_nobody_is_shown_old_figures(clock: HandClock):
    nowhere = LiveReading(Database("postgresql://nobody@127.0.0.1:9/none"), clock, ZONE)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await nowhere.latest()


async def test_requests_are_late_by_their_own_time(owner: asyncpg.Connection, clock: HandClock):
    now = clock.now()
    for state in (*OPEN, "closed"):
        await opened(owner, now, state=state, signal_class="service")
    await opened(owner, now, signal_class="service")
    await opened(owner, now, signal_class="technical")
    late = "UPDATE incident SET call_back_by = $1 WHERE class = 'service' AND number = 1"
    await owner.execute(late, now)
    found = figures(await read_figures(owner, now, ZONE), {1})
    assert found.requests == Requests(open=4, waiting=2, late=1)
    later = now + timedelta(minutes=20)
    asked_again = figures(await read_figures(owner, later, ZONE), {1})
    assert asked_again.requests.late == 2  # whoever was followed is to be asked whether it was done
    assert (asked_again.late, asked_again.late_count) == ([], 0)


async def test_a_request_that_became_an_alarm_waits_since_then(
    owner: asyncpg.Connection, clock: HandClock
):
    now = clock.now()
    await opened(owner, now - timedelta(minutes=10), state="taken", taken_after=300)
    raised = (
        "INSERT INTO timeline_entry (incident_id, number, at, kind)"
        " SELECT id, 3, $1, 'raised' FROM incident"
    )
    await owner.execute(raised, now - timedelta(minutes=1))
    level = figures(await read_figures(owner, now, ZONE), {1}).service_now[0]
    assert (level.decided, level.met) == (1, 1)


async def test_what_is_part_of_another_alarm_is_counted_there(
    live: LiveReading, owner: asyncpg.Connection, clock: HandClock
):
    await opened(owner, clock.now() - timedelta(minutes=20), taken_after=5)
    await opened(owner, clock.now() - timedelta(minutes=20), state="closed")
    await owner.execute("UPDATE incident SET outcome = 'part_of_other' WHERE state = 'closed'")
    found = figures(await live.latest(), {1})
    assert (found.service_now[0].decided, found.today.alarms, found.today.closed) == (1, 1, 0)
