"""Somebody registered twice is one, and two again: nothing is lost on the way there, and nothing on the way back."""

from random import Random

import pytest

from tests.support.doubles import counted, everything, pointing_at, register

API = "/api/v1"


@pytest.fixture
async def source(community):
    await community.source()


async def version(owner, table, row_id):
    return await owner.fetchval(f"SELECT version FROM {table} WHERE id = $1", row_id)  # noqa: S608


@pytest.fixture
def merge(editor, owner):
    async def merge(subject, kept, merged, *, expected=201):
        body = {"subject": subject, "kept_id": kept, "merged_id": merged}
        body["kept_version"] = await version(owner, subject, kept)
        body["merged_version"] = await version(owner, subject, merged)
        answer = await editor.post(f"{API}/merges", json=body)
        assert answer.status_code == expected, answer.text
        return answer.json().get("error", answer.json())

    return merge


async def undo(client, merging, expected=200):
    answer = await client.post(f"{API}/merges/{merging['id']}/undo")
    assert answer.status_code == expected, answer.text
    return answer.json().get("error", answer.json())


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_there_is_moves_and_comes_back(
    seed, community, owner, source, merge, editor
):
    chance = Random(seed)
    home = await community.home()
    elsewhere = home if seed % 2 else await community.home(address="榆荫里小区7号楼二单元501室")
    kept = await register(community, home, chance, phone="+8613900000001")
    merged = await register(
        community, elsewhere, chance, phone=chance.choice(["+8613900000001", "+8613900000002"])
    )
    before = await everything(owner)

    merging = await merge("resident", kept, merged)
    assert await pointing_at(owner, "resident", merged) == []
    united = counted(await everything(owner))
    plans = merging["moved"].get("call_plan", 0)
    assert united["call_plan"] in (counted(before)["call_plan"], 1)
    assert {**united, "call_plan": 0, "number_use": 0} == {
        **counted(before), "call_plan": 0, "number_use": 0
    }, plans  # fmt: skip
    assert await owner.fetchval("SELECT merged_into FROM resident WHERE id = $1", merged) == kept

    undone = await undo(editor, merging)
    assert undone["undone_at"]
    assert await everything(owner) == before


@pytest.mark.parametrize("seed", range(4))
async def test_so_do_all_who_live_in_a_home(seed, community, owner, source, merge, editor):
    chance = Random(seed)
    home, same = await community.home(), await community.home(address="7-2-501")
    await register(community, home, chance, phone="+8613900000001")
    lives_there = await register(community, same, chance, phone="+8613900000002", name="贺长林")
    before = await everything(owner)

    merging = await merge("home", home, same)
    assert await pointing_at(owner, "home", same) == []
    assert counted(await everything(owner)) == counted(before)
    assert await owner.fetchval("SELECT home_id FROM resident WHERE id = $1", lives_there) == home
    stays = await owner.fetch("SELECT * FROM residence WHERE resident_id = $1", lives_there)
    assert [stay["withdrawn_at"] for stay in stays] == [None], "nobody has moved"

    await undo(editor, merging)
    assert await everything(owner) == before


async def test_the_one_kept_takes_over_what_it_leaves_open(community, owner, merge, editor):
    home = await community.home()
    kept, merged = await community.resident(home), await community.resident(home)
    await owner.execute(
        "UPDATE resident SET allergies = '青霉素', risk = 'low' WHERE id = $1", kept
    )
    await owner.execute(
        "UPDATE resident SET phone = '+8613900000002', allergies = '磺胺', welfare = '{no_family}' WHERE id = $1",
        merged,
    )
    merging = await merge("resident", kept, merged)
    assert merging["taken"] == ["allergies", "phone", "risk"]
    now = await owner.fetchrow("SELECT * FROM resident WHERE id = $1", kept)
    assert (now["phone"], now["allergies"], now["risk"], now["welfare"]) == (
        "+8613900000002",
        "青霉素；磺胺",
        "high",
        ["no_family"],
    )
    await undo(editor, merging)
    again = await owner.fetchrow("SELECT * FROM resident WHERE id = $1", kept)
    assert (again["phone"], again["allergies"], again["welfare"]) == (None, "青霉素", [])


