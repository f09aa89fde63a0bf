"""The profile, import and export over REST, and the region tree."""

from uuid import uuid4

import pytest

from callcenter.core.sealed import Seal
from callcenter.demo.community.load import load
from callcenter.demo.community.users import PASSWORD
from callcenter.directory.handing_out import Exports
from callcenter.directory.reading import read_table
from tests.support.api import PASSWORD as OURS, browser, sign_in, trail
from tests.support.outbox import SHANGHAI
from tests.support.sheets import far_cell

GOOD = "姓名,住址\n沈玉兰,7号楼\n贺长林,3号楼\n"
BAD = "姓名,住址,身份证号\n沈玉兰,7号楼,3.7E+17\n贺长林,3号楼,\n"


@pytest.fixture
async def importer(signed_in):
    return await signed_in("administrator")


def upload(text: str):
    return {"file": ("people.csv", text.encode("gb18030"), "text/csv")}


# ---- profile


@pytest.fixture
async def yuyinli(app, database, owner, clock, tmp_path):
    """The demo community, and a client of its operator."""
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    async with browser(app) as client:
        await sign_in(client, "operator", PASSWORD)
        yield client


async def profile_of(client, owner, name):
    home = await owner.fetchval("SELECT home_id FROM resident WHERE name = $1", name)
    answer = await client.get(f"/api/v1/homes/{home}/profile")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_profile_tells_everything_about_a_home(yuyinli, owner):
    profile = await profile_of(yuyinli, owner, "沈玉兰")
    [shen] = profile["residents"]
    assert (shen["age"], shen["allergies"], shen["english"]["allergies"]) == (
        83,
        "青霉素",
        "penicillin",
    )
    assert "502邓桂香" in profile["home"]["key_note"]
    assert profile["home"]["english"]["key_note"].startswith("neighbour Deng Guixiang")
    assert (profile["building"]["name"], profile["building"]["floors"]) == ("7号楼", 6)
    assert [c["name"] for c in profile["contacts"]] == ["周晓梅", "邓桂香", "周晓峰"]
    assert [(d["identifier"], d["resident_id"]) for d in profile["devices"]] == [
        ("A101", shen["id"]),
        ("B2001", shen["id"]),
        ("FA110001", shen["id"]),
    ]
    distances = {p["kind"]: p["distance_m"] for p in profile["points"]}
    assert 150 < distances["clinic"] < 350
    assert 1_500 < distances["hospital"] < 2_000
    assert [p["distance_m"] for p in profile["points"]] == sorted(
        p["distance_m"] for p in profile["points"]
    )
    assert profile["emergency_numbers"] == {
        "ambulance": "0999-120",
        "fire": "0999-119",
        "police": "0999-110",
    }
    assert profile["hotline"] == "0999-8012349"
    assert shen["identity_masked"].count("*") == 10


async def test_a_couple_stands_in_one_profile_with_the_contacts_of_both(yuyinli, owner):
    profile = await profile_of(yuyinli, owner, "乔文斌")
    assert [r["name"] for r in profile["residents"]] == ["乔文斌", "陆美云"]
    assert len(profile["contacts"]) == 5
    shared = [d for d in profile["devices"] if d["resident_id"] is None]
    assert {d["kind"] for d in shared} == {"bedside_button", "smoke_detector"}


async def test_g8_every_look_at_a_profile_is_in_the_audit_trail(yuyinli, owner):
    profile = await profile_of(yuyinli, owner, "沈玉兰")
    [entry] = await owner.fetch("SELECT * FROM audit_entry WHERE action = 'profile_seen'")
    assert entry["subject"] == f"home:{profile['home']['id']}"
    assert entry["detail"] == {"residents": [profile["residents"][0]["id"]]}
    assert profile["home"]["region_id"] in entry["region_ids"]


async def test_the_map_of_a_grid_is_that_of_its_community(yuyinli, owner):
    grid = await owner.fetchval("SELECT id FROM region WHERE code = 'demo-yuyinli-2'")
    drawn = (await yuyinli.get(f"/api/v1/regions/{grid}/map")).json()
    kinds = {feature["properties"]["kind"] for feature in drawn["basemap"]["features"]}
    assert kinds >= {"ground", "road", "water"}
    assert len(drawn["buildings"]) == 20
    assert len((await yuyinli.get("/api/v1/homes/dots")).json()) == 52


