"""What was done and how it was, counted over what is here and what has gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from callcenter.core.ids import new_id
from tests.support.api import api_for, browser, person, sign_in
from tests.support.rounds import Rounds


@pytest.fixture
async def desk(rounds: Rounds):
    await person(rounds.owner, "sun", ("dispatcher", rounds.community.root))
    async with browser(api_for(rounds.database, rounds.clock)) as client:
        await sign_in(client, "sun")
        yield client


async def done(rounds: Rounds, kind: str, rating: int | None, state: str = "done") -> None:
    """Asked about, and rated or not."""
    task, now = new_id(), rounds.clock.now()
    await rounds.owner.execute(
        "INSERT INTO task (id, kind, state, region_id, region_path, code, created_at, begins_at, ended_at)"
        " VALUES ($1, $2, $3, $4, ARRAY[$5, $4]::bigint[], 482, $6, $6, $6)",
        task,
        kind,
        state,
        rounds.community.street,
        rounds.community.root,
        now,
    )
    await rounds.owner.execute(
        "INSERT INTO task_rating (task_id, asked_at, asked_phone, rating, rated_at)"
        " VALUES ($1, $2, '+8613900000062', $3::bigint, CASE WHEN $3 IS NOT NULL THEN $2::timestamptz END)",
        task,
        now,
        rating,
    )


async def figures(desk: httpx.AsyncClient, from_day: Any, until_day: Any) -> Any:
    days = {"from_day": from_day.isoformat(), "until_day": until_day.isoformat()}
    return await desk.get("/api/v1/rides/figures", params=days)


async def test_what_has_gone_counts_as_what_is_here(desk: httpx.AsyncClient, rounds: Rounds):
    today = rounds.today
    await done(rounds, "errand", 4)
    await done(rounds, "errand", None)
    await done(rounds, "visit", 5, "cancelled")
    await rounds.owner.execute(
        "INSERT INTO field_figure VALUES ($1, $2, 'errand', 'done', 7, 6, 5, 21), ($1, $2, 'milk', 'done', 9, 0, 0, 0),"
        " ($3, $2, 'errand', 'done', 1, 1, 1, 1)",
        today,
        rounds.community.street,
        today - timedelta(days=1),
    )
    found = (await figures(desk, today, today)).json()
    errand = {"what": "errand", "done": 9, "cancelled": 0, "asked": 8, "rated": 6, "stars": 25}
    visit = {"what": "visit", "done": 0, "cancelled": 1, "asked": 1, "rated": 1, "stars": 5}
    assert found == [errand, visit]


async def test_a_day_is_one_of_the_site(desk: httpx.AsyncClient, rounds: Rounds):
    rounds.at(0, days=1)
    await sign_in(desk, "sun")
    await done(rounds, "errand", 4)
    day = rounds.today
    assert [each["done"] for each in (await figures(desk, day, day)).json()] == [1]
    before = day - timedelta(days=1)
    assert (await figures(desk, before, before)).json() == []


@pytest.mark.parametrize("days", [-1, 92])
async def test_no_more_than_a_quarter_is_counted_at_once(
    desk: httpx.AsyncClient, rounds: Rounds, days: int
):
    refused = await figures(desk, rounds.today, rounds.today + timedelta(days=days))
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "days_out_of_range")
