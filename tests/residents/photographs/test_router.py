"""Photographs of the way in, over REST: bounded, cleaned, sealed where they show a home, and seen only by who may."""

from __future__ import annotations

import hashlib
import struct

import pytest

from callcenter.residents.photographs.keeping import MOST_AT_A_PLACE
from tests.support.api import trail
from tests.support.pictures import chunk, jpeg, png

GPS = b"31.2304N 121.4737E"


def picture(width=800, height=600, *between):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return png(*between).replace(png()[8:33], head)


def upload(content, **words):
    return {"files": {"file": ("way.png", content)}, "data": words}


@pytest.fixture
async def building(owner, community):
    return await owner.fetchval(
        "INSERT INTO building (region_id, name, name_en, floors, footprint, entrances)"
        " VALUES ($1, '7号楼', 'Building 7', 6, '[]', '[{\"name\": \"1\"}, {\"name\": \"2\"}]') RETURNING id",
        community.street,
    )


@pytest.fixture
async def home(owner, community, building):
    home = await community.home()
    await owner.execute(
        "UPDATE home SET building_id = $2, entrance = '2单元' WHERE id = $1", home, building
    )
    return home


@pytest.fixture
async def worker(signed_in):
    """Of the community: keeps its records and draws its map."""
    return await signed_in("community_worker")


async def added(client, place, content=None, **words):
    path = f"/api/v1/{place}/photographs"
    answer = await client.post(path, **upload(content or picture(), **words))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_operator_sees_the_way_in_from_the_street_to_the_door(
    worker, operator, home, building
):
    await added(worker, f"homes/{home}", kind="door", caption="绿色防盗门", caption_en="Green door")
    await added(worker, f"buildings/{building}", kind="entrance", entrance="1")
    await added(
        worker, f"buildings/{building}", kind="entrance", entrance="2", taken_on="2026-01-02"
    )
    await added(worker, f"buildings/{building}", kind="front", caption="楼前停车位")
    shown = (await operator.get(f"/api/v1/homes/{home}/photographs")).json()
    assert [(each["kind"], each["entrance"]) for each in shown] == [
        ("front", ""),
        ("entrance", "2"),
        ("door", ""),
    ]
    assert (shown[1]["taken_on"], shown[2]["caption_en"]) == ("2026-01-02", "Green door")
    assert shown[0]["by"] == "community_worker同志"
    all_of_it = (await worker.get(f"/api/v1/buildings/{building}/photographs")).json()
    assert [each["entrance"] for each in all_of_it] == ["", "1", "2"]


async def test_a_picture_is_served_as_one_and_as_nothing_else(worker, operator, home, building):
    own = await added(worker, f"homes/{home}", kind="door")
    street = await added(worker, f"buildings/{building}", kind="front")
    for each in (own, street):
        answer = await operator.get(f"/api/v1/homes/{home}/photographs/{each['id']}")
        assert (answer.status_code, answer.content) == (200, picture())
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    public = f"/api/v1/buildings/{building}/photographs"
    answer = await operator.get(f"{public}/{street['id']}")
    assert answer.headers["cache-control"] == "private, max-age=86400, immutable"
    assert (await operator.get(f"{public}/{own['id']}")).status_code == 404


async def test_a_home_is_sealed_in_the_database_and_a_public_entrance_is_not(
    worker, owner, home, building
):
    own = await added(worker, f"homes/{home}", kind="key_box")
    street = await added(worker, f"buildings/{building}", kind="front")
    for number, sealed in ((own["id"], True), (street["id"], False)):
        row = await owner.fetchrow("SELECT * FROM place_photograph WHERE id = $1", number)
        assert (b"IHDR" not in row["content"]) is sealed
        assert row["sha256"] == hashlib.sha256(picture()).digest()
    assert own["mark"] == hashlib.sha256(picture()).hexdigest()[:16]


async def test_every_look_at_a_home_is_in_the_trail(worker, operator, owner, home):
    own = await added(worker, f"homes/{home}", kind="inside")
    path = f"/api/v1/homes/{home}/photographs"
    await operator.get(path)
    await operator.get(f"{path}/{own['id']}")
    assert (await trail(owner))[-3:] == [
        (action, f"home:{home}")
        for action in ("photograph_added", "photographs_seen", "photograph_seen")
    ]


