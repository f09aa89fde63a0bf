"""A site without an exchange writes its calls down on the same page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.core.ids import new_id
from tests.support.hotline import CALLER, Hotline, Worker


async def test_a_call_is_written_down_and_then_filed_as_any_other(hotline: Hotline, wang: Worker):
    resident = await hotline.story.home("", name="沈玉兰")
    body = {"id": str(new_id()), "number": "013912345678", "minutes": 4, "attach": {"resident_id": resident}}  # fmt: skip
    line = await wang.post("/calls", body, 201)
    assert (line["source"], line["caller_e164"], line["name"]) == ("by_hand", CALLER, "沈玉兰")
    assert line["talked_s"] == 240
    assert (await wang.post("/calls", body, 201))["id"] == line["id"]
    assert len(await wang.lists("to_be_filed")) == 1
    await wang.files(line["id"], "fall")
    await hotline.look()
    assert [kind for _, kind in await hotline.incidents()] == ["fall"]


async def test_whoever_is_chosen_lends_their_number(hotline: Hotline, wang: Worker):
    resident = await hotline.story.home("", "+8613900000001")
    contact = await hotline.story.owner.fetchval("SELECT id FROM contact")
    line = await wang.post("/calls", {"id": str(new_id()), "attach": {"contact_id": contact}})
    assert (line["caller_e164"], line["resident_id"]) == ("+8613900000001", resident)


async def test_rules_of_numbers_hold_for_what_is_typed(hotline: Hotline, wang: Worker):
    owner = hotline.story.owner
    await owner.execute("INSERT INTO number_rule (position, begins, drops) VALUES (1, '9139', 1)")
    await owner.execute(
        "INSERT INTO line (number, name, kind, region_id, area_code) VALUES ('12349', '热线', 'hotline', $1, '0311')",
        hotline.story.community.root,
    )
    line = await wang.post("/calls", {"id": str(new_id()), "number": "913912345678"})
    assert line["caller_e164"] == CALLER
    near = await wang.post("/calls", {"id": str(new_id()), "number": "85671234", "line": "12349"})
    assert (near["caller_e164"], near["line_name"]) == ("+8631185671234", "热线")


@pytest.mark.parametrize(
    ("number", "presentation"),
    [("", "withheld"), ("打不清楚", "malformed"), ("9" * 60, "malformed")],
)
async def test_a_number_that_nobody_can_read_is_kept_as_it_is(
    wang: Worker, number: str, presentation: str
):
    line = await wang.post("/calls", {"id": str(new_id()), "number": number})
    assert (line["presentation"], line["caller_e164"]) == (presentation, None)
    assert number.startswith(line["caller_raw"])


async def test_a_call_in_vain_is_missed_and_one_of_ours_is_not(hotline: Hotline, wang: Worker):
    await wang.post("/calls", {"id": str(new_id()), "number": "13912345678", "answered": False})
    assert len(await wang.lists("missed")) == 1
    before = {"id": str(new_id()), "number": "13912345678", "minutes": 0}
    at = hotline.story.clock.now() - timedelta(hours=1)
    await wang.post("/calls", before | {"at": at.isoformat()})
    await hotline.look()
    assert len(await wang.lists("missed")) == 1
    hotline.story.clock.advance(60)
    out = {"id": str(new_id()), "number": "13912345678", "direction": "out", "minutes": 3}
    await wang.post("/calls", out)
    await hotline.look()
    assert await wang.lists("missed") == []


@pytest.mark.parametrize("days", [-40, 1])
async def test_a_time_that_is_a_slip(hotline: Hotline, wang: Worker, days: int):
    at = hotline.story.clock.now() + timedelta(days=days)
    refused = await wang.post("/calls", {"id": str(new_id()), "at": at.isoformat()}, 422)
    assert refused["error"]["code"] == "wrong_time"


async def test_staff_and_organisations_ring_as_well(hotline: Hotline, wang: Worker):
    owner, root = hotline.story.owner, hotline.story.community.root
    staff = await owner.fetchval(
        "INSERT INTO staff (name, region_id, active_from) VALUES ('王护工', $1, '2020-01-01') RETURNING id",
        root,
    )
    shop = await owner.fetchval(
        "INSERT INTO organisation (kind, name, region_id) VALUES ('shop', '超市', $1) RETURNING id",
        root,
    )
    line = await wang.post("/calls", {"id": str(new_id()), "attach": {"staff_id": staff}})
    assert line["staff_name"] == "王护工"
    line = await wang.post("/calls", {"id": str(new_id()), "attach": {"organisation_id": shop}})
    assert line["organisation_name"] == "超市"
    await wang.post("/calls", {"id": str(new_id()), "attach": {"staff_id": 999}}, 404)
    await wang.post("/calls", {"id": str(new_id()), "attach": {"contact_id": 999}}, 404)


async def test_nobody_writes_into_a_region_that_is_not_theirs(hotline: Hotline):
    root = hotline.story.community.root
    west = await hotline.story.community.region(root, "district", "西柳区")
    li = await hotline.worker("li", region=west)
    await li.post("/calls", {"id": str(new_id()), "region_id": root}, 404)
    line = await li.post("/calls", {"id": str(new_id())})
    assert line["region_id"] == west


async def test_an_id_of_a_real_call_is_refused(hotline: Hotline, wang: Worker):
    call = await hotline.call()
    assert (await wang.post("/calls", {"id": str(call)}, 409))["error"]["code"] == "id_used"
