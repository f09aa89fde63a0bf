"""Life signs from many devices over a few connections, written at a steady rate; JSON in as the argument, JSON out."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import orjson
import uvloop

from benchmarks.dialling import account, heartbeat

TICK_S = 0.01
FULL_BYTES = 256 * 1024
"""A connection with so much unsent is not written to; what was due then counts as held back."""
DRAIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """`rate` frames a second in all."""

    port: int
    rate: int
    connections: int
    devices: int
    seconds: float


class Line(asyncio.Protocol):
    """One connection. All frames are of one length, so that any number of them is a slice."""

    def __init__(self, frames: list[bytes]) -> None:
        self._ring = b"".join(frames)
        self._size = len(frames[0])
        self._at = 0
        self.sent = 0
        self.answered = 0
        self.held_back = 0
        self.answered_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.answered += data.count(b"\r")
        self.answered_at = time.perf_counter()

    def write(self, count: int) -> None:
        """The next frames of the ring."""
        if self._transport.is_closing() or self._transport.get_write_buffer_size() > FULL_BYTES:
            self.held_back += count
            return
        self.sent += count
        wanted = count * self._size
        while wanted:
            piece = self._ring[self._at : self._at + wanted]
            self._transport.write(piece)
            wanted -= len(piece)
            self._at = (self._at + len(piece)) % len(self._ring)

    def close(self) -> None:
        self._transport.close()


async def main(plan: Plan) -> dict[str, Any]:
    lines = await _connect(plan)
    began = time.perf_counter()
    await _beat(lines, plan, began)
    sent_for = time.perf_counter() - began
    await _drain(lines)
    for line in lines:
        line.close()
    sent, answered = sum(line.sent for line in lines), sum(line.answered for line in lines)
    took = max(sent_for, max(line.answered_at for line in lines) - began)
    return {
        "offered_per_s": (sent + sum(line.held_back for line in lines)) / sent_for,
        "answered_per_s": answered / took,
        "held_back": sum(line.held_back for line in lines),
        "lost": sent - answered,
    }


async def _connect(plan: Plan) -> list[Line]:
    loop, lines = asyncio.get_running_loop(), []
    for number in range(plan.connections):
        own = range(number, max(plan.devices, number + 1), plan.connections)
        frames = [heartbeat(account(device), 1) for device in own]
        _, line = await loop.create_connection(partial(Line, frames), "127.0.0.1", plan.port)
        lines.append(line)
    return lines


async def _beat(lines: list[Line], plan: Plan, began: float) -> None:
    offered = 0
    while (passed := time.perf_counter() - began) < plan.seconds:
        each = (int(passed * plan.rate) - offered) // len(lines)
        if each:
            for line in lines:
                line.write(each)
            offered += each * len(lines)
        await asyncio.sleep(TICK_S)


async def _drain(lines: list[Line]) -> None:
    end = time.perf_counter() + DRAIN_S
    while time.perf_counter() < end and any(line.answered < line.sent for line in lines):
        await asyncio.sleep(TICK_S)


if __name__ == "__main__":
    settings = orjson.loads(sys.argv[1])
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(main(Plan(**settings)))))
