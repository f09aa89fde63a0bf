"""Who is let in, and what an account is; without a browser."""

from __future__ import annotations

import pytest

from callcenter.auth import accounts, sessions
from callcenter.auth.accounts import Door
from callcenter.auth.login import Told, normal_login
from callcenter.auth.passwords import Passwords
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.slips import give_slip
from callcenter.core.errors import Conflict, Invalid, NotFound, TooManyAttempts, Unauthenticated
from tests.support.acting import at_the_server
from tests.support.api import PASSWORD, person, trail


@pytest.fixture
def door(database, clock) -> Door:
    return Door(database, clock, Passwords())


@pytest.fixture
async def lin(owner, community) -> int:
    return await person(owner, "linlan", ("operator", community.street))


@pytest.mark.parametrize("typed", ["linlan", " LinLan ", "LINLAN\t", "lin\u200blan\0"])
def test_a_log_in_is_one_however_it_is_typed(typed):
    assert normal_login(typed) == "linlan"


async def test_who_knows_the_password_gets_a_session_and_the_trail_says_so(
    door, database, clock, owner, lin, community
):
    begun = await door.log_in("LinLan", PASSWORD, "10.0.0.7")
    connection = await database.connect("hub")
    found = await sessions.still_valid(connection, sessions.hash_of(begun.token), clock.now())
    await connection.close()
    assert found.user_id == lin
    [(user, action, regions)] = await trail(owner, "user_id", "action", "region_ids")
    assert (user, action, regions) == (lin, "logged_in", [community.root, community.street])


async def test_of_an_unknown_log_in_nothing_is_written_down_but_the_try(door, owner):
    with pytest.raises(Unauthenticated):
        await door.log_in("my password by mistake", PASSWORD, "10.0.0.7")
    [entry] = await trail(owner, "user_id", "action", "subject", "region_ids", "detail")
    assert entry == (None, "login_failed", "user:unknown", [], {})


async def test_inventing_names_does_not_fill_the_trail_and_what_is_left_out_is_counted(
    door, clock, owner
):
    door.passwords.invented = Told(per_minute=2)
    for number in range(5):
        with pytest.raises(Unauthenticated):
            await door.log_in(f"invented{number}", PASSWORD, "10.0.0.7")
    clock.advance(60)
    with pytest.raises(Unauthenticated):
        await door.log_in("invented", PASSWORD, "10.0.0.7")
    assert await trail(owner, "detail") == [({},), ({},), ({"untold": 3},)]


async def test_a_try_that_has_to_wait_is_told_for_how_long_and_does_not_lengthen_it(
    door, clock, lin
):
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await door.check_password("linlan", "wrong", "10.0.0.7")
    for _ in range(2):
        with pytest.raises(TooManyAttempts) as refused:
            await door.check_password("linlan", PASSWORD, "10.0.0.7")
        assert refused.value.params["retry_after_s"] == 1.0
    clock.advance(1)
    assert (await door.check_password("linlan", PASSWORD, "10.0.0.7")).id == lin


async def test_failures_are_forgotten_after_an_hour(door, clock, owner, lin):
    with pytest.raises(Unauthenticated):
        await door.check_password("linlan", "wrong", "10.0.0.7")
    clock.advance(3_601)
    with pytest.raises(Unauthenticated):
        await door.check_password("somebody", "wrong", "10.0.0.7")
    assert await owner.fetch("SELECT DISTINCT login FROM login_delay") == [("somebody",)]


async def test_a_log_in_is_given_once(database, clock, owner, lin):
    async with database.transaction() as session:
        made = await accounts.create_account(
            session, login=" QiaoYun ", name="乔云", password_hash="x", now=clock.now()
        )
        assert (made.login, made.active) == ("qiaoyun", True)
        with pytest.raises(Conflict) as taken:
            await accounts.create_account(
                session, login="LINLAN", name="林岚", password_hash="x", now=clock.now()
            )
    assert (taken.value.code, taken.value.params["login"]) == ("login_taken", "linlan")


