"""Every entry gets its place in the chain, in whatever order its writers end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.audit import linking
from callcenter.audit.chained import AUDIT
from callcenter.audit.linking import Everything, Links, New
from callcenter.audit.trail import record
from callcenter.core.ids import new_id


@pytest.fixture
async def links(database):
    made = Links(database, [New(AUDIT), Everything(AUDIT)], by="host 1")
    yield made
    await made.connections.close()


async def look(database, clock, subject: str) -> None:
    async with database.transaction() as session:
        await record(
            session, at=clock.now(), principal_id=7, action="profile_seen", subject=subject
        )


async def chained(owner) -> list[str]:
    rows = await owner.fetch(
        "SELECT number, subject FROM audit_link JOIN audit_entry ON id = entry_id ORDER BY number"
    )
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    return [row["subject"] for row in rows]


async def test_entries_are_linked_in_the_order_in_which_they_were_made(
    database, owner, clock, links
):
    for subject in ("home:1", "home:2"):
        await look(database, clock, subject)
    assert await links.run_once(clock.now()) == 2
    assert await links.run_once(clock.now()) == 0
    assert await chained(owner) == ["home:1", "home:2"]


async def test_one_whose_transaction_ended_late_is_linked_behind_those_that_came_after_it(
    database, owner, clock, links
):
    async with database.transaction() as session:
        await record(
            session, at=clock.now(), principal_id=7, action="home_changed", subject="home:1"
        )
        await look(database, clock, "home:2")
        assert await links.run_once(clock.now()) == 1
        assert await links.run_once(clock.now()) == 0
    assert await links.run_once(clock.now()) == 1
    assert await chained(owner) == ["home:2", "home:1"]


async def test_another_server_goes_on_where_this_one_ended(database, owner, clock, links):
    await look(database, clock, "home:1")
    await links.run_once(clock.now())
    await look(database, clock, "home:2")
    other = Links(database, [New(AUDIT), Everything(AUDIT)], by="host 1")
    assert await other.run_once(clock.now()) == 1
    await other.connections.close()
    assert await links.run_once(clock.now()) == 0
    assert await chained(owner) == ["home:1", "home:2"]


async def test_a_long_trail_is_linked_part_by_part(database, owner, clock, links, monkeypatch):
    monkeypatch.setattr(linking, "PAGE", 2)
    for number in range(3):
        await look(database, clock, f"home:{number}")
    assert [await links.run_once(clock.now()) for _ in range(2)] == [2, 1]
    assert len(await chained(owner)) == 3


async def test_what_a_clock_that_was_put_back_has_written_is_linked_within_a_day(
    database, owner, clock, links
):
    await look(database, clock, "home:1")
    of_long_ago = new_id().int - (3_600_000 << 80)
    await links.run_once(clock.now())
    await links.run_once(clock.now())
    await owner.execute(
        "INSERT INTO audit_entry (id, at, action, subject) VALUES ($1::text::uuid, $2, 'profile_seen', 'home:2')",
        f"{of_long_ago:032x}",
        clock.now(),
    )
    assert await links.run_once(clock.now()) == 0
    assert await links.run_once(clock.now() + timedelta(days=1)) == 1
    assert await chained(owner) == ["home:1", "home:2"]


async def test_after_many_at_once_it_rests_and_then_links_what_came_meanwhile(
    database, owner, clock, links, monkeypatch
):
    monkeypatch.setattr(linking, "MANY", 2)
    for subject in ("home:1", "home:2"):
        await look(database, clock, subject)
    assert await links.run_once(clock.now()) == 2
    await look(database, clock, "home:3")
    assert await links.run_once(clock.advance(4)) == 0
    assert await links.run_once(clock.advance(1)) == 1
    await look(database, clock, "home:4")
    assert await links.run_once(clock.advance(1)) == 1
    assert len(await chained(owner)) == 4


async def test_a_clock_that_was_put_back_does_not_make_its_rest_longer(
    database, clock, links, monkeypatch
):
    monkeypatch.setattr(linking, "MANY", 1)
    await look(database, clock, "home:1")
    assert await links.run_once(clock.now()) == 1
    await look(database, clock, "home:2")
    assert await links.run_once(clock.advance(-3600)) == 1
