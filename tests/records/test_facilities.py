"""A facility: several functions, a place on the map or none, an operator that one may see."""

from __future__ import annotations

import pytest

PATH = "/api/v1/facilities"


async def test_a_facility_has_functions_a_place_and_an_operator(editor, community, owner):
    operator = await owner.fetchval(
        "INSERT INTO organisation (kind, name, region_id) VALUES ('provider', '康乐', $1) RETURNING id",
        community.root,
    )
    body = {
        "kind": "day_station",
        "name": "榆荫日间照料中心",
        "operator_id": operator,
        "region_id": community.street,
        "lat": 40.0,
        "lng": 104.0,
        "hours": "8:00-18:00",
        "functions": ["canteen", "canteen"],
    }
    made = await editor.post(PATH, json=body)
    assert made.status_code == 201, made.text
    assert (await editor.get(PATH)).json() == [made.json()]
    assert (made.json()["functions"], made.json()["lat"]) == (["canteen"], 40.0)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"lat": 40.0}, 422),
        ({"lat": 0, "lng": 0}, 422),
        ({"beds": -1}, 422),
        ({"operator_id": 9}, 404),
    ],
)
async def test_what_cannot_be_is_refused(editor, community, wrong, status):
    body = {"kind": "station", "name": "驿站", "region_id": community.street}
    assert (await editor.post(PATH, json=body | wrong)).status_code == status
    assert (await editor.get(PATH)).json() == []


async def test_an_operator_reads_and_does_not_enter(operator, community):
    body = {"kind": "station", "name": "驿站", "region_id": community.street}
    assert (await operator.post(PATH, json=body)).status_code == 403
