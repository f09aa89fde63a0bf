"""Two servers in one outage, and a step that turns out needless: what was done at both is written by the same rules, what stood against
it is on the timeline, and of every text that has left there is a row.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from callcenter.alerts.incident import Incident
from tests.support.outage_room import OutageRoom, outage_room, server_beside
from tests.support.postgres import TestDatabases

HOME = "home:1"
DUTY = "+8613900000009"


@pytest.fixture
async def servers(
    dsn: str, databases: TestDatabases, tmp_path: Path
) -> AsyncIterator[tuple[OutageRoom, OutageRoom]]:
    """Both have lost the database."""
    async with outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as first:
        first.board.supervisors = set()
        await first.owner.execute("UPDATE region SET duty_numbers = $1", [DUTY])
        await first.crash_and_start()
        await first.tick()
        async with server_beside(first, tmp_path) as second:
            for server in (first, second):
                server.goes_away()
                for user in ("wang", "li"):  # each server knows who sits at the other
                    server.sits(user, there=True)
            yield first, second


def shown(server: OutageRoom) -> Incident:
    found = server.open_of(HOME)
    assert found is not None
    return found


async def write(*servers: OutageRoom) -> None:
    """One after the other."""
    for server in servers:
        server.comes_back()
        await server.all_written()


async def refusals(room: OutageRoom) -> list[tuple[str, str, str]]:
    """What stands on timelines as not written: what, why, whose or how many."""
    rows = await room.owner.fetch(
        "SELECT data::text FROM timeline_entry WHERE kind = 'not_written' ORDER BY incident_id, number"
    )
    said = [orjson.loads(row["data"]) for row in rows]
    return [(one["command"], one["code"], one["note"]) for one in said]


async def rows_of_texts(room: OutageRoom) -> dict[str, str]:
    rows = await room.owner.fetch("SELECT id::text, state FROM sms_message")
    return {row["id"]: row["state"] for row in rows}


async def every_text_that_left_has_its_row(*servers: OutageRoom) -> None:
    left = [str(text["id"]) for server in servers for text in server.handed]
    assert left
    assert set(left) <= set(await rows_of_texts(servers[0]))


async def test_g5_two_takers_of_one_home_at_two_servers_are_settled_and_the_timeline_says_whose_take_was_not_written(
    servers: tuple[OutageRoom, OutageRoom],
):
    first, second = servers
    await first.press("1")
    await second.press("2")
    await first.give(shown(first).id, first.order("take", "wang"))
    await second.give(shown(second).id, second.order("take", "li"))
    await second.give(shown(second).id, second.order("note", "li", text="敲门无人应"))
    await write(first, second)
    [one] = await first.rows()
    assert (one["press_count"], one["taken_by_name"]) == (2, "wang")
    assert await refusals(first) == [
        ("take", "taken_by_other", "li"),
        ("text", "left_needless", "1"),
    ]
    assert [kind.split()[0] for kind in one["entries"]].count("note") == 1
    await every_text_that_left_has_its_row(first, second)


async def test_a_server_that_dies_before_it_has_written_loses_none_of_it(
    servers: tuple[OutageRoom, OutageRoom],
):
    first, second = servers
    await first.press("1")
    await second.press("2")
    await second.give(shown(second).id, second.order("note", "li", text="敲门无人应"))
    await write(first)
    await second.crash_and_start()
    [one] = await first.rows()
    assert [kind.split()[0] for kind in one["entries"]].count("note") == 1
    assert await refusals(first) == [("text", "left_needless", "1")]
    await every_text_that_left_has_its_row(first, second)


async def test_a_step_that_was_needless_when_it_is_written_leaves_the_row_of_its_text_and_a_word(
    servers: tuple[OutageRoom, OutageRoom],
):
    """The one has taken it, the other called the duty phone."""
    first, second = servers
    await write(first, second)
    await first.press("1")
    incident = shown(first)
    await second.process.recovery._load(second.owner)
    await second.process.ladder.run_once(second.clock.now())
    for server in servers:
        server.goes_away()
    await first.give(incident.id, first.order("take", "wang"))
    await first.tick(31)
    await second.process.ladder.run_once(second.clock.now())
    assert [text["recipient"] for text in second.handed] == [DUTY]
    await write(first, second)
    assert await refusals(first) == [("text", "left_needless", "1")]
    await every_text_that_left_has_its_row(first, second)


async def test_where_no_office_has_sent_it_there_is_nothing_to_say(
    servers: tuple[OutageRoom, OutageRoom],
):
    first, second = servers
    second.office = False
    await first.press("1")
    await second.press("2")
    await write(first, second)
    assert await refusals(first) == []
    assert second.process.keeping.left == {}
