"""What a real server has written goes through an empty system and comes to the same end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from callcenter.replaying.night import first_difference, read, written
from callcenter.replaying.reading import Site, read_night
from callcenter.replaying.replaying import go_through
from callcenter.replaying.scratch import Place as Empty, give_moved_clock
from tests.support.console import open_console
from tests.support.living import Hand, pressed
from tests.support.place import Place
from tests.support.postgres import TestDatabases
from tests.support.waiting import until_told

SITE = Site("Asia/Shanghai", "test", 60.0)


@pytest.mark.slow
async def test_a_real_night_comes_to_the_same_end(place: Place, durable_databases: TestDatabases):
    began = datetime.now(UTC) - timedelta(seconds=1)
    await place.site.owner.execute("UPDATE region SET duty_numbers = '{+8613900000099}'")
    server = await place.serve()
    wang, li = (Hand(server, one) for one in place.site.operators)
    async with open_console(server.url, wang.operator) as console:
        first = await pressed(server, place.site.phone(0))
        await console.shows(first)
        await wang.works(first)
        second = await pressed(server, place.site.phone(1))
        await wang.done(second, "take")
        assert await pressed(server, place.site.phone(1)) == second
        await wang.done(second, "follow", minutes=1)
        async with open_console(server.url, li.operator):
            third = await pressed(server, place.site.phone(2))
            await li.done(third, "take")
            await li.done(third, "release")
        untaken = await pressed(server, place.site.phone(3))
        told = "timeline_entry WHERE kind = 'duty_told' AND incident_id = $1"
        await until_told(lambda: place.count(told, UUID(untaken)), "the duty list to be told", 60)
    stranger = await pressed(server, "who-is-that")
    await until_told(
        lambda: place.count("seat_change WHERE gone HAVING count(*) = 2"), "seats that are gone", 10
    )
    assert stranger not in (first, second, third, untaken)
    now = datetime.now(UTC)
    night = read(written(await read_night(place.site.owner, began, now, now, SITE)))

    dsn = await durable_databases.clone()
    empty = Empty(dsn, durable_databases.admin_dsn_of(dsn))
    await give_moved_clock(empty.admin_dsn)
    came = await go_through(night, empty)
    await durable_databases.drop(dsn)
    for hand in (wang, li):
        await hand.client.aclose()

    assert came.refused == []
    line = first_difference(night.said, came.said)
    assert line is None, f"{line}:\n{night.said[line - 1]}\n{came.said[line - 1]}"
    assert len(night.lines["command"]) == 8
