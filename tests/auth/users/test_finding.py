"""Users are found by name, role, place and how their account stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.auth.users.finding import find_users
from callcenter.auth.users.schemas import UserQuery
from tests.support.api import person


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["admin", "lin", "wang", "qiao", "new"]),
        ({"q": "WAN"}, ["wang"]),
        ({"q": "同志"}, ["admin", "lin", "wang", "qiao", "new"]),
        ({"role": "operator"}, ["lin", "qiao"]),
        ({"role": "supervisor"}, []),
        ({"region_id": "street"}, ["lin", "wang"]),
        ({"standing": "active"}, ["admin", "lin", "wang", "new"]),
        ({"standing": "blocked"}, ["qiao"]),
        ({"standing": "locked"}, ["wang"]),
        ({"standing": "no_password"}, ["new"]),
        ({"standing": "no_grant"}, ["new"]),
    ],
)
async def test_what_is_asked_for_is_found(database, clock, owner, community, query, found):
    """A grant whose time is over counts nowhere."""
    admin = await person(owner, "admin", ("administrator", community.root))
    await person(owner, "lin", ("operator", community.street))
    await person(owner, "wang", ("grid_worker", community.street))
    await person(owner, "qiao", ("operator", community.root))
    await person(owner, "new", ("supervisor", community.street))
    over = clock.now() - timedelta(seconds=1)
    await owner.execute("UPDATE role_grant SET until_at = $1 WHERE role = 'supervisor'", over)
    await owner.execute("UPDATE app_user SET password_hash = NULL WHERE login = 'new'")
    await owner.execute("UPDATE app_user SET active = false WHERE login = 'qiao'")
    await owner.execute(
        "INSERT INTO login_delay VALUES ('wang', '10.0.0.7', 5, $1, $2)",
        clock.now(),
        clock.now() + timedelta(minutes=1),
    )
    grants = (HeldGrant(Role.ADMINISTRATOR, community.root),)
    asker = Principal(admin, "admin", "", "", "en", grants, b"", "", clock.now())
    if query.get("region_id"):
        query = {"region_id": community.street}
    async with database.transaction() as session:
        page = await find_users(session, asker, UserQuery(**query), clock.now())
    assert [user.login for user in page.users] == found
