"""What is asked again and again reads what is open, never all that ever was: six thousand tasks a day become two million in a year."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch import catching_up
from callcenter.dispatch.duty import by_the_clock, clearing
from callcenter.dispatch.phone import jobs
from callcenter.dispatch.phone.sessions import Phone
from tests.support.field import NOW, Field

ENDED, OPEN, STAFF = 20_000, 400, 40
MOST = 1_000
"""Rows of `task` that one look may touch: what is open, and little more."""

_HISTORY = """
INSERT INTO task (id, kind, state, home_id, region_id, region_path, code, created_at, begins_at, staff_id, accepted_at, arrived_at,
                  ended_at, look_at, version, reason)
SELECT gen_random_uuid(), 'visit', $6, $1, $2, ARRAY[$2::bigint], 100 + n % 900, at, at, ($4::bigint[])[1 + n % $5::int], at,
       CASE WHEN $6 = 'done' THEN at END, CASE WHEN $6 = 'done' THEN at + interval '30 minutes' END, NULL, 3, 'x'
FROM generate_series(1, $7::int) AS n, LATERAL (SELECT $3::timestamptz + n * $8::interval AS at) AS moment
"""

Look = Callable[[AsyncSession, int], Awaitable[Any]]


async def _of_phone(session: AsyncSession, staff_id: int) -> Any:
    phone = Phone(staff_id, "孙师傅", 1, [1], b"", NOW + timedelta(days=1))
    return await jobs.jobs_of(session, phone, NOW, "127.0.0.1")


async def _untold(session: AsyncSession, _staff_id: int) -> Any:
    about = {"now": NOW, "until": NOW + catching_up.AHEAD, "most": catching_up.BATCH}
    return await session.execute(text(catching_up._UNTOLD), about)


async def _off_duty_with_a_task(session: AsyncSession, _staff_id: int) -> Any:
    return await session.execute(by_the_clock._off_duty_with_a_task(NOW))


async def _over(session: AsyncSession, _staff_id: int) -> Any:
    return await session.execute(by_the_clock._over(NOW))


async def _in_hand(session: AsyncSession, staff_id: int) -> Any:
    return await clearing.held_tasks(session, staff_id)


@pytest.mark.parametrize("look", [_of_phone, _untold, _off_duty_with_a_task, _over, _in_hand])
async def test_a_look_reads_what_is_open_and_not_what_has_ended(field: Field, look: Look):
    home, street = await field.community.home(), field.community.street
    staff = [await field.staff(f"员工{n}") for n in range(STAFF)]
    before = (home, street, NOW, staff, STAFF)
    await field.owner.execute(_HISTORY, *before, "done", ENDED, timedelta(minutes=-2))
    await field.owner.execute(_HISTORY, *before, "accepted", OPEN, timedelta(minutes=2))
    await field.owner.execute("ANALYZE task")
    async with field.database.transaction() as session:
        await session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
        await look(session, staff[0])
        read = await session.scalar(
            text(
                "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = 'task'"
            )
        )
    assert read is not None
    assert read <= MOST