async def test_what_people_changed_since_stands_in_the_way_and_is_said(
    community, owner, merge, editor
):
    home = await community.home()
    kept, merged = await community.resident(home), await community.resident(home)
    contact = await community.contact(merged)
    merging = await merge("resident", kept, merged)
    added = await community.contact(kept, rank=9)
    await owner.execute("UPDATE contact SET has_key = true WHERE id = $1", contact)

    refused = await undo(editor, merging, expected=409)
    assert refused["code"] == "changed_since"
    assert set(refused["params"]["changed"]) == {f"contact:{contact}", f"contact:{added}"}
    assert (await owner.fetchval("SELECT merged_into FROM resident WHERE id = $1", merged)) == kept

    await owner.execute("DELETE FROM contact WHERE id = $1", added)
    await owner.execute("UPDATE contact SET has_key = false WHERE id = $1", contact)
    await undo(editor, merging)
    again = await editor.post(f"{API}/merges/{merging['id']}/undo")
    assert again.json()["error"]["code"] == "undone_already"


async def test_an_open_incident_goes_on_and_is_that_of_the_home_that_is_kept(
    community, owner, merge, editor
):
    home, same = await community.home(), await community.home(address="7-2-501")
    resident = await community.resident(same)
    incident = await owner.fetchval(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, home_id, resident_id, source,"
        " identifier, card, opened_at, last_signal_at, marks, kinds) VALUES (gen_random_uuid(), $1, 'alarm', 'sos', 1, $2,"
        " ARRAY[$2]::bigint[], $3, $4, 'dc09', 'A101', '{}', now(), now(), '{}', '{sos}') RETURNING id",
        f"home:{same}",
        community.street,
        same,
        resident,
    )
    before = await owner.fetchrow("SELECT * FROM incident WHERE id = $1", incident)
    merging = await merge("home", home, same)
    row = await owner.fetchrow("SELECT * FROM incident WHERE id = $1", incident)
    moving = ("home_id", "subject", "changed_xid")
    assert (row["home_id"], row["subject"]) == (home, f"home:{home}"), "the next press joins it"
    assert {k: v for k, v in row.items() if k not in moving} == {
        k: v for k, v in before.items() if k not in moving
    }
    profile = (await editor.get(f"{API}/homes/{same}/profile")).json()
    assert profile["home"]["id"] == home, "a console that has the old number gets the one kept"
    assert [each["id"] for each in profile["residents"]] == [resident]

    await owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = 1, taken_by_name = 'x' WHERE id = $1",
        incident,
    )
    await undo(editor, merging)
    row = await owner.fetchrow("SELECT * FROM incident WHERE id = $1", incident)
    assert (row["home_id"], row["subject"], row["state"]) == (same, f"home:{same}", "taken")


async def test_two_open_incidents_stay_two(community, owner, merge):
    home, same = await community.home(), await community.home(address="7-2-501")
    for each in (home, same):
        await owner.execute(
            "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, home_id, source,"
            " identifier, card, opened_at, last_signal_at, marks, kinds) VALUES (gen_random_uuid(), $1, 'alarm', 'sos', 1,"
            " $2, ARRAY[$2]::bigint[], $3, 'dc09', 'A101', '{}', now(), now(), '{}', '{sos}')",
            f"home:{each}",
            community.street,
            each,
        )
    await merge("home", home, same)
    rows = await owner.fetch("SELECT subject, home_id, state FROM incident ORDER BY subject")
    assert [tuple(row) for row in rows] == [
        (f"home:{home}", home, "waiting"),
        (f"home:{same}", home, "waiting"),
    ]


