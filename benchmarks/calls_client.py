"""Callers and one seat in one process: rings by SIP when a call is due, notes the first frame that shows it, and hangs up.

Takes one JSON document of settings as its argument, prints one JSON document of figures.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import uvloop

from benchmarks.spread import spread_ms
from benchmarks.websocket import FIN, Reading, handshake, masked

RANG = re.compile(rb'"raw":"0139(\d{8})"')
STAYS_S = 0.3
"""After it is shown, the caller hears it ring for so long."""
PATIENCE_S = 5.0
"""For so long a caller waits to be shown."""
DRAIN_S = 3.0
clock = time.perf_counter


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: `rate` calls a second (open loop) to `line` from `host`, which the exchange takes for the telephone network."""

    ws_port: int
    cookie: str
    host: str
    exchange: str
    sip_port: int
    line: str
    rate: float
    seconds: float
    first: int

    @property
    def calls(self) -> int:
        return int(self.rate * self.seconds)


@dataclass(slots=True)
class Run:
    """What happens, by the number of a call."""

    plan: Plan
    due: dict[int, float] = field(default_factory=dict)
    shown: dict[int, float] = field(default_factory=dict)
    refused: dict[int, int] = field(default_factory=dict)
    """With which status."""


class Seat(asyncio.Protocol):
    """Says hello, and notes whom a frame of calls shows for the first time."""

    def __init__(self, run: Run, ready: asyncio.Future[None]) -> None:
        self._run = run
        self._ready = ready
        self._reading = Reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        plan = self._run.plan
        self._transport.write(handshake(plan.ws_port, "/ws/v1/seat", plan.cookie))

    def data_received(self, data: bytes) -> None:
        known = self._reading.upgraded
        if not self._reading.opened(data):
            return
        if not known:
            self._transport.write(masked({"type": "hello", "protocol": 1, "build": "bench"}))
            self._transport.write(masked({"type": "duty", "armed": True}))
            self._pulse()
        now = clock()
        for first, payload in self._reading.frames():
            self._frame(first, payload, now)

    def _frame(self, first: int, payload: bytearray, now: float) -> None:
        if first & FIN and b'"type":"calls"' in payload:
            if not self._ready.done() and b'"exchange":true' in payload:
                self._ready.set_result(None)
            for found in RANG.findall(payload):
                self._run.shown.setdefault(int(found), now)

    def _pulse(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(masked({"type": "pulse"}))
            asyncio.get_running_loop().call_later(2.0, self._pulse)


class Network(asyncio.DatagramProtocol):
    """The caller's half of RFC 3261, as much as one needs who only rings and hangs up."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self._port: int = self._transport.get_extra_info("sockname")[1]

    def rings(self, number: int) -> None:
        self._send("INVITE", number, self._to, self._sound())

    def hangs_up(self, number: int) -> None:
        self._send("CANCEL", number, self._to)

    def datagram_received(self, data: bytes, _address: object) -> None:
        head = data.decode("utf-8", "replace")
        if not head.startswith("SIP/2.0 ") or "INVITE" not in _header(head, "CSeq"):
            return
        status, number = int(head[8:11]), int(_header(head, "Call-ID").partition("-")[2])
        if status < 200:
            return
        self._send("ACK", number, _header(head, "To"))
        if status < 300:  # shown too late: it was picked up to be told to wait
            self._send("BYE", number, _header(head, "To"))
        elif status != 487:
            self._run.refused[number] = status

    @property
    def _to(self) -> str:
        plan = self._run.plan
        return f"<sip:{plan.line}@{plan.exchange}:{plan.sip_port}>"

    def _send(self, method: str, number: int, to: str, body: str = "") -> None:
        plan = self._run.plan
        own = f"{plan.host}:{self._port}"
        branch = f"{number}-bye" if method == "BYE" else number
        lines = [
            f"{method} sip:{plan.line}@{plan.exchange}:{plan.sip_port} SIP/2.0",
            f"Via: SIP/2.0/UDP {own};branch=z9hG4bK{branch}",
            f"From: <sip:0139{number:08}@{plan.host}>;tag={number}",
            f"To: {to}",
            f"Call-ID: bench-{number}",
            f"CSeq: {2 if method == 'BYE' else 1} {method}",
            f"Contact: <sip:bench@{own}>",
            "Max-Forwards: 70",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        told = "\r\n".join(lines) + "\r\n\r\n" + body
        self._transport.sendto(told.encode(), (plan.exchange, plan.sip_port))

    def _sound(self) -> str:
        host = self._run.plan.host
        lines = ("v=0", f"o=- 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0")
        return "".join(f"{each}\r\n" for each in (*lines, "m=audio 6000 RTP/AVP 8"))


def _header(head: str, name: str) -> str:
    start = head.find(f"\r\n{name}: ")
    return "" if start < 0 else head[start + len(name) + 4 :].partition("\r\n")[0]


async def main(plan: Plan) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    run, ready = Run(plan), loop.create_future()
    await loop.create_connection(lambda: Seat(run, ready), "127.0.0.1", plan.ws_port)
    await asyncio.wait_for(ready, 30)
    _, network = await loop.create_datagram_endpoint(
        lambda: Network(run), local_addr=(plan.host, 0)
    )
    began = clock()
    async with asyncio.TaskGroup() as calls:
        for n in range(plan.calls):
            due = began + n / plan.rate
            await asyncio.sleep(max(0.0, due - clock()))
            calls.create_task(_one(run, network, plan.first + n, due))
    await asyncio.sleep(DRAIN_S)
    times = [run.shown[each] - due for each, due in run.due.items() if each in run.shown]
    return {"sent": len(run.due), "shown": len(times), "refused": len(run.refused)} | spread_ms(
        times
    )


async def _one(run: Run, network: Network, number: int, due: float) -> None:
    run.due[number] = due
    network.rings(number)
    with suppress(TimeoutError):  # the figures say who was shown
        async with asyncio.timeout(PATIENCE_S):
            while number not in run.shown:
                await asyncio.sleep(0.02)
    await asyncio.sleep(STAYS_S)
    network.hangs_up(number)


if __name__ == "__main__":
    settings = orjson.loads(sys.argv[1])
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(main(Plan(**settings)))))
