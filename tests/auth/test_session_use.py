"""Which log-ins are used is written once a minute: by requests, and by consoles that stand open and ask for nothing."""

from __future__ import annotations

from callcenter.auth import sessions
from callcenter.auth.session_use import UsedSessions
from tests.support.api import person


async def test_each_that_was_used_is_written_together_and_none_twice(
    database, owner, community, clock
):
    user_id = await person(owner, "wang", ("operator", community.street))
    tokens = {}
    async with database.transaction() as session:
        for name in ("asks", "stands_open", "sleeps"):
            fresh = sessions.begin(session, user_id=user_id, address=name, now=clock.now())
            tokens[name] = fresh.token
    found = sessions.Sessions(database, clock)
    open_ones = [sessions.hash_of(tokens["stands_open"])]
    used = UsedSessions(found, database, lambda: open_ones)

    async def written():
        rows = await owner.fetch("SELECT address, used_at FROM login_session")
        return {row["address"]: row["used_at"] for row in rows}

    assert await found.find(tokens["asks"]) is not None
    assert await found.find("invented") is None
    first = clock.advance(30)
    await used.run_once(first)
    assert await written() == {"asks": first, "stands_open": first, "sleeps": None}
    open_ones.clear()
    await used.run_once(clock.advance(60))
    assert await written() == {"asks": first, "stands_open": first, "sleeps": None}
    await used.connections.close()
