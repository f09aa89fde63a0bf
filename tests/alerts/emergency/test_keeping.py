"""Emergency access by its addresses: what it opens, for how long, who is shown it, and what it never opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from callcenter.alerts.emergency.keeping import EmergencyAccesses
from callcenter.alerts.emergency.pace import MOST_PROFILES, MOST_SEARCHES
from callcenter.api.application import create_api
from callcenter.core.sealed import Seal
from tests.support.api import browser, context_for, person, sign_in
from tests.support.community import Community
from tests.support.districts import District, found_district

WHY = "120急救人员在电话里问门怎么开"


@dataclass
class Two:
    """Two districts, and whoever signs in."""

    owner: asyncpg.Connection
    clock: Any
    east: District
    west: District
    accesses: EmergencyAccesses
    changes: list[str]
    app: Any
    stack: AsyncExitStack

    async def somebody(
        self, login: str, role: str = "operator", district: District | None = None
    ) -> httpx.AsyncClient:
        await person(self.owner, login, (role, (district or self.west).region_id))
        client = await self.stack.enter_async_context(browser(self.app))
        await sign_in(client, login)
        return client

    async def passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.accesses.run_once(self.clock.now())


@pytest.fixture
async def two(database, clock, owner, tmp_path) -> AsyncIterator[Two]:
    community = await Community.found(owner)
    east = await found_district(community, "东榆", "+8613900000011", 40.123456)
    west = await found_district(community, "西柳", "+8613900000022", 40.654321)
    await owner.execute("UPDATE incident SET state = 'taken', taken_by = 1")
    changes: list[str] = []
    accesses = EmergencyAccesses(database, clock, lambda: changes.append("changed"))
    ports = {EmergencyAccesses: accesses, Seal: Seal.load(tmp_path)}
    app = create_api(context_for(database, clock, ports=ports))
    async with AsyncExitStack() as stack:
        yield Two(owner, clock, east, west, accesses, changes, app, stack)
    await accesses.connections.close()


async def opens(client: httpx.AsyncClient, **body: object) -> httpx.Response:
    return await client.post("/api/v1/emergency-access", json={"reason": WHY, **body})


async def profile(client: httpx.AsyncClient, district: District) -> int:
    return (await client.get(f"/api/v1/homes/{district.ids['home_id']}/profile")).status_code


async def test_g8_it_opens_one_profile_for_a_quarter_of_an_hour_and_ends_by_itself(two: Two):
    wang = await two.somebody("wang")
    assert await profile(wang, two.east) == 404
    opened = (await opens(wang, home_id=two.east.ids["home_id"])).json()
    assert (opened["reason"], opened["label"]) == (WHY, "东榆里7号楼2单元501")
    assert await profile(wang, two.east) == 200
    await two.passes(899)
    assert await profile(wang, two.east) == 200
    await two.passes(1)
    two.clock.advance(2)  # rights are looked up anew every 1.5 s
    assert await profile(wang, two.east) == 404
    rows = await two.owner.fetch(
        "SELECT action, detail->>'reason' AS reason FROM audit_entry WHERE subject = $1 ORDER BY id",
        f"home:{two.east.ids['home_id']}",
    )
    assert [tuple(row) for row in rows] == [
        ("emergency_access_opened", WHY),
        ("profile_seen", None),
        ("profile_seen", None),
        ("emergency_access_over", None),
    ]


async def test_g8_it_opens_nothing_else(two: Two):
    wang = await two.somebody("wang", "supervisor")
    ids = two.east.ids
    await opens(wang, home_id=ids["home_id"])
    for method, path in [
        ("GET", f"/residents/{ids['resident_id']}"),
        ("GET", f"/residents/{ids['resident_id']}/identity"),
        ("PATCH", f"/residents/{ids['resident_id']}"),
        ("GET", f"/homes/{ids['home_id']}"),
        ("DELETE", f"/homes/{ids['home_id']}?version=1"),
        ("GET", f"/devices/{ids['device_id']}"),
    ]:
        body = {"version": 1} if method == "PATCH" else None
        answer = await wang.request(method, f"/api/v1{path}", json=body)
        assert answer.status_code == 404, (path, answer.text)
    listed = await wang.get("/api/v1/residents")
    assert "东榆" not in listed.text
    assert (await wang.get(f"/api/v1/residents/{ids['resident_id']}/photo")).status_code == 200


async def test_who_may_not(two: Two):
    for role in ("administrator", "provider", "auditor", "grid_worker", "dispatcher"):
        client = await two.somebody(role, role)
        assert (await opens(client, home_id=two.east.ids["home_id"])).status_code == 403


@pytest.mark.parametrize("reason", ["", "急", "      "])
async def test_without_a_reason_nothing_is_opened(two: Two, reason: str):
    wang = await two.somebody("wang")
    home = two.east.ids["home_id"]
    assert (await opens(wang, home_id=home, reason=reason)).status_code == 422
    assert await profile(wang, two.east) == 404


async def test_what_is_ones_own_needs_no_opening_and_what_is_open_is_not_opened_again(two: Two):
    wang = await two.somebody("wang")
    own = await opens(wang, home_id=two.west.ids["home_id"])
    assert (own.status_code, own.json()["error"]["code"]) == (409, "already_yours")
    both = await opens(
        wang, home_id=two.east.ids["home_id"], incident_id=two.east.ids["incident_id"]
    )
    assert both.json()["error"]["code"] == "one_subject"
    assert (await opens(wang, home_id=10**9)).status_code == 404
    first, second = [
        (await opens(wang, home_id=two.east.ids["home_id"])).json()["id"] for _ in range(2)
    ]
    assert first == second


async def test_its_supervisors_see_who_why_and_what_was_looked_at_and_end_it(two: Two):
    wang = await two.somebody("wang")
    boss = await two.somebody("boss", "supervisor", two.east)
    stranger = await two.somebody("stranger", "supervisor", two.west)
    opened = (await opens(wang, home_id=two.east.ids["home_id"])).json()
    await profile(wang, two.east)
    [shown] = [
        one
        for one in (await boss.get("/api/v1/emergency-access")).json()
        if one["id"] == opened["id"]
    ]
    assert (shown["user_name"], shown["reason"]) == ("wang同志", WHY)
    assert [look["action"] for look in shown["looks"]] == ["profile_seen"]
    end = f"/api/v1/emergency-access/{opened['id']}/end"
    assert (await stranger.post(end)).status_code == 404
    ended = (await boss.post(end)).json()
    assert (ended["ended_by_name"], ended["ended_at"] is not None) == ("boss同志", True)
    assert await profile(wang, two.east) == 404
    assert two.changes, "the seats of supervisors are told at once"


async def test_it_lasts_while_they_work_an_alarm_there_and_is_not_ended_under_their_hands(two: Two):
    wang = await two.somebody("wang")
    boss = await two.somebody("boss", "supervisor", two.east)
    opened = (await opens(wang, incident_id=two.east.ids["incident_id"])).json()
    await two.owner.execute(
        "UPDATE incident SET taken_by = $1 WHERE id = $2",
        opened["user_id"],
        two.east.ids["incident_id"],
    )
    for _ in range(130):
        await two.passes(10)
    assert await profile(wang, two.east) == 200
    refused = await boss.post(f"/api/v1/emergency-access/{opened['id']}/end")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "takes_incident")
    await two.owner.execute("UPDATE incident SET taken_by = 1")
    await two.passes(130)
    assert await profile(wang, two.east) == 404


async def test_nobody_leafs_through_a_neighbour_s_residents(two: Two):
    wang = await two.somebody("wang")
    community = Community(two.owner, two.east.region_id, two.east.region_id)
    for n in range(MOST_PROFILES + 1):
        home = await community.home(region=two.east.region_id, address=f"{n}号")
        answer = await opens(wang, home_id=home)
    assert answer.status_code == 429
    assert float(answer.headers["Retry-After"]) > 0
    # Where somebody calls for help it is not refused.
    assert (await opens(wang, incident_id=two.east.ids["incident_id"])).status_code == 200


async def test_searches_are_counted_too(two: Two):
    wang = await two.somebody("wang")
    codes = [
        (await wang.post("/api/v1/emergency-access/find", json={"q": "x"})).status_code
        for _ in range(MOST_SEARCHES + 1)
    ]
    assert (codes[0], codes[-2], codes[-1]) == (200, 200, 429)


async def test_the_database_keeps_what_was_opened(two: Two):
    wang = await two.somebody("wang")
    opened = (await opens(wang, home_id=two.east.ids["home_id"])).json()
    await two.accesses.run_once(two.clock.now())
    for change in ("reason = 'another'", "user_id = 0"):
        with pytest.raises(asyncpg.CheckViolationError):
            await two.owner.execute(
                f"UPDATE emergency_access SET {change} WHERE id = $1",  # noqa: S608
                opened["id"],
            )
    await two.passes(900)
    with pytest.raises(asyncpg.CheckViolationError):
        await two.owner.execute(
            "UPDATE emergency_access SET ended_at = NULL WHERE id = $1", opened["id"]
        )