async def test_the_other_is_in_no_list_and_its_number_leads_to_the_one_kept(
    community, merge, editor, hints
):
    home, same = await community.home(), await community.home(address="7-2-501")
    kept, merged = await community.resident(home), await community.resident(same)
    await merge("resident", kept, merged)
    await merge("home", home, same)
    assert hints == ["directory", "directory"], "what is kept in memory is read anew"
    found = (await editor.get(f"{API}/residents")).json()
    assert [each["id"] for each in found["items"]] == [kept]
    assert [each["id"] for each in (await editor.get(f"{API}/homes")).json()["items"]] == [home]
    assert [dot["home_id"] for dot in (await editor.get(f"{API}/homes/dots")).json()] == [home]
    assert (await editor.get(f"{API}/residents/{merged}")).json()["id"] == kept
    changed = await editor.patch(f"{API}/residents/{merged}", json={"version": 1, "name": "x"})
    assert changed.status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE resident SET status = 'deceased' WHERE id = $1", "status_differs"),
        ("UPDATE resident SET status = 'moved' WHERE id = $1", "status_differs"),
    ],
)
async def test_who_is_gone_is_not_made_one_with_who_is_here(community, owner, merge, change, code):
    home = await community.home()
    kept, merged = await community.resident(home), await community.resident(home)
    await owner.execute(change, merged)
    assert (await merge("resident", kept, merged, expected=409))["code"] == code


async def test_refusals(community, owner, merge, editor, operator, elsewhere):
    home = await community.home()
    kept, merged = await community.resident(home), await community.resident(home)
    assert (await merge("resident", kept, kept, expected=422))["code"] == "one_and_the_same"
    far = await community.resident(await community.home(region=elsewhere))
    assert (await merge("resident", kept, far, expected=404))["code"] == "not_found"
    grid = await community.region(community.street, "grid", "第一网格")
    other = await community.home(region=grid)
    assert (await merge("home", home, other, expected=409))["code"] == "grid_differs"
    body = {"subject": "resident", "kept_id": kept, "merged_id": merged}
    stale = await editor.post(
        f"{API}/merges", json={**body, "kept_version": 7, "merged_version": 1}
    )
    assert stale.json()["error"]["code"] == "changed_meanwhile"
    denied = await operator.post(
        f"{API}/merges", json={**body, "kept_version": 1, "merged_version": 1}
    )
    assert denied.status_code == 403


async def test_the_trail_of_either_tells_it_before_and_after(community, owner, merge, editor):
    home = await community.home()
    kept, merged = await community.resident(home), await community.resident(home)
    merging = await merge("resident", kept, merged)
    await undo(editor, merging)
    rows = await owner.fetch(
        "SELECT action, subject, detail FROM audit_entry WHERE action IN ('residents_merged', 'residents_parted') ORDER BY id"
    )
    assert [(row["action"], row["subject"]) for row in rows] == [
        (action, f"resident:{each}")
        for action in ("residents_merged", "residents_parted")
        for each in (merged, kept)
    ]
    listed = (await editor.get(f"{API}/merges")).json()
    assert [(each["id"], bool(each["undone_at"])) for each in listed] == [(merging["id"], True)]


async def test_a_chain_leads_to_the_last(community, owner, merge, editor):
    home = await community.home()
    first, second, third = [await community.resident(home) for _ in range(3)]
    one = await merge("resident", second, first)
    two = await merge("resident", third, second)
    assert (await editor.get(f"{API}/residents/{first}")).json()["id"] == third
    assert (await undo(editor, one, expected=409))["code"] == "changed_since"
    await undo(editor, two)
    await undo(editor, one)
    assert (await editor.get(f"{API}/residents/{first}")).json()["id"] == first


async def test_what_is_kept_in_memory_of_devices_and_homes_is_read_anew_both_times(
    community, owner, source, merge, editor
):
    """A registry reads rows whose version has moved: a press finds the home that is kept."""
    home, same = await community.home(), await community.home(address="7-2-501")
    device = await community.device("A101", same)
    merging = await merge("home", home, same)
    seen = [await version(owner, "home", each) for each in (home, same)]
    assert await version(owner, "device", device) == 2
    assert await owner.fetchval("SELECT home_id FROM device_assignment") == home
    await undo(editor, merging)
    assert await version(owner, "device", device) == 3
    assert await owner.fetchval("SELECT home_id FROM device_assignment") == same
    again = [await version(owner, "home", each) for each in (home, same)]
    assert all(now > before for now, before in zip(again, seen, strict=True))
