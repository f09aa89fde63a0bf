"""Loading the community: once, in one piece, and with a file for the virtual devices."""

from datetime import timedelta

from callcenter.core.sealed import Seal
from callcenter.demo.community.load import load
from callcenter.demo.community.moved_in import DEVICES_FILE
from tests.support.outbox import SHANGHAI


async def test_loading_leaves_everything(database, owner, clock, tmp_path):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)

    counts = {
        table: await owner.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - names below
        for table in (
            "region",
            "building",
            "home",
            "resident",
            "device",
            "app_user",
            "incident",
            "action_plan",
            "drill",
            "drill_press",
        )
    }
    assert counts == {
        "region": 10,
        "building": 20,
        "home": 53,
        "resident": 61,
        "device": 84,
        "app_user": 8,
        "incident": 27,
        "action_plan": 9,
        "drill": 1,
        "drill_press": 3,
    }
    numbers = await owner.fetch("SELECT number FROM incident ORDER BY opened_at")
    assert [row["number"] for row in numbers] == list(range(1, 28))


async def test_loading_again_changes_nothing(database, owner, clock, tmp_path):
    seal = Seal.load(tmp_path)
    await load(database, seal, clock, tmp_path, SHANGHAI)
    before = (tmp_path / DEVICES_FILE).read_bytes()
    clock.advance(86_400)
    await load(database, seal, clock, tmp_path, SHANGHAI)
    assert await owner.fetchval("SELECT count(*) FROM resident") == 61
    assert (tmp_path / DEVICES_FILE).read_bytes() == before


async def test_a_lost_device_file_is_written_again_with_the_same_secrets(database, clock, tmp_path):
    seal = Seal.load(tmp_path)
    await load(database, seal, clock, tmp_path, SHANGHAI)
    before = (tmp_path / DEVICES_FILE).read_bytes()
    (tmp_path / DEVICES_FILE).unlink()
    await load(database, seal, clock, tmp_path, SHANGHAI)
    assert (tmp_path / DEVICES_FILE).read_bytes() == before


async def test_silent_devices_were_last_heard_of_days_ago(database, owner, clock, tmp_path):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    rows = await owner.fetch(
        "SELECT heartbeat_s, seen_at FROM device JOIN device_last_seen ON device_id = device.id"
    )
    assert [row["heartbeat_s"] for row in rows] == [3600, 3600]
    assert all(row["seen_at"] == clock.now() - timedelta(days=3) for row in rows)
