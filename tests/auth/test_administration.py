"""What an administrator may do with the accounts of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth import administration
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Conflict, Forbidden, NotFound
from tests.support.api import person


@dataclass(frozen=True)
class Town:
    """Two districts; 东区 has the administrator."""

    east: int
    west: int
    admin: Principal
    here: int
    there: int
    both: int
    nobodys: int


@pytest.fixture
async def town(owner, community, clock) -> Town:
    east = await community.region(community.root, "district", "东区")
    west = await community.region(community.root, "district", "西区")
    below = await community.region(east, "street", "榆荫街道")
    admin = await person(owner, "admin", ("administrator", east))
    grants = (HeldGrant(Role.ADMINISTRATOR, east),)
    return Town(
        east,
        west,
        Principal(admin, "admin", "", "", "en", grants, b"", "", clock.now()),
        here=await person(owner, "here", ("operator", below)),
        there=await person(owner, "there", ("operator", west)),
        both=await person(owner, "both", ("operator", below), ("operator", west)),
        nobodys=await person(owner, "nobodys"),
    )


@pytest.fixture
async def session(database):
    async with database.transaction() as opened:
        yield opened


async def test_those_with_a_grant_here_and_those_without_any_are_seen(
    session: AsyncSession, town: Town
):
    seen = await session.scalars(administration.visible_users(town.admin))
    assert {user.login for user in seen} == {"admin", "here", "both", "nobodys"}


async def test_whoever_is_not_seen_is_not_there(session: AsyncSession, town: Town):
    assert (await administration.user_in_sight(session, town.admin, town.both)).id == town.both
    for unseen in (town.there, 999):
        with pytest.raises(NotFound):
            await administration.user_in_sight(session, town.admin, unseen)


async def test_an_account_that_also_works_elsewhere_is_not_in_charge_here(
    session: AsyncSession, town: Town, clock
):
    for mine in (town.here, town.nobodys):
        assert (
            await administration.user_in_charge(session, town.admin, mine, clock.now())
        ).id == mine
    with pytest.raises(Forbidden) as refused:
        await administration.user_in_charge(session, town.admin, town.both, clock.now())
    assert refused.value.code == "user_of_other_regions"
    with pytest.raises(NotFound):
        await administration.user_in_charge(session, town.admin, town.there, clock.now())


async def test_two_administrators_change_an_account_one_after_the_other(
    session: AsyncSession, town: Town, owner, clock
):
    """The row is locked: the second decides on what the first has left."""
    await administration.user_in_charge(session, town.admin, town.here, clock.now())
    free = await owner.fetch("SELECT login FROM app_user ORDER BY id FOR UPDATE SKIP LOCKED")
    assert [row["login"] for row in free] == ["admin", "there", "both", "nobodys"]


async def test_grants_are_told_with_the_path_of_their_region(
    session: AsyncSession, town: Town, community
):
    grants = await administration.placed_grants(session, [town.both, town.there])
    assert [(grant.user_id, grant.path[1]) for grant in grants] == [
        (town.there, town.west),
        (town.both, town.east),
        (town.both, town.west),
    ]
    path = [community.root, town.east]
    assert await administration.path_of_region(session, town.east) == path
    with pytest.raises(NotFound):
        await administration.path_of_region(session, 999)


async def test_what_is_over_elsewhere_keeps_no_account_from_its_administrator(
    session: AsyncSession, town: Town, owner, clock
):
    await owner.execute(
        "UPDATE role_grant SET until_at = $1 WHERE region_id = $2", clock.now(), town.west
    )
    user = await administration.user_in_charge(session, town.admin, town.both, clock.now())
    assert user.id == town.both
    grants = await administration.placed_grants(session, [town.both])
    assert [grant.goes_on(clock.now()) for grant in grants] == [True, False]


async def test_the_right_to_give_roles_ends_with_that_of_whoever_gives_it(
    session: AsyncSession, town: Town, owner, clock
):
    until = clock.now() + timedelta(days=7)
    await owner.execute("UPDATE role_grant SET until_at = $1 WHERE role = 'administrator'", until)
    held = HeldGrant(Role.ADMINISTRATOR, town.east)
    longer = until + timedelta(seconds=1)
    demand = administration.demand_no_longer_than_own
    await demand(session, town.admin, held, until, clock.now())
    await demand(session, town.admin, HeldGrant(Role.OPERATOR, town.east), None, clock.now())
    for end in (longer, None):
        with pytest.raises(Forbidden) as refused:
            await demand(session, town.admin, held, end, clock.now())
        assert refused.value.params["until"] == until.isoformat()


def test_nobody_locks_out_oneself(town: Town):
    administration.refuse_own_account(town.admin, town.here)
    with pytest.raises(Conflict) as refused:
        administration.refuse_own_account(town.admin, town.admin.user_id)
    assert refused.value.code == "own_account"
