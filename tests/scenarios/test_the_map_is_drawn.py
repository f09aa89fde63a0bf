"""B2: a community without a map gets its aerial picture, a building and its doors; a press from there rings with its dot."""

from __future__ import annotations

import struct

import httpx
import pytest

from callcenter.auth.permissions import Role
from tests.support.pictures import chunk, png
from tests.support.story import Operator, Story

BLOCK = [[104.0, 40.0], [104.0006, 40.0], [104.0006, 40.0001], [104.0, 40.0001], [104.0, 40.0]]
SEVEN = {"estate": "榆荫里", "name": "7号楼", "floors": 6, "footprint": BLOCK}
UPPER_LEFT = {"x": 0, "y": 0, "lng": 103.999, "lat": 40.001}
UPPER_RIGHT = {"x": 2000, "y": 0, "lng": 104.002, "lat": 40.001}


def aerial() -> bytes:
    """As far as a server reads it."""
    size = struct.pack(">IIBBBBB", 2000, 1500, 8, 0, 0, 0, 0)
    return png().replace(png()[8:33], chunk(b"IHDR", size))


@pytest.fixture
async def clerk(story: Story) -> httpx.AsyncClient:
    """Administers the centre."""
    return (await story.operator("clerk", on_duty=False, role=Role.ADMINISTRATOR)).client


async def hear(story: Story) -> None:
    """The alarm process reads what was changed, as it does on the hint."""
    connection = await story.database.connect("registry")
    await story.registry.sweep(connection)
    await connection.close()


async def done(answer: httpx.Response) -> dict[str, object]:
    assert answer.status_code < 300, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_from_an_empty_region_to_a_press_with_its_dot(
    story: Story, wang: Operator, clerk: httpx.AsyncClient
):
    region = await story.community.region(story.community.street, "community", "榆荫里社区")
    sheet = f"/api/v1/drawing/{region}"

    # Somebody was registered by an address alone: their press rings, and no map can show where.
    known = await story.community.home(region=region, address="榆荫里7号楼2单元501室")
    await story.owner.execute(
        "UPDATE home SET lat = NULL, lng = NULL, entrance = '', door = '' WHERE id = $1", known
    )
    await story.community.device("1234", known, await story.community.resident(known))
    await story.reload()
    first = await story.press("1234")
    shown = await wang.sees(first, state="waiting")
    assert (shown["lat"], shown["lng"]) == (None, None)
    await wang.done(first, "take")
    await wang.done(first, "close", outcome="test")

    # Picture, building, doors.
    await done(await clerk.put(f"{sheet}/picture", files={"file": ("航拍.png", aerial())}))
    fixed = await done(
        await clerk.patch(f"{sheet}/picture", json={"points": [UPPER_LEFT, UPPER_RIGHT]})
    )
    assert fixed["residual_m"] == pytest.approx(0, abs=0.01)
    building = (await done(await clerk.post(f"{sheet}/buildings", json=SEVEN)))["id"]
    doors = f"{sheet}/buildings/{building}/doors"
    rule = {"entrances": 3, "floors": 6, "doors": 2}
    preview = await done(await clerk.post(f"{doors}/preview", json=rule))
    assert (preview["new"], preview["found"]) == (35, 1)
    await done(await clerk.post(doors, json=rule))
    await hear(story)

    # The home that was known has its dot at once, and its press has its place.
    (dot,) = (await wang.client.get("/api/v1/homes/dots")).json()
    assert (dot["home_id"], dot["label"]) == (known, "7-2-501")
    second = await story.press("1234")
    shown = await wang.sees(second, state="waiting")
    assert (shown["lat"], shown["lng"]) == (dot["lat"], dot["lng"])
    assert (shown["card"]["building"], shown["card"]["floor"]) == ("7号楼", 5)
    drawn = (await wang.client.get(f"/api/v1/regions/{region}/map")).json()
    assert [each["id"] for each in drawn["buildings"]] == [building]
    assert drawn["picture"]["corners"][0] == pytest.approx([103.999, 40.001], abs=1e-7)

    # Somebody moves in behind a door that the rule has made.
    made = await story.owner.fetchval(
        "SELECT id FROM home WHERE entrance = '3' AND door = '602' AND building_id = $1", building
    )
    body = {"home_id": made, "name": "贺长林"}
    resident = (await done(await clerk.post("/api/v1/residents", json=body)))["id"]
    await story.community.device("5678", made, int(str(resident)))
    await hear(story)
    third = await story.press("5678")
    shown = await wang.sees(third, state="waiting")
    assert shown["card"]["address"] == "榆荫里7号楼3单元602室"
    assert shown["lng"] == pytest.approx(104.0005, abs=1e-6)
    for incident in (second, third):
        await wang.done(incident, "take")
        await wang.done(incident, "close", outcome="test")