# ---- import


async def test_a_file_is_checked_then_imported(importer, community, owner, hints):
    chosen = {"region_id": community.street}
    checked = await importer.post("/api/v1/residents/import", params=chosen, files=upload(GOOD))
    assert checked.status_code == 200, checked.text
    report = checked.json()
    assert (report["dry_run"], report["total"], report["good"], report["written"]) == (
        True,
        2,
        2,
        0,
    )
    chosen["dry_run"] = False
    imported = await importer.post("/api/v1/residents/import", params=chosen, files=upload(GOOD))
    assert imported.json()["written"] == 2
    assert await owner.fetchval("SELECT count(*) FROM resident") == 2
    assert "residents_imported" in [action for action, _ in await trail(owner)]
    assert hints


async def test_the_bad_rows_come_back_as_a_file(importer, community):
    job = str(uuid4())
    chosen = {"region_id": community.street, "dry_run": False, "mode": "good_rows", "job": job}
    answer = await importer.post("/api/v1/residents/import", params=chosen, files=upload(BAD))
    report = answer.json()
    assert (report["job"], report["written"]) == (job, 1)
    [bad] = report["bad"]
    assert (bad["row"], bad["name"]) == (2, "沈玉兰")
    assert bad["reasons"][0]["code"] == "mangled"
    assert bad["reasons"][0]["value"] == "3.7E+17"
    back = await importer.get(
        f"/api/v1/residents/import/jobs/{job}/bad-rows", params={"lang": "en"}
    )
    assert read_table(back.content).rows[0][0] == "沈玉兰"
    for kind in ("xlsx", "csv"):
        told = await importer.get(
            f"/api/v1/residents/import/jobs/{job}/told-rows", params={"format": kind}
        )
        assert read_table(told.content).rows[0][1] == "未导入"
    progress = (await importer.get(f"/api/v1/residents/import/jobs/{job}")).json()
    assert (progress["stage"], progress["done"], progress["finished"]) == ("writing", 1, True)


async def test_an_import_is_told_only_to_whoever_began_it(importer, signed_in, community):
    job = str(uuid4())
    await importer.post("/api/v1/residents/import", params={"job": job}, files=upload(GOOD))
    colleague = await signed_in("community_worker")
    assert (await colleague.get(f"/api/v1/residents/import/jobs/{job}")).status_code == 404
    again = await importer.post("/api/v1/residents/import", params={"job": job}, files=upload(GOOD))
    assert again.json()["error"]["code"] == "import_repeated"


async def test_rows_that_are_no_person_are_said_with_their_numbers(importer, community):
    text = GOOD + "合计：2人,\n制表人：李红,审核：王强\n"
    answer = await importer.post(
        "/api/v1/residents/import", params={"region_id": community.street}, files=upload(text)
    )
    report = answer.json()
    assert (report["good"], report["bad"]) == (2, [])
    assert report["left_out"] == [
        {"row": 4, "text": "合计:2人"},
        {"row": 5, "text": "制表人:李红 审核:王强"},
    ]


