"""Who looks after whom: of a home and of its regions, on a day, and at once with the profile."""

from __future__ import annotations

import pytest

PATH = "/api/v1/responsible"


@pytest.fixture
async def staff(editor, community):
    """Makes somebody of the staff."""

    async def staff(name, **parts):
        body = {"name": name, "phone": "13900000007", "region_id": community.street}
        made = await editor.post("/api/v1/staff", json=body | {"active_from": "2020-01-01"} | parts)
        return made.json()["id"]

    return staff


async def looked_after(client, path, **asked):
    answer = await client.get(f"/api/v1/{path}/responsible", params=asked)
    assert answer.status_code == 200, answer.text
    return [(each["duty"], each["name"]) for each in answer.json()]


async def test_a_profile_tells_the_key_holder_of_the_home_and_the_worker_of_the_grid(
    editor, operator, community, staff
):
    home = await community.home()
    worker, holder = await staff("王网格"), await staff("李邻居")
    since = {"from_day": "2020-01-01"}
    of_region = {"region_id": community.street, "staff_id": worker, "duty": "grid_worker"}
    of_home = {"home_id": home, "staff_id": holder, "duty": "key_holder"}
    for body in (of_region, of_home):
        assert (await editor.post(PATH, json=body | since)).status_code == 201
    both = [("key_holder", "李邻居"), ("grid_worker", "王网格")]
    assert await looked_after(operator, f"homes/{home}") == both
    assert await looked_after(operator, f"regions/{community.street}") == both[1:]
    profile = (await operator.get(f"/api/v1/homes/{home}/profile")).json()
    assert [each["phone"] for each in profile["responsible"]] == ["+8613900000007"] * 2


async def test_a_day_is_asked_for_and_whoever_helps_no_more_is_not_told(editor, community, staff):
    home = await community.home()
    first, second = await staff("第一位"), await staff("第二位", active_until="2026-06-01")
    body = {"home_id": home, "duty": "social_worker"}
    spans = ((first, "2020-01-01", "2026-01-01"), (second, "2026-01-01", None))
    for who, since, until in spans:
        span = {"staff_id": who, "from_day": since, "until_day": until}
        await editor.post(PATH, json=body | span)
    told = [
        await looked_after(editor, f"homes/{home}", day=day)
        for day in ("2025-12-31", "2026-01-01", "2026-06-01")
    ]
    assert told == [[("social_worker", "第一位")], [("social_worker", "第二位")], []]


async def test_it_is_ended_changed_and_taken_out_and_the_trail_keeps_it(
    editor, community, staff, owner
):
    who = await staff("王网格")
    body = {"staff_id": who, "duty": "doctor"}
    made = (await editor.post(PATH, json=body | {"region_id": community.street})).json()
    path = f"{PATH}/{made['id']}"
    backwards = body | {"from_day": "2026-03-02", "until_day": "2026-03-01"}
    assert (await editor.put(path, json=backwards)).status_code == 422
    ended = await editor.put(
        path, json=body | {"from_day": "2026-03-01", "until_day": "2026-03-02"}
    )
    assert ended.json()["until_day"] == "2026-03-02"
    assert (await editor.delete(path)).status_code == 204
    entries = await owner.fetch(
        "SELECT action, detail FROM audit_entry WHERE subject = $1 ORDER BY id",
        f"region:{community.street}",
    )
    assert [row["action"].removeprefix("responsible_") for row in entries] == [
        "added",
        "changed",
        "removed",
    ]
    assert entries[2]["detail"]["before"] == entries[1]["detail"]["after"]


async def test_it_belongs_to_one_place_that_is_ones_own(editor, community, staff, elsewhere):
    who = await staff("王网格")
    body = {"staff_id": who, "duty": "doctor"}
    assert (await editor.post(PATH, json=body)).status_code == 422
    assert (await editor.post(PATH, json=body | {"region_id": elsewhere})).status_code == 404
