"""What a device has sent, as whoever mounts it sees it arrive, and the press test that ends with a tick."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from callcenter.alerts.unread.frames import BATTERIES, STRENGTHS, measured
from callcenter.devices.signals import Kind, Position, Signal
from tests.alerts.conftest import Centre
from tests.support.api import sign_in, trail


@pytest.fixture
async def path(centre: Centre) -> str:
    device = await centre.desk.owner.fetchval("SELECT id FROM device WHERE identifier = '1234'")
    return f"/api/v1/devices/{device}"


async def begin_test(centre: Centre, path: str, minutes: int = 5) -> None:
    await centre.desk.owner.execute(
        "INSERT INTO test_period (subject, subject_id, region_id, region_path, from_at, until_at, reason, by_id, by_name)"
        " VALUES ('device', $1, 1, '{1}', $2, $3, 'press', 1, 'boss')",
        int(path.rpartition("/")[2]),
        centre.desk.clock.now(),
        centre.desk.clock.now() + timedelta(minutes=minutes),
    )
    await centre.desk.reload()


async def frames(centre: Centre, path: str, **asked: str) -> list[dict]:
    answer = await centre.boss.client.get(f"{path}/frames", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_frame_is_shown_with_its_bytes_its_reading_and_what_became_of_it(
    centre: Centre, path: str
):
    source = centre.desk.registry.source("dc09")
    assert source is not None
    said = {"battery": 71, "rssi": "-83 dBm", "zone": "3"}
    signal = Signal(
        *("1234", Kind.SOS, sha256(b"1").digest(), b"\n0x"),
        position=Position(40.0, 104.0),
        extra=said,
        flags=("clock_off",),
    )
    await centre.desk.intake.accept(source, [signal], centre.desk.clock.now())
    [frame] = await frames(centre, path)
    assert (frame["kind"], frame["outcome"], frame["mode"]) == ("sos", "opened", "real")
    assert (frame["battery"], frame["strength"], frame["flags"]) == ("71", "-83 dBm", ["clock_off"])
    assert (frame["hex"], frame["printed"], frame["size"]) == ("0a 30 78", ".0x", 3)
    assert frame["number"] > 0
    assert (await trail(centre.desk.owner))[-1][0] == "frames_seen"


async def test_a_frame_that_nobody_understood_and_one_of_before_are_the_device_s_as_well(
    centre: Centre, path: str
):
    desk = centre.desk
    source = desk.registry.source("dc09")
    assert source is not None
    await desk.intake.keep_undecodable(source, b"\xff", "1234", "no key is known", desk.clock.now())
    await desk.press("9999")
    [frame] = await frames(centre, path)
    assert (frame["kind"], frame["outcome"]) == (None, "undecodable")
    assert frame["reason"] == "no key is known"
    desk.clock.advance(24 * 3600 + 1)
    await sign_in(centre.boss.client, "boss")
    assert await frames(centre, path) == [], "a day is kept in sight"


async def test_a_press_in_test_is_seen_to_arrive_and_ticks_the_device_off(
    centre: Centre, path: str
):
    early = await centre.boss.client.post(f"{path}/tried")
    assert early.json()["error"]["code"] == "not_in_test"
    await begin_test(centre, path)
    nothing = await centre.boss.client.post(f"{path}/tried")
    assert nothing.json()["error"]["code"] == "nothing_came"

    began = centre.desk.clock.now().isoformat()
    centre.desk.clock.advance(20)
    await centre.desk.press()
    [frame] = await frames(centre, path, since=began)
    assert (frame["outcome"], frame["mode"]) == ("opened", "test")
    assert await centre.desk.texts() == [], "a test reaches nobody"
    ticked = await centre.boss.client.post(f"{path}/tried")
    assert ticked.json()["tried_at"] == frame["at"]


async def test_a_life_sign_is_no_press(centre: Centre, path: str):
    await begin_test(centre, path)
    await centre.desk.press(kind=Kind.HEARTBEAT)
    assert [frame["kind"] for frame in await frames(centre, path)] == ["heartbeat"]
    answer = await centre.boss.client.post(f"{path}/tried")
    assert answer.json()["error"]["code"] == "nothing_came"


async def test_a_test_of_one_button_weakens_no_other_s_alarm(centre: Centre, path: str):
    """The other button of the same home is real, and makes the tested press real as well."""
    community = centre.desk.community
    home = await centre.desk.owner.fetchval("SELECT id FROM home")
    await community.device("5678", home, centre.resident)
    await community.device("7777", await community.home(address="隔壁"))
    await begin_test(centre, path)
    tested = await centre.desk.press()
    neighbour = await centre.desk.press("7777")
    same_home = await centre.desk.press("5678")
    modes = {
        row["id"]: row["mode"] for row in await centre.desk.owner.fetch("SELECT id, mode FROM incident")
    }  # fmt: skip
    assert same_home.incident_id == tested.incident_id
    assert set(modes.values()) == {"real"}
    assert neighbour.incident_id in modes
    assert len(await centre.desk.texts()) == 1, "the family is told of the real one"
    assert (await frames(centre, path))[0]["mode"] == "real", "whoever mounts it sees that"


async def test_who_presses_twice_within_a_minute_means_it(centre: Centre, path: str):
    await begin_test(centre, path)
    await centre.desk.press()
    centre.desk.clock.advance(5)
    await centre.desk.press()
    assert [frame["mode"] for frame in await frames(centre, path)] == ["real", "real"]


async def test_an_operator_does_not_see_raw_frames(centre: Centre, path: str):
    assert (await centre.wang.client.get(f"{path}/frames")).status_code == 403


@pytest.mark.parametrize(
    ("extra", "battery", "strength"),
    [
        ({"battery": 71}, "71", None),
        ({"Battery_Level": "3.6 V", "CSQ": 19}, "3.6 V", "19"),
        ({"battery": {"deep": 1}}, None, None),
        ({}, None, None),
    ],
)
def test_battery_and_strength_are_read_where_a_device_names_them(extra, battery, strength):
    assert (measured(extra, BATTERIES), measured(extra, STRENGTHS)) == (battery, strength)