async def test_a_new_password_ends_all_sessions_but_the_one_that_asks(
    door, database, clock, owner, lin
):
    mine, other = [await door.log_in("linlan", PASSWORD, "10.0.0.7") for _ in range(2)]
    kept = sessions.hash_of(mine.token)
    async with database.transaction() as session:
        user = await accounts.find_account(session, lin, to_change=True)
        await accounts.set_password(session, user, "another hash", clock.now(), but=kept)
    live = await owner.fetch("SELECT token_hash FROM login_session WHERE revoked_at IS NULL")
    assert live == [(kept,)]
    assert other.token != mine.token
    assert await owner.fetchval("SELECT password_hash FROM app_user") == "another hash"


async def test_a_blocked_account_stays_as_a_row_without_sessions(door, database, clock, owner, lin):
    await door.log_in("linlan", PASSWORD, "10.0.0.7")
    async with database.transaction() as session:
        user = await accounts.find_account(session, lin)
        await accounts.change_account(session, at_the_server(clock), user, {"active": False})
    assert await owner.fetchval("SELECT count(*) FROM login_session WHERE revoked_at IS NULL") == 0
    with pytest.raises(Unauthenticated):
        await door.log_in("linlan", PASSWORD, "10.0.0.7")


async def test_a_change_is_in_the_trail_with_what_was_and_what_is(database, clock, owner, lin):
    async with database.transaction() as session:
        user = await accounts.find_account(session, lin)
        changes = {"name": "林岚", "language": "zh-CN"}
        await accounts.change_account(session, at_the_server(clock), user, changes, "a new hash")
    [(action, said)] = await trail(owner, "action", "detail")
    assert action == "user_changed"
    assert said["before"] == {"name": "linlan同志"}
    assert said["after"] == {"name": "林岚", "password": "replaced"}


async def test_an_account_is_opened_with_its_grants_and_without_a_password(
    door, database, clock, owner, community
):
    held = HeldGrant(Role.OPERATOR, community.street)
    async with database.transaction() as session:
        await accounts.open_account(
            session, at_the_server(clock), login="qiao", name="乔云", password_hash=None,
            grants=[(held, None)],
        )  # fmt: skip
    assert await trail(owner, "action") == [("grant_added",), ("user_created",)]
    with pytest.raises(Unauthenticated):
        await door.log_in("qiao", "", "10.0.0.7")


async def test_a_slip_lets_in_once_and_with_a_password_that_is_hard_to_guess(
    door, database, clock, lin
):
    async with database.transaction() as session:
        user = await accounts.find_account(session, lin)
        slip = await give_slip(session, at_the_server(clock), user)
    with pytest.raises(Invalid):
        await door.log_in_by_slip("linlan", slip.code, "linlan-linlan", "10.0.0.7")
    await door.log_in_by_slip("LinLan", slip.code.lower(), "one more long phrase", "10.0.0.7")
    assert (await door.check_password("linlan", "one more long phrase", "10.0.0.7")).id == lin
    with pytest.raises(Unauthenticated) as again:
        await door.log_in_by_slip("linlan", slip.code, "yet another phrase", "10.0.0.7")
    assert again.value.code == "slip_used"


async def test_guessing_a_slip_has_to_wait_as_guessing_a_password_does(door, database, clock, lin):
    async with database.transaction() as session:
        user = await accounts.find_account(session, lin)
        slip = await give_slip(session, at_the_server(clock), user)
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await door.log_in_by_slip("linlan", "ABCD", "one more long phrase", "10.0.0.7")
    with pytest.raises(TooManyAttempts):
        await door.log_in_by_slip("linlan", slip.code, "one more long phrase", "10.0.0.7")


async def test_nobody_is_found_where_nobody_is(database):
    async with database.transaction() as session:
        with pytest.raises(NotFound):
            await accounts.find_account(session, 1)
