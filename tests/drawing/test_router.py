"""A map is drawn over REST: homes find their place, every step can be undone, and nothing is done by halves."""

from __future__ import annotations

import struct

import pytest

from tests.support.api import trail
from tests.support.pictures import chunk, png

RING = [[104.0, 40.0], [104.0006, 40.0], [104.0006, 40.0001], [104.0, 40.0001], [104.0, 40.0]]
SEVEN = {"name": "7号楼", "estate": "榆荫里", "floors": 6, "footprint": RING}
RULE = {"entrances": 3, "floors": 6, "doors": 2}


@pytest.fixture
async def community_id(community):
    return await community.region(community.street, "community", "榆荫里社区")


@pytest.fixture
async def drawer(signed_in, community_id):
    """An administrator of the street."""
    return await signed_in("administrator")


class Sheet:
    """A region as it is drawn by one person."""

    def __init__(self, client, region):
        self.client, self.region = client, region

    def path(self, rest=""):
        return f"/api/v1/drawing/{self.region}{rest}"

    async def now(self):
        answer = await self.client.get(self.path())
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def done(self, method, rest, **sent):
        answer = await self.client.request(method, self.path(rest), **sent)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def refused(self, method, rest, **sent):
        answer = await self.client.request(method, self.path(rest), **sent)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["error"]["code"]

    async def draw(self, kind, body):
        return (await self.done("POST", f"/{kind}", json=body))["id"]

    async def one(self, kind):
        (found,) = (await self.now())[kind]
        return found

    async def back(self, direction="undo"):
        step = (await self.now())[direction]["id"]
        return await self.done("POST", f"/{direction}", json={"step": step})


@pytest.fixture
def sheet(drawer, community_id):
    return Sheet(drawer, community_id)


def changed(thing, **fields):
    kept = {name: value for name, value in thing.items() if name not in NO_FIELDS}
    return kept | {"seen": thing["mark"]} | fields


NO_FIELDS = {"id", "mark", "region_id", "homes", "people"}


async def place_of(owner, home):
    row = await owner.fetchrow(
        "SELECT building_id, entrance, floor, door, lat, lng, version FROM home WHERE id = $1", home
    )
    return dict(row)


@pytest.fixture
async def lost_home(owner, community, community_id):
    """Known by its address alone: it has no dot."""
    home = await community.home(region=community_id, address="榆荫里7号楼2单元501室")
    await owner.execute(
        "UPDATE home SET lat = NULL, lng = NULL, entrance = '', door = '', floor = NULL WHERE id = $1",
        home,
    )
    await community.resident(home)
    return home


# ---- buildings and their homes


async def test_a_building_gives_the_homes_that_name_it_their_dots_at_once(
    sheet, owner, lost_home, hints
):
    assert (await sheet.client.get("/api/v1/homes/dots")).json() == []
    entrance = {"name": "2", "position": [104.0003, 40.0]}
    building = await sheet.draw("buildings", SEVEN | {"entrances": [entrance]})
    assert await place_of(owner, lost_home) == {
        "building_id": building, "entrance": "2", "floor": 5, "door": "501", "lat": 40.0, "lng": 104.0003,
        "version": 2,
    }  # fmt: skip
    (dot,) = (await sheet.client.get("/api/v1/homes/dots")).json()
    assert (dot["label"], dot["lng"]) == ("7-2-501", 104.0003)
    shown = await sheet.one("buildings")
    assert (shown["homes"], shown["people"], shown["name_en"]) == (1, 1, "Building 7")
    assert hints == ["directory"]


async def test_homes_of_another_community_or_with_a_building_stay(
    sheet, owner, community, lost_home
):
    other = await community.region(community.street, "community", "槐荫里社区")
    await owner.execute("UPDATE home SET region_id = $2 WHERE id = $1", lost_home, other)
    await sheet.draw("buildings", SEVEN)
    assert (await place_of(owner, lost_home))["building_id"] is None


async def test_homes_move_with_their_building_and_back_again(sheet, owner, lost_home):
    building = await sheet.draw("buildings", SEVEN)
    before = await place_of(owner, lost_home)
    moved = [[lng + 0.001, lat] for lng, lat in RING]
    body = changed(await sheet.one("buildings"), footprint=moved)
    await sheet.done("PUT", f"/buildings/{building}", json=body)
    assert (await place_of(owner, lost_home))["lng"] == pytest.approx(before["lng"] + 0.001)
    await sheet.back()
    assert (await place_of(owner, lost_home))["lng"] == before["lng"]
    assert (await place_of(owner, lost_home))["version"] > before["version"]


