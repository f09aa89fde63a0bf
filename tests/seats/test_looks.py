"""What was pushed to whom stands in the audit trail, once for each incident."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.core.processing import Wakeups
from callcenter.seats.board import Shown
from callcenter.seats.looks import SLICE, Looks
from tests.support.clock import HandClock
from tests.support.flaky_proxy import FlakyProxy

EAST, WEST, ROOT = frozenset({2}), frozenset({3}), frozenset({1})


@pytest.fixture
def wakeups() -> Wakeups:
    return Wakeups()


@pytest.fixture
async def looks(database: Database, clock: HandClock, wakeups: Wakeups):
    made = Looks(clock, database, wakeups)
    yield made
    await made.connections.close()


def row(*path: int, key: object = None, look: bool = True) -> Shown:
    return Shown(key or new_id(), 1, list(path), b"{}", look={"home_id": 7} if look else None)


async def written(
    looks: Looks, owner: asyncpg.Connection, clock: HandClock
) -> list[tuple[str, list[int], dict[str, object]]]:
    await looks.run_once(clock.now())
    rows = await owner.fetch("SELECT * FROM audit_entry WHERE action = 'card_pushed' ORDER BY id")
    return [(row["subject"], row["region_ids"], row["detail"]) for row in rows]


async def test_g8_a_pushed_card_names_the_scopes_that_saw_it(looks, owner, clock, wakeups):
    pushed = row(1, 2)
    looks.note([pushed], {EAST, WEST, ROOT})
    assert wakeups.event("looks").is_set()
    detail = {"home_id": 7, "scopes": [[1], [2]]}
    assert await written(looks, owner, clock) == [(f"incident:{pushed.key}", [1, 2], detail)]


async def test_an_incident_is_written_down_once_however_often_it_changes(looks, owner, clock):
    incident_id = new_id()
    for _ in range(5):
        looks.note([row(1, 2, key=incident_id)], {EAST})
    assert len(await written(looks, owner, clock)) == 1
    looks.note([row(1, 2, key=incident_id)], {EAST})
    assert len(await written(looks, owner, clock)) == 1


async def test_what_no_seat_saw_or_shows_nobody_is_not_written_down(looks, owner, clock):
    looks.note([row(1, 2)], {WEST})
    looks.note([row(1, 2)], set())
    looks.note([row(1, 2, look=False)], {EAST})
    assert await written(looks, owner, clock) == []


async def test_more_than_a_slice_is_written_whole(looks, owner, clock):
    looks.note([row(1, 2) for _ in range(SLICE + 1)], {EAST})
    assert len(await written(looks, owner, clock)) == SLICE + 1


async def test_nothing_is_lost_while_the_database_is_away(dsn, owner, clock, wakeups):
    async with FlakyProxy.to_postgres(dsn) as proxy:
        away = Database(proxy.dsn)
        looks = Looks(clock, away, wakeups)
        looks.note([row(1, 2)], {EAST})
        proxy.cut()
        with pytest.raises(Unavailable):
            await looks.run_once(clock.now())
        proxy.restore()
        assert len(await written(looks, owner, clock)) == 1
        await looks.connections.close()
        await away.close()
