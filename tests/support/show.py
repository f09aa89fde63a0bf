"""The demo as a newcomer starts it, on ports and data of its own, and the browser that stands in front of it.

Used by the stories in tests/e2e and by the tool that makes the pictures of the handbook.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import orjson

from callcenter.demo.community.users import PASSWORD
from tests.support.site_zone import SITE_TIMEZONE

ROOT = Path(__file__).parents[2]
START_LIMIT_S = 90.0
STOP_LIMIT_S = 60.0
CHROMIUM = next(
    (path for n in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(n))),
    None,
)
MISSING = (
    "Chromium is missing: apt-get install chromium fonts-wqy-microhei (make system-deps does it)"
)
# Loopback only, no sound without a click as on a real seat, and WebGL by software where there is no GPU.
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--autoplay-policy=user-gesture-required",
    "--use-fake-device-for-media-stream",  # a microphone that beeps, and nobody to ask whether it may be used
    "--use-fake-ui-for-media-stream",
)
WITHOUT_EXCHANGE: Final = {"ASTERISK_FOLDER": "none"}
"""For stories in which nobody telephones: their seats have no telephone to try."""


@dataclass(frozen=True)
class Demo:
    """A running demo: its two addresses and its data folder."""

    console: str
    devices: str
    data_dir: Path

    @property
    def dc09_port(self) -> int:
        """Where diallers call, over TCP and UDP."""
        return int(self.console.rsplit(":", 1)[1]) + 2

    @cached_property
    def operators(self) -> tuple[Api, ...]:
        """Both operators without a screen, for what a story needs around it."""
        return tuple(Api(self.console, login) for login in ("operator", "operator2"))

    def make_calm(self) -> None:
        """Close every incident, whoever has it."""
        by_user = {each.user_id: each for each in self.operators}
        while incidents := self.operators[0].get("/incidents", state="open", limit=200):
            for incident in incidents:
                api = by_user.get(incident["taken_by"], self.operators[0])
                if incident["state"] == "waiting":
                    api.command(incident["id"], "take")
                api.command(incident["id"], "close", outcome="test")

    def send(self, *devices: str, kind: str = "sos", **fields: object) -> None:
        """One signal of each device by HTTP, as the elder phones send them; a name nobody knows is an unknown caller."""
        known = orjson.loads((self.data_dir / "demo-devices.json").read_bytes())
        headers = {"Authorization": f"Bearer {known['http']['bearer']}"}
        with httpx.Client(base_url=self.console, headers=headers, trust_env=False) as client:
            for device in devices:
                signal_of = {"id": str(uuid4()), "device": device, "kind": kind, **fields}
                client.post("/ingest/v1/signals", json=signal_of).raise_for_status()

    def device_of(self, resident: str, kind: str) -> str:
        """The identifier of a resident's device."""
        known = orjson.loads((self.data_dir / "demo-devices.json").read_bytes())
        fits = (d for d in known["devices"] if d["resident"] == resident and d["kind"] == kind)
        return str(next(fits)["identifier"])

    def start_server(self) -> None:
        """Brings a killed server back; nothing where it runs."""
        if not _answers(f"{self.console}/readyz"):
            httpx.post(f"{self.devices}/demo/server/start", trust_env=False, timeout=10)
            _until_answers(f"{self.console}/readyz")
        _until_answers(f"{self.console}/api/v1/login-info")  # the office comes a moment later


class Api:
    """A log-in of the demo that speaks HTTP."""

    def __init__(self, address: str, login: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/api/v1", trust_env=False, timeout=30)
        self._client.headers["Origin"] = address
        self.post("/login", login=login, password=PASSWORD)
        me = self.get("/me")
        self.user_id: int = me["user"]["id"]
        self._client.headers["X-CSRF-Token"] = me["csrf_token"]

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **params: str | int) -> Any:
        """Asks again while the office is away, as it says: a server that was killed rings before it looks things up."""
        deadline = time.monotonic() + 30
        answer = self._client.get(path, params=params)
        while answer.status_code == 503 and time.monotonic() < deadline:
            time.sleep(min(float(answer.headers["Retry-After"]), 1.0))
            answer = self._client.get(path, params=params)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, **document: object) -> None:
        self._client.post(path, json=document).raise_for_status()

    def ask(self, path: str, **document: object) -> Any:
        """What is answered to a question that is posted."""
        answer = self._client.post(path, json=document)
        answer.raise_for_status()
        return answer.json()

    def patch(self, path: str, **document: object) -> None:
        self._client.patch(path, json=document).raise_for_status()

    def command(self, incident_id: str, name: str, **document: object) -> None:
        """A command of the seat, with an id of its own."""
        self.post(f"/incidents/{incident_id}/{name}", command_id=str(uuid4()), **document)


@dataclass(frozen=True)
class Site:
    """A running server on which nobody has an account: its address and its data folder."""

    console: str
    data_dir: Path


@contextmanager
def running_demo(given: Mapping[str, str] = {}) -> Iterator[Demo]:
    """`callcenter demo` with these variables, ready; ended as by Ctrl-C. Raises RuntimeError with its last words when it does
    not start.
    """
    port = neighbouring_ports()
    with _own_folder() as folder:
        demo = Demo(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", folder / "data")
        command = ("demo", "--port", str(port), "--data-dir", str(demo.data_dir))
        # the office comes last
        answering = (f"{demo.console}/readyz", demo.devices, f"{demo.console}/api/v1/login-info")
        with _running(folder, command, given, answering):
            try:
                yield demo
            finally:
                for operator in demo.__dict__.get("operators", ()):
                    operator.close()


@contextmanager
def running_site() -> Iterator[Site]:
    """`callcenter serve` on an empty data folder with a private PostgreSQL, as after an installation; else as `running_demo`."""
    port = neighbouring_ports()
    given = {"CALLCENTER_PORT": str(port), "CALLCENTER_LISTENERS": "[]"}
    with _own_folder() as folder:
        site = Site(f"http://127.0.0.1:{port}", folder / "data")
        command = ("serve", "--data-dir", str(site.data_dir))
        answering = (f"{site.console}/readyz", f"{site.console}/api/v1/first-start")
        with _running(folder, command, given, answering):
            yield site


@contextmanager
def _own_folder() -> Iterator[Path]:
    """Below the system's folder and open to all: as root the private PostgreSQL runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="callcenter-show-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(
    folder: Path, command: Sequence[str], given: Mapping[str, str], answering: Sequence[str]
) -> Iterator[None]:
    clean = {key: text for key, text in os.environ.items() if not key.startswith("CALLCENTER_")}
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "callcenter", *command],
            stdout=out,
            stderr=out,
            cwd=ROOT,
            env={**clean, "CALLCENTER_TIMEZONE": SITE_TIMEZONE, **given},
        )
    try:
        for url in answering:
            _until_answers(url, process, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_LIMIT_S)


def neighbouring_ports() -> int:
    """Console, devices, DC-09 and the demo's other centre stand on neighbouring ports, below those that the system gives to clients."""
    while True:
        port = random.randrange(20_000, 30_000, 4)
        if all(_is_free(port + step) for step in range(4)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _until_answers(
    url: str, process: subprocess.Popen[bytes] | None = None, log: Path | None = None
) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while not _answers(url):
        ended = process is not None and process.poll() is not None
        if ended or time.monotonic() > deadline:
            said = log.read_text("utf-8", "replace")[-2_000:] if log else ""
            raise RuntimeError(f"{url} does not answer\n{said}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