async def test_a_building_with_people_stays_and_says_how_many(sheet, lost_home):
    building = await sheet.draw("buildings", SEVEN)
    seen = (await sheet.one("buildings"))["mark"]
    answer = await sheet.client.delete(sheet.path(f"/buildings/{building}"), params={"seen": seen})
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "building_in_use"
    assert answer.json()["error"]["params"] == {"people": 1, "homes": 1}
    assert (await sheet.now())["buildings"]


async def test_two_who_draw_the_same_building_do_not_overwrite_each_other(sheet):
    building = await sheet.draw("buildings", SEVEN)
    seen = await sheet.one("buildings")
    await sheet.done("PUT", f"/buildings/{building}", json=changed(seen, floors=7))
    late = changed(seen, floors=8)
    refused = await sheet.refused("PUT", f"/buildings/{building}", json=late)
    assert refused == (409, "changed_meanwhile")
    gone = await sheet.refused("DELETE", f"/buildings/{building}", params={"seen": seen["mark"]})
    assert gone == (409, "changed_meanwhile")
    assert (await sheet.one("buildings"))["floors"] == 7


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("ring_crosses", {"footprint": [RING[0], RING[2], RING[1], RING[3], RING[0]]}),
        ("ring_open", {"footprint": RING[:-1]}),
        ("name_taken", {}),
    ],
)
async def test_what_no_building_is_like_is_refused(sheet, code, fields):
    await sheet.draw("buildings", SEVEN)
    refused = await sheet.refused("POST", "/buildings", json=SEVEN | fields)
    assert refused[1] == code
    assert len((await sheet.now())["buildings"]) == 1


# ---- doors by rule


async def test_doors_by_rule_are_looked_at_then_made_once(sheet, owner, lost_home):
    building = await sheet.draw("buildings", SEVEN)
    doors = f"/buildings/{building}/doors"
    preview = await sheet.done("POST", f"{doors}/preview", json=RULE)
    assert (preview["new"], preview["found"], preview["beside"]) == (35, 1, 0)
    assert [preview["doors"][n]["number"] for n in (0, -1)] == ["101", "602"]
    kept = [d for d in preview["doors"] if d["home_id"] is not None]
    assert [(d["entrance"], d["number"], d["home_id"]) for d in kept] == [("2", "501", lost_home)]
    assert await owner.fetchval("SELECT count(*) FROM home") == 1
    made = await sheet.done("POST", doors, json=RULE)
    assert made["new"] == 35
    undo = (await sheet.now())["undo"]
    assert (undo["kind"], undo["what"], undo["name"]) == ("doors", "building", "7号楼")
    assert await owner.fetchval("SELECT count(*) FROM home") == 36
    assert [each["name"] for each in (await sheet.one("buildings"))["entrances"]] == ["1", "2", "3"]
    address, english = await owner.fetchrow(
        "SELECT address, address_en FROM home WHERE entrance = '3' AND door = '602'"
    )
    assert (address, english) == ("榆荫里7号楼3单元602室", "Building 7, Entrance 3, Door 602")
    again = await sheet.done("POST", doors, json=RULE)
    assert (again["new"], again["found"]) == (0, 36)
    # Nobody of ours lives behind the new doors: the map keeps its one light.
    assert len((await sheet.client.get("/api/v1/homes/dots")).json()) == 1


async def test_doors_are_undone_in_one_step_and_made_again_with_the_same_homes(sheet, owner):
    building = await sheet.draw("buildings", SEVEN)
    await sheet.done("POST", f"/buildings/{building}/doors", json=RULE)
    homes = await owner.fetch("SELECT id, address, lat, lng FROM home ORDER BY id")
    await sheet.back()
    assert await owner.fetchval("SELECT count(*) FROM home") == 0
    await sheet.back("redo")
    assert await owner.fetch("SELECT id, address, lat, lng FROM home ORDER BY id") == homes


async def test_doors_behind_which_somebody_moved_in_are_not_undone(sheet, owner, community):
    building = await sheet.draw("buildings", SEVEN)
    await sheet.done("POST", f"/buildings/{building}/doors", json=RULE)
    await community.resident(await owner.fetchval("SELECT max(id) FROM home"))
    step = (await sheet.now())["undo"]["id"]
    assert await sheet.refused("POST", "/undo", json={"step": step}) == (409, "in_use")
    assert await owner.fetchval("SELECT count(*) FROM home") == 36


