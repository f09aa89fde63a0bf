"""Logging in and out, and administering accounts, as a browser does it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from callcenter.api.application import create_api
from callcenter.auth import known_browsers
from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.auth.login import ALL_STRANGERS
from callcenter.auth.passwords import Passwords
from callcenter.auth.sessions import hash_of
from callcenter.auth.waiting_line import Comer
from tests.support.api import PASSWORD, browser, context_for, person, sign_in, trail

WRONG = {"login": "linlan", "password": "not this one"}


def code_of(answer) -> str:
    return answer.json()["error"]["code"]


# ---- logging in


async def test_an_operator_logs_in_and_learns_who_they_are(client, owner, community):
    user_id = await person(owner, "linlan", ("operator", community.street))

    before = await client.get("/api/v1/me")
    assert (before.status_code, code_of(before)) == (401, "unauthenticated")

    answer = await client.post("/api/v1/login", json={"login": " LinLan ", "password": PASSWORD})
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))

    me = (await client.get("/api/v1/me")).json()
    assert me == answer.json()
    assert me["user"] == {
        "id": user_id,
        "login": "linlan",
        "name": "linlan同志",
        "name_en": "linlan",
        "language": "zh-CN",
    }
    assert me["grants"] == [{"role": "operator", "region_id": community.street}]
    assert me["actions"] == ["break_glass", "see_incidents", "see_profiles", "work_incidents"]
    assert me["demo"] is False
    assert await trail(owner, "user_id", "action", "subject", "address") == [
        (user_id, "logged_in", f"user:{user_id}", "10.0.0.7")
    ]


async def test_neither_the_cookie_nor_the_password_stands_in_the_database(client, owner, community):
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    token = client.cookies[COOKIE]
    row = await owner.fetchrow("SELECT * FROM login_session")
    assert row["token_hash"] == hash_of(token)
    assert token not in str(dict(row))


async def test_a_wrong_password_and_an_unknown_log_in_are_told_apart_by_nothing(
    client, owner, community
):
    user_id = await person(owner, "linlan", ("operator", community.street))
    wrong = await client.post("/api/v1/login", json=WRONG)
    unknown = await client.post("/api/v1/login", json=WRONG | {"login": "nobody"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    # What was typed as an unknown log-in may have been a password: it is not written down.
    assert await trail(owner, "action", "subject", "user_id") == [
        ("login_failed", f"user:{user_id}", user_id),
        ("login_failed", "user:unknown", None),
    ]


async def test_a_closed_account_does_not_log_in(client, owner, community):
    user_id = await person(owner, "linlan", ("operator", community.street))
    await owner.execute("UPDATE app_user SET active = false WHERE id = $1", user_id)
    answer = await client.post("/api/v1/login", json={"login": "linlan", "password": PASSWORD})
    assert (answer.status_code, code_of(answer)) == (401, "login_failed")


# ---- guessing


async def test_guessing_has_to_wait_longer_and_longer_and_the_right_password_ends_it(
    client, owner, community, clock
):
    await person(owner, "linlan", ("operator", community.street))
    for _ in range(3):
        assert (await client.post("/api/v1/login", json=WRONG)).status_code == 401
    for wait_s in (1, 2, 4, 8):
        refused = await client.post("/api/v1/login", json=WRONG)
        assert (refused.status_code, code_of(refused)) == (429, "too_many_attempts")
        assert refused.headers["retry-after"] == str(wait_s)
        # While it waits even the right password is not heard, or the wait would tell nothing.
        right = await client.post("/api/v1/login", json=WRONG | {"password": PASSWORD})
        assert right.status_code == 429
        clock.advance(wait_s)
        assert (await client.post("/api/v1/login", json=WRONG)).status_code == 401

    clock.advance(16)
    await sign_in(client, "linlan")
    assert (await client.post("/api/v1/login", json=WRONG)).status_code == 401
    counted = dict(
        await owner.fetch("SELECT split_part(address, ' ', 1), failures FROM login_delay")
    )
    assert counted == {"browser": 1, ALL_STRANGERS: 7}


async def test_guessing_from_everywhere_makes_strangers_wait_and_never_a_browser_that_is_known(
    app, client, owner, community, clock
):
    """A hundred addresses have three free tries each; without a count of the account that is no bound at all."""
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    await client.post("/api/v1/logout")
    codes = []
    for number in range(40):
        async with browser(app, address=f"10.9.{number}.9") as stranger:
            codes.append((await stranger.post("/api/v1/login", json=WRONG)).status_code)
    assert codes == [401] * 21 + [429] * 19
    async with browser(app, address="10.8.0.1") as new:
        right = await new.post("/api/v1/login", json=WRONG | {"password": PASSWORD})
        assert right.status_code == 429
        clock.advance(int(right.headers["retry-after"]))
        await sign_in(new, "linlan")
    await sign_in(client, "linlan")


async def test_wrong_tries_beside_a_known_browser_cost_it_nothing(app, client, owner, community):
    """Strangers behind the same address: the one of a proxy, or of a home's router."""
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    async with browser(app) as stranger:
        for _ in range(5):
            last = await stranger.post("/api/v1/login", json=WRONG)
        assert last.status_code == 429
    await sign_in(client, "linlan")