async def test_a_file_that_is_no_table_is_refused_and_the_job_says_so(importer):
    job = str(uuid4())
    files = {"file": ("cat.png", b"\x89PNG\r\n\x1a\n\xff", "image/png")}
    answer = await importer.post("/api/v1/residents/import", params={"job": job}, files=files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_a_table")
    assert (await importer.get(f"/api/v1/residents/import/jobs/{job}")).json()["failed"]


async def test_a_file_that_is_made_to_do_harm_ends_its_own_process_alone(
    signed_in, community, importer
):
    worker = await signed_in("community_worker")
    files = {"file": ("far.xlsx", far_cell(), "application/octet-stream")}
    answer = await worker.post("/api/v1/residents/import", files=files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "too_much_work")
    chosen = {"region_id": community.street}
    good = await importer.post("/api/v1/residents/import", params=chosen, files=upload(GOOD))
    assert good.json()["good"] == 2


async def test_an_unclosed_quotation_mark_is_refused_with_its_row(importer):
    text = '姓名,住址\n"沈玉兰,7号楼\n贺长林,3号楼\n'
    error = (await importer.post("/api/v1/residents/import", files=upload(text))).json()["error"]
    assert (error["code"], error["params"]["row"]) == ("unclosed_quote", 2)


async def test_g8_rows_of_another_region_are_refused(importer, elsewhere, owner):
    chosen = {"region_id": elsewhere, "dry_run": False}
    report = (
        await importer.post("/api/v1/residents/import", params=chosen, files=upload(GOOD))
    ).json()
    assert report["written"] == 0
    assert {reason["code"] for bad in report["bad"] for reason in bad["reasons"]} == {
        "needs_a_region"
    }
    assert await owner.fetchval("SELECT count(*) FROM home") == 0


async def test_g8_an_operator_neither_imports_nor_exports(operator):
    assert (await operator.post("/api/v1/residents/import", files=upload(GOOD))).status_code == 403
    assert (await operator.get("/api/v1/residents/export")).status_code == 403


async def test_the_template_is_a_file_that_can_be_filled(importer):
    answer = await importer.get("/api/v1/residents/import/template")
    assert "attachment" in answer.headers["content-disposition"]
    assert "身份证号" in read_table(answer.content).headings


async def test_an_export_holds_the_granted_regions_alone_and_is_audited(
    importer, community, elsewhere, owner
):
    await community.resident(await community.home())
    await community.resident(await community.home(region=elsewhere), name="外人")
    answer = await importer.get("/api/v1/residents/export", params={"format": "csv"})
    assert [row[0] for row in read_table(answer.content).rows] == ["沈玉兰"]
    [entry] = await owner.fetch(
        "SELECT detail FROM audit_entry WHERE action = 'residents_exported'"
    )
    assert entry["detail"] == {"count": 1, "format": "csv"}


async def test_a_second_export_is_told_when_to_try_again(importer, app, owner):
    with app.state.context.ports[Exports].file():
        answer = await importer.get("/api/v1/residents/export")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "export_running"
    assert "retry-after" in answer.headers
    again = await importer.get("/api/v1/residents/export")
    assert int(again.headers["content-length"]) == len(again.content)
    assert (
        await owner.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'residents_exported'")
        == 1
    )


# ---- regions


async def test_everybody_sees_their_part_of_the_tree_and_the_way_up(operator, community, elsewhere):
    grid = await community.region(community.street, "grid", "第一网格", sms_policy=None)
    tree = (await operator.get("/api/v1/regions")).json()
    assert [region["id"] for region in tree] == [community.root, community.street, grid]
    assert tree[2]["own"]["sms_policy"] is None
    assert tree[2]["settings"]["sms_policy"] == "at_once"
    assert tree[2]["settings"]["duty_numbers"] == ["+8613900000009"]
    assert (await operator.get(f"/api/v1/regions/{elsewhere}")).status_code == 404


async def test_an_administrator_plants_changes_and_moves_regions(
    signed_in, community, elsewhere, owner
):
    await community.source()
    admin = await signed_in("administrator", community.root)
    planted = await admin.post(
        "/api/v1/regions",
        json={"parent_id": community.street, "level": "community", "name": "榆荫里社区"},
    )
    assert planted.status_code == 201, planted.text
    region = planted.json()
    assert region["path"] == [community.root, community.street, region["id"]]
    path = f"/api/v1/regions/{region['id']}"
    changed = await admin.patch(
        path, json={"sms_policy": "after_confirmation", "duty_numbers": ["139 0000 9001"]}
    )
    assert changed.json()["settings"]["sms_policy"] == "after_confirmation"
    assert changed.json()["own"]["duty_numbers"] == ["+8613900009001"]
    told = {"contact_policy": "all_at_once", "next_contact_s": 0, "service_due_s": 300}
    changed = await admin.patch(path, json=told)
    assert {name: changed.json()["settings"][name] for name in told} == told
    assert (await admin.patch(path, json={"next_contact_s": 5})).status_code == 422
    assert (await admin.patch(path, json={"service_due_s": 5})).status_code == 422
    moved = await admin.patch(path, json={"parent_id": elsewhere})
    assert moved.json()["path"] == [community.root, elsewhere, region["id"]]
    ring = await admin.patch(f"/api/v1/regions/{elsewhere}", json={"parent_id": region["id"]})
    assert ring.json()["error"]["code"] == "region_ring"
    assert await owner.fetchval("SELECT version FROM source") == 5, "copies in memory are renewed"


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        (["0571-88886666"], "duty_not_mobile"),
        (["12345"], "duty_malformed"),
        (["13900009001", "+8613900009001"], "duty_twice"),
    ],
)
async def test_a_duty_number_that_no_text_reaches_is_refused(signed_in, community, numbers, code):
    admin = await signed_in("administrator", community.root)
    path = f"/api/v1/regions/{community.street}"
    refused = await admin.patch(path, json={"duty_numbers": numbers})
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (422, code)
    assert error["params"]["number"] == numbers[-1]
    assert (await admin.get(path)).json()["own"]["duty_numbers"] == []