async def test_an_empty_building_goes_with_its_empty_homes_and_comes_back_with_them(sheet, owner):
    building = await sheet.draw("buildings", SEVEN)
    await sheet.done("POST", f"/buildings/{building}/doors", json=RULE)
    before = await sheet.one("buildings")
    seen = {"seen": before["mark"]}
    await sheet.done("DELETE", f"/buildings/{building}", params=seen)
    assert await owner.fetchval("SELECT count(*) FROM home") == 0
    await sheet.back()
    assert await sheet.one("buildings") == before
    assert await owner.fetchval("SELECT count(*) FROM home WHERE building_id = $1", building) == 36


# ---- undoing


async def test_roads_and_points_are_drawn_changed_undone_and_done_again(sheet):
    line = [[104.0, 40.0], [104.001, 40.0]]
    road = await sheet.draw("roads", {"name": "榆荫路", "line": line})
    place = {"kind": "pharmacy", "name": "药店", "lat": 40.0, "lng": 104.0, "phone": "0999-8012349"}
    point = await sheet.draw("points", place)
    assert (await sheet.one("points"))["phone"] == "+869998012349"
    wider = changed(await sheet.one("roads"), width_m=12)
    await sheet.done("PUT", f"/roads/{road}", json=wider)
    moved = changed(await sheet.one("points"), lat=40.002)
    await sheet.done("PUT", f"/points/{point}", json=moved)
    await sheet.done(
        "DELETE", f"/roads/{road}", params={"seen": (await sheet.one("roads"))["mark"]}
    )
    end = await sheet.now()
    assert (end["roads"], end["undo"]["kind"], end["undo"]["name"]) == ([], "removed", "榆荫路")
    for _ in range(5):
        await sheet.back()
    empty = await sheet.now()
    assert (empty["roads"], empty["points"], empty["undo"]) == ([], [], None)
    for _ in range(5):
        await sheet.back("redo")
    again = await sheet.now()
    assert [again[kind] for kind in ("roads", "points")] == [end["roads"], end["points"]]
    assert again["redo"] is None


async def test_nobody_undoes_what_somebody_else_has_changed_since_or_done(
    sheet, signed_in, community_id
):
    building = await sheet.draw("buildings", SEVEN)
    other = Sheet(await signed_in("community_worker"), community_id)
    assert (await other.now())["undo"] is None
    body = changed(await other.one("buildings"), floors=7)
    await other.done("PUT", f"/buildings/{building}", json=body)
    mine = (await sheet.now())["undo"]["id"]
    assert await sheet.refused("POST", "/undo", json={"step": mine}) == (409, "changed_meanwhile")
    assert await other.refused("POST", "/undo", json={"step": mine}) == (409, "not_the_last_step")
    assert (await sheet.one("buildings"))["floors"] == 7


async def test_green_and_water_lie_on_the_map_and_can_be_undone(sheet, operator, community_id):
    pond = {"kind": "water", "name": "映月池", "name_en": "Moon Pond", "ring": RING}
    area = await sheet.draw("areas", pond)
    on_map = f"/api/v1/regions/{community_id}/map"
    (drawn,) = (await operator.get(on_map)).json()["basemap"]["features"]
    assert drawn["properties"] == {"kind": "water", "name": "映月池", "name_en": "Moon Pond"}
    assert drawn["geometry"]["type"] == "Polygon"
    green = changed(await sheet.one("areas"), kind="green")
    await sheet.done("PUT", f"/areas/{area}", json=green)
    await sheet.back()
    standing = await sheet.one("areas")
    assert standing["kind"] == "water"
    await sheet.done("DELETE", f"/areas/{area}", params={"seen": standing["mark"]})
    assert (await sheet.now())["areas"] == []
    await sheet.back()
    assert await sheet.one("areas") == standing
    crossed = [RING[0], RING[2], RING[1], RING[3], RING[0]]
    refused = await sheet.refused("POST", "/areas", json=pond | {"ring": crossed})
    assert refused == (422, "ring_crosses")


async def test_a_box_with_keys_is_shown_to_those_who_help_and_not_to_who_reads_figures(
    sheet, operator, signed_in, community_id
):
    await sheet.draw("points", {"kind": "key_box", "name": "钥匙箱", "lat": 40.0, "lng": 104.0})
    await sheet.draw("points", {"kind": "aed", "name": "除颤器", "lat": 40.0, "lng": 104.0})
    on_map = f"/api/v1/regions/{community_id}/map"
    official = await signed_in("official")
    for client, kinds in ((operator, ["key_box", "aed"]), (official, ["aed"])):
        shown = (await client.get(on_map)).json()["points"]
        assert [each["kind"] for each in shown] == kinds


