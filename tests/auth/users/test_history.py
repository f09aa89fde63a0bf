"""Who has changed what of an account, before and after."""

from __future__ import annotations

from callcenter.auth import accounts
from callcenter.auth.slips import give_slip
from callcenter.auth.users.history import user_history
from tests.support.acting import at_the_server
from tests.support.api import person


async def test_changes_are_told_the_latest_first_and_look_ups_are_not(
    database, clock, owner, community
):
    lin = await person(owner, "linlan", ("operator", community.street))
    acting = at_the_server(clock)
    async with database.transaction() as session:
        user = await accounts.find_account(session, lin)
        await accounts.change_account(session, acting, user, {"name": "林岚"})
        slip = await give_slip(session, acting, user)
        await acting.record(session, "logged_in", lin)
        await acting.record(session, "skills_changed", lin, {"before": [], "after": ["宁波话"]})
        skills, given, renamed = await user_history(session, lin)
    assert (skills.before, skills.after) == ({"skills": []}, {"skills": ["宁波话"]})
    assert (given.what, given.after) == ("slip_given", {"until_at": slip.until_at.isoformat()})
    assert (renamed.name, renamed.before, renamed.after) == (
        "",
        {"name": "linlan同志"},
        {"name": "林岚"},
    )
