"""A number that was sold again: its old holder is told with an end, and never as who has it now."""

from __future__ import annotations

import pytest

NUMBER = "+8613900000077"


@pytest.fixture
async def sold(editor, community):
    """The number was 沈玉兰's, and is 顾承安's."""
    home = await community.home()
    had = await editor.post(
        "/api/v1/residents",
        json={"home_id": home, "name": "沈玉兰", "phone": NUMBER, "effective_on": "2020-01-01"},
    )
    who = had.json()["id"]
    await editor.patch(
        f"/api/v1/residents/{who}", json={"version": 1, "phone": None, "effective_on": "2024-05-01"}
    )
    has = await editor.post(
        "/api/v1/residents",
        json={"home_id": home, "name": "顾承安", "phone": NUMBER, "effective_on": "2025-01-01"},
    )
    return who, has.json()["id"]


async def test_who_has_a_number_comes_first_and_who_had_it_with_the_end(operator, sold):
    had, has = sold
    found = (await operator.get("/api/v1/numbers", params={"q": "139-0000-0077"})).json()
    assert [(each["name"], each["resident_id"], each["until_day"]) for each in found] == [
        ("顾承安", has, None),
        ("沈玉兰", had, "2024-05-01"),
    ]
    assert (await operator.get("/api/v1/numbers", params={"q": "139"})).json() == []


async def test_a_number_is_told_in_ones_own_regions_alone(signed_in, elsewhere, sold):
    foreign = await signed_in("operator", elsewhere)
    assert (await foreign.get("/api/v1/numbers", params={"q": NUMBER})).json() == []


async def test_the_record_shows_numbers_of_the_resident_and_their_contacts(
    editor, operator, community, sold
):
    had, has = sold
    await community.contact(has, phone="+8613900000001")
    path = f"/api/v1/residents/{has}/numbers"
    told = (await operator.get(path)).json()
    assert {(each["holder"], each["name"]) for each in told} == {
        ("resident", "顾承安"),
        ("contact", "沈岚"),
    }
    confirmed = await editor.post(f"{path}/{told[0]['id']}/confirmed")
    assert confirmed.json()["last_confirmed"] == "2026-03-14"
    past = (await operator.get(f"/api/v1/residents/{had}/numbers")).json()[0]
    over = f"/api/v1/residents/{had}/numbers/{past['id']}/confirmed"
    assert (await editor.post(over)).status_code == 404, "it is theirs no more"