async def test_what_a_known_browser_carries_opens_nothing(app, client, owner, community):
    await person(owner, "linlan", ("operator", community.street))
    await person(owner, "wang", ("operator", community.street))
    await sign_in(client, "linlan")
    async with browser(app) as thief:
        thief.cookies.set(known_browsers.COOKIE, client.cookies[known_browsers.COOKIE])
        assert (await thief.get("/api/v1/me")).status_code == 401
        for _ in range(3):
            await thief.post("/api/v1/login", json=WRONG)
        assert (await thief.post("/api/v1/login", json=WRONG)).status_code == 429
        for _ in range(3):
            await thief.post("/api/v1/login", json=WRONG | {"login": "wang"})
        assert (
            await thief.post("/api/v1/login", json=WRONG | {"login": "wang"})
        ).status_code == 429
    async with browser(app, address="10.0.0.8") as elsewhere:
        await sign_in(elsewhere, "wang")


async def test_strangers_do_not_keep_a_session_from_giving_its_password_again(
    app, client, owner, community
):
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    for number in range(30):
        async with browser(app, address=f"10.9.{number}.9") as stranger:
            await stranger.post("/api/v1/login", json=WRONG)
    confirmed = await client.post("/api/v1/me/confirm", json={"password": PASSWORD})
    assert confirmed.status_code == 204


async def test_guessing_from_elsewhere_keeps_no_operator_from_the_seat(
    app, client, owner, community
):
    await person(owner, "linlan", ("operator", community.street))
    async with browser(app, address="10.9.9.9") as stranger:
        for _ in range(3):
            await stranger.post("/api/v1/login", json=WRONG)
        assert (await stranger.post("/api/v1/login", json=WRONG)).status_code == 429
    await sign_in(client, "linlan")


async def test_tries_at_the_same_moment_are_counted_one_by_one(client, owner, community):
    await person(owner, "linlan", ("operator", community.street))
    tries = [client.post("/api/v1/login", json=WRONG) for _ in range(8)]
    answers = await asyncio.gather(*tries)
    assert sorted(answer.status_code for answer in answers) == [401] * 3 + [429] * 5


async def test_a_shift_of_fifty_logs_in_at_once(client, owner, community):
    names = [f"op{number}" for number in range(50)]
    for name in names:
        await person(owner, name, ("operator", community.street))
    tries = [{"login": name, "password": PASSWORD} for name in names]
    answers = await asyncio.gather(*(client.post("/api/v1/login", json=each) for each in tries))
    assert [answer.status_code for answer in answers] == [200] * 50


async def test_invented_names_keep_nobody_out_neither_from_elsewhere_nor_from_here(
    app, client, owner, community
):
    await person(owner, "linlan", ("operator", community.street))
    await person(owner, "wang", ("operator", community.street))

    async def guess(stranger, number: int):
        return await stranger.post("/api/v1/login", json=WRONG | {"login": f"invented{number}"})

    async with browser(app, address="10.9.9.9") as stranger:
        flood = [asyncio.ensure_future(guess(stranger, number)) for number in range(30)]
        await asyncio.sleep(0)
        await sign_in(client, "linlan")
        assert not all(one.done() for one in flood)
        await sign_in(stranger, "wang")
        assert {answer.status_code for answer in await asyncio.gather(*flood)} <= {401, 503}


