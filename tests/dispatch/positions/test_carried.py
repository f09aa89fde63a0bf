"""A device that somebody of the staff carries says where they are: on duty, from what is written already, and never of a resident."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from callcenter.core.ids import new_id
from callcenter.dispatch.positions.carried import HELD_BACK, CarriedDevices, taken_at
from tests.dispatch.positions.conftest import Staffed
from tests.support.field import NOW

HERE = (40.01, 104.02)


@pytest.fixture
def watches(staffed: Staffed) -> CarriedDevices:
    return CarriedDevices(staffed.database)


async def watch(staffed: Staffed, staff_id: int | None, name: str = "watch-1") -> int:
    device_id: int = await staffed.owner.fetchval(
        "INSERT INTO device (region_id, source, identifier, kind, staff_id) VALUES ($1, 'http', $2, 'other', $3) RETURNING id",
        staffed.community.street,
        name,
        staff_id,
    )
    return device_id


async def says(
    staffed: Staffed,
    device_id: int,
    place: tuple[float | None, float | None] = HERE,
    occurred_at: datetime | None = None,
) -> None:
    """As the alarm process has written it."""
    await staffed.owner.execute(
        "INSERT INTO journal (id, source, identifier, device_id, kind, outcome, occurred_at, received_at, stored_at, lat, lng, raw)"
        " VALUES ($1, 'http', 'watch-1', $2, 'heartbeat', 'recorded', $3, $4, $4, $5, $6, '')",
        new_id(),
        device_id,
        occurred_at,
        staffed.clock.now(),
        *place,
    )


async def look(staffed: Staffed, watches: CarriedDevices) -> dict[int, tuple[float, float]]:
    await watches.run_once(staffed.clock.now())
    return await staffed.known()


async def test_it_moves_whoever_carries_it_while_they_are_on_duty(
    staffed: Staffed, watches: CarriedDevices
) -> None:
    fang, off_duty = await staffed.on_duty(), await staffed.somebody("王敏")
    mine = await watch(staffed, fang)
    await says(staffed, mine)
    await says(staffed, await watch(staffed, off_duty, "watch-2"))
    await says(staffed, await watch(staffed, None, "watch-3"), (41.0, 105.0))
    assert await look(staffed, watches) == {fang: HERE}
    assert await staffed.owner.fetchval("SELECT source FROM staff_position") == "device"
    staffed.clock.advance(30)
    await says(staffed, mine, (40.02, 104.03))
    assert await look(staffed, watches) == {fang: (40.02, 104.03)}
    assert len(await staffed.way(fang)) == 2
    assert await look(staffed, watches) == {fang: (40.02, 104.03)}, "read twice it is one"
    assert len(await staffed.way(fang)) == 2
    await staffed.ends(fang)
    await says(staffed, mine)
    staffed.clock.advance(5)
    assert await look(staffed, watches) == {}


async def test_where_a_resident_is_is_nobodys_dot(
    staffed: Staffed, watches: CarriedDevices
) -> None:
    fang = await staffed.on_duty()
    pendant = await watch(staffed, fang)
    home = await staffed.community.home()
    await staffed.owner.execute(
        "INSERT INTO device_assignment (device_id, home_id, valid_from) VALUES ($1, $2, $3)",
        pendant,
        home,
        staffed.clock.now() - timedelta(hours=1),
    )
    await says(staffed, pendant)
    assert await look(staffed, watches) == {}


@pytest.mark.parametrize("place", [(0.0, 0.0), (None, None), (40.0, None)])
async def test_a_receiver_without_a_fix_moves_nobody_and_keeps_no_other(
    staffed: Staffed, watches: CarriedDevices, place: tuple[float | None, float | None]
) -> None:
    fang, min_ = await staffed.on_duty(), await staffed.on_duty("王敏")
    await says(staffed, await watch(staffed, fang), place)
    await says(staffed, await watch(staffed, min_, "watch-2"))
    assert await look(staffed, watches) == {min_: HERE}


async def test_what_their_phone_said_later_stands(
    staffed: Staffed, watches: CarriedDevices
) -> None:
    fang = await staffed.on_duty()
    await says(staffed, await watch(staffed, fang))
    staffed.clock.advance(1)
    assert await staffed.is_at(fang, 40.5, 104.5)
    assert await look(staffed, watches) == {fang: (40.5, 104.5)}


@pytest.mark.parametrize(
    ("before", "believed"),
    [
        (timedelta(), True),
        (timedelta(minutes=3), True),
        (HELD_BACK, True),
        (HELD_BACK + timedelta(seconds=1), False),
        (timedelta(days=800), False),
        (-timedelta(seconds=1), False),
    ],
)
def test_a_device_s_clock_is_believed_where_it_can_be(before: timedelta, believed: bool) -> None:
    assert taken_at(NOW - before, NOW) == (NOW - before if believed else NOW)
    assert taken_at(None, NOW) == NOW
