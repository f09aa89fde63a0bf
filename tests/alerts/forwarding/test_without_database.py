"""While the database is away alarms go to other centres by the same rules, once, and stand in the timeline afterwards."""

from __future__ import annotations

from uuid import UUID

from callcenter.alerts.entries import ForwardAnswered, Forwarded
from callcenter.alerts.forwarding.judging import COMING_BACK_S
from callcenter.alerts.incident import FORWARD_FAILED
from callcenter.alerts.open_incidents import Held
from callcenter.devices.protocols.dc09.frame import parse_header
from callcenter.forwarding.ways.dc09 import TRIES
from tests.alerts.forwarding.conftest import ForwardRoom
from tests.support.other_centre import cut, duh, other_centre, receive, silence


async def press(room: ForwardRoom) -> UUID:
    stored = await room.outage.press("1")
    assert stored.incident_id is not None
    return stored.incident_id


def shown(room: ForwardRoom, incident_id: UUID) -> Held:
    held = room.outage.process.keeping.incidents.get(incident_id)
    assert held is not None
    return held


def said(room: ForwardRoom, incident_id: UUID) -> list[str]:
    """What the seats see of forwarding."""
    data = [entry.data for entry in shown(room, incident_id).entries]
    return [
        "forwarded" if isinstance(each, Forwarded) else each.state
        for each in data
        if isinstance(each, Forwarded | ForwardAnswered)
    ]


async def test_an_alarm_that_nobody_takes_goes_once_and_stands_in_the_timeline_with_its_time(
    room: ForwardRoom,
):
    async with other_centre() as centre:
        await room.rule(await room.centre(centre.address, sequence=41), after_s=10)
        room.outage.goes_away()
        incident = await press(room)
        await room.pass_time(9)
        assert centre.frames == []
        await room.pass_time(20)
        assert [parse_header(frame[9:-1]).seq for frame in centre.frames] == ["0042"]
        assert said(room, incident) == ["forwarded", "delivered"]
        await room.comes_back()
        await room.pass_time(20)
        assert len(centre.frames) == 1, "its row sends it no second time"
    [row] = await room.rows()
    opened = await room.outage.owner.fetchval("SELECT opened_at FROM incident")
    assert 10 <= (row["created_at"] - opened).total_seconds() < 12
    assert (row["state"], row["attempt"], row["sequence"]) == ("delivered", 1, 42)
    assert [kind for kind, _ in await room.told()] == ["forwarded", "forward_answered"]
    assert await room.outage.owner.fetchval("SELECT sequence FROM other_centre") == 42
    assert await room.outage.owner.fetchval("SELECT state FROM incident") == "waiting"


async def test_where_nobody_sits_it_goes_when_nobody_came_back(room: ForwardRoom):
    async with other_centre() as centre:
        await room.rule(await room.centre(centre.address), "unmanned")
        room.outage.goes_away()
        await press(room)
        await room.pass_time(30)
        assert centre.frames == [], "somebody sits there"
        room.outage.board.seats = False
        await room.pass_time(int(COMING_BACK_S) + 2)
        assert len(centre.frames) == 1


async def test_what_went_before_the_outage_does_not_go_again(room: ForwardRoom):
    async with other_centre() as centre:
        await room.rule(await room.centre(centre.address), "always")
        await press(room)
        await room.pass_time(2)
        assert len(centre.frames) == 1
        room.outage.goes_away()
        await room.pass_time(30)
        await room.kill_alarm_without_database()
        await room.pass_time(30)
        await room.comes_back()
        assert len(centre.frames) == 1
    assert len(await room.rows()) == 1


async def test_whoever_takes_it_keeps_it_here(room: ForwardRoom):
    async with other_centre() as centre:
        await room.rule(await room.centre(centre.address), after_s=10)
        room.outage.sits("wang", there=True)
        room.outage.goes_away()
        incident = await press(room)
        await room.pass_time(5)
        await room.outage.give(incident, room.outage.order("take", "wang"))
        await room.pass_time(30)
        assert centre.frames == []


async def test_an_outage_that_lasts_longer_than_a_forwarding_is_valid_loses_no_receipt(
    room: ForwardRoom,
):
    async with other_centre() as centre:
        await room.rule(await room.centre(centre.address), "always")
        room.outage.goes_away()
        await press(room)
        await room.pass_time(3)
        room.outage.passes(3600)
        await room.comes_back()
        assert len(centre.frames) == 1
    [row] = await room.rows()
    assert row["state"] == "delivered"
    assert [data.get("state") for _, data in await room.told()][1:] == ["delivered"]


async def test_a_refusal_is_loud_in_the_outage_already(room: ForwardRoom):
    async with other_centre(duh) as centre:
        await room.rule(await room.centre(centre.address), "always")
        room.outage.goes_away()
        incident = await press(room)
        await room.pass_time(4)
        assert said(room, incident) == ["forwarded", "refused"]
        assert FORWARD_FAILED in shown(room, incident).incident.marks
        await room.comes_back()
        assert len(centre.frames) == 1
    [row] = await room.rows()
    assert (row["state"], row["error"]) == ("refused", "duh")
    assert FORWARD_FAILED in await room.outage.owner.fetchval("SELECT marks FROM incident")


