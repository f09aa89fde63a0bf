"""A slip is for one user, one use, and soon; nobody finds its code in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth import slips
from callcenter.auth.models import User
from callcenter.core.errors import Conflict, Unauthenticated
from tests.support.acting import at_the_server
from tests.support.api import person, trail


@pytest.fixture
async def session(database):
    async with database.transaction() as opened:
        yield opened


@pytest.fixture
async def lin(owner, community, session: AsyncSession) -> User:
    found = await session.get(User, await person(owner, "linlan", ("operator", community.street)))
    assert found is not None
    return found


async def refusal(session: AsyncSession, user: User | None, code: str, clock) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await slips.check_slip(session, user, code, clock.now())
    return refused.value.code


async def test_only_the_hash_is_kept_and_the_trail_has_no_code(database, clock, owner, community):
    user_id = await person(owner, "linlan", ("operator", community.street))
    async with database.transaction() as session:
        user = await session.get(User, user_id)
        slip = await slips.give_slip(session, at_the_server(clock), user)
    kept = str(await owner.fetch("SELECT * FROM password_slip")) + str(await trail(owner, "detail"))
    assert slip.code not in kept + repr(slip)
    assert slip.code.replace("-", "") not in kept


async def test_a_slip_is_used_once_before_its_end(session, clock, lin):
    slip = await slips.give_slip(session, at_the_server(clock), lin, 1)
    assert slip.until_at == clock.now() + timedelta(hours=1)
    assert await slips.open_slips(session, [lin.id], clock.now()) == {lin.id: slip.until_at}
    assert await slips.check_slip(session, lin, slip.code, clock.now()) is lin
    assert await slips.use_slip(session, lin.id, slip.code, clock.now())
    assert not await slips.use_slip(session, lin.id, slip.code, clock.now())
    assert await slips.open_slips(session, [lin.id], clock.now()) == {}
    assert await refusal(session, lin, slip.code, clock) == "slip_used"
    assert await refusal(session, lin, "another", clock) == "slip_refused"


async def test_one_that_is_too_old_opens_nothing_and_says_so(session, clock, lin):
    slip = await slips.give_slip(session, at_the_server(clock), lin, 1)
    clock.advance(3_600)
    assert await refusal(session, lin, slip.code, clock) == "slip_expired"
    assert not await slips.use_slip(session, lin.id, slip.code, clock.now())


async def test_a_new_slip_takes_the_place_of_the_one_before(session, clock, lin):
    first, second = [await slips.give_slip(session, at_the_server(clock), lin) for _ in range(2)]
    assert await refusal(session, lin, first.code, clock) == "slip_refused"
    assert await slips.use_slip(session, lin.id, second.code, clock.now())


async def test_one_that_was_withdrawn_and_those_of_nobody_are_refused(session, clock, lin):
    slip = await slips.give_slip(session, at_the_server(clock), lin)
    assert await refusal(session, None, slip.code, clock) == "slip_refused"
    await slips.withdraw_slip(session, lin.id)
    assert await refusal(session, lin, slip.code, clock) == "slip_refused"


async def test_a_blocked_account_gets_none(session, clock, lin):
    lin.active = False
    with pytest.raises(Conflict) as refused:
        await slips.give_slip(session, at_the_server(clock), lin)
    assert refused.value.code == "account_blocked"
