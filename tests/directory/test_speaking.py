"""Supervisors say who speaks what; what the residents speak stands beside it."""

from __future__ import annotations

import json

from callcenter.directory.speaking import tidy
from tests.support.api import person, trail


async def speaking(client) -> dict:
    answer = await client.get("/api/v1/operators")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_skill_is_kept_once_as_it_was_written():
    assert tidy([" 上海话", "English", "", "上海话", "  "]) == ["上海话", "English"]


async def test_operators_of_these_regions_and_what_is_spoken_there(
    editor, owner, community, elsewhere
):
    for login, role, region in [
        ("wang", "operator", community.street),
        ("far", "operator", elsewhere),
        ("above", "operator", community.root),
        ("driver", "responder", community.street),
    ]:
        await person(owner, login, (role, region))
    for dialect, status, region in [
        ("上海话", "home", community.street),
        ("上海话", "away", community.street),
        ("粤语", "home", community.street),
        ("粤语", "deceased", community.street),
        ("", "home", community.street),
        ("闽南语", "home", elsewhere),
    ]:
        home = await community.home(region=region)
        resident = await community.resident(home, status=status)
        await owner.execute("UPDATE resident SET dialect = $1 WHERE id = $2", dialect, resident)
        if status == "away":
            english = {"dialect": "Shanghainese"}
            await owner.execute("UPDATE resident SET english = $1 WHERE id = $2", english, resident)
    shown = await speaking(editor)
    named = {one["name_en"] for one in shown["operators"]}
    assert "wang" in named
    assert named.isdisjoint({"far", "above", "driver"})
    assert shown["spoken"] == [
        {"dialect": "上海话", "dialect_en": "Shanghainese", "residents": 2},
        {"dialect": "粤语", "dialect_en": "", "residents": 1},
    ]


async def test_a_supervisor_sets_them_and_the_trail_has_both_states(editor, owner, community):
    user = await person(owner, "wang", ("operator", community.street))
    path = f"/api/v1/operators/{user}/skills"
    await editor.put(path, json={"skills": ["粤语"]})
    answer = await editor.put(path, json={"skills": ["上海话 ", "上海话", ""]})
    assert answer.json()["skills"] == ["上海话"]
    assert await owner.fetchval("SELECT skills FROM app_user WHERE id = $1", user) == ["上海话"]
    *_, (action, subject, detail) = await trail(owner, "action", "subject", "detail")
    said = json.loads(detail) if isinstance(detail, str) else detail
    assert (action, subject) == ("skills_changed", f"user:{user}")
    assert said == {"before": ["粤语"], "after": ["上海话"]}


async def test_nobody_sets_those_of_other_regions_nor_of_who_takes_no_alarms(
    editor, operator, owner, community, elsewhere
):
    wang = await person(owner, "wang", ("operator", community.street))
    far = await person(owner, "far", ("operator", elsewhere))
    driver = await person(owner, "driver", ("responder", community.street))
    body = {"skills": ["粤语"]}
    for user in (far, driver, 999_999):
        assert (await editor.put(f"/api/v1/operators/{user}/skills", json=body)).status_code == 404
    assert (await operator.put(f"/api/v1/operators/{wang}/skills", json=body)).status_code == 403
    long = {"skills": ["x" * 41]}
    assert (await editor.put(f"/api/v1/operators/{wang}/skills", json=long)).status_code == 422
