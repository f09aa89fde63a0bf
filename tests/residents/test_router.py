"""People and places over REST: scoped to regions, audited, checked, and never overwriting what somebody else has changed."""

import json

import pytest

from tests.support.api import trail
from tests.support.pictures import png

IDENTITY = "11010519491231002X"


async def add_resident(client, home, **fields):
    body = {"home_id": home, "name": "沈玉兰"} | fields
    answer = await client.post("/api/v1/residents", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def error_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


# ---- residents


async def test_a_resident_is_registered_with_what_the_name_and_the_number_say(
    editor, community, owner, hints
):
    home = await community.home()
    resident = await add_resident(editor, home, identity_number=IDENTITY, phone="139 0100 0137")
    assert (resident["name_latin"], resident["pinyin"]) == ("Shen Yulan", "shenyulan")
    assert (resident["sex"], resident["birth_date"]) == ("female", "1949-12-31")
    assert resident["age"] == 76
    assert resident["phone"] == "+8613901000137"
    assert resident["identity_masked"] == "1101**********002X"
    assert IDENTITY not in str(resident)
    assert hints == ["directory"]
    assert await owner.fetchval("SELECT identity_sealed FROM resident") != IDENTITY.encode()


async def test_every_wrong_field_is_told_with_its_value_and_what_to_do(editor, community):
    home = await community.home()
    body = {"home_id": home, "name": " ", "phone": "1.38E+10", "identity_number": "3.7E+17"}
    answer = await editor.post("/api/v1/residents", json=body)
    assert error_of(answer) == (422, "invalid_fields")
    problems = answer.json()["error"]["params"]["problems"]
    assert {(p["column"], p["code"], p["value"]) for p in problems} == {
        ("name", "missing", ""),
        ("phone", "mangled", "1.38E+10"),
        ("identity_number", "mangled", "3.7E+17"),
    }
    assert all(p["message"] and p["message_zh"] for p in problems)


async def test_what_a_pension_needs_is_kept_and_the_number_sealed(editor, community, owner):
    more = {
        "hukou_region_code": "370202001001",
        "employer": "榆荫纺织厂",
        "retired_on": "1998-07-01",
        "lunar_birthday": "L04-08",
    }
    resident = await add_resident(
        editor, await community.home(), insurance_number="3702 1234 5678", **more
    )
    assert {name: resident[name] for name in more} == more
    assert resident["insurance_masked"] == "**********5678"
    sealed = await owner.fetchval("SELECT insurance_sealed FROM resident")
    assert b"1234" not in sealed
    cleared = await editor.patch(
        f"/api/v1/residents/{resident['id']}",
        json={"version": 1, "insurance_number": None, "retired_on": None},
    )
    assert (cleared.json()["insurance_masked"], cleared.json()["retired_on"]) == (None, None)


async def test_a_disability_and_a_membership_are_kept_with_their_past(editor, community):
    made = await add_resident(
        editor,
        await community.home(),
        disability="hearing",
        disability_level="3",
        party_joined_on="1966-07-01",
    )
    assert (made["disability"], made["disability_level"]) == ("hearing", "3")
    path = f"/api/v1/residents/{made['id']}"
    past = (await editor.get(f"{path}/past")).json()["facts"]
    assert [(fact["kind"], fact["value"], fact["level"]) for fact in past] == [
        ("party_member", "member", ""),
        ("disability", "hearing", "3"),
    ]
    cured = await editor.patch(path, json={"version": 1, "disability": None})
    assert (cured.json()["disability"], cured.json()["disability_level"]) == (None, "")
    tomorrow = await editor.patch(path, json={"version": 2, "party_joined_on": "2099-07-01"})
    assert error_of(tomorrow) == (422, "invalid_fields")


@pytest.mark.parametrize(
    "wrong",
    [
        {"lunar_birthday": "13-01"},
        {"disability": "unlucky"},
        {"disability_level": "5"},
        {"lunar_birthday": "04-31"},
        {"hukou_region_code": "37"},
    ],
)
async def test_no_such_lunar_day_and_no_such_code(editor, community, wrong):
    body = {"home_id": await community.home(), "name": "沈玉兰"} | wrong
    answer = await editor.post("/api/v1/residents", json=body)
    assert answer.status_code == 422


async def test_an_identity_number_belongs_to_one_resident(editor, community):
    home = await community.home()
    await add_resident(editor, home, identity_number=IDENTITY)
    answer = await editor.post(
        "/api/v1/residents", json={"home_id": home, "name": "沈玉兰", "identity_number": IDENTITY}
    )
    assert error_of(answer) == (409, "identity_taken")


async def test_a_change_on_an_old_state_is_refused(editor, community):
    resident = await add_resident(editor, await community.home())
    path = f"/api/v1/residents/{resident['id']}"
    first = await editor.patch(path, json={"version": 1, "risk": "high"})
    assert (first.json()["risk"], first.json()["version"]) == ("high", 2)
    late = await editor.patch(path, json={"version": 1, "risk": "low"})
    assert error_of(late) == (409, "changed_meanwhile")
    assert (await editor.get(path)).json()["risk"] == "high"


async def test_a_change_leaves_alone_what_it_does_not_name(editor, community):
    resident = await add_resident(
        editor, await community.home(), identity_number=IDENTITY, medicines="华法林"
    )
    answer = await editor.patch(
        f"/api/v1/residents/{resident['id']}", json={"version": 1, "name": "单桂芝", "phone": None}
    )
    changed = answer.json()
    assert (changed["name_latin"], changed["pinyin"]) == ("Shan Guizhi", "shanguizhi")
    assert changed["medicines"] == "华法林"
    assert changed["identity_masked"] == "1101**********002X"


async def test_a_spelling_that_is_taken_away_follows_the_name_again(editor, community):
    resident = await add_resident(editor, await community.home(), name_latin="Yulan S.")
    path = f"/api/v1/residents/{resident['id']}"
    assert resident["name_latin"] == "Yulan S."
    cleared = await editor.patch(path, json={"version": 1, "name_latin": ""})
    assert (cleared.json()["name"], cleared.json()["name_latin"]) == ("沈玉兰", "Shen Yulan")


async def test_a_birth_date_against_the_identity_number_is_refused(editor, community):
    resident = await add_resident(editor, await community.home(), identity_number=IDENTITY)
    answer = await editor.patch(
        f"/api/v1/residents/{resident['id']}", json={"version": 1, "birth_date": "1950-01-01"}
    )
    assert answer.json()["error"]["params"]["problems"][0]["code"] == "differs_from_identity"


async def test_a_name_cannot_be_taken_away(editor, community):
    resident = await add_resident(editor, await community.home())
    answer = await editor.patch(
        f"/api/v1/residents/{resident['id']}", json={"version": 1, "name": None}
    )
    assert error_of(answer) == (422, "invalid_fields")


async def test_only_those_who_keep_the_records_see_a_whole_identity_number(
    editor, operator, community, owner
):
    resident = await add_resident(editor, await community.home(), identity_number=IDENTITY)
    path = f"/api/v1/residents/{resident['id']}/identity"
    assert (await editor.get(path)).json() == {"identity_number": IDENTITY}
    assert (await operator.get(path)).status_code == 403
    assert ("identity_seen", f"resident:{resident['id']}") in await trail(owner)


async def test_a_resident_with_a_device_is_not_deleted_but_moved_away(editor, community):
    home = await community.home()
    resident = await add_resident(editor, home)
    await community.device("A101", home, resident["id"])
    path = f"/api/v1/residents/{resident['id']}"
    assert error_of(await editor.delete(path, params={"version": 1})) == (409, "in_use")
    assert (await editor.patch(path, json={"version": 1, "status": "moved"})).status_code == 200


async def test_removing_a_resident_counts_as_a_change_of_the_home(editor, community, owner):
    home = await community.home()
    resident = await add_resident(editor, home)
    answer = await editor.delete(f"/api/v1/residents/{resident['id']}", params={"version": 1})
    assert answer.status_code == 204
    assert await owner.fetchval("SELECT version FROM home") == 2


# ---- search


@pytest.mark.parametrize(
    "typed",
    [
        "沈",
        "沈玉兰",
        "shen",
        "Shen Yulan",
        "syl",
        "0137",
        "13901000137",
        "9100228",
        "2单元501",
        "榆荫里7号楼",
    ],
)
async def test_a_resident_is_found_by_whatever_is_known(editor, community, typed):
    resident = await add_resident(editor, await community.home(), phone="13901000137")
    await editor.post(
        f"/api/v1/residents/{resident['id']}/contacts",
        json={"name": "周晓梅", "phone": "13909100228"},
    )
    await add_resident(editor, await community.home(address="别处1号"), name="贺长林")
    answer = (await editor.get("/api/v1/residents", params={"q": typed})).json()
    assert [item["name"] for item in answer["items"]] == ["沈玉兰"]


async def test_lists_come_in_pages_ordered_by_name(editor, community):
    home = await community.home()
    for name in ("周", "安", "马", "陈"):
        await add_resident(editor, home, name=name)
    first = (await editor.get("/api/v1/residents", params={"limit": 3})).json()
    second = (await editor.get("/api/v1/residents", params={"limit": 3, "page": 2})).json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["安", "陈", "马", "周"]
    assert (first["total"], second["total"]) == (4, 4)


async def test_the_audit_trail_names_who_was_found_but_not_what_was_typed(editor, community, owner):
    resident = await add_resident(editor, await community.home(), name="沈玉兰")
    await editor.get("/api/v1/residents", params={"q": "沈玉兰"})
    [detail] = await owner.fetch(
        "SELECT detail FROM audit_entry WHERE action = 'residents_searched'"
    )
    assert detail["detail"] == {"by": "text", "total": 1, "ids": [resident["id"]]}


# ---- G8


async def test_g8_nobody_sees_or_changes_a_resident_of_another_region(
    editor, operator, community, elsewhere
):
    foreign_home = await community.home(region=elsewhere)
    foreign = await community.resident(foreign_home)
    contact = await community.contact(foreign)
    for client in (editor, operator):
        for path in (
            f"residents/{foreign}",
            f"residents/{foreign}/contacts",
            f"residents/{foreign}/photo",
            f"homes/{foreign_home}",
            f"homes/{foreign_home}/profile",
            f"regions/{elsewhere}/map",
        ):
            assert (await client.get(f"/api/v1/{path}")).status_code == 404, path
        assert (await client.get("/api/v1/residents")).json()["total"] == 0
        assert (await client.get("/api/v1/homes")).json()["total"] == 0
        assert (await client.get("/api/v1/homes/dots")).json() == []
    change = {"version": 1, "name": "x"}
    assert (await editor.patch(f"/api/v1/residents/{foreign}", json=change)).status_code == 404
    assert (await editor.patch(f"/api/v1/contacts/{contact}", json=change)).status_code == 404
    assert (
        await editor.patch(f"/api/v1/homes/{foreign_home}", json={"version": 1})
    ).status_code == 404
    body = {"home_id": foreign_home, "name": "x"}
    assert (await editor.post("/api/v1/residents", json=body)).status_code == 404


async def test_g8_nobody_is_moved_out_of_sight(editor, community, elsewhere):
    resident = await add_resident(editor, await community.home())
    foreign_home = await community.home(region=elsewhere)
    answer = await editor.patch(
        f"/api/v1/residents/{resident['id']}", json={"version": 1, "home_id": foreign_home}
    )
    assert answer.status_code == 404


async def test_g8_an_operator_looks_but_does_not_write(operator, community):
    home = await community.home()
    resident = await community.resident(home)
    assert (await operator.get(f"/api/v1/residents/{resident}")).status_code == 200
    body = {"home_id": home, "name": "x"}
    assert (await operator.post("/api/v1/residents", json=body)).status_code == 403
    change = {"version": 1, "name": "x"}
    assert (await operator.patch(f"/api/v1/residents/{resident}", json=change)).status_code == 403


async def test_g8_an_official_sees_nobody(signed_in, community):
    official = await signed_in("official")
    resident = await community.resident(await community.home())
    for path in ("residents", f"residents/{resident}", "homes", "homes/dots", "devices"):
        assert (await official.get(f"/api/v1/{path}")).status_code == 403, path


async def test_g8_every_look_and_every_change_is_in_the_audit_trail(editor, community, owner):
    home = await community.home()
    resident = await add_resident(editor, home)
    path = f"/api/v1/residents/{resident['id']}"
    await editor.get(path)
    await editor.patch(path, json={"version": 1, "risk": "high"})
    await editor.get(f"/api/v1/homes/{home}")
    subject = f"resident:{resident['id']}"
    entries = await trail(owner, "action", "subject", "region_ids", "address")
    where = [community.root, community.street]
    assert entries[-4:] == [
        ("resident_added", subject, where, "10.0.0.7"),
        ("resident_seen", subject, where, "10.0.0.7"),
        ("resident_changed", subject, where, "10.0.0.7"),
        ("home_seen", f"home:{home}", where, "10.0.0.7"),
    ]


# ---- photo

PNG = png()


async def test_a_photo_is_kept_shown_and_removed(editor, community):
    resident = await community.resident(await community.home())
    path = f"/api/v1/residents/{resident}/photo"
    assert (await editor.get(path)).status_code == 404
    assert (await editor.put(path, files={"file": ("a.png", PNG)})).status_code == 204
    shown = await editor.get(path)
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert "no-store" in shown.headers["cache-control"]
    assert (await editor.get(f"/api/v1/residents/{resident}")).json()["has_photo"]
    assert (await editor.delete(path)).status_code == 204
    assert (await editor.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg onload='alert(1)'/>", "photo_type"),
        (b"GIF89a", "photo_type"),
        (b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>", "photo_type"),
        (PNG + b"\x00" * 2 * 1024 * 1024, "photo_too_large"),
    ],
)
async def test_what_is_no_photo_is_refused(editor, community, content, code):
    resident = await community.resident(await community.home())
    answer = await editor.put(
        f"/api/v1/residents/{resident}/photo", files={"file": ("a.png", content, "image/png")}
    )
    assert error_of(answer) == (422, code)


# ---- contacts


async def add_contact(client, resident, name, **fields):
    answer = await client.post(
        f"/api/v1/residents/{resident}/contacts",
        json={"name": name, "phone": "13909100228"} | fields,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def order(client, resident):
    contacts = (await client.get(f"/api/v1/residents/{resident}/contacts")).json()
    assert [c["rank"] for c in contacts] == list(range(1, len(contacts) + 1))
    return [c["name"] for c in contacts]


async def test_contacts_keep_an_unbroken_order_however_they_are_moved(editor, community, owner):
    resident = await community.resident(await community.home())
    first = await add_contact(editor, resident, "甲")
    await add_contact(editor, resident, "乙")
    third = await add_contact(editor, resident, "丙", rank=1)
    assert await order(editor, resident) == ["丙", "甲", "乙"]
    moved = await editor.patch(
        f"/api/v1/contacts/{third['id']}", json={"version": third["version"], "rank": 3}
    )
    assert (moved.status_code, moved.json()["rank"]) == (200, 3)
    assert await order(editor, resident) == ["甲", "乙", "丙"]
    version = await owner.fetchval("SELECT version FROM contact WHERE id = $1", first["id"])
    removed = await editor.delete(f"/api/v1/contacts/{first['id']}", params={"version": version})
    assert removed.status_code == 204
    assert await order(editor, resident) == ["乙", "丙"]
    assert await owner.fetchval("SELECT version FROM resident") == 2, (
        "a removed contact counts for its resident"
    )


async def test_a_contact_needs_a_phone_that_exists(editor, community):
    resident = await community.resident(await community.home())
    for phone, code in (
        ("", "needs_a_phone"),
        ("123", "not_a_phone_number"),
        ("1.39E+10", "mangled"),
    ):
        answer = await editor.post(
            f"/api/v1/residents/{resident}/contacts", json={"name": "周晓梅", "phone": phone}
        )
        assert answer.json()["error"]["params"]["problems"][0]["code"] == code


# ---- homes, buildings, points

SQUARE = [[104.0, 40.0], [104.001, 40.0], [104.001, 40.001], [104.0, 40.001], [104.0, 40.0]]


SQUARE = [[120.0, 30.0], [120.2, 30.0], [120.2, 30.2], [120.0, 30.2], [120.0, 30.0]]


async def test_a_home_made_by_hand_in_a_known_building_has_its_dot(editor, community):
    described = {
        "region_id": community.street, "name": "7号楼", "name_en": "Building 7", "floors": 6, "footprint": SQUARE,
        "entrances": [{"name": "2", "position": [120.05, 30.0]}],
    }  # fmt: skip
    building = (await editor.post("/api/v1/buildings", json=described)).json()["id"]
    home = {
        "region_id": community.street,
        "address": "榆荫里7号楼2单元501",
        "entrance": "2",
        "door": "501",
    }
    placed = (await editor.post("/api/v1/homes", json=home | {"building_id": building})).json()
    assert (placed["lat"], placed["lng"]) == (30.0, 120.05)
    own = home | {"building_id": building, "lat": 30.1, "lng": 120.1}
    assert (await editor.post("/api/v1/homes", json=own)).json()["lat"] == 30.1
    nowhere = (await editor.post("/api/v1/homes", json=home)).json()
    assert nowhere["lat"] is None
    changes = {"version": nowhere["version"], "building_id": building}
    later = await editor.patch(f"/api/v1/homes/{nowhere['id']}", json=changes)
    assert (later.json()["lat"], later.json()["lng"]) == (30.0, 120.05)


async def test_a_home_is_not_where_0_0_is(editor, community):
    home = {"region_id": community.street, "address": "甲", "lat": 0, "lng": 0}
    answer = await editor.post("/api/v1/homes", json=home)
    assert answer.json()["error"]["params"]["problems"][0]["code"] == "not_a_position"


async def test_homes_buildings_and_points_are_kept_and_drawn(editor, operator, community):
    region = community.street
    building = (
        await editor.post(
            "/api/v1/buildings",
            json={
                "region_id": region,
                "name": "7号楼",
                "name_en": "Building 7",
                "floors": 6,
                "footprint": SQUARE,
            },
        )
    ).json()
    home = (
        await editor.post(
            "/api/v1/homes",
            json={
                "region_id": region,
                "building_id": building["id"],
                "address": "榆荫里7号楼2单元501室",
                "entrance": "2",
                "door": "501",
                "lat": 40.0005,
                "lng": 104.0005,
            },
        )
    ).json()
    await editor.post(
        "/api/v1/points",
        json={
            "region_id": region,
            "kind": "clinic",
            "name": "卫生站",
            "lat": 40.0,
            "lng": 104.0,
            "phone": "0999-8012349",
        },
    )
    assert (await operator.get("/api/v1/homes/dots")).json() == []  # nobody of ours lives there yet
    await add_resident(editor, home["id"])
    drawn = (await operator.get(f"/api/v1/regions/{region}/map")).json()
    assert (drawn["basemap"], drawn["picture"]) == (None, None)
    assert [b["name_en"] for b in drawn["buildings"]] == ["Building 7"]
    assert [p["phone"] for p in drawn["points"]] == ["+869998012349"]
    dots = (await operator.get("/api/v1/homes/dots")).json()
    assert dots == [
        {
            "home_id": home["id"],
            "lat": 40.0005,
            "lng": 104.0005,
            "region_id": region,
            "label": "7-2-501",
        }
    ]
    found = (await operator.get("/api/v1/homes", params={"q": "7-2-501"})).json()
    assert [item["id"] for item in found["items"]] == [home["id"]]
    assert error_of(await editor.delete(f"/api/v1/buildings/{building['id']}")) == (409, "in_use")


async def test_a_district_is_drawn_of_the_grounds_below_it_unless_it_has_its_own(
    signed_in, community, owner
):
    supervisor = await signed_in("supervisor", community.root)

    def ground(kind: str) -> str:
        road = {"type": "Feature", "properties": {"kind": kind}, "geometry": None}
        return json.dumps({"type": "FeatureCollection", "features": [road]})

    async def drawn() -> list[str]:
        features = (await supervisor.get(f"/api/v1/regions/{community.root}/map")).json()[
            "basemap"
        ]["features"]
        return [feature["properties"]["kind"] for feature in features]

    lay = "UPDATE region SET basemap = $2::text::jsonb WHERE id = $1"
    await owner.execute(lay, community.street, ground("road"))
    other = await community.region(community.root, "street", "柳溪街道")
    await owner.execute(lay, other, ground("water"))
    assert await drawn() == ["road", "water"]
    await owner.execute(lay, community.root, ground("green"))
    assert await drawn() == ["green"]


async def test_a_home_is_changed_once_and_removed_only_when_empty(editor, community):
    home = await community.home()
    path = f"/api/v1/homes/{home}"
    changed = await editor.patch(
        path, json={"version": 1, "access_note": "门铃坏了", "lat": None, "lng": None}
    )
    assert (changed.json()["access_note"], changed.json()["lat"]) == ("门铃坏了", None)
    half = await editor.patch(path, json={"version": 2, "lat": 40.0})
    assert half.json()["error"]["params"]["problems"][0]["code"] == "missing"
    await community.resident(home)
    assert error_of(await editor.delete(path, params={"version": 2})) == (409, "in_use")


async def test_hostile_text_is_only_text(editor, community):
    home = await community.home()
    await add_resident(editor, home)
    for name in ("\\u0000", "\\ud800", "x" * 100_000):
        body = f'{{"home_id": {home}, "name": "{name}"}}'
        headers = {"Content-Type": "application/json"}
        answer = await editor.post("/api/v1/residents", content=body, headers=headers)
        assert answer.status_code == 422, name[:10]
    for typed in ("%", "_", "\\", "'; DROP TABLE resident; --", "沈" * 100):
        answer = await editor.get("/api/v1/residents", params={"q": typed})
        assert answer.status_code in (200, 422), typed
        if answer.status_code == 200:
            assert answer.json()["total"] == 0, typed
