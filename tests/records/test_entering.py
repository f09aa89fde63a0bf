"""Lists of who and what stands around residents: by kind and region, without what is over; each change with before and after."""

from __future__ import annotations

import pytest

FACILITIES, STAFF = "/api/v1/facilities", "/api/v1/staff"


@pytest.fixture
async def worker(signed_in, community):
    """Of a community that lies in the street."""
    community.own = await community.region(community.street, "community", "榆荫社区")
    return await signed_in("community_worker", community.own)


async def names(client, path, **asked):
    return [each["name"] for each in (await client.get(path, params=asked)).json()]


async def test_a_list_is_narrowed_by_kind_and_region_and_leaves_out_what_is_over(editor, community):
    grid = await community.region(community.street, "grid", "第一网格")
    canteen = {"kind": "canteen", "name": "食堂", "region_id": community.street}
    await editor.post(FACILITIES, json=canteen)
    await editor.post(FACILITIES, json=canteen | {"name": "网格食堂", "region_id": grid})
    await editor.post(FACILITIES, json=canteen | {"name": "旧食堂", "until_day": "2020-01-01"})
    await editor.post(FACILITIES, json=canteen | {"name": "驿站", "kind": "station"})
    assert await names(editor, FACILITIES) == ["食堂", "网格食堂", "驿站"]
    assert await names(editor, FACILITIES, kind="station") == ["驿站"]
    assert await names(editor, FACILITIES, region_id=grid) == ["网格食堂"]
    assert "旧食堂" in await names(editor, FACILITIES, with_ended=True)


async def test_who_works_in_a_community_sees_who_serves_it_from_above(
    editor, worker, community, elsewhere, signed_in
):
    await editor.post(STAFF, json={"name": "邓医生", "region_id": community.street})
    foreign = await signed_in("supervisor", elsewhere)
    await foreign.post(STAFF, json={"name": "贺医生", "region_id": elsewhere})
    assert await names(worker, STAFF) == ["邓医生"]
    (above,) = (await worker.get(STAFF)).json()
    changed = await worker.put(f"{STAFF}/{above['id']}", json=above | {"name": "别人"})
    assert changed.status_code == 404, "it is not theirs to change"


async def test_a_change_tells_how_it_stood_before_and_after(editor, community):
    body = {"kind": "canteen", "name": "食堂", "region_id": community.street, "beds": 4}
    made = (await editor.post(FACILITIES, json=body)).json()
    path = f"{FACILITIES}/{made['id']}"
    again = await editor.put(path, json=body | {"beds": 6, "until_day": "2027-01-01", "version": 1})
    assert (again.json()["version"], again.json()["until_day"]) == (2, "2027-01-01")
    changed, added = (await editor.get(f"{path}/changes")).json()
    assert (changed["before"], changed["after"]) == (
        {"beds": 4, "until_day": None},
        {"beds": 6, "until_day": "2027-01-01"},
    )
    assert (added["before"], added["after"]["name"]) == ({}, "食堂")
    assert changed["name_en"] == "supervisor"


async def test_a_change_made_on_an_older_state_is_refused(editor, community):
    body = {"kind": "canteen", "name": "食堂", "region_id": community.street}
    path = f"{FACILITIES}/{(await editor.post(FACILITIES, json=body)).json()['id']}"
    await editor.put(path, json=body | {"name": "新食堂", "version": 1})
    late = await editor.put(path, json=body | {"name": "老食堂", "version": 1})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "changed_meanwhile")
    assert await names(editor, FACILITIES) == ["新食堂"]