async def test_what_a_camera_writes_into_it_is_gone_and_how_it_is_turned_is_not(worker, home):
    turned = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 2) + struct.pack(">HHII", 0x8825, 4, 1, 38) + turned
    exif = b"Exif\0\0" + tiff + bytes(4) + GPS
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 600, 800, 1) + b"\x01\x11\x00"
    said = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    second = jpeg(said)  # as phones append a preview with its own words
    one = await added(worker, f"homes/{home}", jpeg(said, frame) + second, kind="door")
    answer = await worker.get(f"/api/v1/homes/{home}/photographs/{one['id']}")
    assert (one["width"], one["height"]) == (800, 600)
    assert GPS not in answer.content
    assert turned in answer.content
    assert answer.content.count(b"\xff\xd8") == 1


async def test_words_and_picture_are_replaced_and_removed(worker, home):
    one = await added(worker, f"homes/{home}", kind="door")
    path = f"/api/v1/homes/{home}/photographs/{one['id']}"
    worded = (await worker.put(path, data={"kind": "key_box", "caption": "楼道左侧"})).json()
    assert (worded["kind"], worded["caption"], worded["mark"]) == (
        "key_box",
        "楼道左侧",
        one["mark"],
    )
    other = (await worker.put(path, **upload(picture(640, 480), kind="door"))).json()
    assert (other["width"], other["caption"]) == (640, "")
    assert other["mark"] != one["mark"]
    assert (await worker.delete(path)).status_code == 204
    assert (await worker.get(path)).status_code == 404
    assert (await worker.delete(path)).status_code == 404


@pytest.mark.parametrize(
    ("code", "content", "words"),
    [
        ("too_many_pixels", picture(10_000, 8_000), {}),  # 80 megapixels in a hundred bytes
        ("too_few_pixels", png(), {}),
        ("photograph_type", b"GIF89a" + bytes(100), {}),
        ("photograph_type", b"<svg onload='alert(1)'/>", {}),
        ("photograph_type", picture()[:-20], {}),
        ("photograph_too_large", picture() + bytes(4 * 1024 * 1024), {}),
        ("photograph_kind", picture(), {"kind": "front"}),
        ("no_such_entrance", picture(), {"entrance": "2"}),
        ("taken_in_future", picture(), {"taken_on": "2099-01-01"}),
    ],
)
async def test_what_is_no_picture_of_this_place_is_refused_and_nothing_is_kept(
    worker, owner, home, code, content, words
):
    answer = await worker.post(f"/api/v1/homes/{home}/photographs", **upload(content, **words))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert await owner.fetchval("SELECT count(*) FROM place_photograph") == 0


async def test_a_place_has_so_many_and_no_more(worker, home, building):
    for _ in range(MOST_AT_A_PLACE):
        await added(worker, f"buildings/{building}", entrance="1", kind="entrance")
    full = upload(picture(), kind="entrance", entrance="1")
    answer = await worker.post(f"/api/v1/buildings/{building}/photographs", **full)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "too_many_photographs")
    await added(worker, f"buildings/{building}", entrance="2", kind="entrance")


async def test_who_draws_no_map_changes_no_entrance_and_another_region_sees_nothing(
    worker, editor, signed_in, elsewhere, home, building
):
    one = await added(worker, f"homes/{home}", kind="door")
    refused = await editor.post(f"/api/v1/buildings/{building}/photographs", **upload(picture()))
    assert refused.status_code == 403
    stranger = await signed_in("community_worker", elsewhere)
    for path in (f"homes/{home}", f"homes/{home}/photographs/{one['id']}", f"buildings/{building}"):
        whole = path if "photographs" in path else f"{path}/photographs"
        assert (await stranger.get(f"/api/v1/{whole}")).status_code == 404
    assert (
        await stranger.delete(f"/api/v1/homes/{home}/photographs/{one['id']}")
    ).status_code == 404


async def test_a_building_with_photographs_is_not_rubbed_out(worker, community, building):
    await added(worker, f"buildings/{building}", kind="front")
    sheet = f"/api/v1/drawing/{community.street}"
    (shown,) = (await worker.get(sheet)).json()["buildings"]
    answer = await worker.delete(f"{sheet}/buildings/{building}", params={"seen": shown["mark"]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "has_photographs")