async def test_who_was_not_heard_has_failed_nothing(database, clock, owner, community):
    await person(owner, "linlan", ("operator", community.street))
    context = replace(context_for(database, clock), passwords=Passwords(within_s=0))
    async with browser(create_api(context)) as client:
        async with context.passwords.turn(Comer("10.9.9.9", "somebody")):
            refused = await client.post("/api/v1/login", json=WRONG)
        assert (refused.status_code, code_of(refused)) == (503, "busy")
        assert int(refused.headers["Retry-After"]) > 0
        assert await owner.fetchval("SELECT count(*) FROM login_delay") == 0
        await sign_in(client, "linlan")


# ---- foreign pages


async def test_a_command_without_the_csrf_token_is_refused(client, owner, community):
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    for sent in (None, "", "guessed"):
        headers = {} if sent is None else {CSRF_HEADER: sent}
        client.headers.pop(CSRF_HEADER, None)
        refused = await client.post("/api/v1/logout", headers=headers)
        assert (refused.status_code, code_of(refused)) == (403, "csrf_refused")
    assert (await client.get("/api/v1/me")).status_code == 200


async def test_the_csrf_token_of_another_session_is_refused(app, client, owner, community):
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    async with browser(app) as other:
        theirs = await sign_in(other, "linlan")
    refused = await client.post("/api/v1/logout", headers={CSRF_HEADER: theirs["csrf_token"]})
    assert code_of(refused) == "csrf_refused"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://centre.test:8443"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_foreign_page_can_neither_log_in_nor_send_commands(
    client, owner, community, headers
):
    await person(owner, "linlan", ("operator", community.street))
    body = {"login": "linlan", "password": PASSWORD}
    refused = await client.post("/api/v1/login", json=body, headers=headers)
    assert (refused.status_code, code_of(refused)) == (403, "origin_refused")
    await sign_in(client, "linlan")
    refused = await client.post("/api/v1/logout", headers=headers)
    assert (refused.status_code, code_of(refused)) == (403, "origin_refused")


async def test_the_servers_own_page_may_log_in(client, owner, community):
    await person(owner, "linlan", ("operator", community.street))
    client.headers["Origin"] = "http://centre.test"
    await sign_in(client, "linlan")


# ---- the end of a session


async def test_logging_out_ends_the_session_at_once_and_tells_the_others(
    client, owner, community, hints
):
    user_id = await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    cookie = client.cookies[COOKIE]
    assert (await client.post("/api/v1/logout")).status_code == 204
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, cookie)
    assert (await client.get("/api/v1/me")).status_code == 401
    assert hints == ["grants"]
    assert (await trail(owner))[-1] == ("logged_out", f"user:{user_id}")


async def test_a_session_ends_after_twelve_hours(client, owner, community, clock):
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    clock.advance(12 * 3600 - 1)
    assert (await client.get("/api/v1/me")).status_code == 200
    clock.advance(1)
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_sessions_that_ended_long_ago_are_removed(client, owner, community, clock):
    await person(owner, "linlan", ("operator", community.street))
    for _ in range(3):
        await sign_in(client, "linlan")
        clock.advance(4 * 24 * 3600)
    assert await owner.fetchval("SELECT count(*) FROM login_session") == 2


async def test_a_session_ended_elsewhere_is_noticed_within_two_seconds(
    client, owner, community, clock
):
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    assert (await client.get("/api/v1/me")).status_code == 200
    await owner.execute("DELETE FROM role_grant")  # as another server would, and its hint was lost
    clock.advance(2)
    assert (await client.get("/api/v1/me")).json()["grants"] == []


# ---- the own account


async def test_a_changed_password_ends_all_other_sessions(app, client, owner, community, clock):
    await person(owner, "linlan", ("operator", community.street))
    async with browser(app) as at_home:
        await sign_in(at_home, "linlan")
        await sign_in(client, "linlan")
        body = {"current": PASSWORD, "new": "a much better phrase"}
        assert (await client.put("/api/v1/me/password", json=body)).status_code == 204
        assert (await at_home.get("/api/v1/me")).status_code == 401
    assert (await client.get("/api/v1/me")).status_code == 200
    async with browser(app) as again:
        await sign_in(again, "linlan", "a much better phrase")


