"""Devices and consoles in one process: sends alarms when they are due, notes the first frame that shows each incident.

Takes one JSON document of settings as its argument, prints one JSON document of figures.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvloop

SHOWN = re.compile(rb'"identifier":"(b\d+)"')
INCIDENT = re.compile(rb'"id":"([0-9a-f-]{36})","number":\d+,"version":1,')
SEEN_EVERY_S = 0.1
DEVICES = 64
DRAIN_S = 15.0
clock = time.perf_counter


@dataclass(slots=True)
class Plan:
    """One run."""

    http_port: int
    ws_port: int
    path: str
    ws_path: str
    token: str
    cookies: list[str]
    consoles: int
    rate: float | None
    """Alarms a second (open loop); None: flat out, a closed loop of 64 devices."""
    seconds: float
    first_device: int
    devices: int
    burst: int = 0
    seat: bool = True
    """Speaks the seat protocol: hello, duty, seen."""


@dataclass(slots=True)
class Run:
    """What happens."""

    plan: Plan
    due: dict[bytes, float] = field(default_factory=dict)
    shown: dict[bytes, float] = field(default_factory=dict)
    shown_last: float = 0.0
    acknowledged: int = 0
    refused: int = 0
    stored_at: dict[bytes, float] = field(default_factory=dict)
    frames: int = 0


class Console(asyncio.Protocol):
    """A WebSocket client on a bare transport: reads frames, notes what they show, answers `seen` like the real console."""

    def __init__(self, run: Run, number: int, ready: asyncio.Future[None]) -> None:
        self.run = run
        self.number = number
        self.ready = ready
        self.buffer = bytearray()
        self.upgraded = False
        self.unseen: list[bytes] = []
        self.seen_at = 0.0
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        plan = self.run.plan
        key = base64.b64encode(os.urandom(16)).decode()
        cookie = plan.cookies[self.number % len(plan.cookies)] if plan.cookies else ""
        lines = [
            f"GET {plan.ws_path} HTTP/1.1",
            f"Host: 127.0.0.1:{plan.ws_port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            f"Origin: http://127.0.0.1:{plan.ws_port}",
            *([f"Cookie: callcenter_session={cookie}"] if cookie else []),
        ]
        self.transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.upgraded:
            self._upgrade()
        if self.upgraded:
            self._frames()

    def _upgrade(self) -> None:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        if b" 101 " not in self.buffer[:20]:
            raise RuntimeError(bytes(self.buffer[:200]))
        del self.buffer[: end + 4]
        self.upgraded = True
        if self.run.plan.seat:
            self.send({"type": "hello", "protocol": 1, "build": "bench"})
            self.send({"type": "duty", "armed": True})
            self._pulse()
        else:
            self.ready.set_result(None)

    def _pulse(self) -> None:
        if not self.transport.is_closing():
            self.send({"type": "pulse"})
            asyncio.get_running_loop().call_later(2.0, self._pulse)

    def _frames(self) -> None:
        buffer, start = self.buffer, 0
        while len(buffer) - start >= 2:
            size, head = buffer[start + 1] & 127, 2
            if size == 126:
                size, head = int.from_bytes(buffer[start + 2 : start + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(buffer[start + 2 : start + 10], "big"), 10
            if len(buffer) - start < head + size:
                break
            self._frame(buffer[start + head : start + head + size])
            start += head + size
        del buffer[:start]

    def _frame(self, payload: bytearray) -> None:
        now = clock()
        run = self.run
        run.frames += 1
        if not self.ready.done() and b'"snapshot"' in payload[:40]:
            self.ready.set_result(None)
            return
        names = SHOWN.findall(payload)
        if names:
            shown = run.shown
            for name in names:
                if name not in shown:
                    shown[bytes(name)] = now
            run.shown_last = now
            if run.plan.seat:
                self.unseen += INCIDENT.findall(payload)
                self._answer_seen(now)

    def _answer_seen(self, now: float) -> None:
        """At once, then at most every 100 ms with all that was gathered."""
        if self.timer is not None:
            return
        wait = self.seen_at + SEEN_EVERY_S - now
        if wait <= 0:
            self._send_seen()
        else:
            self.timer = asyncio.get_running_loop().call_later(wait, self._send_seen)

    def _send_seen(self) -> None:
        self.timer = None
        self.seen_at = clock()
        gathered, self.unseen = self.unseen[:400], self.unseen[400:]
        rungs = [{"incident_id": id_.decode(), "ring": 1} for id_ in gathered]
        self.send({"type": "seen", "incidents": rungs})
        if self.unseen:
            self._answer_seen(self.seen_at)

    def send(self, message: dict[str, Any]) -> None:
        payload = orjson.dumps(message)
        size = len(payload)
        head = (
            bytes((0x81, 0x80 | size))
            if size < 126
            else (bytes((0x81, 0xFE)) + size.to_bytes(2, "big"))
        )
        self.transport.write(head + b"\0\0\0\0" + payload)  # a mask of zeros changes nothing


class Device(asyncio.Protocol):
    """A keep-alive HTTP connection that sends one alarm at a time."""

    def __init__(self, run: Run, free: deque[Device], on_free: Any) -> None:
        self.run = run
        self.free = free
        self.on_free = on_free
        self.name = b""
        self.buffer = b""
        plan = run.plan
        self.head = (
            f"POST {plan.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {plan.token}\r\nContent-Length: "
        ).encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.free.append(self)

    def press(self, name: bytes) -> None:
        self.name = name
        body = b'{"id":"%s","device":"%s","kind":"sos","lat":40.0,"lon":104.0}' % (name, name)
        self.transport.write(self.head + b"%d\r\n\r\n" % len(body) + body)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        at = self.buffer.lower().find(b"content-length:")
        size = int(self.buffer[at + 15 : self.buffer.find(b"\r\n", at)])
        if len(self.buffer) < end + 4 + size:
            return
        if self.buffer[9:12] == b"201":
            self.run.acknowledged += 1
        else:
            self.run.refused += 1
        self.run.stored_at[self.name] = clock()
        self.buffer = b""
        self.free.append(self)
        self.on_free()


class Sender:
    """Hands due alarms to free devices; latency counts from the due time, however long one had to wait."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.free: deque[Device] = deque()
        self.due: deque[bytes] = deque()
        self.next = run.plan.first_device
        self.flat_out = False

    def name(self) -> bytes:
        name = b"b%06d" % self.next
        self.next += 1
        return name

    def dispatch(self) -> None:
        if self.flat_out:
            while self.free and self.left:
                name = self.name()
                self.run.due[name] = clock()
                self.free.popleft().press(name)
        while self.due and self.free:
            self.free.popleft().press(self.due.popleft())

    @property
    def left(self) -> bool:
        return self.next < self.run.plan.first_device + self.run.plan.devices

    async def open_loop(self, rate: float, seconds: float) -> None:
        start = clock()
        for number in range(int(rate * seconds)):
            due = start + number / rate
            while (wait := due - clock()) > 0:
                await asyncio.sleep(wait)
            name = self.name()
            self.run.due[name] = due
            self.due.append(name)
            self.dispatch()

    async def closed_loop(self, seconds: float) -> None:
        self.flat_out = True
        self.dispatch()
        end = clock() + seconds
        while clock() < end and self.left:
            await asyncio.sleep(0.02)
        self.flat_out = False

    async def burst(self, count: int) -> None:
        now = clock()
        for _ in range(count):
            name = self.name()
            self.run.due[name] = now
            self.due.append(name)
        self.dispatch()


