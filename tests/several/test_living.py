"""Each server says that it lives; an older one stands back while a newer one does, and no longer than that is known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.core.migrating import latest_revision
from callcenter.several.living import LEASE_S, Lives, Self
from callcenter.several.standing_back import Sibling
from tests.support.clock import HandClock

Live = Callable[..., Lives]


@pytest.fixture
async def live(database: Database) -> AsyncIterator[Live]:
    made: list[Lives] = []

    def one(name: str, *, writes: bool = True, on: Database = database) -> Lives:
        own = Self(new_id(), name, "1.0")
        lives = Lives(on, HandClock(), own, writes=writes)
        made.append(lives)
        return lives

    yield one
    for lives in made:
        await lives.connections.close()


async def look(lives: Lives) -> None:
    await lives.run_once(HandClock().now())


async def test_servers_know_each_other(live: Live):
    first, second, office = live("a"), live("b"), live("b", writes=False)
    for each in (first, second, office, first):
        await look(each)
    assert first.siblings == [Sibling("b", latest_revision())]
    assert [each.name for each in office.siblings] == ["a", "b"]


async def test_one_that_is_leaving_says_so_and_is_gone_when_it_has_left(live: Live):
    first, second = live("a"), live("b")
    second.leaving = True
    for each in (second, first):
        await look(each)
    assert [each.leaving for each in first.siblings] == [True]
    await second.leave()
    await look(first)
    assert first.siblings == []


async def newer_one(owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE alembic_version SET version_num = '9999'")
    await owner.execute(
        "INSERT INTO server_life (process_id, name, build, revision, leaving, lease_until)"
        " VALUES ($1, 'newer', '2.0', '9999', false, clock_timestamp() + interval '6 s')",
        new_id(),
    )


async def test_it_stands_back_for_a_newer_one_and_says_so_once(
    live: Live, owner: asyncpg.Connection
):
    lives, turns = live("a"), []
    lives.on_change = lambda: turns.append(lives.stands_back)
    await look(lives)
    await newer_one(owner)
    for _ in range(2):
        await look(lives)
    assert (lives.stands_back, turns) == (True, [True])
    await owner.execute("DELETE FROM server_life WHERE name = 'newer'")
    await look(lives)
    assert (lives.stands_back, turns) == (False, [True, False])


async def test_what_was_seen_longer_ago_than_a_lease_counts_no_more(
    database: Database, owner: asyncpg.Connection
):
    """The database is away, and with it perhaps the other server: whatever can still be done here is done."""
    clock = HandClock()
    lives = Lives(database, clock, Self(new_id(), "a", "1.0"), writes=True)
    await newer_one(owner)
    await look(lives)
    assert lives.stands_back
    clock.advance(LEASE_S)
    assert not lives.stands_back
    await lives.connections.close()


async def test_a_row_whose_lease_is_over_is_nobody(live: Live, owner: asyncpg.Connection):
    lives = live("a")
    await newer_one(owner)
    await owner.execute("UPDATE server_life SET lease_until = clock_timestamp() - interval '2 h'")
    await look(lives)
    assert (lives.siblings, lives.stands_back) == ([], False)
    assert await owner.fetchval("SELECT count(*) FROM server_life") == 1


async def test_a_clock_of_the_database_that_is_set_back_keeps_no_dead_server_alive(
    live: Live, owner: asyncpg.Connection
):
    first, dead = live("a"), live("b")
    for each in (dead, first):
        await look(each)
    await owner.execute("UPDATE server_life SET lease_until = lease_until + interval '1 hour'")
    await look(first)
    assert first.siblings == []
    for each in (dead, first):
        await look(each)
    assert [each.name for each in first.siblings] == ["b"]


async def test_a_database_that_is_away_is_said_to_be():
    away = Database("postgresql://cc@127.0.0.1:1/x")
    lives = Lives(away, HandClock(), Self(new_id(), "a", "1.0"), writes=True)
    with pytest.raises(Unavailable):
        await look(lives)
    await away.close()