async def test_the_current_password_is_asked_for_and_guessing_it_waits_too(
    client, owner, community
):
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    body = {"current": "a guess", "new": "a much better phrase"}
    for _ in range(3):
        refused = await client.put("/api/v1/me/password", json=body)
        assert (refused.status_code, code_of(refused)) == (401, "login_failed")
    assert (await client.put("/api/v1/me/password", json=body)).status_code == 429


async def test_a_weak_new_password_is_refused_with_its_reason(client, owner, community):
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    refused = await client.put("/api/v1/me/password", json={"current": PASSWORD, "new": "short"})
    assert (refused.status_code, code_of(refused)) == (422, "password_length")
    assert refused.json()["error"]["params"] == {"shortest": 12, "longest": 200}


async def test_everybody_chooses_their_language(client, owner, community):
    await person(owner, "linlan", ("operator", community.street))
    await sign_in(client, "linlan")
    assert (await client.patch("/api/v1/me", json={"language": "en"})).status_code == 200
    assert (await client.get("/api/v1/me")).json()["user"]["language"] == "en"
    assert (await client.patch("/api/v1/me", json={"language": "xx"})).status_code == 422


# ---- administrators


@pytest.fixture
async def districts(community):
    """Two districts side by side."""
    east = await community.region(community.root, "district", "东区")
    west = await community.region(community.root, "district", "西区")
    return east, west


def new_user(login: str, role: str, region_id: int) -> dict[str, object]:
    return {
        "login": login,
        "name": "林岚",
        "password": "one more long phrase",
        "grants": [{"role": role, "region_id": region_id}],
    }


async def test_an_administrator_adds_an_operator_who_then_logs_in(
    app, client, owner, community, districts
):
    east, _ = districts
    admin = await person(owner, "admin", ("administrator", east))
    await sign_in(client, "admin")

    made = await client.post("/api/v1/users", json=new_user("LinLan", "operator", east))
    assert made.status_code == 201
    user = made.json()
    assert (user["login"], user["active"]) == ("linlan", True)
    assert [(g["role"], g["region_id"]) for g in user["grants"]] == [("operator", east)]
    taken = await client.post("/api/v1/users", json=new_user("linlan", "operator", east))
    assert (taken.status_code, code_of(taken)) == (409, "login_taken")

    async with browser(app) as operator:
        me = await sign_in(operator, "linlan", "one more long phrase")
        assert me["grants"] == [{"role": "operator", "region_id": east}]
    entries = await trail(owner, "user_id", "action", "subject", "region_ids")
    path = sorted([community.root, east])
    assert (admin, "user_created", f"user:{user['id']}", path) in entries
    assert (admin, "grant_added", f"user:{user['id']}", path) in entries


async def test_an_administrator_sees_and_gives_nothing_outside_the_granted_regions(
    client, owner, community, districts
):
    east, west = districts
    await person(owner, "admin", ("administrator", east))
    theirs = await person(owner, "western", ("operator", west))
    ours = await person(owner, "eastern", ("operator", east))
    above = await person(owner, "director", ("supervisor", community.root))
    await sign_in(client, "admin")

    seen = {user["id"] for user in (await client.get("/api/v1/users")).json()["users"]}
    assert ours in seen
    assert not seen & {theirs, above}
    for user_id in (theirs, above):
        assert (await client.get(f"/api/v1/users/{user_id}")).status_code == 404
        change = await client.patch(f"/api/v1/users/{user_id}", json={"active": False})
        assert change.status_code == 404
    for region_id in (west, community.root):
        made = await client.post("/api/v1/users", json=new_user("spy", "auditor", region_id))
        assert (made.status_code, code_of(made)) == (403, "forbidden")
        grant = await client.post(
            f"/api/v1/users/{ours}/grants", json={"role": "auditor", "region_id": region_id}
        )
        assert grant.status_code == 403
    assert await owner.fetchval("SELECT count(*) FROM role_grant WHERE role = 'auditor'") == 0


