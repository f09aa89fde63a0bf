"""Devices and consoles in one process: sends alarms when they are due, notes the first frame that shows each incident.

Takes one JSON document of settings as its argument, prints one JSON document of figures.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import orjson
import uvloop

from benchmarks.dialling import account, is_acknowledged, sos
from benchmarks.spread import spread_ms
from benchmarks.websocket import FIN, Reading, handshake, masked

SHOWN = re.compile(rb'"identifier":"(\w+)"')
INCIDENT = re.compile(rb'"id":"([0-9a-f-]{36})","number":\d+,"version":1,')
SEEN_EVERY_S = 0.1
DEVICES = 64
DRAIN_S = 15.0
MOST_S = 240.0
clock = time.perf_counter


@dataclass(slots=True)
class Plan:
    """One run."""

    alarm_port: int
    ws_port: int
    path: str
    ws_path: str
    token: str
    cookies: list[str]
    consoles: int
    rate: float | None
    """Alarms a second (open loop); None: flat out, a closed loop of 64 devices."""
    seconds: float
    """The open loop goes on after that while the file `while_there` exists, for four minutes at most."""
    first_device: int
    devices: int
    burst: int = 0
    seat: bool = True
    """Speaks the seat protocol: hello, duty, seen."""
    while_there: str = ""
    dc09: bool = False
    """Devices are diallers over TCP, not HTTP clients."""
    kind: str = "sos"
    """What HTTP clients send."""


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
        self.reading = Reading()
        self.snapshot_begun = False
        self.unseen: list[bytes] = []
        self.seen_at = 0.0
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        plan = self.run.plan
        cookie = plan.cookies[self.number % len(plan.cookies)] if plan.cookies else ""
        self.transport.write(handshake(plan.ws_port, plan.ws_path, cookie))

    def data_received(self, data: bytes) -> None:
        known = self.reading.upgraded
        if not self.reading.opened(data):
            return
        if not known:
            self._begin()
        for first, payload in self.reading.frames():
            self._frame(first, payload)

    def _begin(self) -> None:
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

    def _frame(self, first: int, payload: bytearray) -> None:
        now = clock()
        run = self.run
        run.frames += 1
        if not self.ready.done():
            self.snapshot_begun = self.snapshot_begun or b'"snapshot"' in payload[:40]
            if self.snapshot_begun and first & FIN:
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
        self.transport.write(masked(message))


class Device(asyncio.Protocol):
    """A connection that stays, and sends one alarm at a time."""

    def __init__(self, run: Run, free: deque[Device], on_free: Callable[[], None]) -> None:
        self.run = run
        self.free = free
        self.on_free = on_free
        self.name = b""
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.free.append(self)

    def press(self, name: bytes) -> None:
        self.name = name
        self.transport.write(self.request(name))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        stored = self.answered()
        if stored is None:
            return
        if stored:
            self.run.acknowledged += 1
        else:
            self.run.refused += 1
        self.run.stored_at[self.name] = clock()
        self.buffer = b""
        self.free.append(self)
        self.on_free()

    def request(self, name: bytes) -> bytes:
        """The alarm of this device."""
        raise NotImplementedError

    def answered(self) -> bool | None:
        """Whether it is acknowledged; None while the answer is not whole."""
        raise NotImplementedError


class HttpDevice(Device):
    """Over HTTP with keep-alive."""

    def request(self, name: bytes) -> bytes:
        plan = self.run.plan
        fields = name, name, plan.kind.encode()
        body = b'{"id":"%s","device":"%s","kind":"%s","lat":40.0,"lon":104.0}' % fields
        head = (
            f"POST {plan.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {plan.token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def answered(self) -> bool | None:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        at = self.buffer.lower().find(b"content-length:")
        size = int(self.buffer[at + 15 : self.buffer.find(b"\r\n", at)])
        return None if len(self.buffer) < end + 4 + size else self.buffer[9:12] == b"201"


class Dialler(Device):
    """Over DC-09."""

    def request(self, name: bytes) -> bytes:
        return sos(name, random.randrange(1, 9999))

    def answered(self) -> bool | None:
        return is_acknowledged(self.buffer) if self.buffer.endswith(b"\r") else None


class Sender:
    """Hands due alarms to free devices; latency counts from the due time, however long one had to wait."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.free: deque[Device] = deque()
        self.due: deque[bytes] = deque()
        self.next = run.plan.first_device
        self.flat_out = False

    def name(self) -> bytes:
        name = account(self.next) if self.run.plan.dc09 else b"b%06d" % self.next
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
        for number in itertools.count():
            due = start + number / rate
            if not self.left or due - start >= (MOST_S if self._is_wanted() else seconds):
                return
            while (wait := due - clock()) > 0:
                await asyncio.sleep(wait)
            name = self.name()
            self.run.due[name] = due
            self.due.append(name)
            self.dispatch()

    def _is_wanted(self) -> bool:
        return bool(self.run.plan.while_there) and Path(self.run.plan.while_there).exists()

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
            partial(Console, run, number, ready), "127.0.0.1", plan.ws_port
        )
        await asyncio.wait_for(ready, 30)
    sender = Sender(run)
    kind: type[Device] = Dialler if plan.dc09 else HttpDevice
    make = partial(kind, run, sender.free, sender.dispatch)
    for _ in range(DEVICES):
        await loop.create_connection(make, "127.0.0.1", plan.alarm_port)
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
    """Until everything that was sent is acknowledged and shown, where there are consoles."""
    end = clock() + DRAIN_S
    while clock() < end:
        is_shown = not run.plan.consoles or run.due.keys() <= run.shown.keys()
        if is_shown and run.acknowledged + run.refused >= len(run.due):
            return
        await asyncio.sleep(0.01)


def figures(run: Run, began: float, sent_for: float) -> dict[str, Any]:
    latencies = [run.shown[name] - due for name, due in run.due.items() if name in run.shown]
    answered = [at - run.due[name] for name, at in run.stored_at.items()]
    last = max((run.shown[name] for name in run.due if name in run.shown), default=began)
    return {
        "sent": len(run.due),
        "acknowledged": run.acknowledged,
        "refused": run.refused,
        "shown": len(latencies),
        "rate": len(latencies) / max(last - began, sent_for, 1e-9),
        **spread_ms(latencies),
        "ack_p50": spread_ms(answered)["p50"],
        "ack_p99": spread_ms(answered)["p99"],
        "all_shown_ms": (run.shown_last - began) * 1000,
        "frames": run.frames,
    }


if __name__ == "__main__":
    settings = orjson.loads(sys.argv[1])
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(main(Plan(**settings)))))
