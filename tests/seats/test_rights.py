"""The seat's socket on a real server: who may open it, what they see, and how fast a right that was taken away is gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from callcenter.alerts.change import Change
from callcenter.alerts.incident import Incident
from callcenter.api.application import create_api
from callcenter.auth.guards import COOKIE
from callcenter.core.clock import SystemClock
from callcenter.core.ids import new_id
from callcenter.core.processing import Wakeups
from callcenter.seats.assembly import Desk, Seats
from callcenter.seats.crowd import Crowd, Limits
from callcenter.seats.hub import Hub
from callcenter.seats.link import SeatProtocol
from tests.seats.conftest import ONE_INCIDENT
from tests.support.api import context_for, person, sign_in
from tests.support.centre import bound_socket
from tests.support.community import Community
from tests.support.districts import found_district

HELLO = json.dumps({"type": "hello", "protocol": 1, "build": "test"})


@dataclass
class Served:
    """A running server and the parts a test reaches into."""

    host: str
    hub: Hub
    seats: Seats

    async def look_at_rights(self) -> None:
        """What the runtime does every two seconds, and at once on the hint `grants`."""
        await self.seats.rights.run_once(SystemClock().now())


@pytest.fixture
async def community(owner) -> Community:
    return await Community.found(owner)


@pytest.fixture
async def east(community):
    return await found_district(community, "东榆", "+8613900000011", 40.123456)


@pytest.fixture
async def west(community):
    return await found_district(community, "西柳", "+8613900000022", 40.654321)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.fixture
async def served(database, east, west) -> AsyncIterator[Served]:
    clock = SystemClock()
    seats = Seats(database, clock, Wakeups(), new_id(), sweep_every_s=2.0)
    hub = seats.hub
    app = create_api(context_for(database, clock, ports={Desk: seats.desk, Crowd: Crowd(Limits())}))
    listening = bound_socket()
    config = uvicorn.Config(app, ws=SeatProtocol, lifespan="off", log_config=None)
    server = _Server(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve([listening]))
        pushing = tasks.create_task(hub.run())
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        yield Served(host, hub, seats)
        pushing.cancel()
        server.should_exit = True
    await seats.close()


@asynccontextmanager
async def logged_in(served: Served, login: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://{served.host}", trust_env=False) as client:
        await sign_in(client, login)
        yield client


@asynccontextmanager
async def seat(
    served: Served, client: httpx.AsyncClient | None, origin: str | None = ""
) -> AsyncIterator[ClientConnection]:
    headers = {"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"} if client else {}
    own = f"http://{served.host}"
    async with connect(
        f"ws://{served.host}/ws/v1/seat",
        origin=own if origin == "" else origin,
        additional_headers=headers,
        proxy=None,
    ) as socket:
        with suppress(ConnectionClosed):  # whoever is refused is not heard
            await socket.send(HELLO)
        yield socket


async def message(socket: ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(5):
        while True:
            found = json.loads(await socket.recv())
            if found["type"] == kind:
                return found


async def close_code(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(5):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed:
            return socket.close_code


async def push(served: Served, owner, region_id: int) -> None:
    """As intake does after the commit of a change."""
    ids = await owner.fetch("SELECT id FROM incident WHERE region_id = $1", region_id)
    rows = [await owner.fetchrow(ONE_INCIDENT, row["id"]) for row in ids]
    served.hub.publish([Change(Incident.of(row)) for row in rows])


@pytest.mark.parametrize("origin", [None, "http://evil.test", "null"])
async def test_a_foreign_page_cannot_open_a_seat(served, origin):
    async with logged_in(served, "operator-东榆") as client:
        with pytest.raises(InvalidStatus) as refused:
            async with seat(served, client, origin=origin):
                pass
    assert refused.value.response.status_code == 403


async def test_who_is_not_logged_in_is_told_to(served):
    async with seat(served, None) as socket:
        assert await close_code(socket) == 4401


async def test_an_official_has_no_seat(served, owner, community):
    await person(owner, "official", ("official", community.root))
    async with logged_in(served, "official") as client, seat(served, client) as socket:
        assert await close_code(socket) == 4403


async def test_g8_a_seat_sees_its_own_district_and_nothing_of_the_other(served, owner, east, west):
    async with (
        logged_in(served, "operator-东榆") as eastern,
        logged_in(served, "operator-西柳") as western,
        seat(served, eastern) as in_the_east,
        seat(served, western) as in_the_west,
    ):
        for socket, district in ((in_the_east, east), (in_the_west, west)):
            snapshot = await message(socket, "snapshot")
            assert [i["id"] for i in snapshot["incidents"]] == [district.ids["incident_id"]]

        await push(served, owner, east.region_id)
        await push(served, owner, west.region_id)
        # Frames come in order: what the west hears first is its own, so the east's never came.
        first = await message(in_the_west, "incidents")
        assert [i["id"] for i in first["incidents"]] == [west.ids["incident_id"]]
        assert (await message(in_the_east, "incidents"))["incidents"][0]["region_id"] == (
            east.region_id
        )


async def test_g8_an_opened_board_leaves_an_entry_in_the_trail(served, owner, east):
    async with logged_in(served, "operator-东榆") as client, seat(served, client) as socket:
        await message(socket, "snapshot")
    row = await owner.fetchrow("SELECT * FROM audit_entry WHERE action = 'board_opened'")
    assert (row["user_id"], row["address"]) == (east.ids["user_id"], "127.0.0.1")
    assert row["region_ids"] == [east.region_id]
    assert row["detail"] == {"home_ids": [east.ids["home_id"]]}


async def test_g8_logging_out_cuts_the_socket(served):
    async with logged_in(served, "operator-东榆") as client, seat(served, client) as socket:
        await message(socket, "snapshot")
        await client.post("/api/v1/logout")
        await served.look_at_rights()
        assert await close_code(socket) == 4401


async def test_g8_a_grant_taken_away_cuts_the_socket_and_others_stay(served, owner, east):
    async with (
        logged_in(served, "operator-东榆") as eastern,
        logged_in(served, "operator-西柳") as western,
        seat(served, eastern) as in_the_east,
        seat(served, western) as in_the_west,
    ):
        await message(in_the_east, "snapshot")
        await message(in_the_west, "snapshot")
        await owner.execute("DELETE FROM role_grant WHERE user_id = $1", east.ids["user_id"])
        await served.look_at_rights()
        assert await close_code(in_the_east) == 4401
        assert [seat.principal.login for seat in served.hub.seats.values()] == ["operator-西柳"]


async def opened_with_a_reason(owner, user_id: object, east) -> int:
    """Somebody from elsewhere has opened the home; the id of that."""
    access: int = await owner.fetchval(
        "INSERT INTO emergency_access (user_id, user_name, subject, label, home_id, region_path, reason, opened_at, ends_at)"
        " VALUES ($1, 'w', $2, '', $3, $4, 'they are all away', now(), now() + interval '15 minutes') RETURNING id",
        user_id,
        f"home:{east.ids['home_id']}",
        east.ids["home_id"],
        [1, east.region_id],
    )
    return access


async def test_g8_what_was_opened_with_a_reason_is_shown_and_gone_when_it_ends(
    served, owner, east, west
):
    async with logged_in(served, "operator-西柳") as client, seat(served, client) as socket:
        await message(socket, "snapshot")
        access = await opened_with_a_reason(owner, west.ids["user_id"], east)
        await served.look_at_rights()
        shown = await message(socket, "incidents")
        assert [one["id"] for one in shown["incidents"]] == [east.ids["incident_id"]]
        await push(served, owner, east.region_id)  # and what happens to it from now on
        again = await message(socket, "incidents")
        assert [one["id"] for one in again["incidents"]] == [east.ids["incident_id"]]
        await owner.execute("UPDATE emergency_access SET ended_at = now() WHERE id = $1", access)
        await served.look_at_rights()
        assert await close_code(socket) == 1013, "it connects anew and sees what is its own"


async def test_a_seat_that_was_shown_no_alarm_stays_when_it_ends(served, owner, east, west):
    await owner.execute("UPDATE incident SET state = 'taken', taken_by = 1")
    await owner.execute("UPDATE incident SET state = 'closed', outcome = 'test', closed_at = now()")
    async with logged_in(served, "operator-西柳") as client, seat(served, client) as socket:
        await message(socket, "snapshot")
        access = await opened_with_a_reason(owner, west.ids["user_id"], east)
        await served.look_at_rights()
        await owner.execute("UPDATE emergency_access SET ended_at = now() WHERE id = $1", access)
        await served.look_at_rights()
        assert [one.principal.login for one in served.hub.seats.values()] == ["operator-西柳"]