# ---- GeoJSON


async def test_a_map_goes_out_and_comes_back_as_the_same(sheet, drawer, community, lost_home):
    await sheet.draw(
        "buildings", SEVEN | {"entrances": [{"name": "2", "position": [104.0003, 40.0]}]}
    )
    await sheet.draw("roads", {"name": "榆荫路", "line": [[104.0, 40.0], [104.001, 40.0]]})
    await sheet.draw("areas", {"kind": "green", "name": "西绿地", "ring": RING})
    await sheet.draw("points", {"kind": "clinic", "name": "卫生站", "lat": 40.0, "lng": 104.0})
    out = await sheet.done("GET", "/geojson")
    kinds = [each["properties"]["kind"] for each in out["features"]]
    assert kinds == ["building", "entrance", "road", "area", "point"]
    same = await sheet.done("POST", "/geojson", json={"collection": out})
    assert same == {"added": 0, "changed": 0, "same": 4, "names": []}
    region = await community.region(community.street, "community", "新社区")
    elsewhere = Sheet(drawer, region)
    looked = await elsewhere.done("POST", "/geojson", json={"collection": out, "dry_run": True})
    assert (looked["added"], looked["names"]) == (4, ["7号楼"])
    assert (await elsewhere.now())["buildings"] == []
    await elsewhere.done("POST", "/geojson", json={"collection": out})
    copied = await elsewhere.done("GET", "/geojson")
    assert [each["geometry"] for each in copied["features"]] == [
        each["geometry"] for each in out["features"]
    ]
    await elsewhere.back()
    assert (await elsewhere.done("GET", "/geojson"))["features"] == []


async def test_a_file_changes_what_it_names_and_gives_homes_their_place(sheet, owner, lost_home):
    await sheet.draw("buildings", SEVEN | {"name": "8号楼"})
    out = await sheet.done("GET", "/geojson")
    taller = {**out["features"][0], "properties": out["features"][0]["properties"] | {"floors": 9}}
    new = {**taller, "id": "x", "properties": taller["properties"] | {"name": "7号楼"}}
    file = {"type": "FeatureCollection", "features": [taller, new]}
    taken = await sheet.done("POST", "/geojson", json={"collection": file})
    assert (taken["added"], taken["changed"]) == (1, 1)
    assert (await place_of(owner, lost_home))["lat"] is not None
    await sheet.back()
    assert [each["floors"] for each in (await sheet.now())["buildings"]] == [6]
    assert (await place_of(owner, lost_home))["building_id"] is None


async def test_a_file_with_a_mistake_changes_nothing(sheet):
    await sheet.draw("buildings", SEVEN)
    good = (await sheet.done("GET", "/geojson"))["features"][0]
    first = {**good, "id": "a", "properties": good["properties"] | {"name": "8号楼"}}
    tie = [RING[0], RING[2], RING[1], RING[3], RING[0]]
    crossed = {**first, "id": "b", "geometry": {"type": "Polygon", "coordinates": [tie]}}
    file = {"type": "FeatureCollection", "features": [first, crossed]}
    answer = await sheet.client.post(sheet.path("/geojson"), json={"collection": file})
    assert answer.status_code == 422
    assert answer.json()["error"]["params"]["problems"] == [
        {"feature": 2, "id": "b", "code": "ring_crosses"}
    ]
    assert len((await sheet.now())["buildings"]) == 1


# ---- the picture


def picture(width, height):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return png().replace(png()[8:33], head)


def upload(content, name="航拍.png"):
    return {"files": {"file": (name, content)}}


POINTS = [
    {"x": 0, "y": 0, "lng": 104.0, "lat": 40.001},
    {"x": 1000, "y": 0, "lng": 104.005, "lat": 40.001},
]


