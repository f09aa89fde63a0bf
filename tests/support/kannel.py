"""A real Kannel (bearerbox and smsbox) on ports of its own, and a stand-in for the network behind it.

Kannel's fake SMSC driver listens, and a line-based client plays the network: `from to text|ucs2 body`. Everything is below
one folder and on the loopback; the processes are children in sessions of their own, stopped in the order Kannel needs.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import httpx
import pytest
from pydantic import SecretStr

from callcenter.sms.gateways.kannel.settings import KannelSettings

USER, PASSWORD, STATUS_PASSWORD = "alert", "s3cret", "st"
START_LIMIT_S = 15.0
ATTEMPTS = 3
_TAKEN = "Address already in use"
_LISTENERS = Path("/proc/net/tcp")
MISSING = "Kannel is missing: apt-get install kannel (make system-deps does it)"


class PortTaken(Exception):
    """Of those that were free a moment ago."""


def settings_for(url: str, **changes: Any) -> KannelSettings:
    """Settings of a Kannel of the tests; where it calls back is told to the gateway itself."""
    fields: dict[str, Any] = {
        "url": url,
        "user": USER,
        "password": SecretStr(PASSWORD),
        "callback_url": "http://127.0.0.1:9",
    }
    return KannelSettings(**fields | changes)


def require_kannel() -> None:
    """Skips with one line where Kannel is not installed; fails where CI is set."""
    if _program("bearerbox") and _program("smsbox"):
        return
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, below the range the kernel hands out by itself to clients."""
    free: list[int] = []
    with contextlib.ExitStack() as stack:
        while len(free) < count:
            port = random.randrange(20_000, 32_000)
            with contextlib.suppress(OSError):
                # Kannel listens at every address of the machine
                stack.enter_context(socket.socket()).bind(("", port))
                free.append(port)
    return free


@dataclass
class Kannel:
    """Processes and addresses of one Kannel. `inbound_url` is where texts from phones are handed to."""

    folder: Path
    inbound_url: str
    queue_limit: int = 1_000
    recode: bool = True
    """Whether texts of phones are handed over in UTF-8, else as they came."""
    ports: list[int] = field(default_factory=lambda: free_ports(4))
    bearerbox: subprocess.Popen[bytes] | None = None
    smsbox: subprocess.Popen[bytes] | None = None

    @property
    def sendsms_url(self) -> str:
        return f"http://127.0.0.1:{self.ports[2]}/cgi-bin/sendsms"

    @property
    def smsc_port(self) -> int:
        return self.ports[3]

    @property
    def config(self) -> Path:
        return self.folder / "kannel.conf"

    def write_config(self) -> None:
        for name in ("spool", "receipts"):
            (self.folder / name).mkdir(exist_ok=True)
        admin, box, sendsms, smsc = self.ports
        self.config.write_text(
            _CONFIG.format(
                admin=admin, box=box, sendsms=sendsms, smsc=smsc, folder=self.folder, user=USER,
                password=PASSWORD, status=STATUS_PASSWORD, inbound=self.inbound_url,
                queue_limit=self.queue_limit, recode=str(self.recode).lower(),
            )
        )  # fmt: skip

    async def start(self) -> None:
        """At other ports where somebody has taken one of these since they were found free."""
        for _ in range(ATTEMPTS - 1):
            try:
                await self._start()
            except PortTaken:
                self.stop()
                for log in self.folder.glob("*.log"):
                    log.unlink()
                self.ports = free_ports(4)
                self.write_config()
            else:
                return
        await self._start()

    async def _start(self) -> None:
        self.smsbox = None
        self.bearerbox = self._run("bearerbox")
        await self.until("bearerbox up", lambda status: "running" in status)
        # its page answers before it listens to boxes, and an smsbox that is refused ends
        await _until_bound(self.ports[1])
        self.smsbox = self._run("smsbox")
        await self.until("smsbox connected", lambda status: "smsbox:" in status)
        await _until_listening(self.ports[2])

    def kill(self) -> None:
        """As a crash would: nothing more is written. smsbox first, which else starts itself anew ten seconds later."""
        for process in (self.smsbox, self.bearerbox):
            assert process is not None
            process.kill()
            process.wait()

    def stop(self) -> None:
        """smsbox first: it would start itself anew when bearerbox goes away."""
        for process in (self.smsbox, self.bearerbox):
            if process is not None:
                _stop(process)

    async def status(self) -> str:
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            answer = await client.get(
                f"http://127.0.0.1:{self.ports[0]}/status.txt", params={"password": STATUS_PASSWORD}
            )
        return answer.text

    async def until(self, what: str, reached: object, limit_s: float = START_LIMIT_S) -> None:
        """Polls the status page until `reached(page)`."""
        assert callable(reached)
        page = ""
        try:
            async with asyncio.timeout(limit_s):
                while True:
                    with contextlib.suppress(httpx.HTTPError):
                        page = await self.status()
                        if reached(page):
                            return
                    self._still_good()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(
                f"Kannel: no {what} in {limit_s} s\n{page}\n{self.logs()}"
            ) from None

    def logs(self) -> str:
        return "\n".join(
            f"== {path.name}\n{path.read_text(errors='replace')[-2_000:]}"
            for path in sorted(self.folder.glob("*.log"))
        )

    def _still_good(self) -> None:
        """It runs, and has what it wanted: bearerbox goes on without the port of its page."""
        if _TAKEN in (log := self.logs()):
            raise PortTaken(log)
        for process in (self.bearerbox, self.smsbox):
            if process is not None and process.poll() is not None:
                raise AssertionError(f"Kannel ended: {process.args!r}\n{log}")

    def _run(self, name: str) -> subprocess.Popen[bytes]:
        program = _program(name)
        assert program is not None
        # In a session of its own: smsbox replaces itself by a child when bearerbox goes away, and that is found by its group.
        with (self.folder / f"{name}.out.log").open("ab") as out:
            return subprocess.Popen(
                [program, str(self.config)], stdout=out, stderr=out, cwd=self.folder,
                start_new_session=True,
            )  # fmt: skip


