"""Check-ins: each once, in any order the same end, with what about them wants a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import asyncpg
import pytest

from callcenter.core.errors import Conflict
from callcenter.core.ids import new_id
from callcenter.dispatch import moving
from callcenter.dispatch.checking_in import CheckedIn, check_in
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.proof import CheckKind, Fix, Proof
from tests.dispatch.test_moving import doing
from tests.support.field import DESK, NOW, PHONE, later


def said(kind, minutes, **parts):
    return CheckedIn(id=new_id(), kind=kind, said_at=later(minutes=minutes), **parts)


async def end_of(field, task_id):
    row = await field.row(task_id)
    return row["state"], row["arrived_at"], row["ended_at"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_whatever_order_they_come_in_the_end_is_the_same(field, order):
    li = await field.staff("李")
    task_id = await field.accepted(li)
    arrived, left = said(CheckKind.ARRIVE, 10), said(CheckKind.DEPART, 70)
    for which in order:
        await doing(
            field, task_id, check_in, li, [arrived, left, left][which], PHONE, later(hours=2)
        )

    assert await end_of(field, task_id) == ("done", later(minutes=10), later(minutes=70))
    assert await field.owner.fetchval("SELECT count(*) FROM check_in") == 2


async def test_after_arriving_the_task_is_looked_at_when_they_should_have_left(field):
    li = await field.staff("李")
    task_id = await field.accepted(li)
    await doing(field, task_id, check_in, li, said(CheckKind.ARRIVE, 0), PHONE, NOW)

    row = await field.row(task_id)
    assert (row["state"], row["look_at"]) == ("arrived", later(minutes=80))


async def test_a_phone_six_hundred_metres_off_with_a_wrong_clock_counts_and_is_flagged(field):
    li = await field.staff("李")
    task_id = await field.accepted(li)
    away = Fix(Spot(40.0054, 104.0), 20)
    claimed = said(
        CheckKind.ARRIVE, 65, fix=away, proof=Proof.PHOTO, clock_error=timedelta(hours=1)
    )
    row = await doing(field, task_id, check_in, li, claimed, PHONE, later(minutes=6))

    assert (row.flags, row.occurred_at) == (["clock_off", "far"], later(minutes=5))
    assert row.distance_m == pytest.approx(600, abs=2)
    assert (await field.row(task_id))["state"] == "arrived"


async def test_who_has_it_no_more_is_told_so(field):
    li, wang = await field.staff("李"), await field.staff("王")
    task_id = await field.accepted(li)
    await doing(field, task_id, moving.give, wang, DESK, NOW)
    with pytest.raises(Conflict, match="Somebody else"):
        await doing(field, task_id, check_in, li, said(CheckKind.ARRIVE, 5), PHONE, NOW)


async def test_leaving_that_is_heard_of_after_the_dispatcher_closed_it_is_kept(field):
    li = await field.staff("李")
    task_id = await field.accepted(li)
    await doing(field, task_id, moving.finish, DESK, NOW, "电话确认")
    row = await doing(
        field, task_id, check_in, li, said(CheckKind.DEPART, 70), PHONE, later(hours=2)
    )

    assert replace(said(CheckKind.DEPART, 70), id=row.id).said_at == row.said_at
    assert (await field.row(task_id))["state"] == "done"


async def test_nobody_rewrites_a_check_in(field, dsn):
    li = await field.staff("李")
    task_id = await field.accepted(li)
    await doing(field, task_id, check_in, li, said(CheckKind.ARRIVE, 0), PHONE, NOW)
    as_server = await field.database.connect("test")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_server.execute("UPDATE check_in SET distance_m = 0")
    await as_server.close()