async def test_a_picture_is_placed_fixed_shown_and_taken_away(sheet, signed_in, community_id):
    placed = await sheet.done("PUT", "/picture", **upload(picture(1000, 800)))
    assert (placed["width"], placed["height"], placed["corners"]) == (1000, 800, None)
    operator = await signed_in("operator")
    on_map = f"/api/v1/regions/{community_id}/map"
    assert (await operator.get(on_map)).json()["picture"] is None  # it lies nowhere yet
    fixed = await sheet.done("PATCH", "/picture", json={"points": POINTS, "opacity": 0.5})
    assert fixed["metres_per_pixel"] == pytest.approx(0.4264, rel=1e-3)
    assert fixed["residual_m"] == pytest.approx(0, abs=1e-6)
    shown = (await operator.get(on_map)).json()["picture"]
    assert (shown["mark"], shown["opacity"]) == (placed["mark"], 0.5)
    assert shown["corners"][0] == pytest.approx([104.0, 40.001], abs=1e-8)
    seen = await operator.get(f"/api/v1/regions/{community_id}/picture")
    assert (seen.headers["content-type"], seen.content) == ("image/png", picture(1000, 800))
    again = await sheet.done("PUT", "/picture", **upload(picture(1000, 800)))
    assert again["corners"] == fixed["corners"]
    other = await sheet.done("PUT", "/picture", **upload(picture(1001, 800)))
    assert other["corners"] is None
    await sheet.done("DELETE", "/picture")
    assert (await sheet.now())["picture"] is None
    assert (await operator.get(f"/api/v1/regions/{community_id}/picture")).status_code == 404


async def test_who_watches_a_grid_sees_the_picture_of_its_community_and_nobody_that_of_a_neighbour(
    sheet, signed_in, community, community_id, elsewhere
):
    await sheet.done("PUT", "/picture", **upload(picture(1000, 800)))
    grid = await community.region(community_id, "grid", "第一网格")
    path = f"/api/v1/regions/{community_id}/picture"
    assert (await (await signed_in("operator", grid)).get(path)).status_code == 200
    assert (await (await signed_in("operator", elsewhere)).get(path)).status_code == 404
    assert (await (await signed_in("official", grid)).get(path)).status_code == 403


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("too_many_pixels", picture(10_000, 8_000)),  # 80 megapixels in a hundred bytes
        ("too_few_pixels", png()),
        ("picture_type", b"GIF89a" + bytes(100)),
        ("picture_type", picture(1000, 800)[:-20]),
        ("picture_type", b"<svg onload='alert(1)'/>"),
        ("picture_too_large", picture(1000, 800) + bytes(20 * 1024 * 1024)),
    ],
)
async def test_what_no_seat_can_show_is_refused_and_what_lay_there_stays(sheet, code, content):
    placed = await sheet.done("PUT", "/picture", **upload(picture(640, 480)))
    assert await sheet.refused("PUT", "/picture", **upload(content)) == (422, code)
    assert (await sheet.now())["picture"] == placed


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("points_too_near", [POINTS[0], POINTS[0] | {"x": 3}]),
        ("unlikely_scale", [POINTS[0], POINTS[1] | {"lng": 105.5}]),
        ("outside_picture", [POINTS[0], POINTS[1] | {"x": 1001}]),
    ],
)
async def test_points_that_lay_a_picture_nowhere_are_refused(sheet, code, points):
    await sheet.done("PUT", "/picture", **upload(picture(1000, 800)))
    assert await sheet.refused("PATCH", "/picture", json={"points": points}) == (422, code)
    assert (await sheet.now())["picture"]["corners"] is None


# ---- who may, and what is left of it


async def test_a_map_is_drawn_where_it_is_granted_and_within_the_region(
    sheet, signed_in, community, community_id, elsewhere
):
    building = await sheet.draw("buildings", SEVEN)
    stranger = Sheet(await signed_in("administrator", elsewhere), community_id)
    assert await stranger.refused("GET", "") == (404, "not_found")
    beside = await community.region(community.street, "community", "别处")
    other = Sheet(sheet.client, beside)
    seen = (await sheet.one("buildings"))["mark"]
    assert await other.refused("DELETE", f"/buildings/{building}", params={"seen": seen}) == (
        404, "not_found",
    )  # fmt: skip
    assert await Sheet(await signed_in("operator"), community_id).refused("GET", "") == (
        403, "forbidden",
    )  # fmt: skip


async def test_every_step_leaves_who_drew_what_where(sheet, owner, lost_home, community_id):
    building = await sheet.draw("buildings", SEVEN)
    await sheet.back()
    await sheet.done("GET", "/geojson")
    entries = [
        each for each in await trail(owner, "action", "subject", "detail") if "drawing" in each[0]
    ]
    assert [(action, subject) for action, subject, _ in entries] == [
        ("drawing_added", f"region:{community_id}"),
        ("drawing_undone", f"region:{community_id}"),
        ("drawing_exported", f"region:{community_id}"),
    ]
    assert entries[0][2]["building"] == [building]
    assert entries[0][2]["home"] == [lost_home]
    before, after = await owner.fetchrow(
        "SELECT before, after FROM drawing_change WHERE what = 'home' ORDER BY id LIMIT 1"
    )
    assert before["building_id"] is None
    assert after["building_id"] == building
