"""A screen across the room shows who waits, also when its server has started without the database (G5)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from callcenter.auth.walls.router import COOKIE
from tests.faults.test_log_in_without_database import AWAY, an_outage
from tests.support.place import Place
from tests.support.waiting import until_told
from tests.support.wire import post, sos

TOKEN = "the cookie of a screen"


async def hang(place: Place) -> None:
    """A screen of the whole site that names addresses."""
    now = datetime.now(UTC)
    await place.site.owner.execute(
        "INSERT INTO wall_screen (name, region_id, shows, token_hash, by_id, by_name, made_at, paired_at, seen_at, expires_at)"
        " VALUES ('大厅', $1, 'address', $2, 1, 'boss', $3, $3, $3, $4)",
        place.site.community.root,
        hashlib.sha256(TOKEN.encode()).digest(),
        now,
        now + timedelta(days=30),
    )


@pytest.mark.parametrize("when", AWAY)
async def test_g5_a_wall_shows_what_rings_without_the_database(place: Place, when: str):
    await hang(place)
    async with (
        an_outage(place, when) as (server, proxy),
        httpx.AsyncClient(base_url=server.url, headers={"Cookie": f"{COOKIE}={TOKEN}"}) as wall,
        httpx.AsyncClient(base_url=server.url) as stranger,
    ):
        pressed = await post(server.http_port, sos(place.site.phone(3)))
        shown = (await wall.get("/api/v1/wall")).json()
        assert [one["id"] for one in shown["incidents"]] == [pressed.document["incident_id"]]
        assert shown["incidents"][0]["card"]["people"] == []
        assert shown["away_since"] is not None
        assert shown["figures"] is None
        assert (await stranger.get("/api/v1/wall")).status_code == 401
        forged = {"Cookie": f"{COOKIE}=another"}
        assert (await stranger.get("/api/v1/wall", headers=forged)).status_code in {401, 503}
        proxy.restore()

        async def is_counted() -> bool:
            answer = (await wall.get("/api/v1/wall")).json()
            return answer["figures"] is not None and answer["away_since"] is None

        await until_told(is_counted, "the wall to have the database's word", 60)
        again = (await wall.get("/api/v1/wall")).json()
        assert [one["id"] for one in again["incidents"]] == [pressed.document["incident_id"]]
