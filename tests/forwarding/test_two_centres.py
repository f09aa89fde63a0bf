"""Two servers of ours, each a real process on a database of its own: one gives its alarms to the other, and hears who took them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.core.sealed import Seal
from callcenter.forwarding.claiming import SECRET as SECRET_OF_CENTRE
from tests.support.postgres import TestDatabases
from tests.support.server import KEY_ID, SECRET, Server, Site, furnish
from tests.support.waiting import until_told
from tests.support.wire import post, signed, sos

WITHIN_S = 30.0


@dataclass
class Centre:
    server: Server
    site: Site
    owner: asyncpg.Connection

    async def knows(self, other: Centre, **columns: Any) -> int:
        """A row for the other one, with the secret that both share."""
        seal = Seal.load(self.server.data_dir)
        sealed = seal.seal(SECRET, context=SECRET_OF_CENTRE)
        values = {
            "name": "另一个中心",
            "region_id": self.site.community.root,
            "way": "http",
            "address": other.server.url,
            "account": "district",
            "detail": "card",
            "key_id": KEY_ID,
            "secret_sealed": sealed,
            **columns,
        }
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        return int(
            await self.owner.fetchval(
                f"INSERT INTO other_centre ({', '.join(values)}) VALUES ({places}) RETURNING id",  # noqa: S608
                *values.values(),
            )
        )

    async def forwards_all_to(self, centre: int) -> None:
        await self.owner.execute(
            "INSERT INTO forward_rule (centre_id, region_id, mode) VALUES ($1, $2, 'always')",
            centre,
            self.site.community.root,
        )

    async def incidents(self) -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = await self.owner.fetch(
            "SELECT * FROM incident ORDER BY number"
        )
        return found

    async def told(self) -> list[tuple[str, dict[str, Any]]]:
        rows = await self.owner.fetch(
            "SELECT kind, data FROM timeline_entry WHERE kind LIKE 'forward%' ORDER BY at, number"
        )
        return [(row["kind"], row["data"]) for row in rows]

    async def take(self, incident: object) -> None:
        who = self.site.operators[0]
        headers = {CSRF_HEADER: who.csrf_token, "Cookie": f"{COOKIE}={who.cookie}"}
        async with httpx.AsyncClient(base_url=self.server.url, trust_env=False) as client:
            answer = await client.post(
                f"/api/v1/incidents/{incident}/take",
                json={"command_id": str(new_id())},
                headers=headers,
            )
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def running(databases: TestDatabases, data_dir: Path) -> AsyncIterator[Centre]:
    dsn = await databases.clone()
    server = Server(data_dir, dsn)
    as_owner = Database(dsn, role=None)
    owner = await as_owner.connect("test owner")
    data_dir.mkdir(mode=0o711)  # noqa: ASYNC240 once, in a test
    site = await furnish(owner, data_dir, homes=1, operators=1)
    try:
        await server.start()
        yield Centre(server, site, owner)
    finally:
        await server.stop()
        await owner.close()
        await as_owner.close()
        await databases.drop(dsn)


async def test_an_alarm_goes_over_a_person_takes_it_there_and_it_does_not_come_back(
    durable_databases: TestDatabases, tmp_path: Path
):
    async with (
        running(durable_databases, tmp_path / "district") as district,
        running(durable_databases, tmp_path / "city") as city,
    ):
        await district.forwards_all_to(await district.knows(city))
        there = await city.knows(district, source=KEY_ID, reports_taken=True)
        await city.forwards_all_to(there)

        body = sos("phone-0")
        pressed = await post(district.server.http_port, body, signed(body))
        assert pressed.status == 201

        async def arrived() -> bool:
            return [kind for kind, _ in await district.told()] == ["forwarded", "forward_answered"]

        await until_told(arrived, "their receipt in the timeline", WITHIN_S)
        [here], [incident] = await district.incidents(), await city.incidents()
        assert (await district.told())[1][1]["state"] == "delivered"
        assert (here["state"], incident["state"], incident["kind"]) == ("waiting", "waiting", "sos")
        assert incident["identifier"] == f"district-home-{here['home_id']}"

        await city.take(incident["id"])

        async def reported() -> bool:
            return [kind for kind, _ in await district.told()][2:] == ["forward_accepted"]

        await until_told(reported, "who has it there", WITHIN_S)
        accepted = (await district.told())[2][1]
        assert (accepted["how"], accepted["by"]) == ("reported", "operator-0")
        assert [row["state"] for row in await district.incidents()] == ["waiting"]
        sent = await city.owner.fetch("SELECT what FROM forwarding")
        assert [row["what"] for row in sent] == ["taken"], "the alarm itself did not go back"

        forged = await _says_taken(district, b'{"by": "x", "at": "2026-03-14T04:12:07Z"}')
        assert forged == 401


async def _says_taken(centre: Centre, body: bytes) -> int:
    """Somebody without the secret."""
    [forwarding] = await centre.owner.fetch("SELECT id FROM forwarding")
    async with httpx.AsyncClient(base_url=centre.server.url, trust_env=False) as client:
        answer = await client.post(
            f"/forwarded/{forwarding['id']}/taken",
            content=body,
            headers=signed(body, secret=b"another secret"),
        )
    return answer.status_code
