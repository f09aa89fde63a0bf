"""Who may sit at a seat, as the database tells it."""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from callcenter.auth.outage.seated import SEATED, SeatedPeople
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import LIFETIME
from callcenter.core.replayed import Replayed, packed
from tests.support.api import person
from tests.support.community import Community


async def known(owner: asyncpg.Connection) -> SeatedPeople:
    """By way of the file."""
    kept = packed(SEATED, (), await owner.fetch(SEATED))
    people = SeatedPeople()
    people.learn(await Replayed([kept]).fetch(SEATED))
    return people


async def test_seats_alone_and_of_them_what_holds(owner: asyncpg.Connection, community: Community):
    root, street = community.root, community.street
    await person(owner, "boss", ("supervisor", root), ("administrator", root))
    await person(owner, "linlan", ("operator", street))
    for login, role in (("admin", "administrator"), ("auditor", "auditor"), ("dog", "watchdog")):
        await person(owner, login, (role, root))
    await person(owner, "blocked", ("operator", root))
    await person(owner, "with a slip", ("operator", root))
    gone = await person(owner, "gone", ("operator", root))
    await owner.execute("UPDATE app_user SET active = false WHERE login = 'blocked'")
    await owner.execute("UPDATE app_user SET password_hash = NULL WHERE login = 'with a slip'")
    await owner.execute("UPDATE role_grant SET until_at = now() WHERE user_id = $1", gone)
    people = await known(owner)
    seen_at = await owner.fetchval("SELECT now()")
    boss, linlan = people.find("boss"), people.find("linlan")
    assert boss is not None
    assert linlan is not None
    assert boss.held(seen_at) == (HeldGrant(Role.SUPERVISOR, root),)
    assert people.by_id(linlan.user_id) == linlan
    for login in ("admin", "auditor", "dog", "blocked", "with a slip", "gone"):
        assert people.find(login) is None
    assert people.seen_at is not None
    assert people.until == people.seen_at + LIFETIME


async def test_a_grant_ends_by_its_time(owner: asyncpg.Connection, community: Community):
    await person(owner, "linlan", ("operator", community.street))
    ends = await owner.fetchval(
        "UPDATE role_grant SET until_at = now() + interval '1 hour' RETURNING until_at"
    )
    linlan = (await known(owner)).find("linlan")
    assert linlan is not None
    assert linlan.held(ends - timedelta(seconds=1))
    assert not linlan.held(ends)
    assert linlan.shortest(ends - timedelta(hours=1), ends + timedelta(hours=7)) == ends
