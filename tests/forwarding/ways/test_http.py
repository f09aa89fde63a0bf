"""HTTP to another centre, against a server that answers as it is told, and the path to it before it is needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import orjson
import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.ids import new_id
from callcenter.devices.protocols.http_json.signing import signature_matches
from callcenter.forwarding.claiming import opener
from callcenter.forwarding.course import Outcome
from callcenter.forwarding.parcel import Detail, Parcel, What
from callcenter.forwarding.supervising import CentrePaths
from callcenter.forwarding.way import Line, Way
from callcenter.forwarding.ways.dc09 import Dc09Way
from callcenter.forwarding.ways.http import HttpWay
from tests.forwarding.conftest import Forwarding
from tests.support.other_centre import other_centre

CONTENT = {
    "number": 4711, "kind": "sos", "home_id": 12, "identifier": "1001", "address": "学院路1号", "names": ["王秀英"], "hops": 1, "why": "unmanned",
    "lat": 40.0, "lng": 104.0, "occurred_at": "2026-03-14T04:12:07+00:00",
}  # fmt: skip
PARCEL = Parcel(new_id(), What.ALARM, 0, CONTENT)


@dataclass
class Web:
    """Answers with these statuses, the last for ever; 0: it reads and says nothing more."""

    statuses: list[int]
    port: int = 0
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(x for x in head.lower().split("\r\n") if x.startswith("content-length:"))
            self.heads.append(head)
            self.bodies.append(await reader.readexactly(int(length.partition(":")[2])))
            status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            if status:
                said = b'{"journal_id": "theirs"}'
                writer.write(
                    b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%s" % (status, len(said), said)
                )
                await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def web(*statuses: int) -> AsyncIterator[Web]:
    made = Web(list(statuses))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


@pytest.fixture
async def way() -> AsyncIterator[Way]:
    made = HttpWay(SystemClock())
    yield made
    await made.close()


def line(*webs: Web, detail: Detail = Detail.CARD) -> Line:
    addresses = [f"http://127.0.0.1:{each.port}" for each in webs]
    return Line(
        1,
        "区",
        "http",
        addresses,
        "district",
        detail=detail,
        key_id="district",
        secret="s",
        timeout_s=1,
    )


@pytest.mark.parametrize(
    ("status", "outcome", "error"),
    [
        (201, Outcome.DELIVERED, None),
        (200, Outcome.DELIVERED, None),
        (401, Outcome.REFUSED, "not_authorised"),
        (404, Outcome.REFUSED, "nothing_there"),
        (422, Outcome.REFUSED, "status_422"),
        (429, Outcome.NOT_SENT, "not_stored"),
        (503, Outcome.NOT_SENT, "not_stored"),
        (500, Outcome.UNKNOWN, "status_500"),
        (302, Outcome.UNKNOWN, "status_302"),
        (0, Outcome.UNKNOWN, "connection_lost"),
    ],
)
async def test_what_an_answer_proves(way: Way, status: int, outcome: Outcome, error: str | None):
    async with web(status) as there:
        sent = await way.send(line(there), PARCEL)
    assert (sent.outcome, sent.error) == (outcome, error)
    assert len(there.bodies) == 1


async def test_it_is_signed_and_says_as_much_of_the_home_as_was_chosen(way: Way):
    async with web(201) as there:
        await way.send(line(there), PARCEL)
        await way.send(line(there, detail=Detail.CODE), PARCEL)
    headers = dict(x.lower().split(": ", 1) for x in there.heads[0].split("\r\n")[1:] if x)
    whole, code = map(orjson.loads, there.bodies)
    assert signature_matches(b"s", headers["x-timestamp"], there.bodies[0], headers["x-signature"])
    assert (whole["id"], whole["device"]) == (str(PARCEL.id), "district-home-12")
    assert whole["extra"]["forwarded"]["names"] == ["王秀英"]
    assert "王秀英".encode() not in there.bodies[1]
    assert ("lat" in whole, "lat" in code) == (True, False)


async def test_the_second_address_takes_what_the_first_cannot(way: Way):
    async with web(503) as first, web(201) as second:
        sent = await way.send(line(first, second), PARCEL)
    assert (sent.outcome, sent.address, sent.reference) == (Outcome.DELIVERED, 2, "theirs")


async def test_nobody_there_is_not_sent(way: Way):
    async with web(201) as gone:
        pass
    assert (await way.send(line(gone), PARCEL)).outcome is Outcome.NOT_SENT


async def test_a_dead_path_is_known_before_it_is_needed_and_polled_by_its_interval(
    forwarding: Forwarding,
):
    clock = forwarding.room.clock
    ways = {"dc09": Dc09Way(clock), "http": HttpWay(clock)}
    paths = CentrePaths(forwarding.room.database, ways, opener(forwarding.seal), clock)
    async with other_centre() as there, other_centre() as gone:
        await forwarding.centre(there.address, poll_s=60)
    await forwarding.centre(gone.address, poll_s=60)
    async with other_centre() as there:
        await forwarding.room.owner.execute(
            "UPDATE other_centre SET address = $1 WHERE id = (SELECT min(id) FROM other_centre)",
            there.address,
        )
        await paths.run_once(clock.now())
        await paths.run_once(clock.now())
        assert len(there.frames) == 1
        forwarding.pass_time(61)
        await paths.run_once(clock.now())
        assert len(there.frames) == 2
    rows = await forwarding.room.owner.fetch("SELECT * FROM other_centre ORDER BY id")
    assert [row["trouble"] for row in rows] == [None, "no_connection"]
    assert rows[0]["heard_at"] is not None
    assert rows[1]["trouble_since"] < rows[1]["tried_at"]
    await paths.connections.close()
    await ways["http"].close()
