"""The demo killed with -9 under load and started again: how long until a press is acknowledged, over HTTP and over DC-09."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import orjson

from benchmarks.dialling import is_acknowledged, sos
from benchmarks.machine import Meter, processes
from benchmarks.server import free_port
from callcenter.demo.community.moved_in import DEVICES_FILE

TRY_EVERY_S = 0.02
ANSWER_WITHIN_S = 5.0
TRY_FOR_S = 120.0
DIALLERS = 8
LOAD_S = 1.5
"""Before each kill."""

Press = Callable[[], Awaitable[bool]]
"""One connection, one press; whether it was acknowledged. May raise OSError."""


@dataclass
class Demo:
    """A demo's server on a data folder of its own, with a private PostgreSQL; started again and again on the same ports."""

    folder: Path
    http: int = field(default_factory=free_port)
    dc09: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """The time at which the process was made."""
        command = [sys.executable, "-m", "callcenter", "serve", "--demo", "--host", "127.0.0.1"]
        command += ["--port", str(self.http), "--data-dir", str(self.folder / "data")]
        listener = {"format": "dc09", "transport": "tcp", "host": "127.0.0.1", "port": self.dc09}
        listeners = {"CALLCENTER_LISTENERS": orjson.dumps([listener]).decode()}
        with (self.folder / "server.log").open("ab") as said:
            began = time.perf_counter()
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=os.environ | listeners, stdout=said, stderr=said
            )
        return began

    def kill(self) -> None:
        """kill -9 of the parent; the kernel takes the others with it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def alarm_process(self) -> int:
        """The child that does not step back; PostgreSQL, which leads a session of its own, was there before it."""
        assert self.process is not None
        ours = [each for each in processes().values() if each.parent == self.process.pid]
        servers = [each.pid for each in ours if os.getsid(each.pid) == os.getsid(0)]
        return min(servers, key=lambda pid: (processes()[pid].nice, pid))

    async def http_press(self) -> bool:
        """A phone's, with the bearer token of its source."""
        handed_out = orjson.loads((self.folder / "data" / DEVICES_FILE).read_bytes())
        phone = next(each for each in handed_out["devices"] if each["source"] == "http")
        body = orjson.dumps({"id": str(uuid4()), "device": phone["identifier"], "kind": "sos"})
        head = (
            f"POST /ingest/v1/signals HTTP/1.1\r\nHost: 127.0.0.1:{self.http}\r\n"
            f"Authorization: Bearer {handed_out['http']['bearer']}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        answer = await _ask(self.http, head.encode() + body, b"\r\n")
        return answer.startswith(b"HTTP/1.1 2")

    async def dc09_press(self) -> bool:
        """A dialler's."""
        return is_acknowledged(await _ask(self.dc09, sos(b"7001", _number()), b"\r"))


def measure(runs: int) -> None:
    """Prints a line a run, then median and maximum."""
    with _folder() as folder:
        demo = Demo(folder)
        try:
            asyncio.run(_measure(demo, runs))
        finally:
            demo.kill()


async def _measure(demo: Demo, runs: int) -> None:
    demo.start()
    await _acknowledged(demo.http_press)
    for what, again in (("server", _start_again), ("alarm process", _kill_alarm_process)):
        found: dict[str, list[float]] = {"HTTP": [], "DC-09": []}
        for _ in range(runs):
            for way, seconds in (await _one(demo, again)).items():
                found[way].append(seconds)
        for way, all_of_them in found.items():
            median, most = statistics.median(all_of_them), max(all_of_them)
            print(f"{what} killed, {way}: median {median:.2f} s, max {most:.2f} s", flush=True)


async def _one(demo: Demo, again: Callable[[Demo], float]) -> dict[str, float]:
    async with _load(demo):
        await asyncio.sleep(LOAD_S)
        began = again(demo)
        meter = Meter()
        http, dc09 = await asyncio.gather(
            _acknowledged(demo.http_press), _acknowledged(demo.dc09_press)
        )
        others = meter.others()
    found = {"HTTP": http - began, "DC-09": dc09 - began}
    print(
        "   "
        + ", ".join(f"{way} {seconds:.2f} s" for way, seconds in found.items())
        + f" ({others:.0f} % of the machine was others')",
        flush=True,
    )
    return found


def _start_again(demo: Demo) -> float:
    demo.kill()
    return demo.start()


def _kill_alarm_process(demo: Demo) -> float:
    began = time.perf_counter()
    os.kill(demo.alarm_process(), signal.SIGKILL)
    return began


@asynccontextmanager
async def _load(demo: Demo) -> AsyncIterator[None]:
    """Diallers that press over and over, whatever becomes of the server."""
    async with asyncio.TaskGroup() as diallers:
        tasks = [diallers.create_task(_press_on(demo.dc09_press)) for _ in range(DIALLERS)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def _press_on(press: Press) -> None:
    while True:
        await _acknowledged(press)


async def _acknowledged(press: Press) -> float:
    """When a press that is repeated was acknowledged. Raises TimeoutError after two minutes."""
    async with asyncio.timeout(TRY_FOR_S):
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                if await press():
                    return time.perf_counter()
            await asyncio.sleep(TRY_EVERY_S)


async def _ask(port: int, said: bytes, end: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(said)
        async with asyncio.timeout(ANSWER_WITHIN_S):
            return await reader.readuntil(end)
    finally:
        writer.close()


_numbers = iter(range(10**9))


def _number() -> int:
    return next(_numbers) % 9999 + 1


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="callcenter-restart-", dir="/var/tmp"))
    folder.chmod(0o711)  # PostgreSQL runs as another user where this one is root
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
