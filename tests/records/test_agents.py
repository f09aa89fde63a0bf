"""Who may act for a resident: a contact of theirs or staff, with powers and an end."""

from __future__ import annotations

import pytest

from tests.support.api import trail


@pytest.fixture
async def resident(community):
    return await community.resident(await community.home())


async def test_a_daughter_may_order_and_pay_until_a_day(
    editor, operator, community, resident, owner
):
    daughter = await community.contact(resident)
    path = f"/api/v1/residents/{resident}/agents"
    body = {"powers": ["order", "pay", "order"], "document": "委托书 2026-3"}
    made = await editor.post(path, json=body | {"contact_id": daughter})
    assert made.status_code == 201, made.text
    told = (await operator.get(path)).json()
    assert [(each["name"], each["relation"], each["powers"]) for each in told] == [
        ("沈岚", "女儿", ["order", "pay"])
    ]
    ends = {"powers": ["order"], "from_day": "2026-01-01", "until_day": "2026-02-01"}
    changed = await editor.put(f"/api/v1/agents/{made.json()['id']}", json=ends)
    assert (changed.json()["powers"], changed.json()["until_day"]) == (["order"], "2026-02-01")
    assert ("agent_changed", f"resident:{resident}") in await trail(owner)


async def test_nobody_elses_contact_acts_for_them(editor, community, resident):
    other = await community.resident(await community.home(address="别处"), "顾承安")
    stranger = await community.contact(other)
    path = f"/api/v1/residents/{resident}/agents"
    body = {"powers": ["pay"], "contact_id": stranger}
    assert (await editor.post(path, json=body)).status_code == 404
    assert (await editor.post(path, json={"powers": ["pay"]})).status_code == 422
    assert (await editor.post(path, json=body | {"powers": []})).status_code == 422