def _stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    # Whatever is left of its group, such as an smsbox that has started itself anew.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


async def _until_bound(port: int) -> None:
    async with asyncio.timeout(START_LIMIT_S):
        while not _is_bound(port):
            await asyncio.sleep(0.02)


def _is_bound(port: int) -> bool:
    """Asks the kernel, not the port: a stranger who calls and says nothing is no box. Column 2 is the address, column 4 the state (proc(5)); 0A listens."""
    rows = map(str.split, _LISTENERS.read_text().splitlines()[1:])
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


async def _until_listening(port: int) -> None:
    async with asyncio.timeout(START_LIMIT_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


@contextmanager
def running_kannel(
    folder: Path, inbound_url: str, queue_limit: int = 1_000, *, recode: bool = True
) -> Iterator[Kannel]:
    """A Kannel to be started with `start`; stopped at the end whatever happened."""
    require_kannel()
    kannel = Kannel(folder, inbound_url, queue_limit, recode)
    kannel.write_config()
    try:
        yield kannel
    finally:
        kannel.stop()


@dataclass(frozen=True)
class OnAir:
    """A text as the network got it from Kannel."""

    sender: str
    recipient: str
    text: str


class Network:
    """The SMSC behind Kannel: keeps what it gets, and sends texts of phones. Kannel's fake driver reports each text as
    delivered the moment it is written to the network."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.got: list[OnAir] = []
        self._arrived = asyncio.Condition()

    async def listen(self) -> None:
        while line := await self._reader.readline():
            if (on_air := _parse(line)) is None:
                continue
            async with self._arrived:
                self.got.append(on_air)
                self._arrived.notify_all()

    async def wait_for(self, count: int) -> list[OnAir]:
        async with asyncio.timeout(15), self._arrived:
            await self._arrived.wait_for(lambda: len(self.got) >= count)
        return self.got

    async def phone_sends(self, sender: str, text: str, to: str = "10690001") -> None:
        encoded = "".join(f"%{byte:02X}" for byte in text.encode("utf-16-be"))
        self._writer.write(f"{sender} {to} ucs2 {encoded}\n".encode())
        await self._writer.drain()


def _parse(line: bytes) -> OnAir | None:
    """`from to text body` as it stands, or `from to ucs-2 body` with %xx and + for a space."""
    sender, recipient, kind, body = (line.rstrip(b"\n").split(b" ", 3) + [b""] * 4)[:4]
    if kind == b"ucs-2":
        text = unquote_to_bytes(body.replace(b"+", b" ")).decode("utf-16-be")
    elif kind == b"text":
        text = body.decode("utf-8", "replace")
    else:
        return None
    return OnAir(sender.decode(), recipient.decode(), text)


@asynccontextmanager
async def network(kannel: Kannel) -> AsyncIterator[Network]:
    """The link between Kannel and the network, up while the block lasts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", kannel.smsc_port)
    link = Network(reader, writer)
    listening = asyncio.create_task(link.listen())
    try:
        await kannel.until("link", lambda status: "online" in status)
        yield link
    finally:
        listening.cancel()
        writer.transport.abort()
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await listening


_CONFIG = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = adm
status-password = {status}
admin-allow-ip = "127.0.0.1"
admin-deny-ip = "*.*.*.*"
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
log-file = "{folder}/bearerbox.log"
log-level = 1
store-type = spool
store-location = "{folder}/spool"
dlr-storage = spool
dlr-spool = "{folder}/receipts"
sms-resend-freq = 1
sms-resend-retry = -1
sms-outgoing-queue-limit = {queue_limit}

group = smsc
smsc = fake
smsc-id = A
allowed-smsc-id = A
port = {smsc}
our-host = 127.0.0.1
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
smsbox-id = box1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
sendsms-chars = "0123456789+ "
global-sender = 10690001
mo-recode = {recode}
log-file = "{folder}/smsbox.log"
log-level = 1
http-request-retry = 1000
http-queue-delay = 1
http-timeout = 10

group = smsbox-route
smsbox-id = box1
smsc-id = "A"

group = sendsms-user
username = {user}
password = {password}
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
concatenation = true
max-messages = 10

group = sms-service
keyword = default
get-url = "{inbound}?from=%p&to=%P&smsc=%i&id=%I&charset=%C&coding=%c&udh=%u&text=%a"
catch-all = true
max-messages = 0
omit-empty = true
send-sender = false
"""
