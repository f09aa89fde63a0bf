"""Who waits because of wrong tries is seen, by where they came from, and let in again."""

from __future__ import annotations

import pytest

from callcenter.auth import accounts, lockouts
from callcenter.auth.accounts import Door
from callcenter.auth.passwords import Passwords
from callcenter.core.errors import Unauthenticated
from tests.support.acting import at_the_server
from tests.support.api import PASSWORD, person, trail


async def test_wrong_tries_are_seen_by_their_place_and_forgotten_together(
    database, clock, owner, community
):
    lin = await person(owner, "linlan", ("operator", community.street))
    door = Door(database, clock, Passwords())
    for browser in (None, None, None, "a browser of hers"):
        with pytest.raises(Unauthenticated):
            await door.check_password("linlan", "wrong", "10.0.0.7", browser)
    async with database.transaction() as session:
        found = await lockouts.lockouts_of(session, "linlan")
        assert {(one.place, one.address, one.failures) for one in found} == {
            ("network", "10.0.0.7", 3),
            ("all_strangers", "", 3),
            ("known_browser", "", 1),
        }
        locked = await lockouts.locked_until(session, ["linlan", "zhao"], clock.now())
        assert locked == {"linlan": max(one.locked_until for one in found if one.locked_until)}
        user = await accounts.find_account(session, lin)
        assert await lockouts.lift_lockouts(session, at_the_server(clock), user) == 3
    assert (await door.check_password("linlan", PASSWORD, "10.0.0.7")).id == lin
    assert (await trail(owner, "action", "detail"))[-1] == (
        "lockouts_lifted",
        {"places": ["all_strangers", "known_browser", "network"]},
    )
