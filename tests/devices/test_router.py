"""Devices over REST: registered, assigned, released, and their keys never read back."""

import pytest

from callcenter.core.sealed import Seal
from tests.support.api import trail


async def add_device(client, region, identifier="A101", **fields):
    body = {
        "region_id": region,
        "source": "dc09",
        "identifier": identifier,
        "kind": "pendant",
    } | fields
    answer = await client.post("/api/v1/devices", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def error_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture
async def street(community):
    await community.source()
    return community.street


async def test_a_device_keeps_its_key_to_itself(editor, street, owner, tmp_path):
    key = "00112233445566778899aabbccddeeff"
    device = await add_device(editor, street, key=key)
    assert device["has_key"]
    assert key not in str(device)
    sealed = await owner.fetchval("SELECT key_sealed FROM device")
    assert Seal.load(tmp_path).open(sealed, context="device.key") == bytes.fromhex(key)
    without = await editor.patch(
        f"/api/v1/devices/{device['id']}", json={"version": 1, "key": None}
    )
    assert not without.json()["has_key"]


async def test_whether_polls_must_be_encrypted_is_the_device_s_or_its_listener_s(editor, street):
    device = await add_device(editor, street, encrypted_only=True)
    assert device["encrypted_only"] is True
    path = f"/api/v1/devices/{device['id']}"
    as_listener = await editor.patch(path, json={"version": 1, "encrypted_only": None})
    assert as_listener.json()["encrypted_only"] is None


@pytest.mark.parametrize("key", ["0011", "zz" * 15, "00" * 20])
async def test_a_key_of_the_wrong_length_is_refused(editor, street, key):
    body = {"region_id": street, "source": "dc09", "identifier": "A101", "kind": "hub", "key": key}
    assert error_of(await editor.post("/api/v1/devices", json=body)) == (422, "device_key")


async def test_a_source_knows_each_identifier_once(editor, street):
    await add_device(editor, street)
    body = {"region_id": street, "source": "dc09", "identifier": "A101", "kind": "hub"}
    assert error_of(await editor.post("/api/v1/devices", json=body)) == (409, "device_exists")
    body |= {"source": "nowhere"}
    assert error_of(await editor.post("/api/v1/devices", json=body)) == (422, "unknown_source")


async def test_a_device_serves_one_home_at_a_time_unless_told_otherwise(
    editor, street, community, owner, clock
):
    device = await add_device(editor, street)
    first, second = await community.home(), await community.home(address="别处")
    path = f"/api/v1/devices/{device['id']}/assignments"
    await editor.post(path, json={"home_id": first})
    clock.advance(60)
    moved = (await editor.post(path, json={"home_id": second})).json()
    assert [(a["home_id"], a["address"]) for a in moved["assignments"]] == [(second, "别处")]
    clock.advance(60)
    both = (await editor.post(path, json={"home_id": first, "keep_others": True})).json()
    assert [a["home_id"] for a in both["assignments"]] == [second, first]
    assert both["version"] == 4, "each assignment counts for the device"
    ended = await owner.fetchval(
        "SELECT valid_until FROM device_assignment WHERE home_id = $1", first
    )
    assert ended is not None


async def test_an_assignment_names_a_resident_of_the_home(editor, street, community):
    device = await add_device(editor, street)
    home, other = await community.home(), await community.home(address="别处")
    resident = await community.resident(home)
    path = f"/api/v1/devices/{device['id']}/assignments"
    wrong = await editor.post(path, json={"home_id": other, "resident_id": resident})
    assert error_of(wrong) == (422, "resident_elsewhere")
    right = (await editor.post(path, json={"home_id": home, "resident_id": resident})).json()
    assert right["assignments"][0]["resident_name"] == "沈玉兰"


async def test_dates_of_an_assignment_carry_a_zone_and_run_forward(editor, street, community):
    device = await add_device(editor, street)
    home = await community.home()
    path = f"/api/v1/devices/{device['id']}/assignments"
    turned = {
        "home_id": home,
        "valid_from": "2030-01-02T00:00:00Z",
        "valid_until": "2030-01-01T00:00:00Z",
    }
    assert error_of(await editor.post(path, json=turned)) == (422, "dates_turned_round")
    zoneless = {"home_id": home, "valid_from": "2030-01-02T00:00:00"}
    assert (await editor.post(path, json=zoneless)).status_code == 422


async def test_a_released_device_serves_nobody(editor, street, community, hints):
    device = await add_device(editor, street)
    path = f"/api/v1/devices/{device['id']}"
    await editor.post(f"{path}/assignments", json={"home_id": await community.home()})
    released = await editor.post(f"{path}/release", json={})
    assert released.status_code == 200, released.text
    assert released.json()["assignments"] == []
    assert (await editor.get("/api/v1/devices", params={"assigned": False})).json()["total"] == 1
    assert hints == ["directory"] * 3


async def test_devices_are_found_by_what_is_asked(editor, street, community, owner):
    seen = await add_device(editor, street, "A101", label="随身")
    await add_device(editor, street, "B2001", kind="bedside_button")
    home = await community.home()
    await editor.post(f"/api/v1/devices/{seen['id']}/assignments", json={"home_id": home})
    await owner.execute(
        "INSERT INTO device_last_seen VALUES ($1, '2026-01-01T00:00:00Z')", seen["id"]
    )

    async def found(**wanted):
        answer = (await editor.get("/api/v1/devices", params=wanted)).json()
        return [item["identifier"] for item in answer["items"]]

    assert await found(q="a1") == ["A101"]
    assert await found(q="随身") == ["A101"]
    assert await found(kind="bedside_button") == ["B2001"]
    assert await found(home_id=home) == ["A101"]
    assert await found(battery_low=True) == []
    shown = (await editor.get(f"/api/v1/devices/{seen['id']}")).json()
    assert shown["seen_at"] == "2026-01-01T00:00:00Z"


async def test_a_change_on_an_old_state_is_refused(editor, street):
    device = await add_device(editor, street)
    path = f"/api/v1/devices/{device['id']}"
    assert (await editor.patch(path, json={"version": 1, "label": "床头"})).json()["version"] == 2
    assert error_of(await editor.patch(path, json={"version": 1, "label": "x"})) == (
        409,
        "changed_meanwhile",
    )
    assert (await editor.delete(path, params={"version": 2})).status_code == 204
    assert (await editor.get(path)).status_code == 404


async def test_g8_devices_of_other_regions_are_not_there(
    editor, operator, street, community, elsewhere, owner
):
    foreign = await owner.fetchval(
        "INSERT INTO device (region_id, source, identifier, kind) VALUES ($1, 'dc09', 'F001', 'hub') RETURNING id",
        elsewhere,
    )
    path = f"/api/v1/devices/{foreign}"
    assert (await editor.get(path)).status_code == 404
    assert (await editor.patch(path, json={"version": 1})).status_code == 404
    assert (await editor.get("/api/v1/devices")).json()["total"] == 0
    own = await add_device(editor, street)
    foreign_home = await community.home(region=elsewhere)
    answer = await editor.post(
        f"/api/v1/devices/{own['id']}/assignments", json={"home_id": foreign_home}
    )
    assert answer.status_code == 404
    assert (
        await operator.patch(f"/api/v1/devices/{own['id']}", json={"version": 1})
    ).status_code == 403


async def test_g8_what_is_done_to_a_device_is_in_the_audit_trail(editor, street, community, owner):
    device = await add_device(editor, street)
    path = f"/api/v1/devices/{device['id']}"
    await editor.post(f"{path}/assignments", json={"home_id": await community.home()})
    await editor.post(f"{path}/release", json={})
    subject = f"device:{device['id']}"
    assert (await trail(owner))[-3:] == [
        ("device_added", subject),
        ("device_assigned", subject),
        ("device_released", subject),
    ]


async def test_an_account_is_kept_as_the_dialler_sends_it(editor, street):
    body = {"region_id": street, "source": "dc09", "identifier": "ab12", "kind": "pendant"}
    answer = await editor.post("/api/v1/devices", json={**body, "key": "sixteen chars ok"})
    assert answer.status_code == 201
    assert (answer.json()["identifier"], answer.json()["has_key"]) == ("AB12", True)


async def test_who_is_registered_for_a_home_serves_it_from_the_first_moment(
    editor, street, community, owner
):
    home = await community.home()
    resident = await community.resident(home)
    device = await add_device(editor, street, home_id=home, resident_id=resident)
    [serves] = device["assignments"]
    assert (serves["home_id"], serves["resident_id"]) == (home, resident)
    body = {"region_id": street, "source": "dc09", "identifier": "A102", "kind": "hub"}
    answer = await editor.post("/api/v1/devices", json=body | {"home_id": 999})
    assert answer.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM device") == 1, "nothing half done"


async def test_the_trail_says_what_was_changed_and_nothing_of_a_person(editor, street, owner):
    device = await add_device(editor, street)
    changes = {"version": 1, "heartbeat_s": 600, "label": "沈玉兰床头", "key": "00" * 16}
    await editor.patch(f"/api/v1/devices/{device['id']}", json=changes)
    [detail] = await owner.fetch("SELECT detail FROM audit_entry WHERE action = 'device_changed'")
    assert detail["detail"] == {
        "fields": ["heartbeat_s", "key", "label"],
        "before": {"heartbeat_s": None},
        "after": {"heartbeat_s": 600},
    }


async def test_somebody_of_the_staff_carries_what_serves_no_home(
    editor, street, community, owner, elsewhere
):
    device = await add_device(editor, street)
    staff = "INSERT INTO staff (name, region_id, active_from) VALUES ('刘芳', $1, '2020-01-01') RETURNING id"
    fang, stranger = [await owner.fetchval(staff, region) for region in (street, elsewhere)]
    path = f"/api/v1/devices/{device['id']}"
    for unseen in (stranger, 10**9):
        answer = await editor.patch(path, json={"version": 1, "staff_id": unseen})
        assert answer.status_code == 404
    carried = await editor.patch(path, json={"version": 1, "staff_id": fang})
    assert (carried.status_code, carried.json()["carried_by"]) == (200, "刘芳")
    left = await editor.patch(path, json={"version": 2, "staff_id": None})
    assert (left.json()["staff_id"], left.json()["carried_by"]) == (None, "")
    served = {"home_id": await community.home()}
    assert (await editor.post(f"{path}/assignments", json=served)).status_code in (200, 201)
    version = (await editor.get(path)).json()["version"]
    answer = await editor.patch(path, json={"version": version, "staff_id": fang})
    assert error_of(answer) == (409, "serves_home")