async def main(plan: Plan) -> dict[str, Any]:
    run = Run(plan)
    loop = asyncio.get_running_loop()
    for number in range(plan.consoles):
        ready: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(
            lambda n=number, r=ready: Console(run, n, r), "127.0.0.1", plan.ws_port
        )
        await asyncio.wait_for(ready, 30)
    sender = Sender(run)
    for _ in range(DEVICES):
        await loop.create_connection(
            lambda: Device(run, sender.free, sender.dispatch), "127.0.0.1", plan.http_port
        )
    await asyncio.sleep(0.7)
    began = clock()
    if plan.burst:
        await sender.burst(plan.burst)
    elif plan.rate is None:
        await sender.closed_loop(plan.seconds)
    else:
        await sender.open_loop(plan.rate, plan.seconds)
    sent_for = clock() - began
    await drained(run)
    return figures(run, began, sent_for)


async def drained(run: Run) -> None:
    """Until everything that was sent is acknowledged and shown."""
    end = clock() + DRAIN_S
    while clock() < end:
        if len(run.shown) >= len(run.due) and run.acknowledged + run.refused >= len(run.due):
            return
        await asyncio.sleep(0.01)


def figures(run: Run, began: float, sent_for: float) -> dict[str, Any]:
    latencies = sorted(run.shown[name] - due for name, due in run.due.items() if name in run.shown)
    answered = sorted(at - run.due[name] for name, at in run.stored_at.items())
    last = max(run.shown.values(), default=began)

    def at(values: list[float], share: float) -> float:
        return values[min(len(values) - 1, int(share * len(values)))] * 1000 if values else -1.0

    return {
        "sent": len(run.due),
        "acknowledged": run.acknowledged,
        "refused": run.refused,
        "shown": len(run.shown),
        "rate": len(run.shown) / max(last - began, sent_for, 1e-9),
        "p50": at(latencies, 0.50),
        "p95": at(latencies, 0.95),
        "p99": at(latencies, 0.99),
        "max": at(latencies, 1.0),
        "ack_p50": at(answered, 0.50),
        "ack_p99": at(answered, 0.99),
        "all_shown_ms": (run.shown_last - began) * 1000,
        "frames": run.frames,
    }


if __name__ == "__main__":
    settings = orjson.loads(sys.argv[1])
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(main(Plan(**settings)))))
