"""The real server as a process of its own: started, stopped, killed and started again on the same data and ports."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from callcenter.core.sealed import Seal
from callcenter.core.secrets import load_secrets
from tests.support.community import LONG_AGO, Community
from tests.support.waiting import until

START_WITHIN_S = 60.0
STOP_WITHIN_S = 30.0
TOKEN = "a bearer token"
SECRET = b"a secret that signs"
KEY_ID = "phones"


@dataclass
class Server:
    """`dsn` None: it runs a private PostgreSQL below its data folder. Ports are those of its first start."""

    data_dir: Path
    dsn: str | None = None
    settings: dict[str, str] = field(default_factory=dict)
    descriptors: int | None = None
    """It may open no more files than these; None: as many as the tests."""
    environment: dict[str, str] = field(default_factory=dict)
    """Beside its settings."""
    http_port: int = 0
    tcp_port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def log_path(self) -> Path:
        return self.data_dir / "server.log"

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def killed(self) -> bool:
        """By `kill`, or ended by `stop` before."""
        return self._process is None

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def events(self, name: str) -> list[dict[str, Any]]:
        """Log lines of this event, of all starts."""
        whole, _, _being_written = self.log().rpartition("\n")
        lines = [line for line in whole.splitlines() if line.startswith("{")]
        return [event for event in map(json.loads, lines) if event.get("event") == name]

    async def start(self) -> None:
        """Returns when it answers; fails with the end of its log when it does not in time."""
        self.data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        before = len(self.events("listening")), len(self.events("serving"))
        with self.log_path.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: ASYNC220 it is not waited for
                [
                    *self._limits(),
                    sys.executable,
                    "-m",
                    "callcenter",
                    "serve",
                    "--data-dir",
                    str(self.data_dir),
                ],
                stdout=output,
                stderr=output,
                env=self._environment(),
                cwd=self.data_dir,
            )
        await until(lambda: self._is_up(before), "the server to answer", START_WITHIN_S)

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def process(self, name: str) -> int:
        """The process id of a child, alarm or office, that was started last."""
        return int([e["number"] for e in self.events("process_started") if e["name"] == name][-1])

    def signal(self, name: str, number: signal.Signals) -> int:
        """A signal to one child alone; its process id."""
        pid = self.process(name)
        os.kill(pid, number)
        return pid

    async def stop(self) -> int | None:
        """SIGTERM, unless it ended by itself; the exit code."""
        assert self._process is not None
        process = self._process
        process.send_signal(signal.SIGTERM)
        try:
            code = await asyncio.to_thread(process.wait, STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._process = None
        return code

    def _limits(self) -> list[str]:
        if self.descriptors is None:
            return []
        return ["sh", "-c", f'ulimit -n {self.descriptors}; exec "$@"', "sh"]

    def _environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CALLCENTER_")}
        given = {
            "PORT": str(self.http_port),
            "LISTENERS": json.dumps(self._listeners()),
            **self.settings,
        }
        if self.dsn is not None:
            given["DATABASE_URL"] = self.dsn
        return clean | self.environment | {f"CALLCENTER_{k}": v for k, v in given.items()}

    def _listeners(self) -> list[dict[str, object]]:
        ports = {"tcp": self.tcp_port, "udp": 0}
        return [{"format": "dc09", "transport": t, "port": port} for t, port in ports.items()]

    def _is_up(self, before: tuple[int, int]) -> bool:
        """Its ports are known and the alarm process serves; the office may still be on its way."""
        assert self.alive, f"the server ended: {self.log()[-3000:]}"
        listening, serving = before
        for event in self.events("listening")[listening:]:
            if event["protocol"] == "http":
                self.http_port = event["port"]
            elif event["transport"] == "tcp":
                self.tcp_port = event["port"]
        serves = [e for e in self.events("serving")[serving:] if e["process"] == "alarm"]
        return bool(self.http_port and serves) and accepts(self.http_port)


def accepts(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Operator:
    """Somebody with a log-in session."""

    user_id: int
    login: str
    cookie: str
    csrf_token: str


@dataclass
class Site:
    """What a running server finds in its tables: homes with pendants and elder phones, operators with a log-in."""

    community: Community
    operators: list[Operator]
    homes: list[int]

    @property
    def owner(self) -> asyncpg.Connection:
        return self.community.owner

    def pendant(self, number: int) -> str:
        """The DC-09 account at a home."""
        return f"{1000 + number}"

    def phone(self, number: int) -> str:
        """The elder phone at the same home."""
        return f"phone-{number}"


async def furnish(
    owner: asyncpg.Connection, data_dir: Path, *, homes: int = 8, operators: int = 2
) -> Site:
    """Fill an empty database; secrets are sealed with the keys in the server's data folder."""
    load_secrets(data_dir)
    community = await Community.found(owner)
    await community.source()
    await http_source(community, Seal.load(data_dir))
    made = []
    for number in range(homes):
        home = await community.home()
        resident = await community.resident(home)
        await community.contact(resident, phone=f"+861390000{number:04d}")
        await community.device(f"{1000 + number}", home, resident)
        await community.device(f"phone-{number}", home, resident, source=KEY_ID)
        made.append(home)
    people = [await operator(community, f"operator-{n}") for n in range(operators)]
    return Site(community, people, made)


async def http_source(community: Community, seal: Seal) -> None:
    """The source `phones`, with a bearer token and a secret that signs."""
    await community.owner.execute(
        "INSERT INTO source (name, kind, region_id, bearer_hash, hmac_key_id, hmac_secret_sealed)"
        " VALUES ($1, 'http_json', $2, $3, $1, $4)",
        KEY_ID,
        community.root,
        hashlib.sha256(TOKEN.encode()).digest(),
        seal.seal(SECRET, context="source.hmac_secret"),
    )


async def operator(
    community: Community, login: str, role: str = "operator", region: int | None = None
) -> Operator:
    """A user who is logged in already."""
    user_id = await community.user(login, role, region)
    cookie, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    await community.owner.execute(
        "INSERT INTO login_session (token_hash, user_id, csrf_token, created_at, expires_at, address)"
        " VALUES ($1, $2, $3, $4, $5, '')",
        hashlib.sha256(cookie.encode()).digest(),
        user_id,
        csrf_token,
        LONG_AGO,
        datetime.now(UTC) + timedelta(hours=8),
    )
    return Operator(user_id, login, cookie, csrf_token)
