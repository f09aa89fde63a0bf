"""The first accounts of a site are made on the command line."""

from __future__ import annotations

from asyncio import to_thread

import pytest

from callcenter.auth.codes import code_hash
from callcenter.auth.models import User
from callcenter.auth.passwords import matches
from callcenter.core.errors import Conflict, Invalid, NotFound


@pytest.fixture
def lin(site):
    assert site("user", "add", "Lin.Yue", "--name", "林悦", typed="a calm evening\n").exit_code == 0
    return site


async def stored_password(database) -> str:
    async with database.transaction() as session:
        user = await session.get(User, 1)
        assert user is not None
        return user.password_hash


def test_an_account_is_added_with_its_roles(site, owner):
    result = site("user", "add", "Lin.Yue", "--role", "operator", typed="a calm evening\n")
    assert (result.exit_code, result.stdout) == (0, "added lin.yue\n")
    assert "operator" in site("user", "list").stdout


async def test_the_password_that_was_typed_opens_the_account(lin, database):
    assert matches("a calm evening", await stored_password(database))


def test_an_account_without_a_role_is_told(site):
    result = site("user", "add", "lin.yue", typed="a calm evening\n")
    assert "nothing is allowed yet" in result.stderr


def test_roles_are_given_and_taken_back(lin):
    assert lin("user", "grant", "lin.yue", "supervisor").exit_code == 0
    assert "supervisor" in lin("user", "list").stdout
    assert lin("user", "revoke", "lin.yue", "supervisor").exit_code == 0
    assert "supervisor" not in lin("user", "list").stdout
    assert isinstance(lin("user", "revoke", "lin.yue", "supervisor").exception, NotFound)


async def test_a_made_up_password_is_printed_once_and_works(lin, database):
    result = await to_thread(lin, "user", "password", "lin.yue", "--generate")
    made = result.stdout.splitlines()[0].removeprefix("password: ")
    assert matches(made, await stored_password(database))


async def test_every_change_is_in_the_audit_trail(lin, owner):
    await to_thread(lin, "user", "grant", "lin.yue", "auditor")
    await to_thread(lin, "user", "password", "lin.yue", typed="another evening\n")
    rows = await owner.fetch(
        "SELECT action, subject, address, user_id FROM audit_entry ORDER BY id"
    )
    assert [row["action"] for row in rows] == ["user_created", "grant_added", "password_changed"]
    assert {row["address"] for row in rows} == {"command line"}
    assert {row["user_id"] for row in rows} == {None}


@pytest.mark.parametrize(
    ("arguments", "typed", "error"),
    [
        (("add", "lin.yue"), "a calm evening\n", Conflict),
        (("add", "zhao"), "short\n", Invalid),
        (("add", "zhao", "--language", "fr"), "a calm evening\n", Invalid),
        (("add", "zhao", "--role", "auditor", "--region", "none"), "a calm evening\n", NotFound),
        (("password", "nobody"), "a calm evening\n", NotFound),
        (("grant", "nobody", "auditor"), None, NotFound),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(lin, arguments, typed, error):
    before = lin("user", "list").stdout
    assert isinstance(lin("user", *arguments, typed=typed).exception, error)
    assert lin("user", "list").stdout == before


async def test_a_slip_is_printed_for_whoever_forgot_the_password(lin, owner):
    printed = (await to_thread(lin, "user", "slip", "Lin.Yue", "--hours", "2")).stdout
    code = printed.splitlines()[1].removeprefix("code: ")
    assert printed.startswith("log-in: lin.yue\n")
    assert await owner.fetchval("SELECT code_hash FROM password_slip") == code_hash(code)


def test_an_account_is_blocked_and_opened_again(lin):
    assert lin("user", "block", "lin.yue").exit_code == 0
    assert "blocked" in lin("user", "list").stdout
    assert lin("user", "unblock", "lin.yue").exit_code == 0
    assert "active" in lin("user", "list").stdout


def test_the_last_administrator_stays_also_on_the_command_line(lin):
    lin("user", "grant", "lin.yue", "administrator")
    for command in (("block", "lin.yue"), ("revoke", "lin.yue", "administrator")):
        refused = lin("user", *command).exception
        assert isinstance(refused, Conflict)
        assert refused.code == "last_administrator"
    assert lin("user", "add", "zhao", "--role", "administrator", typed="a calm evening\n")
    assert lin("user", "revoke", "lin.yue", "administrator").exit_code == 0


async def test_a_role_is_given_until_a_day(lin, owner):
    await to_thread(lin, "user", "grant", "lin.yue", "operator", "--until", "2199-01-01")
    until = await owner.fetchval("SELECT until_at FROM role_grant")
    assert until.isoformat() == "2199-01-01T00:00:00+00:00"