async def test_one_that_cannot_be_reached_is_tried_on_in_the_outage_and_after_it(
    room: ForwardRoom,
):
    async with other_centre() as gone:
        pass
    await room.rule(await room.centre(gone.address), "always")
    room.outage.goes_away()
    incident = await press(room)
    await room.pass_time(12)
    assert said(room, incident) == ["forwarded", "waiting"], "that it is tried on is said once"
    await room.comes_back()
    [row] = await room.rows()
    assert row["attempt"] >= 3
    async with other_centre() as centre:
        await room.outage.owner.execute("UPDATE other_centre SET address = $1", centre.address)
        await room.pass_time(40)
        assert len(centre.frames) == 1
    [row] = await room.rows()
    assert row["state"] == "delivered"


async def test_an_office_that_dies_goes_on_with_its_number(room: ForwardRoom):
    """It may have arrived: so it goes again, with the number that tells repeats, and what has arrived goes no more."""
    async with other_centre(*[cut] * TRIES, receive) as centre:
        await room.rule(await room.centre(centre.address), "always")
        room.outage.goes_away()
        await press(room)
        await room.pass_time(2)
        room.kill_office()
        await room.pass_time(20)
        room.kill_office()
        await room.pass_time(20)
        assert [parse_header(frame[9:-1]).seq for frame in centre.frames] == ["0001"] * (TRIES + 1)
        await room.comes_back()
        await room.pass_time(20)
        assert len(centre.frames) == TRIES + 1
    [row] = await room.rows()
    assert (row["state"], row["attempt"], row["maybe_sent"]) == ("delivered", 2, 1)


async def test_what_was_in_the_air_when_the_office_died_may_have_arrived(room: ForwardRoom):
    async with other_centre(silence, receive) as centre:
        await room.rule(await room.centre(centre.address, timeout_s=30), "always")
        room.outage.goes_away()
        incident = await press(room)
        await room.outage.tick()
        await room.away.run_once(room.outage.clock.now())
        await centre.heard.wait()
        room.kill_office()
        await room.pass_time(3)
        assert said(room, incident) == ["forwarded", "unknown"]
        await room.pass_time(20)
        assert said(room, incident) == ["forwarded", "unknown", "delivered"]
        assert {parse_header(frame[9:-1]).seq for frame in centre.frames} == {"0001"}


async def test_an_alarm_process_that_dies_over_it_gives_it_once(room: ForwardRoom):
    async with other_centre() as centre:
        await room.rule(await room.centre(centre.address), "always")
        room.outage.goes_away()
        await press(room)
        await room.pass_time(3)
        await room.kill_alarm_without_database()
        await room.pass_time(30)
        assert len(centre.frames) == 1
        await room.comes_back()
        await room.pass_time(10)
        assert len(centre.frames) == 1
    [row] = await room.rows()
    assert row["state"] == "delivered"


async def test_without_an_office_it_goes_when_that_is_back(room: ForwardRoom):
    async with other_centre() as centre:
        await room.rule(await room.centre(centre.address), "always")
        room.outage.goes_away()
        room.answers = False
        incident = await press(room)
        await room.pass_time(5)
        assert said(room, incident) == ["forwarded"]
        room.answers = True
        await room.pass_time(2)
        assert len(centre.frames) == 1


async def test_its_row_appears_while_it_is_in_the_air(room: ForwardRoom):
    async with other_centre(silence) as centre:
        await room.rule(await room.centre(centre.address), "always")
        room.outage.goes_away()
        await press(room)
        await room.outage.tick()
        await room.away.run_once(room.outage.clock.now())
        await centre.heard.wait()
        room.outage.comes_back()
        await room.outage.all_written()
        await room.office.forwarder.run_once(room.outage.clock.now())
        [row] = await room.rows()
        assert (row["state"], row["attempt"]) == ("sending", 1)
        await room.office.forwarder.landed()
        await room.office.forwarder.run_once(room.outage.clock.now())
    [row] = await room.rows()
    assert (row["state"], row["attempt"], row["error"]) == ("unknown", 1, "no_answer")


async def test_an_operator_gives_it_away_in_the_outage(room: ForwardRoom):
    async with other_centre() as centre:
        to = await room.centre(centre.address)
        room.finding._read_at = float("-inf")
        await room.look()
        room.outage.sits("wang", there=True)
        room.outage.goes_away()
        incident = await press(room)
        order = room.outage.order("forward", "wang", centre_id=to, reason="我们要疏散")
        await room.outage.give(incident, order)
        await room.look()
        assert len(centre.frames) == 1
        await room.comes_back()
        assert len(centre.frames) == 1
    [row] = await room.rows()
    assert (row["state"], row["why"]) == ("delivered", "by_hand")
    assert (await room.told())[0][1]["reason"] == "我们要疏散"


async def test_what_came_from_another_centre_goes_nowhere_by_rule(room: ForwardRoom):
    async with other_centre() as centre:
        await room.centre(centre.address, name="来处", source="dc09")
        await room.rule(await room.centre(centre.address), "always")
        room.outage.goes_away()
        await press(room)
        await room.pass_time(20)
        assert centre.frames == []
