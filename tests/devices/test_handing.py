"""Devices against a signature: who has received one, and when it came back."""

import pytest

from tests.devices.test_router import add_device, error_of
from tests.support.api import trail


@pytest.fixture
async def device(editor, community):
    await community.source()
    return await add_device(editor, community.street, sim="13912345678")


async def found(editor, **wanted):
    answer = await editor.get("/api/v1/devices", params=wanted)
    assert answer.status_code == 200, answer.text
    return [item["identifier"] for item in answer.json()["items"]]


async def test_a_device_leaves_stock_against_a_signature_and_comes_back(
    editor, device, owner, clock
):
    path = f"/api/v1/devices/{device['id']}"
    assert await found(editor, standing="stock") == ["A101"]
    issued = await editor.post(f"{path}/issue", json={"version": 1, "received_by": "安装员小王"})
    assert issued.status_code == 201, issued.text
    issue = issued.json()["issue"]
    assert (issue["received_by"], issue["handed_by_name"]) == ("安装员小王", "supervisor同志")
    assert await found(editor, standing="stock") == []
    assert await found(editor, standing="issued") == ["A101"]

    clock.advance(3_600)
    back = await editor.post(f"{path}/return", json={"version": 2})
    assert back.json()["issue"] is None
    assert await found(editor, standing="stock") == ["A101"]
    [past] = (await editor.get(f"{path}/issues")).json()
    assert past["returned_to_name"] == "supervisor同志"
    assert past["returned_at"] > past["received_at"]
    subject = f"device:{device['id']}"
    assert (await trail(owner))[-3:] == [
        ("device_returned", subject),
        ("devices_searched", "devices"),
        ("device_issues_seen", subject),
    ]


async def test_nobody_signs_for_what_another_one_has(editor, device):
    path = f"/api/v1/devices/{device['id']}/issue"
    await editor.post(path, json={"version": 1, "received_by": "小王"})
    twice = await editor.post(path, json={"version": 2, "received_by": "小李"})
    assert error_of(twice) == (409, "issued_already")
    old = await editor.post(path, json={"version": 1, "received_by": "小李"})
    assert error_of(old) == (409, "changed_meanwhile")


async def test_a_faulty_one_is_not_handed_out(editor, device, community):
    path = f"/api/v1/devices/{device['id']}"
    await editor.post(f"{path}/assignments", json={"home_id": await community.home()})
    back = (await editor.post(f"{path}/return", json={"version": 2, "fault": "按键失灵"})).json()
    assert (back["fault"], back["assignments"]) == ("按键失灵", [])
    assert await found(editor, standing="faulty") == ["A101"]
    assert await found(editor, standing="stock") == []
    refused = await editor.post(f"{path}/issue", json={"version": 3, "received_by": "小王"})
    assert error_of(refused) == (409, "device_faulty")
    mended = await editor.patch(path, json={"version": 3, "fault": ""})
    assert mended.json()["fault"] == ""
