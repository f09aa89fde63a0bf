"""Seats in one process that connect at the same moment and wait for their snapshot; JSON in as the argument, JSON out."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import uvloop

from benchmarks.websocket import FIN, Reading, handshake, masked

WITHIN_S = 120.0
STAY_S = 0.5
HELLO = {"type": "hello", "protocol": 1, "build": "bench"}


@dataclass(frozen=True, slots=True)
class Plan:
    port: int
    cookies: list[str]
    seats: int


@dataclass(slots=True)
class Arrivals:
    """Seconds and bytes of those that have their snapshot."""

    began: float
    seats: int
    times: list[float] = field(default_factory=list)
    bytes: int = 0
    incidents: int = 0
    refused: int = 0
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self) -> None:
        if len(self.times) + self.refused >= self.seats:
            self.settled.set()


class Seat(asyncio.Protocol):
    """Says hello and reads until its snapshot is whole; what ends before that is a refusal."""

    def __init__(self, arrivals: Arrivals, plan: Plan, number: int) -> None:
        self._arrivals = arrivals
        self._plan = plan
        self._cookie = plan.cookies[number % len(plan.cookies)]
        self._reading = Reading()
        self._in_snapshot = False
        self._done = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(handshake(self._plan.port, "/ws/v1/seat", self._cookie))

    def data_received(self, data: bytes) -> None:
        known = self._reading.upgraded
        try:
            opened = self._reading.opened(data)
        except ConnectionRefusedError:
            self._transport.close()
            return
        if not opened:
            return
        if not known:
            self._transport.write(masked(HELLO))
        for first, payload in self._reading.frames():
            if not self._done:
                self._frame(first, payload)

    def _frame(self, first: int, payload: bytearray) -> None:
        self._in_snapshot = self._in_snapshot or b'"type":"snapshot"' in payload[:40]
        if not self._in_snapshot:
            return
        self._arrivals.bytes += len(payload)
        self._arrivals.incidents += payload.count(b'"press_count":')
        if first & FIN:
            self._done = True
            self._arrivals.times.append(time.perf_counter() - self._arrivals.began)
            self._arrivals.note()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self._done:
            self._done = True
            self._arrivals.refused += 1
            self._arrivals.note()


async def main(plan: Plan) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    arrivals = Arrivals(time.perf_counter(), plan.seats)

    async def come(number: int) -> None:
        try:
            await loop.create_connection(
                lambda: Seat(arrivals, plan, number), "127.0.0.1", plan.port
            )
        except OSError:
            arrivals.refused += 1
            arrivals.note()

    await asyncio.gather(*(come(number) for number in range(plan.seats)))
    with suppress(TimeoutError):  # the figures say how many have theirs
        await asyncio.wait_for(arrivals.settled.wait(), WITHIN_S)
    await asyncio.sleep(STAY_S)
    times = arrivals.times or [-1.0]
    return {
        "served": len(arrivals.times),
        "refused": arrivals.refused,
        "first_s": min(times),
        "last_s": max(times),
        "bytes": arrivals.bytes,
        "incidents": arrivals.incidents,
    }


if __name__ == "__main__":
    settings = orjson.loads(sys.argv[1])
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(main(Plan(**settings)))))
