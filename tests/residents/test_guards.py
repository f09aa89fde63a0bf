"""What the routers of places, people and devices take from a request: the part of a list, and the hint after a commit."""

from __future__ import annotations

import pytest

from callcenter.residents.paging import write_cursor
from tests.support.api import trail

LISTS = ["/api/v1/residents", "/api/v1/homes", "/api/v1/devices"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "wrong", [{"page": 0}, {"page": 100_001}, {"limit": 0}, {"limit": 201}, {"after": "x" * 1_001}]
)
async def test_no_list_gives_a_part_that_is_none(editor, path, wrong):
    answer = await editor.get(path, params=wrong)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


@pytest.mark.parametrize("path", LISTS)
async def test_a_cursor_counts_instead_of_the_page_number(editor, path):
    behind = write_cursor(("", 0))
    answer = await editor.get(path, params={"page": 100_000, "after": behind})
    assert answer.status_code == 200


async def test_copies_are_told_of_what_was_written_and_of_nothing_else(editor, community, hints):
    body = {"region_id": community.street, "address": "榆荫里9号楼"}
    assert (await editor.post("/api/v1/homes", json=body)).status_code == 201
    assert hints == ["directory"]
    assert (await editor.post("/api/v1/homes", json=body | {"lat": 400})).status_code == 422
    assert (await editor.get("/api/v1/homes")).status_code == 200
    assert hints == ["directory"]


async def test_every_look_is_noted_with_who_looked_and_from_where(editor, community, owner, clock):
    home = await community.home()
    assert (await editor.get(f"/api/v1/homes/{home}")).status_code == 200
    user = await owner.fetchval("SELECT id FROM app_user")
    looks = await trail(owner, "action", "user_id", "address", "at")
    assert looks[-1] == ("home_seen", user, "10.0.0.7", clock.now())
