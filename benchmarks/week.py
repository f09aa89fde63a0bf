"""A week's events in a few minutes, through a whole server: what a week adds to memory, descriptors, tasks and the disk.

It is not a clock that runs fast: leases, beats and patience are real seconds. It is a week of what happens: an hour of the week every
few seconds, with its life signs, presses, commands, log-ins and reconnecting devices and seats.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.server import Ground, Server, our_server
from benchmarks.site import TOKEN, furnish
from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.auth.passwords import hash_password
from callcenter.core.ids import new_id
from callcenter.core.recent import GENERATION

HOURS: Final = 168
RESIDENTS: Final = 2_000
SIGNALS_AN_HOUR: Final = 118
INCIDENTS_AN_HOUR: Final = 2
DEVICES: Final = 24
"""Hubs that keep a connection; one of them dials anew each hour."""
SEATS: Final = 4
SETTLE_S: Final = 3.0
AT_ONCE: Final = 32
PASSWORD: Final = "four words make one"  # noqa: S105 - of a database that lives as long as the run

LIMITS: Final = {
    "parent MiB": 2.0,
    "alarm MiB": 8.0,
    "office MiB": 12.0,
    "descriptors": 6.0,
    "tasks": 6.0,
    "spool MiB": 0.1,
}
"""What the last day may have more than the second: more is a leak."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How it stood after an hour of the week."""

    values: dict[str, float]


@dataclass
class Week:
    """Counts, and what the server had after each hour."""

    samples: list[Sample] = field(default_factory=list)
    signals: int = 0
    incidents: int = 0
    log_ins: int = 0
    seats: int = 0
    devices: int = 0


async def measure(on: Ground, hours: int, seconds: float) -> bool:
    """Live through the hours within about so many seconds and tell; whether everything stayed flat."""
    owner = await asyncpg.connect(on.dsn)
    site = await furnish(owner, RESIDENTS)
    await owner.execute("UPDATE app_user SET password_hash = $1", hash_password(PASSWORD))
    await owner.execute("UPDATE login_session SET csrf_token = 'of the week'")
    with our_server(on) as server:
        week = Week()
        async with AsyncExitStack() as stack:
            life = await _Life.begin(server, owner, site.everywhere[:SEATS], week, stack)
            await life.fill_memories()
            await asyncio.sleep(SETTLE_S)
            for hour in range(hours):
                began = time.monotonic()
                await life.hour(hour)
                await asyncio.sleep(max(0.0, seconds / hours - (time.monotonic() - began)))
                week.samples.append(await life.sample())
        flat = tell(week, await _rows(owner))
    await owner.close()
    return flat


async def _rows(owner: asyncpg.Connection) -> dict[str, int]:
    return {
        name: await owner.fetchval(f"SELECT count(*) FROM {name}")  # noqa: S608 - constants
        for name in ("journal", "incident", "sms_message", "audit_entry")
    }


