"""A whole server whose PostgreSQL stands still: an alarm that rings goes to the other centre all the same, once, and is told afterwards."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import httpx
import pytest

from callcenter.devices.protocols.dc09.frame import parse_header
from tests.faults.conftest import OwnDisk, own_disk_in
from tests.faults.test_away import standing_still
from tests.support.other_centre import OtherCentre, other_centre
from tests.support.server import TOKEN, Site
from tests.support.waiting import until, until_told

pytestmark = pytest.mark.durability

WITHIN_S = 40.0


async def know(owner: asyncpg.Connection, site: Site, centre: OtherCentre) -> None:
    """Its row, and a rule: what nobody has taken after two seconds."""
    number = await owner.fetchval(
        "INSERT INTO other_centre (name, region_id, way, address, account) VALUES ('市中心', $1, 'dc09', $2, '4321') RETURNING id",
        site.community.root,
        centre.address,
    )
    await owner.execute(
        "INSERT INTO forward_rule (centre_id, region_id, mode, after_s) VALUES ($1, $2, 'untaken', 2)",
        number,
        site.community.root,
    )


async def press(disk: OwnDisk, phone: str, press_id: str) -> None:
    body = {"id": press_id, "device": phone, "kind": "sos"}
    async with httpx.AsyncClient(base_url=disk.server.url, trust_env=False) as client:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = await client.post("/ingest/v1/signals", json=body, headers=headers)
    assert answer.is_success


async def until_the_office_is_up(disk: OwnDisk) -> None:
    """It comes a moment after the alarm process; what it needs for a start is the database's."""

    async def is_up() -> bool:
        async with httpx.AsyncClient(base_url=disk.server.url, trust_env=False) as client:
            return (await client.get("/api/v1/centres")).status_code != 503  # nobody is logged in

    await until_told(is_up, "the office to be up", WITHIN_S)


async def test_g5_an_alarm_of_the_outage_reaches_the_other_centre_once(folder: Path):
    async with other_centre() as centre:

        async def also(owner: asyncpg.Connection, site: Site) -> None:
            await know(owner, site, centre)

        async with own_disk_in(folder, also=also) as disk:
            owner = await disk.owner()
            await until_the_office_is_up(disk)
            async with standing_still(disk, owner):
                await press(disk, disk.site.phone(0), "press-0")
                await until(lambda: len(centre.signals) == 1, "it to be forwarded", WITHIN_S)

            async def told() -> bool:
                rows = await owner.fetch("SELECT kind FROM timeline_entry ORDER BY number")
                return [row["kind"] for row in rows if row["kind"].startswith("forward")] == [
                    "forwarded",
                    "forward_answered",
                ]

            await until_told(told, "their receipt in the timeline", WITHIN_S)
            row = await owner.fetchrow(
                "SELECT forwarding.state, attempt, forwarding.sequence, incident.state AS incident,"
                " extract(epoch FROM created_at - opened_at)::float8 AS after_s"
                " FROM forwarding JOIN incident ON incident.id = incident_id"
            )
            assert (row["state"], row["attempt"], row["incident"]) == ("delivered", 1, "waiting")
            assert 2 <= row["after_s"] < 8, "with the time at which it was given"
            await owner.close()
        assert [parse_header(frame[9:-1]).seq for frame in centre.frames] == ["0001"]
