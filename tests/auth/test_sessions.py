"""What the hub asks of a session: whether it still stands, and with which grants."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from callcenter.auth import sessions
from callcenter.auth.permissions import Action, HeldGrant, Role
from callcenter.core.errors import Forbidden, NotFound
from tests.support.api import person


@pytest.fixture
async def begun(database, owner, community, clock):
    """Two people at their seats."""
    hashes = []
    for login in ("linlan", "qiaoyun"):
        user_id = await person(owner, login, ("operator", community.street))
        async with database.transaction() as session:
            fresh = sessions.begin(session, user_id=user_id, address="10.0.0.7", now=clock.now())
        hashes.append(sessions.hash_of(fresh.token))
    return hashes


async def test_a_log_out_is_seen_by_the_next_look_of_the_hub(database, begun, clock):
    connection = await database.connect("hub")
    assert await sessions.still_valid(connection, begun[0], clock.now()) is not None
    async with database.transaction() as session:
        await sessions.end(session, begun[0], clock.now())
    assert await sessions.still_valid(connection, begun[0], clock.now()) is None
    await connection.close()


async def test_one_question_answers_for_all_seats(database, begun, clock, owner, community):
    await owner.execute("UPDATE app_user SET active = false WHERE login = 'qiaoyun'")
    connection = await database.connect("hub")
    found = await sessions.still_valid_sessions(connection, [*begun, b"unknown"], clock.now())
    assert set(found) == {begun[0]}
    assert found[begun[0]].grants == (HeldGrant(Role.OPERATOR, community.street),)
    late = clock.now() + timedelta(hours=12)
    assert await sessions.still_valid_sessions(connection, begun, late) == {}
    await connection.close()


async def test_a_grant_gives_nothing_from_its_end_on(database, begun, clock, owner):
    await owner.execute("UPDATE role_grant SET until_at = $1", clock.now() + timedelta(seconds=1))
    connection = await database.connect("hub")
    for seconds, number in ((0, 1), (1, 0)):
        found = await sessions.still_valid(
            connection, begun[0], clock.now() + timedelta(seconds=seconds)
        )
        assert found is not None
        assert len(found.grants) == number
    await connection.close()


async def test_sessions_are_told_apart_by_what_opens_nothing(database, begun, clock, owner):
    user_id = await owner.fetchval("SELECT id FROM app_user WHERE login = 'linlan'")
    async with database.transaction() as session:
        (one,) = await sessions.live_of(session, user_id, clock.now())
        assert sessions.public_id(one.token_hash) not in one.token_hash.hex()
        assert await sessions.end_of(session, user_id, clock.now(), "another") == 0
        only = sessions.public_id(one.token_hash)
        assert await sessions.end_of(session, user_id, clock.now(), only) == 1
        assert await sessions.live_of(session, user_id, clock.now()) == []


async def test_a_principal_refuses_changes_and_hides_rows_outside_the_regions(
    database, begun, clock, community
):
    connection = await database.connect("hub")
    principal = await sessions.still_valid(connection, begun[0], clock.now())
    await connection.close()
    assert principal is not None
    here, elsewhere = [community.root, community.street], [community.root]
    principal.demand(Action.WORK_INCIDENTS, here)
    principal.find(Action.SEE_PROFILES, here, "home")
    with pytest.raises(Forbidden):
        principal.demand(Action.WORK_INCIDENTS, elsewhere)
    with pytest.raises(NotFound):
        principal.find(Action.SEE_PROFILES, elsewhere, "home")
    assert principal.csrf_token not in repr(principal)


async def test_invented_cookies_leave_connections_to_those_who_are_known(
    database, owner, community, clock
):
    """A pool of four for all: 200 invented cookies at once keep two of them busy, and nobody who is known waits."""
    user_id = await person(owner, "wang", ("operator", community.street))
    async with database.transaction() as session:
        fresh = sessions.begin(session, user_id=user_id, address="10.0.0.7", now=clock.now())
    found = sessions.Sessions(database, clock)
    assert (await found.find(fresh.token)).login == "wang"
    found.forget()
    flood = [asyncio.ensure_future(found.find(f"invented{number}")) for number in range(200)]
    await asyncio.sleep(0)
    assert (await found.find(fresh.token)).login == "wang"
    assert sum(not one.done() for one in flood) > 100
    assert set(await asyncio.gather(*flood)) == {None}


async def test_a_session_that_is_asked_for_anew_and_has_ended_is_forgotten(
    database, owner, community, clock
):
    user_id = await person(owner, "wang", ("operator", community.street))
    async with database.transaction() as session:
        fresh = sessions.begin(session, user_id=user_id, address="10.0.0.7", now=clock.now())
    found = sessions.Sessions(database, clock)
    assert await found.find(fresh.token) is not None
    async with database.transaction() as session:
        await sessions.end(session, sessions.hash_of(fresh.token), clock.now())
    assert await found.find(fresh.token) is not None
    found.forget()
    assert await found.find(fresh.token) is None
