"""The watchdog as a process of its own, enrolled at a running server, and servers that stand for its second way."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.support.server import Server
from tests.support.waiting import until


def callcenter(server: Server, *arguments: str) -> str:
    """A command on the server's machine; what it says."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CALLCENTER_")}
    if server.dsn is not None:
        environment["CALLCENTER_DATABASE_URL"] = server.dsn
    done = subprocess.run(
        [sys.executable, "-m", "callcenter", *arguments, "--data-dir", str(server.data_dir)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=server.data_dir,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass
class WatchdogProcess:
    """Started and stopped as often as a story wants, on the same file and state."""

    folder: Path
    _process: subprocess.Popen[bytes] | None = None

    @property
    def config(self) -> Path:
        return self.folder / "watchdog.toml"

    @property
    def log_path(self) -> Path:
        return self.folder / "watchdog.log"

    def events(self, name: str) -> list[dict[str, Any]]:
        text = self.log_path.read_text(errors="replace") if self.log_path.exists() else ""
        whole, _, _being_written = text.rpartition("\n")
        lines = [json.loads(line) for line in whole.splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("event") == name]

    async def circles(self, count: int, event: str = "circle_closed", within_s: float = 40) -> None:
        """Waits until so many more have come."""
        before = len(self.events(event))
        await until(lambda: len(self.events(event)) >= before + count, f"{count} {event}", within_s)

    def start(self) -> None:
        with self.log_path.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "callcenter", "watchdog", "-w", str(self.config)],
                stdout=output,
                stderr=output,
                cwd=self.folder,
            )

    def stop(self) -> int:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(15)
        self._process = None
        return code

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")[-3000:]


def enrolled(
    server: Server, folder: Path, *, more: str = "", arguments: Sequence[str] = ()
) -> WatchdogProcess:
    """By the command, with short times, so that a story need not last minutes."""
    made = WatchdogProcess(folder)
    callcenter(
        server, "watchdog", "enroll", "--server", server.url, "--out", str(made.config),
        "--every", "5", "--within", "8", *arguments,
    )  # fmt: skip
    text = made.config.read_text()
    made.config.write_text(
        text.replace(
            "every_s = 5",
            f'every_s = 1\nretry_s = 1\nrepeat_s = 6\nstate_file = "{folder}/state.json"',
        )
        + more
    )
    return made


@asynccontextmanager
async def watching(made: WatchdogProcess) -> AsyncIterator[WatchdogProcess]:
    made.start()
    try:
        yield made
    finally:
        made.kill()


@dataclass
class Listening:
    """A server that takes webhooks, or mail, and keeps them. `refuse`: it answers that it cannot."""

    port: int
    got: list[Any] = field(default_factory=list)
    refuse: bool = False

    def events(self) -> list[str]:
        return [one["event"] for one in self.got]


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _listening(made: Listening, serve: Serve) -> AsyncIterator[Listening]:
    """Every connection is closed by the end of it."""
    running: set[asyncio.Task[None]] = set()

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await serve(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(each, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
    await asyncio.gather(*running)


@asynccontextmanager
async def webhook_server() -> AsyncIterator[Listening]:
    """HTTP, as far as a POST needs it."""
    made = Listening(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        body = json.loads(await reader.readexactly(length))
        if made.refuse:
            writer.write(b"HTTP/1.1 503 Away\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        else:
            made.got.append(body)
            writer.write(b"HTTP/1.1 204 OK\r\nconnection: close\r\n\r\n")
        await writer.drain()

    async with _listening(made, serve):
        yield made


@asynccontextmanager
async def mail_server() -> AsyncIterator[Listening]:
    """SMTP, as far as one plain mail needs it; keeps each as text."""
    made = Listening(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line.strip().upper().split(b" ")[0]
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                made.got.append(body.decode())
                writer.write(b"250 kept\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()

    async with _listening(made, serve):
        yield made


@asynccontextmanager
async def sms_server() -> AsyncIterator[Listening]:
    """Kannel's sendsms, as far as one text needs it: who and what."""
    made = Listening(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            except asyncio.IncompleteReadError:
                break
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
            body = await reader.readexactly(int(fields["content-length"]))
            made.got.append({"to": unquote(fields["x-kannel-to"]), "text": body.decode()})
            answer = b"0: Accepted for delivery"
            writer.write(b"HTTP/1.1 202 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(answer), answer))
            await writer.drain()

    async with _listening(made, serve):
        yield made