async def test_nobody_gets_at_rights_elsewhere_by_a_new_password_for_a_colleague(
    client, owner, community, districts
):
    """She works in both districts: the eastern administrator sees her, but must not become her."""
    east, west = districts
    await person(owner, "admin", ("administrator", east))
    both = await person(owner, "linlan", ("operator", east), ("administrator", west))
    await sign_in(client, "admin")
    assert (await client.get(f"/api/v1/users/{both}")).status_code == 200
    refused = await client.patch(f"/api/v1/users/{both}", json={"password": "mine from now on"})
    assert (refused.status_code, code_of(refused)) == (403, "user_of_other_regions")


async def test_a_grant_taken_away_holds_at_once_and_the_hub_is_told(
    app, client, owner, community, districts, hints
):
    east, _ = districts
    await person(owner, "admin", ("administrator", east))
    user_id = await person(owner, "linlan", ("operator", east))
    await sign_in(client, "admin")
    async with browser(app) as operator:
        await sign_in(operator, "linlan")
        (grant,) = (await client.get(f"/api/v1/users/{user_id}")).json()["grants"]
        address = f"/api/v1/users/{user_id}/grants/{grant['id']}"
        assert (await client.delete(address)).status_code == 204
        assert hints == ["grants"]
        assert (await operator.get("/api/v1/me")).json()["actions"] == []
        assert (await client.delete(address)).status_code == 404
    assert ("grant_removed", f"user:{user_id}") in await trail(owner)


async def test_a_closed_account_is_cut_and_reopening_it_revives_no_session(
    app, client, owner, community, districts, clock
):
    east, _ = districts
    await person(owner, "admin", ("administrator", east))
    user_id = await person(owner, "linlan", ("operator", east))
    await sign_in(client, "admin")
    async with browser(app) as operator:
        await sign_in(operator, "linlan")
        closed = await client.patch(f"/api/v1/users/{user_id}", json={"active": False})
        assert closed.json()["active"] is False
        assert (await operator.get("/api/v1/me")).status_code == 401
        opened = await client.patch(f"/api/v1/users/{user_id}", json={"active": True})
        assert opened.json()["active"] is True
        assert (await operator.get("/api/v1/me")).status_code == 401
        await sign_in(operator, "linlan")


async def test_a_forgotten_password_is_set_anew_by_the_administrator(
    app, client, owner, community, districts
):
    east, _ = districts
    await person(owner, "admin", ("administrator", east))
    user_id = await person(owner, "linlan", ("operator", east))
    await sign_in(client, "admin")
    weak = await client.patch(f"/api/v1/users/{user_id}", json={"password": "linlan-linlan"})
    assert code_of(weak) == "password_weak"
    body = {"password": "one more long phrase"}
    assert (await client.patch(f"/api/v1/users/{user_id}", json=body)).status_code == 200
    async with browser(app) as operator:
        await sign_in(operator, "linlan", "one more long phrase")
    detail = await trail(owner, "action", "detail::text")
    assert "one more long phrase" not in str(detail)


async def test_an_administrator_cannot_lock_out_oneself(client, owner, community, districts):
    east, _ = districts
    user_id = await person(owner, "admin", ("administrator", east))
    me = await sign_in(client, "admin")
    refused = await client.patch(f"/api/v1/users/{user_id}", json={"active": False})
    assert (refused.status_code, code_of(refused)) == (409, "own_account")
    (grant,) = (await client.get(f"/api/v1/users/{user_id}")).json()["grants"]
    refused = await client.delete(f"/api/v1/users/{user_id}/grants/{grant['id']}")
    assert (refused.status_code, code_of(refused)) == (409, "own_account")
    assert me["user"]["id"] == user_id


async def test_nobody_gives_a_role_to_oneself(client, owner, community, districts):
    east, _ = districts
    user_id = await person(owner, "admin", ("administrator", east))
    await sign_in(client, "admin")
    for role in ("auditor", "operator", "administrator"):
        body = {"role": role, "region_id": east}
        refused = await client.post(f"/api/v1/users/{user_id}/grants", json=body)
        assert (refused.status_code, code_of(refused)) == (409, "own_account")


