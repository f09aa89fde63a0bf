"""The page of the site: what may be changed, within which bounds, who has said what before, and what would go tonight."""

from __future__ import annotations

import pytest

from tests.support.api import PASSWORD, trail

SETTINGS = "/api/v1/site-settings"


@pytest.fixture
async def admin(signed_in, community):
    return await signed_in("administrator", community.root)


@pytest.fixture
def told(app):
    """Grows with each hint to the other processes."""
    told: list[str] = []
    app.state.context.site.tell = lambda: told.append("site_settings")
    return told


async def one(client, name):
    found = (await client.get(SETTINGS)).json()
    return next(setting for setting in found if setting["name"] == name)


async def test_what_is_said_holds_with_who_said_it_when_and_what_held_before(admin, owner, told):
    first = await one(admin, "site.session_h")
    assert (first["value"], first["origin"], first["by_name"]) == (12, "built_in", None)
    for hours in (14, 16):
        answer = await admin.put(f"{SETTINGS}/site.session_h", json={"value": hours})
        assert answer.status_code == 200, answer.text
    said = await one(admin, "site.session_h")
    assert (said["value"], said["of_file"], said["origin"]) == (16, 12, "page")
    assert (said["by_name"].endswith("同志"), said["before"]) == (True, 14)
    assert said["since"] is not None
    await admin.put(f"{SETTINGS}/site.session_h", json={"value": None})
    back = await one(admin, "site.session_h")
    assert (back["value"], back["origin"], back["before"]) == (12, "built_in", 16)
    assert told == ["site_settings"] * 3
    details = [detail for action, detail in await trail(owner, "action", "detail")]
    assert details[-1] == {
        "name": "site.session_h",
        "before": {"site.session_h": 16},
        "after": {"site.session_h": 12},
    }


@pytest.mark.parametrize(
    ("name", "value", "status", "code"),
    [
        ("site.session_h", 8, 422, "setting_bounds"),
        ("retention.texts_d", 30, 422, "setting_bounds"),
        ("language", "de", 422, "setting_choice"),
        ("site.session_h", "12", 422, "setting_kind"),
        ("office.longest_test_h", 48, 404, "not_found"),
    ],
)
async def test_what_is_out_of_bounds_is_refused_with_the_bound(
    admin, owner, told, name, value, status, code
):
    answer = await admin.put(f"{SETTINGS}/{name}", json={"value": value})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    if code == "setting_bounds":
        assert str(error["params"]["least"]) in error["message"]
    assert await owner.fetchval("SELECT count(*) FROM site_setting") == 0
    assert told == []


async def test_it_is_the_whole_sites_and_asks_for_the_password_after_a_while(
    signed_in, admin, clock, community
):
    local = await signed_in("administrator", community.street)
    for method, path in (("GET", SETTINGS), ("GET", "/api/v1/retention")):
        assert (await local.request(method, path)).status_code == 403
    refused = await local.put(f"{SETTINGS}/site.name", json={"value": "我的"})
    assert refused.status_code == 403
    clock.advance(3_600)
    stale = await admin.put(f"{SETTINGS}/site.name", json={"value": "榆荫里"})
    assert stale.json()["error"]["code"] == "password_again"
    await admin.post("/api/v1/me/confirm", json={"password": PASSWORD})
    assert (await admin.put(f"{SETTINGS}/site.name", json={"value": "榆荫里"})).is_success


async def test_what_would_go_is_counted_and_what_stays_says_why(admin, owner, clock):
    view = (await admin.get("/api/v1/retention")).json()
    kinds = {kind["kind"]: kind for kind in view["kinds"]}
    assert (kinds["incidents"]["setting"], kinds["incidents"]["stays"]) == (None, "case")
    assert (kinds["audit"]["setting"], kinds["audit"]["due"]) == ("retention.audit_d", 0)
    assert (kinds["log_ins"]["setting"], kinds["log_ins"]["due"]) == ("retention.log_ins_d", 0)
    await owner.execute(
        "INSERT INTO login_session (token_hash, user_id, csrf_token, created_at, expires_at, address)"
        " SELECT 'old', id, '', $1, $1, '' FROM app_user LIMIT 1",
        clock.now().replace(year=2025),
    )
    view = (await admin.get("/api/v1/retention")).json()
    [log_ins] = [kind for kind in view["kinds"] if kind["kind"] == "log_ins"]
    assert (log_ins["due"], log_ins["oldest"][:4], view["last"]) == (1, "2025", None)