async def test_a_change_of_a_region_is_told_with_what_it_was_and_what_it_is(signed_in, community):
    admin = await signed_in("administrator", community.root)
    path = f"/api/v1/regions/{community.street}"
    await admin.patch(path, json={"name": "梧桐街道", "fire_number": "0999-119", "basemap": None})
    body = {"parent_id": community.street, "level": "community", "name": "榆荫里社区"}
    planted = (await admin.post("/api/v1/regions", json=body)).json()
    (change,) = (await admin.get(f"{path}/changes")).json()
    assert change["before"] == {"name": "榆荫街道", "fire_number": None}
    assert change["after"] == {"name": "梧桐街道", "fire_number": "0999-119"}
    assert change["fields"] == ["basemap"]
    (added,) = (await admin.get(f"/api/v1/regions/{planted['id']}/changes")).json()
    assert added["what"] == "region_added"
    assert added["after"]["name"] == "榆荫里社区"


async def test_a_code_has_its_time_and_the_one_before_is_kept(
    signed_in, community, elsewhere, clock
):
    """A county becomes a district on the first of the year; statistics keep the old code."""
    admin = await signed_in("administrator", community.root)
    path = f"/api/v1/regions/{community.street}"

    async def give(code: str | None, since: str | None = None, at: str = path) -> str:
        answer = await admin.patch(at, json={"code": code, "code_from": since})
        return answer.json()["error"]["code"] if answer.is_error else answer.json()["code"] or ""

    assert await give("620999001000", "2025-01-01") == "620999001000"
    assert await give("621002001000", "2026-01-01") == "621002001000"
    assert await give("621002001", "2026-02-01") == "region_code"
    assert await give("621003001000", "2025-06-01") == "later_is_known"
    assert await give("621003001000", "2031-03-15") == "code_day"
    assert await give("621002001000", at=f"/api/v1/regions/{elsewhere}") == "code_taken"
    assert await give("621004001000", "2026-01-01") == "621004001000"
    assert (await admin.get(f"{path}/codes")).json() == [
        {"code": "621004001000", "from_day": "2026-01-01", "until_day": None},
        {"code": "620999001000", "from_day": "2025-01-01", "until_day": "2026-01-01"},
    ]
    assert await give(None) == ""
    (last, _) = (await admin.get(f"{path}/codes")).json()
    assert last["until_day"] == clock.now().date().isoformat()
    assert await give("621005001000", "2026-02-01") == "later_is_known"
    at = f"/api/v1/regions/{elsewhere}"
    assert await give("620999001000", "2025-12-31", at) == "code_taken"
    assert await give("620999001000", "2026-01-01", at) == "620999001000"


async def test_moving_a_region_asks_for_the_password_again(signed_in, community, elsewhere, clock):
    """Whoever has a role above its new place gets everything in it."""
    admin = await signed_in("administrator", community.root)
    clock.advance(601)
    path = f"/api/v1/regions/{community.street}"
    refused = await admin.patch(path, json={"parent_id": elsewhere})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "password_again")
    assert (await admin.patch(path, json={"hotline": "0999-8012349"})).status_code == 200
    await admin.post("/api/v1/me/confirm", json={"password": OURS})
    assert (await admin.patch(path, json={"parent_id": elsewhere})).status_code == 200


async def test_only_administrators_change_regions(editor, community):
    answer = await editor.patch(
        f"/api/v1/regions/{community.street}", json={"hotline": "0999-8012349"}
    )
    assert answer.status_code == 403
