"""Every change of an account is in the trail, for the auditors of where its user works."""

from __future__ import annotations

from callcenter.auth.acting import Acting
from tests.support.api import person, trail


async def test_an_entry_says_who_did_what_to_whom_for_the_regions_of_the_user(
    database, owner, community, clock
):
    lin = await person(owner, "linlan", ("operator", community.street))
    async with database.transaction() as session:
        await Acting(7, "10.0.0.7", clock.now()).record(session, "grant_added", lin, {"a": 1})
    [entry] = await trail(owner, "user_id", "action", "subject", "region_ids", "address", "detail")
    regions = sorted([community.root, community.street])
    assert entry == (7, "grant_added", f"user:{lin}", regions, "10.0.0.7", {"a": 1})
