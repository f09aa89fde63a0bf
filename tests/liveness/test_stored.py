"""What the database says of itself, asked as the server may ask."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.core.clock import SystemClock
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.liveness.checks import Check, CheckState
from callcenter.liveness.stored import CHECKS, stored_facts


async def test_a_fresh_database_has_all_but_a_proof(database: Database):
    connections = HeldConnections(database, "test", 1)
    found = {fact.check: fact for fact in await stored_facts(connections, SystemClock().now)}
    await connections.close()
    assert set(found) == set(CHECKS)
    clock, size = found[Check.CLOCK_DATABASE].value, found[Check.DATABASE_SIZE].value
    assert clock is not None
    assert clock < 5
    assert size is not None
    assert size > 0
    assert found[Check.WAL].value is not None or found[Check.WAL].said == "not_allowed"
    assert found[Check.CHAIN].value == 0
    assert (found[Check.PROOF].said, found[Check.PROOF].at_least) == ("never", CheckState.WARN)


async def test_a_clock_that_is_off_is_seen(database: Database):
    connections = HeldConnections(database, "test", 1)
    found = await stored_facts(connections, lambda: datetime(2020, 1, 1, tzinfo=UTC))
    await connections.close()
    value = next(fact.value for fact in found if fact.check is Check.CLOCK_DATABASE)
    assert value is not None
    assert value > 86_400


async def test_without_a_database_all_of_it_is_unknown():
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none")
    found = await stored_facts(HeldConnections(nowhere, "test", 1), SystemClock().now)
    await nowhere.close()
    assert {fact.check for fact in found} == set(CHECKS)
    assert all(fact.value is None and fact.said == "database_away" for fact in found)