class _Life:
    def __init__(
        self, server: Server, owner: asyncpg.Connection, cookies: Sequence[str], week: Week
    ) -> None:
        self._server, self._owner, self._cookies, self._week = server, owner, cookies, week
        self._seats: list[_Seat | None] = [None] * len(cookies)
        self._devices: list[asyncio.StreamWriter | None] = [None] * DEVICES
        self._ingest = httpx.AsyncClient(
            base_url=server.address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
        )
        self._hands: list[httpx.AsyncClient] = []

    @classmethod
    async def begin(
        cls,
        server: Server,
        owner: asyncpg.Connection,
        cookies: Sequence[str],
        week: Week,
        stack: AsyncExitStack,
    ) -> _Life:
        made = cls(server, owner, cookies, week)
        stack.push_async_callback(made.end)
        for cookie in cookies:
            made._hands.append(_hand(server, cookie))
        for number in range(len(cookies)):
            await made._sit(number)
        for number in range(DEVICES):
            await made._dial(number)
        return made

    async def end(self) -> None:
        for client in (self._ingest, *self._hands):
            await client.aclose()
        for seat in self._seats:
            if seat is not None:
                await seat.leave()
        for device in self._devices:
            if device is not None:
                device.close()

    async def fill_memories(self) -> None:
        """The newest messages are remembered, so many and no more (core.recent): afterwards each that comes replaces one that was."""
        numbers = iter(range(2 * GENERATION))

        async def send_on() -> None:
            for number in numbers:
                await self._send(f"b{number % RESIDENTS:06d}", "heartbeat")

        await asyncio.gather(*(send_on() for _ in range(AT_ONCE)))

    async def hour(self, hour: int) -> None:
        """Everything at once, as it is in a real hour."""
        await asyncio.gather(
            self._signals(hour),
            self._incidents(hour),
            self._log_in(hour),
            self._sit(hour % len(self._seats)),
            self._dial(hour % DEVICES),
        )

    async def _signals(self, hour: int) -> None:
        for number in range(SIGNALS_AN_HOUR):
            kind = ("test", "heartbeat", "information", "restore")[number % 4]
            device = (hour * SIGNALS_AN_HOUR + number) % RESIDENTS
            await self._send(f"b{device:06d}", kind)

    async def _send(self, device: str, kind: str) -> str | None:
        body = {"id": str(new_id()), "device": device, "kind": kind}
        answer = await self._ingest.post("/ingest/v1/signals", content=orjson.dumps(body))
        answer.raise_for_status()
        self._week.signals += 1
        incident: str | None = answer.json().get("incident_id")
        return incident

    async def _incidents(self, hour: int) -> None:
        for number in range(INCIDENTS_AN_HOUR):
            place = (hour * INCIDENTS_AN_HOUR + number) % RESIDENTS
            incident = await self._send(f"b{place:06d}", "sos")
            if incident is None:
                raise SystemExit("an SOS opened nothing")
            await self._work(self._hands[place % len(self._hands)], incident)
            self._week.incidents += 1

    async def _work(self, hand: httpx.AsyncClient, incident: str) -> None:
        steps: Sequence[tuple[str, dict[str, object]]] = (
            ("take", {}),
            ("steps", {"step": "call_back", "result": "reached"}),
            ("note", {"text": "老人说没事"}),
            ("close", {"outcome": "mistaken_press", "note": "按错了"}),
        )
        for action, body in steps:
            sent = {"command_id": str(new_id()), **body}
            answer = await hand.post(f"/api/v1/incidents/{incident}/{action}", json=sent)
            if answer.status_code != 200:
                raise SystemExit(f"{action}: {answer.text}")

    async def _log_in(self, hour: int) -> None:
        """Somebody begins their shift, and somebody ends it."""
        async with httpx.AsyncClient(base_url=self._server.address, timeout=30) as browser:
            sent = {"login": f"all-{10 + hour % 25}", "password": PASSWORD}
            answer = await browser.post("/api/v1/login", json=sent)
            if answer.status_code != 200:
                raise SystemExit(f"log-in: {answer.text}")
            token = answer.json()["csrf_token"]
            headers = {CSRF_HEADER: token, "Origin": self._server.address}
            await browser.get("/api/v1/me")
            await browser.post("/api/v1/logout", headers=headers)
        self._week.log_ins += 1

    async def _sit(self, number: int) -> None:
        """A console whose connection is cut comes back."""
        seat = self._seats[number]
        if seat is not None:
            await seat.leave()
        self._seats[number] = await _Seat.sit(self._server, self._cookies[number])
        self._week.seats += 1

    async def _dial(self, number: int) -> None:
        """A hub whose connection is cut dials anew and says that it lives."""
        device = self._devices[number]
        if device is not None:
            device.close()
        _, self._devices[number] = await asyncio.open_connection("127.0.0.1", self._server.dc09)
        self._week.devices += 1

    async def sample(self) -> Sample:
        """What the processes hold now."""
        pids = {"parent": self._server.process.pid, **self._server.children()}
        values = {f"{name} MiB": mib for name, mib in self._server.resident().items()}
        values["descriptors"] = sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids.values())
        values["tasks"] = await self._tasks()
        values["spool MiB"] = _mib(self._server.ground.folder, "spool")
        values["database MiB"] = await self._owner.fetchval(
            "SELECT pg_database_size(current_database()) / 1048576.0::float8"
        )
        return Sample(values)

    async def _tasks(self) -> float:
        told = (await self._ingest.get("/metrics")).text
        lines = [line for line in told.splitlines() if line.startswith("callcenter_tasks")]
        return sum(float(line.rpartition(" ")[2]) for line in lines)


class _Seat:
    """A console on duty that pulses and reads."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._pulse())]

    @classmethod
    async def sit(cls, server: Server, cookie: str) -> _Seat:
        socket = await connect(
            server.address.replace("http", "ws") + "/ws/v1/seat",
            origin=server.address,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{COOKIE}={cookie}"},
            compression=None,
            max_size=None,
            proxy=None,
        )
        for said in (
            {"type": "hello", "protocol": 1, "build": "bench"},
            {"type": "duty", "armed": True},
        ):
            await socket.send(orjson.dumps(said).decode())
        return cls(socket)

    async def _read(self) -> None:
        async for _ in self._socket:
            pass

    async def _pulse(self) -> None:
        while True:
            await self._socket.send('{"type": "pulse"}')
            await asyncio.sleep(2)

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()


def _hand(server: Server, cookie: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=server.address,
        cookies={COOKIE: cookie},
        headers={CSRF_HEADER: "of the week", "Origin": server.address},
        timeout=30,
    )


def _mib(folder: Path, name: str) -> float:
    """Of all folders of this name."""
    files = [
        file for found in folder.glob(f"*/{name}") for file in found.rglob("*") if file.is_file()
    ]
    return sum(file.stat().st_blocks * 512 for file in files) / 2**20


def growth(samples: Sequence[Sample], name: str) -> float:
    """From the second of seven parts to the last, by their medians."""
    part = max(len(samples) // 7, 1)
    early = statistics.median(one.values[name] for one in samples[part : 2 * part])
    late = statistics.median(one.values[name] for one in samples[-part:])
    return late - early


def tell(week: Week, rows: dict[str, int]) -> bool:
    """One line a figure; whether all are within their limits."""
    print("A week's events (no fast clock: an hour of them every few seconds)")
    print(
        f"{week.signals} signals, {week.incidents} incidents, {week.log_ins} log-ins, {week.seats} seats and"
        f" {week.devices} devices that connected; rows: {rows}"
    )
    flat = True
    part = max(len(week.samples) // 7, 1)
    for name in week.samples[0].values:
        grown, limit = growth(week.samples, name), LIMITS.get(name)
        ends = statistics.median(one.values[name] for one in week.samples[-part:])
        good = limit is None or grown <= limit
        flat = flat and good
        bound = "grows with its rows" if limit is None else f"at most {limit:g}"
        print(
            f"{name:14} {ends:9.2f} on the last day, {grown:+7.2f} since the second ({bound}){'' if good else '  LEAK'}"
        )
    return flat
