"""The chain is checked over the rows as they stand, and whoever has gone around the server is found out."""

from __future__ import annotations

import pytest

from callcenter.audit import checking
from callcenter.audit.chain import Fault
from callcenter.audit.chained import AUDIT
from callcenter.audit.checking import Checked, check_trail
from callcenter.audit.linking import Links, New
from callcenter.audit.trail import record


@pytest.fixture
async def linked(database, clock):
    """Five entries in the chain."""
    async with database.transaction() as session:
        for number in range(1, 6):
            await record(
                session,
                at=clock.advance(60),
                principal_id=7,
                action="profile_seen",
                subject=f"home:{number}",
                region_ids=(1, 2),
                detail={"why": "求助", "ids": [number], "weight": 1.5},
            )
    links = Links(database, [New(AUDIT)], by="host 1")
    await links.run_once(clock.now())
    await links.connections.close()


async def checked(database, first: int = 1, until: int | None = None) -> Checked:
    connection = await database.connect("auditor")
    try:
        return await check_trail(connection, first, until)
    finally:
        await connection.close()


def fault_of(found: Checked) -> tuple[int, Fault] | None:
    return (found.broken.number, found.broken.fault) if found.broken else None


async def third(owner) -> object:
    return await owner.fetchval("SELECT entry_id FROM audit_link WHERE number = 3")


async def test_a_chain_that_nobody_touched_holds_to_its_head(database, linked):
    found = await checked(database)
    assert (found.first, found.last, found.broken, found.outside) == (1, 5, None, 0)
    assert found.head is not None
    assert found.head.number == 5


async def test_an_empty_chain_holds(database):
    found = await checked(database)
    assert (found.last, found.broken, found.head) == (0, None, None)


async def test_a_long_chain_is_checked_part_by_part(database, linked, monkeypatch):
    monkeypatch.setattr(checking, "MOST", 2)
    parts = [await checked(database, first) for first in (1, 3, 5)]
    assert [(part.first, part.last, part.broken) for part in parts] == [
        (1, 2, None),
        (3, 4, None),
        (5, 5, None),
    ]
    assert (await checked(database, 2, 3)).last == 3


async def test_a_changed_entry_is_named_and_the_parts_around_it_hold(database, owner, linked):
    await owner.execute("UPDATE audit_entry SET user_id = 8 WHERE id = $1", await third(owner))
    assert fault_of(await checked(database)) == (3, Fault.CHANGED)
    assert (await checked(database, 4)).broken is None
    assert (await checked(database, 1, 2)).broken is None


async def test_an_entry_that_was_deleted_is_named(database, owner, linked):
    await owner.execute("DELETE FROM audit_entry WHERE id = $1", await third(owner))
    assert fault_of(await checked(database)) == (3, Fault.GONE)


@pytest.mark.parametrize(("taken", "first", "named"), [(3, 1, 3), (3, 4, 3), (1, 1, 1)])
async def test_a_link_that_was_deleted_is_named(database, owner, linked, taken, first, named):
    await owner.execute("DELETE FROM audit_link WHERE number = $1", taken)
    assert fault_of(await checked(database, first)) == (named, Fault.GONE)


@pytest.mark.parametrize("taken", [[2], [2, 3], [3, 4]])
async def test_links_that_are_gone_at_the_edge_of_a_part_leave_the_next_ones_whole(
    database, owner, linked, monkeypatch, taken
):
    monkeypatch.setattr(checking, "MOST", 2)
    await owner.execute("DELETE FROM audit_link WHERE number = ANY($1)", taken)
    connection = await database.connect("auditor")
    found = await checking.faults_between(connection, AUDIT, 1, 5, most=9)
    await connection.close()
    assert [(one.number, one.fault) for one in found] == [(each, Fault.GONE) for each in taken]


async def test_an_entry_that_was_slipped_in_long_ago_stands_outside(database, owner, clock, linked):
    await owner.execute(
        "INSERT INTO audit_entry (id, at, action, subject) VALUES ('01900000-0000-7000-8000-000000000000', $1, 'x', 'y')",
        clock.now(),
    )
    assert (await checked(database)).outside == 1
