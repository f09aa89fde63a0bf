"""While the database is away an alarm that nobody takes calls on: the same steps at the same times, each phone once, and afterwards
they stand on the timeline as they were made.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from callcenter.alerts.incident import Incident, State
from callcenter.alerts.timers_in_memory import order_id
from callcenter.devices.signals import Kind
from callcenter.sms.catalogue import FOLDS
from tests.support.outage_room import OutageRoom, outage_room
from tests.support.postgres import TestDatabases

HOME = "home:1"
DUTY = "+8613900000009"
SECOND = "+8613900000019"


@pytest.fixture
async def room(dsn: str, databases: TestDatabases, tmp_path: Path) -> AsyncIterator[OutageRoom]:
    """Two phones on the duty list, and nobody who supervises. A taker may be away for ten seconds."""
    async with outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as made:
        made.taker_gone_s = 10.4
        made.board.supervisors = set()
        await made.owner.execute("UPDATE region SET duty_numbers = $1", [DUTY, SECOND])
        await made.crash_and_start()
        await made.tick()
        yield made


async def pass_time(room: OutageRoom, seconds: int) -> None:
    for _ in range(seconds):
        await room.tick()


async def press(room: OutageRoom, pendant: str = "1") -> Incident:
    stored = await room.press(pendant)
    assert stored.incident_id is not None
    return shown(room, stored.incident_id)


def shown(room: OutageRoom, incident_id: UUID) -> Incident:
    held = room.process.keeping.incidents.get(incident_id)
    assert held is not None
    return held.incident


def phoned(room: OutageRoom) -> list[object]:
    """Duty phones that were texted without a row, in their order."""
    return [text["recipient"] for text in room.handed if text["recipient"] in {DUTY, SECOND}]


async def timeline(room: OutageRoom) -> list[tuple[str, float]]:
    """What was done about it, and how many seconds after it began to ring."""
    rows = await room.owner.fetch(
        "SELECT timeline_entry.kind, extract(epoch FROM at - opened_at)::float8 AS after FROM timeline_entry"
        " JOIN incident ON incident.id = incident_id ORDER BY timeline_entry.number"
    )
    return [tuple(row) for row in rows]


async def duty_rows(room: OutageRoom) -> list[tuple[str, str]]:
    rows = await room.owner.fetch(
        "SELECT id::text, recipient FROM sms_message WHERE recipient = ANY($1) ORDER BY created_at, id",
        [DUTY, SECOND],
    )
    return [tuple(row) for row in rows]


async def test_an_alarm_that_rang_in_the_outage_reaches_the_second_phone_once_and_stands_on_the_timeline(
    room: OutageRoom,
):
    room.goes_away()
    incident = await press(room)
    await pass_time(room, 15)
    assert phoned(room) == []
    await pass_time(room, 1)
    assert phoned(room) == [DUTY]  # without supervisors it is its turn at once
    await pass_time(room, 60)
    assert phoned(room) == [DUTY, SECOND]
    assert "duty_told" in shown(room, incident.id).marks
    room.comes_back()
    await room.all_written()
    assert await timeline(room) == [("opened", 0), ("duty_told", 15.5), ("duty_told", 75.5)]
    handed = [(str(one["id"]), one["recipient"]) for one in room.handed if one["recipient"] != "+8613900000001"]  # fmt: skip
    assert await duty_rows(room) == handed


async def test_steps_that_were_made_are_not_made_again_and_the_next_comes_in_its_time(
    room: OutageRoom,
):
    """It rang before the database went, and goes on ringing after it has come back."""
    await press(room)
    await pass_time(room, 4)
    room.goes_away()
    await pass_time(room, 12)
    assert phoned(room) == [DUTY]
    room.comes_back()
    await room.all_written()
    await room.tick(0.7)
    await pass_time(room, 58)
    assert [kind for kind, _ in await timeline(room)] == ["opened", "duty_told"]
    await pass_time(room, 2)
    assert await timeline(room) == [("opened", 0), ("duty_told", 15.5), ("duty_told", 76.2)]
    assert [recipient for _, recipient in await duty_rows(room)] == [DUTY, SECOND]
    assert phoned(room) == [DUTY]


async def test_whoever_takes_it_stops_the_ladder(room: OutageRoom):
    room.goes_away()
    room.sits("wang", there=True)
    incident = await press(room)
    await pass_time(room, 5)
    await room.give(incident.id, room.order("take", "wang"))
    await pass_time(room, 120)
    assert phoned(room) == []


async def test_where_nobody_sits_everybody_on_the_list_is_texted_with_the_alarm(room: OutageRoom):
    room.goes_away()
    room.board.seats = False
    await press(room)
    assert phoned(room) == [DUTY, SECOND]
    await pass_time(room, 30)
    assert phoned(room) == [DUTY, SECOND]


async def test_the_last_one_leaves_and_all_of_the_list_is_called(room: OutageRoom):
    room.goes_away()
    await press(room)
    await pass_time(room, 3)
    room.board.seats = False
    await pass_time(room, 2)
    assert phoned(room) == [DUTY, SECOND]


async def test_a_taker_whose_seat_is_gone_loses_it_and_it_rings_again(room: OutageRoom):
    room.sits("wang", there=True)
    incident = await press(room)
    await room.give(incident.id, room.order("take", "wang"))
    await room.tick()
    room.goes_away()
    await pass_time(room, 20)
    assert shown(room, incident.id).state is State.TAKEN
    room.sits("wang", there=False)
    await pass_time(room, 13)
    after = shown(room, incident.id)
    assert (after.state, after.ring, after.taken_by) == (State.WAITING, 2, None)
    room.comes_back()
    await room.all_written()
    assert [kind for kind, _ in await timeline(room)] == ["opened", "taken", "taker_lost"]


async def test_a_process_that_dies_over_it_has_the_step_on_its_spool(room: OutageRoom):
    room.goes_away()
    await press(room)
    await pass_time(room, 20)
    assert phoned(room) == [DUTY]
    await room.crash_and_start()
    assert await timeline(room) == [("opened", 0), ("duty_told", 15.5)]
    assert [recipient for _, recipient in await duty_rows(room)] == [DUTY]


async def test_while_no_office_sends_the_text_waits_for_its_row(room: OutageRoom):
    room.office = False
    room.goes_away()
    await press(room)
    await pass_time(room, 20)
    room.comes_back()
    await room.all_written()
    assert phoned(room) == []
    assert [recipient for _, recipient in await duty_rows(room)] == [DUTY]


async def test_what_is_told_again_and_strangers_get_one_text_a_minute_on_each_phone(
    room: OutageRoom,
):
    room.goes_away()
    room.board.seats = False
    await press(room, "9999")
    await press(room, "9998")
    folding = [text for text in room.handed if text["params"].get(FOLDS)]
    assert [text["recipient"] for text in folding] == [DUTY, SECOND]
    room.comes_back()
    await room.all_written()
    assert len(await duty_rows(room)) == 4


async def test_a_clock_that_is_put_on_calls_nobody(room: OutageRoom):
    room.goes_away()
    await press(room)
    room.clock.set_wall(room.clock.now().replace(hour=20))
    await pass_time(room, 10)
    assert phoned(room) == []


async def test_a_step_is_known_by_the_incident_as_it_was(room: OutageRoom):
    incident = await press(room)
    ids = {
        order_id(incident.id, name, ring, escalated, marks)
        for name in ("escalated", "taker_lost")
        for ring in (1, 2)
        for escalated in (0, 3)
        for marks in ((), ("duty_told",), ("duty_told", "offered"), ("offered", "duty_told"))
    }
    assert len(ids) == 24
    assert {one.version for one in ids} == {7}


# ---- what the next process goes by


async def test_what_rang_where_nobody_sat_is_told_once_though_somebody_sits_there_when_the_next_process_begins(
    room: OutageRoom,
):
    """The list was told with the alarm: no ladder begins anew."""
    room.goes_away()
    room.board.seats = False
    incident = await press(room)
    room.board.seats = True
    await room.crash_and_start_without()
    assert (shown(room, incident.id).escalated, phoned(room)) == (3, [DUTY, SECOND])
    room.comes_back()
    await room.all_written()
    assert sorted(recipient for _, recipient in await duty_rows(room)) == [DUTY, SECOND]


async def test_the_ladder_of_an_alarm_goes_on_in_a_process_that_starts_without_the_database(
    room: OutageRoom,
):
    """What was kept is as old as the outage; steps on the spool are as old as they say."""
    await press(room)
    room.goes_away()
    await pass_time(room, 40)
    assert phoned(room) == [DUTY]
    await room.crash_and_start_without()
    await pass_time(room, 35)
    assert phoned(room) == [DUTY]
    await pass_time(room, 2)
    assert phoned(room) == [DUTY, SECOND]
    room.comes_back()
    await room.all_written()
    assert await timeline(room) == [("opened", 0), ("duty_told", 15.5), ("duty_told", 75.5)]


async def test_a_phone_is_texted_once_of_a_ring_whether_the_signal_or_the_ladder_tells_it(
    room: OutageRoom,
):
    room.goes_away()
    incident = await press(room)
    room.board.seats = False
    await room.press("1", Kind.SMOKE)
    assert shown(room, incident.id).ring == 2
    await pass_time(room, 1)
    left = {str(text["id"]) for text in room.handed if text["recipient"] == DUTY}
    room.comes_back()
    await room.all_written()
    rows = {text_id for text_id, recipient in await duty_rows(room) if recipient == DUTY}
    assert len(left) == 1
    assert rows == left


async def test_a_signal_is_written_as_it_rang_though_the_taker_has_left_since(room: OutageRoom):
    room.sits("wang", there=True)
    incident = await press(room)
    await room.give(incident.id, room.order("take", "wang"))
    room.goes_away()
    await room.press("2")
    assert shown(room, incident.id).state is State.TAKEN
    room.sits("wang", there=False)
    room.comes_back()
    await room.all_written()
    [one] = await room.rows()
    assert (one["state"], one["press_count"]) == ("taken", 2)


async def test_what_an_earlier_process_was_to_tell_and_could_not_leaves_with_the_next(
    room: OutageRoom,
):
    room.office = False
    room.goes_away()
    await press(room)
    await pass_time(room, 20)
    room.office = True
    await room.crash_and_start_without()
    await pass_time(room, 1)
    assert phoned(room) == [DUTY]
