"""Presses of many callers at a steady rate, watched at seats, with texts, while something is broken."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, cast

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from benchmarks.websocket import Reading, handshake, masked
from callcenter.auth.guards import COOKIE
from tests.faults.homes import home_account
from tests.support.server import Operator, Server
from tests.support.sms_gateway import FakeSmsbox
from tests.support.waiting import until_told
from tests.support.wire import insist, insist_dc09, sos

PULSE_S: Final = 2.0
DC09_EVERY: Final = 5
AGAIN_S: Final = 0.5
"""Until a device that was not answered calls again."""
HOME_EVERY: Final = 10
"""Every so many presses are of a home with a contact, who is told by SMS."""
ADDRESSES: Final = 64
"""Of loopback, from which devices call in turn: one alone runs out of ports (28,000 in a minute) where they repeat for long."""


@dataclass(frozen=True)
class Load:
    """How hard it pours: presses a second, each of a caller of its own, so that each opens an incident; and seats."""

    rate: float = 300.0
    seats: int = 20
    first: int = 0
    """Number of the caller who begins: another storm on the same server has others."""


@dataclass
class Storm:
    """What was pressed and what was seen, by caller; times are monotonic seconds."""

    load: Load
    sent: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    beats: list[dict[str, Any]] = field(default_factory=list)
    stopped: bool = False

    async def press(self, server: Server, number: int) -> None:
        caller, address = caller_of(number), address_of(number)
        self.sent[caller] = time.monotonic()
        if number % DC09_EVERY == 0:
            await insist_dc09(server.tcp_port, caller, 1, again_s=AGAIN_S, source=address)
        else:
            await insist(server.http_port, sos(caller), again_s=AGAIN_S, source=address)
        self.acknowledged[caller] = time.monotonic()

    async def pour(self, server: Server) -> None:
        """Until it is stopped; who has pressed goes on until somebody acknowledges."""
        number, began = self.load.first, time.monotonic()
        async with asyncio.TaskGroup() as presses:
            while not self.stopped:
                presses.create_task(self.press(server, number))
                number += 1
                gone = number - self.load.first
                await asyncio.sleep(began + gone / self.load.rate - time.monotonic())

    async def watch(self, server: Server, operator: Operator) -> None:
        """A seat on duty that connects again whenever it is cut."""
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._sit(server, operator)
            await asyncio.sleep(0.2)

    async def _sit(self, server: Server, operator: Operator) -> None:
        url = server.url
        async with connect(
            url.replace("http://", "ws://") + "/ws/v1/seat",
            origin=url,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{COOKIE}={operator.cookie}"},
            compression=None,
            max_size=None,
            proxy=None,
            open_timeout=5,
        ) as socket:
            await socket.send(json.dumps({"type": "hello", "protocol": 1, "build": "test"}))
            await socket.send(json.dumps({"type": "duty", "armed": True}))
            pulsing = asyncio.create_task(_pulse(socket))
            try:
                async for text in socket:
                    self._see(json.loads(text))
            finally:
                pulsing.cancel()

    def _see(self, message: dict[str, Any]) -> None:
        now = time.monotonic()
        for incident in message.get("incidents", ()):
            if isinstance(incident, dict):
                self.shown.setdefault(incident["identifier"], now)
        if message["type"] == "beat":
            self.beats.append(message)

    @property
    def rung(self) -> set[str]:
        """Who has pressed in this storm and was shown."""
        return self.shown.keys() & self.sent.keys()

    @property
    def is_calm(self) -> bool:
        """The last beat says that everything is written."""
        last = self.beats[-1] if self.beats else {}
        return bool(last.get("database")) and not last.get("kept") and not last.get("away_since")


def caller_of(number: int) -> str:
    """The identifier of the device that presses as the `number`th."""
    over_dc09 = number % DC09_EVERY == 0
    if number % HOME_EVERY == 0:
        return home_account(number // HOME_EVERY)
    return f"{600_000 + number}" if over_dc09 else f"storm-{number}"


def address_of(number: int) -> str:
    """Where it calls from."""
    return f"127.0.1.{1 + number % ADDRESSES}"


def with_gateway(box: FakeSmsbox) -> dict[str, str]:
    """Settings of a server that sends its texts there."""
    gateway = {
        "kind": "kannel",
        "url": box.url,
        "user": "care",
        "password": "of a test",
        "callback_url": "http://127.0.0.1:9",
    }
    return {"SMS__GATEWAYS": json.dumps([gateway])}


async def _pulse(socket: Any) -> None:
    with suppress(WebSocketException):
        while True:
            await socket.send('{"type":"pulse","sounds":true}')
            await asyncio.sleep(PULSE_S)


class IdleSeat(asyncio.Protocol):
    """Another seat on duty, which costs the server what a seat costs and this process next to nothing. `reads` False: it stops
    reading when it is open, and keeps its connection.
    """

    def __init__(self, port: int, cookie: str, *, reads: bool = True) -> None:
        self._hello = handshake(port, "/ws/v1/seat", cookie)
        self._reading: Reading | None = Reading()
        self._reads = reads
        self.lost = asyncio.get_running_loop().create_future()
        self._pulsing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        if self._reading is None:
            return
        if self._reading.opened(data):
            self._reading = None
            self.send({"type": "hello", "protocol": 1, "build": "test"})
            self.send({"type": "duty", "armed": True})
            self._pulse()
            if not self._reads:
                self.transport.pause_reading()

    def send(self, message: dict[str, Any]) -> None:
        self.transport.write(masked(message))

    def _pulse(self) -> None:
        self.send({"type": "pulse", "sounds": True})
        self._pulsing = asyncio.get_running_loop().call_later(PULSE_S, self._pulse)

    def connection_lost(self, error: Exception | None) -> None:
        if self._pulsing is not None:
            self._pulsing.cancel()
        if not self.lost.done():
            self.lost.set_result(None)


async def sit_by(server: Server, operator: Operator, *, reads: bool = True) -> None:
    """An idle seat that connects again whenever it is cut; until it is cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        with suppress(OSError):
            transport, seat = await loop.create_connection(
                lambda: IdleSeat(server.http_port, operator.cookie, reads=reads),
                "127.0.0.1",
                server.http_port,
            )
            try:
                await seat.lost
            finally:
                transport.abort()
        await asyncio.sleep(0.2)


@asynccontextmanager
async def storming(
    server: Server, operators: list[Operator], load: Load | None = None
) -> AsyncIterator[Storm]:
    """Ends when everybody who has pressed was acknowledged and shown."""
    made = Storm(load or Load())
    seats = [asyncio.create_task(made.watch(server, operators[0]))]
    seats += [
        asyncio.create_task(sit_by(server, operators[-1])) for _ in range(made.load.seats - 1)
    ]
    pouring = asyncio.create_task(made.pour(server))
    try:
        yield made
        made.stopped = True
        await pouring
        await until_told(lambda: _all_shown(made), "everything to be shown", 60)
    finally:
        made.stopped = True
        for task in (*seats, pouring):
            task.cancel()
        await asyncio.gather(*seats, pouring, return_exceptions=True)


async def _all_shown(made: Storm) -> bool:
    return made.is_calm and made.shown.keys() >= made.acknowledged.keys()
