"""How devices stand, as a list asks for them, and what finds one."""

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.devices.standing import MISSED_HEARTBEATS, is_late
from tests.devices.test_router import add_device

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("heartbeat_s", "ago_s", "late"),
    [
        (60, 60 * MISSED_HEARTBEATS, False),
        (60, 60 * MISSED_HEARTBEATS + 1, True),
        (None, 86_400, False),
        (60, None, False),
    ],
)
def test_a_device_is_late_after_three_life_signs_that_it_owes(heartbeat_s, ago_s, late):
    seen_at = None if ago_s is None else NOW - timedelta(seconds=ago_s)
    assert is_late(heartbeat_s, seen_at, NOW) is late


@pytest.fixture
async def three(editor, community, owner, clock):
    """One at a home and silent, one low in stock, one at a home in test."""
    await community.source()
    silent = await add_device(editor, community.street, "S001", heartbeat_s=60)
    low = await add_device(editor, community.street, "L001", sim="8986112233445566")
    tried = await add_device(editor, community.street, "T001", model="ZN-3")
    home = await community.home()
    await community.resident(home)
    for each in (silent, tried):
        await editor.post(f"/api/v1/devices/{each['id']}/assignments", json={"home_id": home})
    await owner.execute(
        "INSERT INTO device_last_seen VALUES ($1, $2)",
        silent["id"],
        clock.now() - timedelta(days=1),
    )
    await owner.execute("UPDATE device SET battery_low = true WHERE id = $1", low["id"])
    await owner.execute(
        "INSERT INTO test_period (subject, subject_id, region_id, region_path, from_at, until_at, reason, by_id, by_name)"
        " VALUES ('device', $1, 1, '{1}', $2, $3, 'x', 1, 'x')",
        tried["id"],
        clock.now() - timedelta(minutes=1),
        clock.now() + timedelta(minutes=4),
    )


async def found(editor, **wanted):
    answer = await editor.get("/api/v1/devices", params=wanted)
    assert answer.status_code == 200, answer.text
    return [item["identifier"] for item in answer.json()["items"]]


@pytest.mark.usefixtures("three")
async def test_a_list_is_asked_for_each_standing(editor, clock):
    stood = {
        "attached": ["S001", "T001"],
        "stock": ["L001"],
        "silent": ["S001"],
        "low": ["L001"],
        "in_test": ["T001"],
        "issued": [],
        "faulty": [],
    }
    assert {each: await found(editor, standing=each) for each in stood} == stood
    assert await found(editor, model="ZN-3") == ["T001"]
    clock.advance(300)
    assert await found(editor, standing="in_test") == []


@pytest.mark.usefixtures("three")
async def test_a_view_says_how_its_device_stands(editor, clock):
    items = (await editor.get("/api/v1/devices")).json()["items"]
    by_name = {item["identifier"]: item for item in items}
    assert [by_name[each]["late"] for each in ("S001", "L001", "T001")] == [True, False, False]
    until = datetime.fromisoformat(by_name["T001"]["in_test_until"])
    assert until == clock.now() + timedelta(minutes=4)


@pytest.mark.usefixtures("three")
async def test_a_device_is_found_by_its_sim_and_by_whoever_lives_there(editor):
    assert await found(editor, q="5566") == ["L001"]
    assert await found(editor, q="沈玉兰", people=True) == ["S001", "T001"]
    assert await found(editor, q="syl", people=True) == ["S001", "T001"]
    assert await found(editor, q="t0", people=True) == ["T001"]
    assert await found(editor, q="沈玉兰") == []
