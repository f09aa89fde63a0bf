"""One device in place of another, and presses of both while it happens."""

from datetime import timedelta

import pytest

from callcenter.devices.registry import Registry
from callcenter.devices.replacing import BOTH_SERVE
from tests.devices.test_router import add_device, error_of
from tests.support.api import trail
from tests.support.reading import read_whole


@pytest.fixture
async def pair(editor, community):
    """The old one hangs round somebody's neck, the new one lies in stock."""
    await community.source()
    home = await community.home()
    resident = await community.resident(home)
    old = await add_device(editor, community.street, "OLD1", label="随身", heartbeat_s=600)
    new = await add_device(editor, community.street, "NEW1", sim="13912345678")
    serves = {"home_id": home, "resident_id": resident}
    old = (await editor.post(f"/api/v1/devices/{old['id']}/assignments", json=serves)).json()
    return old, new, home, resident


async def replace(editor, old, new, **fields):
    body = {"version": old["version"], "device_id": new["id"]} | fields
    return await editor.post(f"/api/v1/devices/{old['id']}/replacement", json=body)


async def test_the_new_one_takes_over_home_resident_and_settings(editor, pair, owner, hints):
    old, new, home, resident = pair
    answer = await replace(editor, old, new, fault="电池鼓包")
    assert answer.status_code == 201, answer.text
    after = answer.json()
    [serves] = after["new"]["assignments"]
    assert (serves["home_id"], serves["resident_id"]) == (home, resident)
    assert (after["new"]["label"], after["new"]["heartbeat_s"]) == ("随身", 600)
    assert after["new"]["sim"] == "13912345678", "its own"
    assert after["old"]["fault"] == "电池鼓包"
    assert hints[-1] == "directory", "the alarm process is told at once"
    [entry] = await owner.fetch("SELECT detail FROM audit_entry WHERE action = 'device_replaced'")
    assert entry["detail"] == {"by": new["id"], "home_ids": [home], "faulty": True}
    assert (await trail(owner))[-1] == ("device_replaced", f"device:{old['id']}")


async def test_a_press_of_either_is_the_home_s_before_during_and_after(editor, pair, owner, clock):
    old, new, home, resident = pair
    registry = Registry(lambda sealed, _: sealed)
    await read_whole(registry, owner)
    source = registry.source("dc09")
    assert source is not None

    def whose(identifier, later=timedelta()):
        caller = registry.resolve(source, identifier, clock.now() + later)
        return caller.known, caller.home_id, caller.resident_id

    await replace(editor, old, new)
    assert whose("OLD1") == (True, home, resident), "the copy in memory is a moment behind"
    assert whose("NEW1")[0], "known, in stock"

    await registry.sweep(owner)
    almost, over = BOTH_SERVE - timedelta(seconds=1), BOTH_SERVE
    assert whose("NEW1") == whose("OLD1") == (True, home, resident)
    assert whose("OLD1", almost) == whose("NEW1", almost) == (True, home, resident)
    assert whose("NEW1", over) == (True, home, resident)
    assert whose("OLD1", over) == (True, None, None), "in stock: it rings all the same"


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("itself", 422, "same_device"),
        ("from_stock", 409, "serves_nobody"),
        ("by_one_at_a_home", 409, "serves_already"),
        ("by_a_faulty_one", 409, "device_faulty"),
        ("late", 409, "changed_meanwhile"),
    ],
)
async def test_what_cannot_be_replaced_stays_as_it_is(editor, pair, owner, what, status, code):
    old, new, home, _ = pair
    match what:
        case "itself":
            answer = await replace(editor, old, old)
        case "from_stock":
            answer = await replace(editor, new, old)
        case "by_one_at_a_home":
            await editor.post(f"/api/v1/devices/{new['id']}/assignments", json={"home_id": home})
            answer = await replace(editor, old, new)
        case "by_a_faulty_one":
            await editor.patch(f"/api/v1/devices/{new['id']}", json={"version": 1, "fault": "坏"})
            answer = await replace(editor, old, new)
        case _:
            answer = await replace(editor, old, new, version=1)
    assert error_of(answer) == (status, code)
    held = "SELECT count(*) FROM device_assignment WHERE device_id = $1 AND valid_until IS NULL"
    assert await owner.fetchval(held, old["id"]) == 1


async def test_the_old_one_hands_over_once_although_it_still_serves(editor, pair, community):
    old, new, _, _ = pair
    third = await add_device(editor, community.street, "NEW2")
    after = (await replace(editor, old, new)).json()
    assert error_of(await replace(editor, after["old"], third)) == (409, "serves_nobody")
    assert (await replace(editor, after["new"], third)).status_code == 201


async def test_a_device_of_another_region_takes_nothing_over(editor, pair, owner, elsewhere):
    old, new, _, _ = pair
    await owner.execute("UPDATE device SET region_id = $2 WHERE id = $1", new["id"], elsewhere)
    assert error_of(await replace(editor, old, new)) == (404, "not_found")
