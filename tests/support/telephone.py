"""An operator's telephone over HTTP, as their console orders."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.auth.sessions import Sessions
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.core.sealed import Seal
from callcenter.devices.registry import Registry
from callcenter.hotline.beginning import Ports
from callcenter.hotline.known_lines import KnownLines
from callcenter.hotline.lines import Lines
from callcenter.hotline.switchboard import Switchboard
from callcenter.hotline.telephone.calling import Calling
from callcenter.hotline.telephone.telephones import Telephones
from callcenter.telephony.line import Line, LineKind
from callcenter.telephony.pbx import Arrived, Connected
from callcenter.telephony.pbxs.asterisk.exchange import Asterisk, At
from tests.support.console import Console
from tests.support.districts import District
from tests.support.server import Operator, Server
from tests.support.waiting import until


def calling_in(
    registry: Registry, database: Database, clock: Clock, seal: Seal, *districts: District
) -> Calling:
    """Orders at an exchange that answers no more, with a call on the line of each district."""
    known = KnownLines(lambda: registry.root_id)
    by_number = {f"9500{n}": each for n, each in enumerate(districts)}
    ports = Ports(
        lambda number: Line(number, LineKind.HOTLINE, by_number[number].region_id),
        known.caller_of,
        new_id,
    )
    pbx = Asterisk("trial", At("127.0.0.1:9", "callcenter", "only-in-tests"))
    board = Switchboard("trial", ports)
    board.hear(Connected({}, {}), clock.now())
    for number, district in by_number.items():
        board.hear(Arrived(f"leg-{number}", f"call-{number}", number, "13912345678"), clock.now())
        [district.ids["call_id"]] = [
            each.id for each in board.calls.values() if each.line == number
        ]
    lines = Lines(pbx, board, clock, _orders_nothing, lambda _calls: None)
    telephones = Telephones(pbx, (), database, Sessions(database, clock), seal)
    return Calling(lines, known, telephones, clock, registry.region_path)


def _orders_nothing(coro: Coroutine[Any, Any, None], /, *, name: str) -> object:
    coro.close()
    return name


@dataclass
class Handset:
    """What a console asks of calls."""

    client: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def of(cls, server: Server, operator: Operator) -> AsyncIterator[Handset]:
        async with httpx.AsyncClient(
            base_url=server.url,
            headers={CSRF_HEADER: operator.csrf_token},
            cookies={COOKIE: operator.cookie},
            trust_env=False,
            timeout=30,
        ) as client:
            yield cls(client)

    async def asks(self, method: str, path: str = "", **body: object) -> httpx.Response:
        sent = {"json": body} if method != "GET" else {}
        return await self.client.request(method, f"/api/v1/telephone{path}", **sent)  # type: ignore[arg-type]

    async def orders(self, call: str, what: str, **body: object) -> dict[str, Any]:
        answer = await self.asks("POST", f"/calls/{call}/{what}", **body)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def refused(self, call: str, what: str, **body: object) -> tuple[int, str]:
        answer = await self.asks("POST", f"/calls/{call}/{what}", **body)
        return answer.status_code, answer.json()["error"]["code"]


def calls_at(console: Console) -> dict[str, dict[str, Any]]:
    """As this console has them by all frames that came."""
    held: dict[str, dict[str, Any]] = {}
    for message in console.of_kind("calls"):
        if message.get("whole"):
            held.clear()
        for call in message["calls"]:
            if call["id"] not in held or held[call["id"]]["version"] < call["version"]:
                held[call["id"]] = call
    return held


async def one_call(console: Console, within_s: float = 10.0, **wanted: object) -> dict[str, Any]:
    """Waits for a call with these fields."""

    def found() -> list[dict[str, Any]]:
        return [
            call
            for call in calls_at(console).values()
            if all(call[name] == value for name, value in wanted.items())
        ]

    try:
        await until(found, f"a call with {wanted}", within_s)
    except AssertionError as error:
        raise AssertionError(f"{error}: {list(calls_at(console).values())}") from None
    return found()[0]
