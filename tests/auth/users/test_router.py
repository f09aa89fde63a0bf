"""The accounts of others, as their administrators keep them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.api import PASSWORD, browser, person, sign_in, trail


def code_of(answer) -> str:
    return answer.json()["error"]["code"]


@pytest.fixture
async def districts(community):
    """Two districts side by side."""
    east = await community.region(community.root, "district", "东区")
    west = await community.region(community.root, "district", "西区")
    return east, west


@pytest.fixture
async def linlan(client, owner, districts) -> int:
    """An operator of the east; her administrator is signed in."""
    east, _ = districts
    await person(owner, "admin", ("administrator", east))
    user_id = await person(owner, "linlan", ("operator", east))
    await sign_in(client, "admin")
    return user_id


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
    app, client, owner, linlan, hints
):
    async with browser(app) as operator:
        await sign_in(operator, "linlan")
        (grant,) = (await client.get(f"/api/v1/users/{linlan}")).json()["grants"]
        address = f"/api/v1/users/{linlan}/grants/{grant['id']}"
        assert (await client.delete(address)).status_code == 204
        assert hints == ["grants"]
        assert (await operator.get("/api/v1/me")).json()["actions"] == []
        assert (await client.delete(address)).status_code == 404
    assert ("grant_removed", f"user:{linlan}") in await trail(owner)


async def test_a_closed_account_is_cut_and_reopening_it_revives_no_session(
    app, client, linlan, clock
):
    async with browser(app) as operator:
        await sign_in(operator, "linlan")
        closed = await client.patch(f"/api/v1/users/{linlan}", json={"active": False})
        assert closed.json()["active"] is False
        assert (await operator.get("/api/v1/me")).status_code == 401
        opened = await client.patch(f"/api/v1/users/{linlan}", json={"active": True})
        assert opened.json()["active"] is True
        assert (await operator.get("/api/v1/me")).status_code == 401
        await sign_in(operator, "linlan")


async def test_a_forgotten_password_is_set_anew_by_the_administrator(app, client, owner, linlan):
    weak = await client.patch(f"/api/v1/users/{linlan}", json={"password": "linlan-linlan"})
    assert code_of(weak) == "password_weak"
    body = {"password": "one more long phrase"}
    assert (await client.patch(f"/api/v1/users/{linlan}", json=body)).status_code == 200
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


async def test_what_somebody_speaks_is_kept_with_the_account(client, linlan):
    path = f"/api/v1/users/{linlan}"
    assert (await client.get(path)).json()["skills"] == []
    changed = await client.patch(path, json={"skills": ["宁波话", "English"]})
    assert changed.json()["skills"] == ["宁波话", "English"]
    assert (await client.patch(path, json={"name": "另一人"})).json()["skills"] == changed.json()[
        "skills"
    ]
    assert (await client.patch(path, json={"skills": [""]})).status_code == 422


async def test_changes_of_accounts_ask_for_the_password_again(client, districts, linlan, clock):
    east, _ = districts
    clock.advance(11 * 60)
    body = {"role": "supervisor", "region_id": east}
    grants = f"/api/v1/users/{linlan}/grants"
    refused = await client.post(grants, json=body)
    assert (refused.status_code, code_of(refused)) == (403, "password_again")
    assert (
        code_of(await client.post("/api/v1/me/confirm", json={"password": "not this"}))
        == "login_failed"
    )
    assert code_of(await client.post(grants, json=body)) == "password_again"
    assert (await client.post("/api/v1/me/confirm", json={"password": PASSWORD})).status_code == 204
    assert (await client.post(grants, json=body)).status_code == 201


async def test_users_are_found_by_name_or_log_in_page_by_page(client, owner, community, districts):
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


async def with_a_slip(client, user_id: int, **body: int) -> str:
    made = await client.post(f"/api/v1/users/{user_id}/slip", json=body)
    assert made.status_code == 201, made.text
    return made.json()["code"]


async def test_a_new_colleague_chooses_the_first_password_with_a_slip_and_is_in(
    app, client, owner, community, districts
):
    east, _ = districts
    await person(owner, "admin", ("administrator", east))
    await sign_in(client, "admin")
    body = new_user("linlan", "operator", east) | {"password": None}
    user = (await client.post("/api/v1/users", json=body)).json()
    assert (user["has_password"], user["slip_until"]) == (False, None)
    code = await with_a_slip(client, user["id"], hours=2)
    async with browser(app) as colleague:
        chosen = {"login": "linlan", "code": code, "password": "one more long phrase"}
        entered = await colleague.post("/api/v1/login/slip", json=chosen)
        assert entered.json()["actions"] == sorted(["see_incidents", "work_incidents", "see_profiles", "break_glass", "see_field", "book_tasks", "answer_calls", "hear_recordings"])  # fmt: skip
        assert (await colleague.get("/api/v1/me")).status_code == 200
    async with browser(app) as thief:
        again = await thief.post("/api/v1/login/slip", json=chosen)
        assert (again.status_code, code_of(again)) == (401, "slip_used")
        await sign_in(thief, "linlan", "one more long phrase")
    shown = (await client.get(f"/api/v1/users/{user['id']}")).json()
    assert (shown["has_password"], shown["slip_until"], shown["sessions"]) == (True, None, 2)
    assert code not in str(await trail(owner, "action", "detail::text"))


async def test_a_slip_ends_all_sessions_when_it_is_used_and_nothing_before(
    app, client, linlan, clock
):
    async with browser(app) as at_the_seat, browser(app) as elsewhere:
        await sign_in(at_the_seat, "linlan")
        code = await with_a_slip(client, linlan)
        assert (await at_the_seat.get("/api/v1/me")).status_code == 200
        chosen = {"login": "linlan", "code": code, "password": "one more long phrase"}
        assert (await elsewhere.post("/api/v1/login/slip", json=chosen)).status_code == 200
        assert (await at_the_seat.get("/api/v1/me")).status_code == 401
        code = await with_a_slip(client, linlan, hours=1)
        clock.advance(3_601)
        late = await elsewhere.post("/api/v1/login/slip", json=chosen | {"code": code})
        assert (late.status_code, code_of(late)) == (401, "slip_expired")


async def test_a_slip_is_void_once_the_password_was_changed_otherwise(app, client, linlan):
    code = await with_a_slip(client, linlan)
    async with browser(app) as operator:
        await sign_in(operator, "linlan")
        body = {"current": PASSWORD, "new": "remembered after all"}
        assert (await operator.put("/api/v1/me/password", json=body)).status_code == 204
    async with browser(app) as finder:
        chosen = {"login": "linlan", "code": code, "password": "one more long phrase"}
        refused = await finder.post("/api/v1/login/slip", json=chosen)
        assert (refused.status_code, code_of(refused)) == (401, "slip_refused")


async def test_a_grant_ends_by_itself_also_in_a_session_that_is_open(
    app, client, owner, community, districts, clock
):
    east, _ = districts
    admin = await person(owner, "admin", ("administrator", east))
    user_id = await person(owner, "linlan", ("operator", east))
    await sign_in(client, "admin")
    until = (clock.now() + timedelta(minutes=5)).isoformat()
    body = {"role": "supervisor", "region_id": east, "until_at": until}
    given = (await client.post(f"/api/v1/users/{user_id}/grants", json=body)).json()
    assert (given["in_force"], given["given_by_name"]) == (True, "admin同志")
    async with browser(app) as operator:
        me = await sign_in(operator, "linlan")
        assert "manage_escalation" in me["actions"]
        clock.advance(301)
        assert "manage_escalation" not in (await operator.get("/api/v1/me")).json()["actions"]
    shown = (await client.get(f"/api/v1/users/{user_id}")).json()["grants"]
    assert [(one["role"], one["in_force"]) for one in shown] == [("operator", True), ("supervisor", False)]  # fmt: skip
    past = await client.post(f"/api/v1/users/{user_id}/grants", json=body)
    assert (past.status_code, code_of(past)) == (422, "until_past")
    assert admin


async def test_whoever_administers_for_a_while_makes_nobody_administrator_for_longer(
    client, owner, community, districts, clock
):
    east, _ = districts
    await person(owner, "stand-in", ("administrator", east))
    user_id = await person(owner, "linlan", ("operator", east))
    until = clock.now() + timedelta(days=1)
    await owner.execute("UPDATE role_grant SET until_at = $1 WHERE role = 'administrator'", until)
    await sign_in(client, "stand-in")
    body = {"role": "administrator", "region_id": east}
    refused = await client.post(f"/api/v1/users/{user_id}/grants", json=body)
    assert (refused.status_code, code_of(refused)) == (403, "longer_than_own")
    as_long = body | {"until_at": until.isoformat()}
    assert (await client.post(f"/api/v1/users/{user_id}/grants", json=as_long)).status_code == 201
    body = {"role": "supervisor", "region_id": east}
    assert (await client.post(f"/api/v1/users/{user_id}/grants", json=body)).status_code == 201


async def test_what_would_leave_a_region_without_an_administrator_is_refused_whole(
    client, owner, community, districts, clock
):
    """A stand-in for a day ends the only one who stays, by blocking or by taking the role."""
    east, _ = districts
    await person(owner, "stand-in", ("administrator", east))
    until = clock.now() + timedelta(days=1)
    await owner.execute("UPDATE role_grant SET until_at = $1", until)
    boss = await person(owner, "boss", ("administrator", east))
    await sign_in(client, "stand-in")
    (grant,) = (await client.get(f"/api/v1/users/{boss}")).json()["grants"]
    before = await owner.fetch("SELECT * FROM role_grant")
    for refused in (
        await client.patch(f"/api/v1/users/{boss}", json={"name": "x", "active": False}),
        await client.delete(f"/api/v1/users/{boss}/grants/{grant['id']}"),
    ):
        assert (refused.status_code, code_of(refused)) == (409, "last_administrator")
        assert refused.json()["error"]["params"] == {"region_id": east, "region": "东区"}
    assert await owner.fetch("SELECT * FROM role_grant") == before
    assert await owner.fetchval("SELECT active FROM app_user WHERE login = 'boss'")


async def test_sessions_are_seen_and_ended_one_or_all(app, client, linlan, hints):
    path = f"/api/v1/users/{linlan}/sessions"
    async with browser(app, "10.0.0.8") as one, browser(app, "10.0.0.9") as other:
        await sign_in(one, "linlan")
        await sign_in(other, "linlan")
        listed = {each["address"]: each for each in (await client.get(path)).json()}
        assert listed.keys() == {"10.0.0.8", "10.0.0.9"}
        gone = {"only": listed["10.0.0.8"]["id"]}
        assert (await client.delete(path, params=gone)).status_code == 204
        assert hints
        assert (await one.get("/api/v1/me")).status_code == 401
        assert (await other.get("/api/v1/me")).status_code == 200
        assert (await client.delete(path, params=gone)).status_code == 404
        assert (await client.delete(path)).status_code == 204
        assert (await other.get("/api/v1/me")).status_code == 401
    assert (await client.get(path)).json() == []


async def test_whoever_guessed_too_often_is_let_in_again(app, client, linlan):
    path = f"/api/v1/users/{linlan}"
    async with browser(app, "10.0.0.8") as operator:
        wrong = {"login": "linlan", "password": "not this one"}
        while (await operator.post("/api/v1/login", json=wrong)).status_code != 429:
            pass
        assert (await client.get(path)).json()["locked_until"] is not None
        places = {one["place"] for one in (await client.get(f"{path}/lockouts")).json()}
        assert places == {"network", "all_strangers"}
        assert (await client.delete(f"{path}/lockouts")).status_code == 204
        await sign_in(operator, "linlan")
    assert (await client.get(path)).json()["locked_until"] is None
    assert [one["what"] for one in (await client.get(f"{path}/changes")).json()] == [
        "lockouts_lifted"
    ]
