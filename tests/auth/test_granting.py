"""Roles are given and taken away, and somebody always administers what was administered."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from callcenter.auth import granting
from callcenter.auth.models import Grant
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.core.errors import Conflict, Invalid
from tests.support.acting import at_the_server
from tests.support.api import person, trail


@pytest.fixture
async def lin(owner, community) -> int:
    return await person(owner, "linlan")


@pytest.fixture
def operator(community) -> HeldGrant:
    return HeldGrant(Role.OPERATOR, community.street)


async def the_grant_of(owner, user_id: int) -> int:
    found: int = await owner.fetchval("SELECT id FROM role_grant WHERE user_id = $1", user_id)
    return found


async def test_a_role_that_is_given_twice_is_held_and_told_once(
    database, clock, owner, lin, operator
):
    async with database.transaction() as session:
        ids = [await granting.give(session, at_the_server(clock), lin, operator) for _ in range(2)]
        [grant] = await granting.grants_of(session, [lin])
    assert (ids, grant.given_at, grant.given_by) == ([grant.id] * 2, clock.now(), None)
    assert await trail(owner, "action") == [("grant_added",)]


async def test_an_end_is_set_moved_and_told_with_what_it_was(database, clock, owner, lin, operator):
    tomorrow = clock.now() + timedelta(days=1)
    async with database.transaction() as session:
        for until in (None, tomorrow):
            await granting.give(session, at_the_server(clock), lin, operator, until)
    _, (action, said) = await trail(owner, "action", "detail")
    assert action == "grant_changed"
    assert (said["before"]["until_at"], said["after"]["until_at"]) == (None, tomorrow.isoformat())


async def test_one_whose_time_is_over_is_given_anew(database, clock, owner, lin, operator):
    async with database.transaction() as session:
        soon = clock.now() + timedelta(minutes=1)
        await granting.give(session, at_the_server(clock), lin, operator, soon)
        clock.advance(61)
        await granting.give(session, at_the_server(clock), lin, operator)
    assert await trail(owner, "action") == [("grant_added",), ("grant_added",)]
    assert await owner.fetchval("SELECT until_at FROM role_grant") is None


async def test_none_is_given_that_would_be_over(database, clock, lin, operator):
    async with database.transaction() as session:
        with pytest.raises(Invalid) as refused:
            await granting.give(session, at_the_server(clock), lin, operator, clock.now())
    assert refused.value.code == "until_past"


async def test_the_last_administrator_keeps_the_role_and_the_region_is_named(
    database, clock, owner, community, lin
):
    boss = await person(owner, "boss", ("administrator", community.root))
    held = HeldGrant(Role.ADMINISTRATOR, community.root)
    acting = at_the_server(clock)
    async with database.transaction() as session:
        grant = await session.get(Grant, await the_grant_of(owner, boss))
        for ending in (
            granting.take_away(session, acting, grant),
            granting.give(session, acting, boss, held, clock.now() + timedelta(days=30)),
        ):
            with pytest.raises(Conflict) as refused:
                await ending
            assert refused.value.code == "last_administrator"
            assert refused.value.params["region_id"] == community.root
        await granting.give(session, acting, lin, held)
        await granting.take_away(session, acting, grant)


@pytest.mark.parametrize(
    "unfit",
    [
        "UPDATE app_user SET active = false WHERE login = 'linlan'",
        "UPDATE app_user SET password_hash = NULL WHERE login = 'linlan'",
        "UPDATE role_grant SET until_at = now() + interval '1 year' WHERE user_id ="
        " (SELECT id FROM app_user WHERE login = 'linlan')",
    ],
)
async def test_whoever_cannot_go_on_administering_does_not_count(
    database, clock, owner, community, unfit
):
    boss = await person(owner, "boss", ("administrator", community.street))
    await person(owner, "linlan", ("administrator", community.root))
    await owner.execute(unfit)
    async with database.transaction() as session:
        with pytest.raises(Conflict):
            lost = [await the_grant_of(owner, boss)]
            await granting.keep_an_administrator(session, lost, clock.now())


async def test_of_two_administrators_who_end_each_other_at_the_same_moment_one_stays(
    database, clock, owner, community
):
    one, other = [
        await the_grant_of(owner, await person(owner, login, ("administrator", community.root)))
        for login in ("one", "other")
    ]
    asks = asyncio.Event()

    async def end_the_one() -> None:
        async with database.transaction() as session:
            grant = await session.get(Grant, one)
            asks.set()
            await granting.take_away(session, at_the_server(clock), grant)

    async with database.transaction() as session:
        await granting.take_away(session, at_the_server(clock), await session.get(Grant, other))
        waiting = asyncio.create_task(end_the_one())
        await asks.wait()
    with pytest.raises(Conflict) as refused:
        await waiting
    assert refused.value.code == "last_administrator"
    assert await owner.fetch("SELECT id FROM role_grant") == [(one,)]
