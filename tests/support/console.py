"""A console without a screen: a real WebSocket client of the seat protocol that behaves as the browser's does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from callcenter.auth.guards import COOKIE
from callcenter.seats.socket import TRY_AGAIN
from tests.support.server import Operator
from tests.support.waiting import until

PULSE_S = 2.0
SNAPSHOT_S = 20.0
RECONNECT_S = 0.2
MOST_AT_ONCE = 500


@dataclass
class Console:
    """Keeps incidents by version; answers seen and sounding once per ring and frame, unless it is told not to."""

    socket: ClientConnection
    answering: bool = True
    incidents: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    """Timeline numbers that came, per incident."""
    entries: list[dict[str, Any]] = field(default_factory=list)
    """Of timelines, as they came."""
    messages: list[dict[str, Any]] = field(default_factory=list)
    """Everything else, in order."""
    snapshots: int = 0
    closed_with: int | None = None
    _answered: set[tuple[str, int]] = field(default_factory=set)

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    async def send(self, kind: str, **fields: object) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def shows(self, *incident_ids: str, within_s: float = 20) -> None:
        """Waits until all these are on the board."""
        await until(
            lambda: set(incident_ids) <= self.incidents.keys(), "incidents on the board", within_s
        )

    async def gets(self, kind: str, count: int = 1, within_s: float = 20) -> list[dict[str, Any]]:
        """Waits for so many messages of this kind."""
        await until(lambda: len(self.of_kind(kind)) >= count, f"{count} of {kind}", within_s)
        return self.of_kind(kind)

    async def read(self) -> None:
        """Until the socket is closed."""
        try:
            async for text in self.socket:
                await self._take(json.loads(text))
        except ConnectionClosed:
            pass
        self.closed_with = self.socket.close_code

    async def pulse(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                await self.send("pulse")
                await asyncio.sleep(PULSE_S)

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] not in ("snapshot", "incidents"):
            self.messages.append(message)
            return
        if message["type"] == "snapshot":
            self.snapshots += 1
            self.incidents.clear()
            self.messages.append(message)
        fresh = [i for i in message["incidents"] if self._is_newer(i)]
        self.incidents.update({incident["id"]: incident for incident in fresh})
        self.entries += message.get("entries", ())
        for entry in message.get("entries", ()):
            self.numbers.setdefault(entry["incident_id"], []).append(entry["number"])
        rings = [(i["id"], i["ring"]) for i in fresh if i["state"] == "waiting"]
        if self.answering and (new := [ring for ring in rings if ring not in self._answered]):
            self._answered.update(new)
            rung = [{"incident_id": id_, "ring": ring} for id_, ring in new]
            with suppress(ConnectionClosed):
                for first in range(0, len(rung), MOST_AT_ONCE):
                    await self.send("seen", incidents=rung[first : first + MOST_AT_ONCE])
                    await self.send("sounding", incidents=rung[first : first + MOST_AT_ONCE])

    def _is_newer(self, incident: dict[str, Any]) -> bool:
        held = self.incidents.get(incident["id"])
        return held is None or held["version"] < incident["version"]


@asynccontextmanager
async def open_console(
    url: str,
    operator: Operator,
    *,
    armed: bool = True,
    answering: bool = True,
    pulsing: bool = True,
) -> AsyncIterator[Console]:
    """On duty, with its snapshot; closed at the end of the block. Comes again, as the browser does, when it is told to."""
    deadline = asyncio.get_running_loop().time() + SNAPSHOT_S
    while True:
        try:
            async with _opened(url, operator, answering=answering, pulsing=pulsing) as console:
                await console.send("duty", armed=armed)
                yield console
                return
        except ComeAgain:
            assert asyncio.get_running_loop().time() < deadline, "no snapshot"
            await asyncio.sleep(RECONNECT_S)


class ComeAgain(Exception):
    """The server took the console, and let it go before it had the board."""


@asynccontextmanager
async def _opened(
    url: str, operator: Operator, *, answering: bool, pulsing: bool
) -> AsyncIterator[Console]:
    async with connect(
        url.replace("http://", "ws://") + "/ws/v1/seat",
        origin=url,  # type: ignore[arg-type]
        additional_headers={"Cookie": f"{COOKIE}={operator.cookie}"},
        compression=None,
        max_size=None,
        proxy=None,
    ) as socket:
        console = Console(socket, answering)
        await console.send("hello", protocol=1, build="test")
        tasks = [asyncio.create_task(console.read())]
        if pulsing:
            tasks.append(asyncio.create_task(console.pulse()))
        try:
            await until(lambda: console.snapshots or console.closed_with, "a snapshot", SNAPSHOT_S)
            if console.closed_with == TRY_AGAIN:
                raise ComeAgain
            assert console.snapshots, f"closed with {console.closed_with}"
            yield console
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
