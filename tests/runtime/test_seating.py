"""The seats as a part: which hint wakes what, and who is told of changed rights."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from callcenter.auth import sessions
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.core.changes import Changes
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.core.supervisor import Supervisor
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.runtime.seating import RightsChanged, seats_part
from callcenter.seats.assembly import CHANNELS, Seats
from callcenter.seats.crowd import Crowd
from callcenter.seats.hub import Hub
from callcenter.seats.rights import RIGHTS
from callcenter.seats.seat import Seat
from tests.support.api import person
from tests.support.kept_link import KeptLink
from tests.support.waiting import until


@pytest.fixture
async def seats(ground: Ground) -> AsyncIterator[Seats]:
    made = Seats(
        ground.database, ground.clock, ground.wakeups, ground.process_id, sweep_every_s=2.0
    )
    yield made
    await made.close()


@pytest.fixture
def part(ground: Ground, seats: Seats) -> Part:
    return seats_part(ground, seats)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_hint_wakes_the_one_processor_that_it_concerns(part: Part, ground: Ground, channel: str):
    names = [processor.name for processor in part.processors]
    part.listens[channel]("")
    assert [name for name in names if ground.wakeups.event(name).is_set()] == [CHANNELS[channel]]


async def test_of_ended_log_ins_nothing_is_remembered_after_the_hint(
    part: Part, ground: Ground, owner, community
):
    user_id = await person(owner, "linlan", ("operator", community.street))
    async with ground.database.transaction() as session:
        begun = sessions.begin(session, user_id=user_id, address="10.0.0.7", now=ground.clock.now())
    assert await ground.sessions.find(begun.token) is not None
    await owner.execute("UPDATE login_session SET revoked_at = $1", ground.clock.now())
    assert await ground.sessions.find(begun.token) is not None
    part.listens["incidents"]("")
    assert await ground.sessions.find(begun.token) is not None
    part.listens["grants"]("")
    assert await ground.sessions.find(begun.token) is None


async def test_rights_changed_here_are_checked_at_once_and_told_to_the_others(
    ground: Ground, database: Database
):
    there, came = Changes(database), []
    await there.listen("grants", came.append)
    async with Supervisor() as supervisor:
        supervisor.start(ground.changes.run(), name="here")
        supervisor.start(there.run(), name="there")
        await until(lambda: came == [""], "the other process listens")
        await RightsChanged(ground)()
        assert ground.wakeups.event(RIGHTS).is_set()
        await until(lambda: len(came) == 2, "the hint")


async def test_the_socket_finds_the_hub_and_the_desk_that_the_processors_work_for(
    part: Part, seats: Seats
):
    assert part.ports.pop(Crowd) is not None
    assert part.ports == {
        Hub: seats.hub,
        type(seats.desk): seats.desk,
        type(seats.shifts): seats.shifts,
        type(seats.announcements): seats.announcements,
        type(seats.accesses): seats.accesses,
    }


async def test_at_the_end_consoles_are_told_to_come_again_and_nobody_waits_for_their_leases(
    part: Part, seats: Seats, ground: Ground, owner, community
):
    user_id = await person(owner, "linlan", ("operator", community.street))
    closed: list[int] = []
    now = ground.clock.now()
    grants = (HeldGrant(Role.OPERATOR, community.street),)
    principal = Principal(user_id, "linlan", "", "", "en", grants, b"", "", now)
    seat = Seat(new_id(), principal, frozenset({community.street}), KeptLink(), now, 0.0)
    seat.close = closed.append
    seats.hub.attach(seat)
    await seats.presence.run_once(now)
    assert await owner.fetchval("SELECT user_id FROM seat_presence") == user_id
    await part.close()
    assert closed == [1012]
    await part.stop()
    assert await owner.fetchval("SELECT count(*) FROM seat_presence") == 0
