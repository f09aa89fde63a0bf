"""A replay has a system of its own and touches no other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from callcenter.core.errors import Invalid
from callcenter.replaying.moved_clock import MovedClock
from callcenter.replaying.night import Night
from callcenter.replaying.scratch import Place, empty_system as fresh_system
from callcenter.replaying.walking import refuse_filled, walk_on

NIGHT = Night({"since": "2026-03-14T00:00:00+00:00", "zone": "Asia/Shanghai", "awake": []}, {})


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path):
    (tmp_path / "keys.json").write_text("{}")
    with pytest.raises(Invalid) as error, fresh_system(tmp_path):
        pass
    assert error.value.code == "replay_not_empty"
    assert [file.name for file in tmp_path.iterdir()] == ["keys.json"]


async def test_a_database_that_was_not_made_for_it_is_refused(dsn: str, databases):
    """The site's own, for one: nothing in it moves its clock."""
    site = await databases.clone()
    with pytest.raises(Invalid) as error:
        async with walk_on(NIGHT, site, databases.admin_dsn_of(site)):
            pass
    await databases.drop(site)
    assert error.value.code == "replay_not_empty"


async def test_a_database_with_a_night_in_it_is_refused(empty_system: Place):
    connection = await asyncpg.connect(empty_system.dsn)
    await refuse_filled(connection)
    await connection.execute(
        "INSERT INTO journal (id, source, outcome, received_at, stored_at, raw)"
        " VALUES (gen_random_uuid(), 'x', 'undecodable', now(), now(), '')"
    )
    with pytest.raises(Invalid):
        await refuse_filled(connection)
    await connection.close()


async def test_the_clock_of_process_and_database_is_moved_together(empty_system: Place):
    owner = await asyncpg.connect(empty_system.dsn)
    begin = datetime(2026, 3, 14, tzinfo=UTC)
    clock = MovedClock(begin, owner)
    await clock.set(datetime(2026, 3, 14, 0, 0, 7, tzinfo=UTC))
    told = await owner.fetchrow("SELECT clock_timestamp() AS one, now() AS other")
    assert {*told.values()} == {clock.now()}
    assert clock.monotonic() == 1_007.0
    await clock.set(begin)
    assert clock.monotonic() == 1_007.0, "it never goes back"
    await owner.close()


async def test_no_other_database_of_the_cluster_has_its_clock_moved(dsn: str, databases):
    other = await databases.clone()
    connection = await asyncpg.connect(other)
    told = await connection.fetchval(
        "SELECT abs(extract(epoch FROM clock_timestamp() - pg_catalog.now()))"
    )
    assert told < 60
    await connection.close()
    await databases.drop(other)
