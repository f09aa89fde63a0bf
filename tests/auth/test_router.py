"""Logging in and out, and administering accounts, as a browser does it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from callcenter.api.application import create_api
from callcenter.auth import known_browsers
from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.auth.login import ALL_STRANGERS
from callcenter.auth.passwords import Passwords
from callcenter.auth.sessions import BROWSER_LENGTH, hash_of
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
    assert me["actions"] == [
        "answer_calls",
        "book_tasks",
        "break_glass",
        "hear_recordings",
        "see_field",
        "see_incidents",
        "see_profiles",
        "work_incidents",
    ]
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
        flood = [asyncio.ensure_future(guess(stranger, number)) for number in range(16)]
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


async def test_a_new_log_in_of_the_same_browser_ends_the_session_before(
    app, client, owner, community
):
    await person(owner, "linlan", ("operator", community.street))
    await person(owner, "zhao", ("operator", community.street))
    await sign_in(client, "linlan")
    async with browser(app) as copy:
        copy.cookies.update(client.cookies)
        assert (await copy.get("/api/v1/me")).status_code == 200
        await sign_in(client, "zhao")
        assert (await copy.get("/api/v1/me")).status_code == 401


# ---- where one is logged in oneself


async def test_one_sees_ones_own_log_ins_and_ends_the_others(app, owner, community, clock):
    await person(owner, "linlan", ("responder", community.street))
    other = await person(owner, "wang", ("operator", community.street))
    async with browser(app) as here, browser(app, "10.0.0.9") as phone, browser(app) as home:
        phone.headers["user-agent"] = "Mozilla/5.0 (Android 15)" + "x" * 300
        for client in (home, phone, here):
            await sign_in(client, "linlan")
            clock.advance(60)
        async with browser(app) as strange:
            await sign_in(strange, "wang")
        shown = (await here.get("/api/v1/me/sessions")).json()
        assert [(one["address"], one["own"]) for one in shown] == [
            ("10.0.0.7", True),
            ("10.0.0.9", False),
            ("10.0.0.7", False),
        ]
        assert shown[1]["browser"].startswith("Mozilla/5.0 (Android 15)")
        assert len(shown[1]["browser"]) == BROWSER_LENGTH
        own = shown[0]["id"]
        path = "/api/v1/me/sessions"
        assert (await here.delete(path, params={"only": own})).status_code == 404
        assert (await here.delete(path, params={"only": shown[1]["id"]})).status_code == 204
        assert (await phone.get("/api/v1/me")).status_code == 401
        assert (await home.get("/api/v1/me")).status_code == 200
        assert (await here.delete(path)).status_code == 204
        assert [one["own"] for one in (await here.get(path)).json()] == [True]
        live = "SELECT count(*) FROM login_session WHERE user_id = $1 AND revoked_at IS NULL"
        assert await owner.fetchval(live, other) == 1


async def test_a_log_in_lasts_as_long_as_the_site_has_it(app, owner, community, clock):
    app.state.context.site._said = {"site.session_h": 9}
    await person(owner, "linlan", ("operator", community.street))
    async with browser(app) as client:
        me = await sign_in(client, "linlan")
        assert me["expires_at"] == (clock.now() + timedelta(hours=9)).isoformat().replace(
            "+00:00", "Z"
        )
        clock.advance(9 * 3_600)
        assert (await client.get("/api/v1/me")).status_code == 401
