"""Presses of many callers at a steady rate, watched at a seat, while something is broken; and the row that says what came of them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from callcenter.auth.guards import COOKIE
from tests.support.server import Operator, Server
from tests.support.waiting import until_told
from tests.support.wire import insist, insist_dc09, sos

RATE: Final = 150
"""Presses a second; every fifth over DC-09. Each is of a caller of its own, so that each opens an incident."""
SEATS: Final = 4
PULSE_S: Final = 2.0


@dataclass
class Storm:
    """What was pressed and what was seen, by caller; times are monotonic seconds."""

    sent: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    beats: list[dict[str, Any]] = field(default_factory=list)
    stopped: bool = False

    async def press(self, server: Server, number: int) -> None:
        over_dc09 = number % 5 == 0
        caller = f"{2000 + number // 5}" if over_dc09 else f"storm-{number}"
        self.sent[caller] = time.monotonic()
        if over_dc09:
            await insist_dc09(server.tcp_port, caller, 1)
        else:
            await insist(server.http_port, sos(caller))
        self.acknowledged[caller] = time.monotonic()

    async def pour(self, server: Server, first: int) -> None:
        """Until it is stopped; who has pressed goes on until somebody acknowledges."""
        number, began = first, time.monotonic()
        async with asyncio.TaskGroup() as presses:
            while not self.stopped:
                presses.create_task(self.press(server, number))
                number += 1
                await asyncio.sleep(began + (number - first) / RATE - time.monotonic())

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
    def is_calm(self) -> bool:
        """The last beat says that everything is written."""
        last = self.beats[-1] if self.beats else {}
        return bool(last.get("database")) and not last.get("kept") and not last.get("away_since")


async def _pulse(socket: Any) -> None:
    with suppress(WebSocketException):
        while True:
            await socket.send('{"type":"pulse","sounds":true}')
            await asyncio.sleep(PULSE_S)


async def _only_read(server: Server, operator: Operator) -> None:
    """Another seat, which costs the server what a seat costs and this process next to nothing."""
    idle = Storm()
    idle._see = lambda _message: None  # type: ignore[method-assign]
    await idle.watch(server, operator)


@asynccontextmanager
async def storming(
    server: Server, operators: list[Operator], first: int = 0
) -> AsyncIterator[Storm]:
    """Ends when everybody who has pressed was acknowledged."""
    made = Storm()
    seats = [asyncio.create_task(made.watch(server, operators[0]))]
    seats += [asyncio.create_task(_only_read(server, operators[-1])) for _ in range(SEATS - 1)]
    pouring = asyncio.create_task(made.pour(server, first))
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


@dataclass(frozen=True)
class Row:
    """One fault: counts, and seconds."""

    fault: str
    sent: int
    acknowledged: int
    in_journal: int
    shown: int
    double: int
    lost: int
    longest_silence_s: float
    """Between a press and its ring at the seat, the longest."""
    longest_ack_s: float
    recovered_s: float
    """From the end of the fault until the database had everything."""


async def row_of(fault: str, made: Storm, owner: asyncpg.Connection, recovered_s: float) -> Row:
    """What came of it, asked of the database."""
    callers = list(made.sent)
    counts = await owner.fetch(_COUNTS, callers)
    in_journal = {row["identifier"] for row in counts}
    rung = [
        made.shown[caller] - made.sent[caller] for caller in made.shown.keys() & made.sent.keys()
    ]
    acks = [at - made.sent[caller] for caller, at in made.acknowledged.items()]
    return Row(
        fault=fault,
        sent=len(callers),
        acknowledged=len(made.acknowledged),
        in_journal=len(in_journal),
        shown=len(made.shown.keys() & made.sent.keys()),
        double=sum(1 for row in counts if row["incidents"] > 1),
        lost=len(made.acknowledged.keys() - in_journal),
        longest_silence_s=max(rung),
        longest_ack_s=max(acks),
        recovered_s=recovered_s,
    )


_COUNTS = """
SELECT identifier, count(DISTINCT incident_id) AS incidents FROM journal
WHERE identifier = ANY($1) AND outcome IN ('opened', 'joined') GROUP BY identifier
"""

HEAD: Final = (
    "| fault | sent | acknowledged | in the journal | shown | double | lost | longest until it rang (s) |"
    " longest until acknowledged (s) | all written after (s) |\n|---|---|---|---|---|---|---|---|---|---|"
)


def line(row: Row) -> str:
    """Of the table in docs/faults.md."""
    cells = [
        row.fault, row.sent, row.acknowledged, row.in_journal, row.shown, row.double, row.lost,
        f"{row.longest_silence_s:.2f}", f"{row.longest_ack_s:.2f}", f"{row.recovered_s:.2f}",
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"
