"""Where somebody is: the newest fix, on duty alone, and a way that is kept by day."""

from __future__ import annotations

import math
from datetime import timedelta

import asyncpg
import pytest

from callcenter.dispatch.models import CheckIn, PositionSource
from callcenter.dispatch.positions.fix import Fix
from callcenter.dispatch.positions.keeping import record_all, record_check_in
from callcenter.residents.problems import InvalidFields
from tests.dispatch.positions.conftest import Staffed


async def test_the_newest_fix_is_where_somebody_is(staffed: Staffed) -> None:
    fang = await staffed.on_duty()
    first = staffed.clock.now()

    assert await staffed.is_at(fang, 40.1, 104.1)
    staffed.clock.advance(30)
    assert await staffed.is_at(fang, 40.2, 104.2)
    late = await staffed.is_at(fang, 40.15, 104.15, at=first + timedelta(seconds=15))

    assert (late, await staffed.known()) == (False, {fang: (40.2, 104.2)})
    # What came late belongs to the way all the same.
    assert await staffed.way(fang) == [
        first,
        first + timedelta(seconds=15),
        first + timedelta(seconds=30),
    ]


async def test_off_duty_there_is_no_position_and_no_way(staffed: Staffed) -> None:
    never = await staffed.somebody()
    fang = await staffed.on_duty()
    assert not await staffed.is_at(never)
    assert await staffed.is_at(fang)

    staffed.clock.advance(60)
    await staffed.ends(fang)
    staffed.clock.advance(60)

    assert not await staffed.is_at(fang)
    assert (await staffed.known(), len(await staffed.way(fang)), await staffed.way(never)) == (
        {},
        1,
        [],
    )


async def test_a_fix_from_before_the_duty_is_nobodys_business(staffed: Staffed) -> None:
    fang = await staffed.on_duty()
    assert not await staffed.is_at(fang, at=staffed.clock.now() - timedelta(hours=2))
    assert (await staffed.known(), await staffed.way(fang)) == ({}, [])


async def test_a_time_to_come_becomes_now(staffed: Staffed) -> None:
    fang = await staffed.on_duty()
    now = staffed.clock.now()
    await staffed.is_at(fang, at=now + timedelta(days=1))
    staffed.clock.advance(30)
    assert await staffed.is_at(
        fang, 40.3, 104.3
    )  # a wrong clock does not hold them where they were
    assert await staffed.way(fang) == [now, now + timedelta(seconds=30)]


@pytest.mark.parametrize(
    ("lat", "lng"),
    [(math.nan, 104.0), (40.0, math.inf), (91.0, 104.0), (40.0, -180.5), (0.0, 0.0)],
)
async def test_what_is_no_place_on_earth_is_refused(
    staffed: Staffed, lat: float, lng: float
) -> None:
    fang = await staffed.on_duty()
    with pytest.raises(InvalidFields):
        await staffed.is_at(fang, lat, lng)
    assert await staffed.known() == {}


async def test_without_a_fix_nothing_is_said(staffed: Staffed) -> None:
    fang = await staffed.on_duty()
    assert not await staffed.is_at(fang, None, None)
    assert await staffed.known() == {}


async def test_fixes_of_a_second_apart_move_the_dot_and_not_the_way(staffed: Staffed) -> None:
    fang = await staffed.on_duty()
    for n in range(12):
        assert await staffed.is_at(fang, 40 + n / 1000, 104.0)
        staffed.clock.advance(1)
    assert len(await staffed.way(fang)) == 2
    assert await staffed.known() == {fang: (40.011, 104.0)}


async def test_hundreds_are_one_statement(staffed: Staffed) -> None:
    people = [await staffed.on_duty(f"护理员{n}") for n in range(20)]
    now = staffed.clock.now()
    fixes = [
        Fix(
            each,
            now - timedelta(seconds=20 * step),
            40 + step / 100,
            104,
            None,
            PositionSource.DEVICE,
        )
        for step in range(15)
        for each in people
    ]
    async with staffed.database.transaction() as session:
        assert await record_all(session, fixes, now) == 20
        assert await record_all(session, fixes, now) == 0
    assert set((await staffed.known()).values()) == {(40.0, 104.0)}
    assert await staffed.owner.fetchval("SELECT count(*) FROM staff_track") == 300


async def test_a_duty_does_not_end_beside_a_position_that_is_being_written(
    staffed: Staffed,
) -> None:
    fang = await staffed.on_duty()
    now = staffed.clock.now()
    async with staffed.database.transaction() as session:
        fix = Fix(fang, now, 40, 104, None, PositionSource.PAGE)
        assert await record_all(session, [fix], now) == 1
        with pytest.raises(asyncpg.LockNotAvailableError):
            await staffed.ends(fang)  # it waits for as long as it may
    await staffed.ends(fang)
    assert await staffed.known() == {}


async def test_whoever_checks_in_says_where_they_are(staffed: Staffed) -> None:
    fang = await staffed.on_duty()
    now = staffed.clock.now()
    for lat, lng in ((40.2, 104.2), (400.0, 104.2), (None, None)):
        staffed.clock.advance(20)
        at = staffed.clock.now()
        row = CheckIn(staff_id=fang, occurred_at=at, lat=lat, lng=lng, accuracy_m=8.0)
        async with staffed.database.transaction() as session:
            await record_check_in(session, row, at)
    seen = await staffed.owner.fetch("SELECT at, lat, source FROM staff_position")
    assert [tuple(row) for row in seen] == [(now + timedelta(seconds=20), 40.2, "check_in")]