async def test_an_auditor_holds_no_other_role_and_is_kept_by_no_administrator(
    client, owner, community, districts
):
    east, _ = districts
    await person(owner, "admin", ("administrator", east))
    auditor = await person(owner, "shenji", ("auditor", east))
    operator = await person(owner, "linlan", ("operator", east))
    await sign_in(client, "admin")
    for user_id, role in ((auditor, "operator"), (operator, "auditor")):
        body = {"role": role, "region_id": east}
        refused = await client.post(f"/api/v1/users/{user_id}/grants", json=body)
        assert (refused.status_code, code_of(refused)) == (409, "duties_apart")
    both = new_user("both", "auditor", east)
    both["grants"] = [{"role": role, "region_id": east} for role in ("auditor", "operator")]
    assert code_of(await client.post("/api/v1/users", json=both)) == "duties_apart"
    for change in ({"password": "mine from now on"}, {"active": False}, {"name": "另一人"}):
        refused = await client.patch(f"/api/v1/users/{auditor}", json=change)
        assert (refused.status_code, code_of(refused)) == (403, "auditors_account")


async def test_what_somebody_speaks_is_kept_with_the_account(client, owner, community, districts):
    east, _ = districts
    await person(owner, "admin", ("administrator", east))
    user_id = await person(owner, "linlan", ("operator", east))
    await sign_in(client, "admin")
    path = f"/api/v1/users/{user_id}"
    assert (await client.get(path)).json()["skills"] == []
    changed = await client.patch(path, json={"skills": ["宁波话", "English"]})
    assert changed.json()["skills"] == ["宁波话", "English"]
    assert (await client.patch(path, json={"name": "另一人"})).json()["skills"] == changed.json()[
        "skills"
    ]
    assert (await client.patch(path, json={"skills": [""]})).status_code == 422


async def test_changes_of_accounts_ask_for_the_password_again(
    client, owner, community, districts, clock
):
    east, _ = districts
    await person(owner, "admin", ("administrator", east))
    user_id = await person(owner, "linlan", ("operator", east))
    await sign_in(client, "admin")
    clock.advance(11 * 60)
    body = {"role": "supervisor", "region_id": east}
    grants = f"/api/v1/users/{user_id}/grants"
    refused = await client.post(grants, json=body)
    assert (refused.status_code, code_of(refused)) == (403, "password_again")
    assert (
        code_of(await client.post("/api/v1/me/confirm", json={"password": "not this"}))
        == "login_failed"
    )
    assert code_of(await client.post(grants, json=body)) == "password_again"
    assert (await client.post("/api/v1/me/confirm", json={"password": PASSWORD})).status_code == 204
    assert (await client.post(grants, json=body)).status_code == 201


async def test_a_new_log_in_of_the_same_browser_ends_the_session_before(
    app, client, owner, community, districts
):
    east, _ = districts
    await person(owner, "linlan", ("operator", east))
    await person(owner, "zhao", ("operator", east))
    await sign_in(client, "linlan")
    async with browser(app) as copy:
        copy.cookies.update(client.cookies)
        assert (await copy.get("/api/v1/me")).status_code == 200
        await sign_in(client, "zhao")
        assert (await copy.get("/api/v1/me")).status_code == 401


async def test_users_are_found_by_the_beginning_of_name_or_log_in_page_by_page(
    client, owner, community, districts
):
    east, _ = districts
    await person(owner, "admin", ("administrator", east))
    for number in range(5):
        await person(owner, f"op{number}", ("operator", east))
    await sign_in(client, "admin")
    first = (await client.get("/api/v1/users", params={"q": "OP", "limit": 3})).json()
    assert [user["login"] for user in first["users"]] == ["op0", "op1", "op2"]
    rest = await client.get("/api/v1/users", params={"q": "op", "after": first["after"]})
    assert [user["login"] for user in rest.json()["users"]] == ["op3", "op4"]
    assert rest.json()["after"] is None
    assert (await client.get("/api/v1/users", params={"q": "%"})).json()["users"] == []


async def test_an_operator_manages_nobody(client, owner, community):
    await person(owner, "linlan", ("operator", community.root))
    await sign_in(client, "linlan")
    refused = await client.get("/api/v1/users")
    assert (refused.status_code, code_of(refused)) == (403, "forbidden")
    assert refused.json()["error"]["params"] == {"action": "manage_users"}
