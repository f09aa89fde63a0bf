"""`callcenter replay FILE --serve`: a night for training. A server of its own on a folder of its own rings what rang then, and whoever
sits there works it; at the end stands how they did beside the night as it was.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import httpx
import typer

from callcenter.core.clock import SystemClock
from callcenter.core.errors import Invalid, Unavailable
from callcenter.devices.protocols.http_json import FORMAT as HTTP_JSON

if TYPE_CHECKING:
    from callcenter.replaying.exercise import Exercise
    from callcenter.replaying.night import Night
    from callcenter.replaying.pressing_again import Press, Presses

LOOKS_EVERY_S: Final = 0.2
START_LIMIT_S: Final = 120.0
STOP_LIMIT_S: Final = 60.0
INGEST: Final = "/ingest/v1/signals"
FASTEST: Final = 1_000
HELP: Final = "write g: go on, p: hold, n: the next press at once, a number: the speed, end: the comparison (Ctrl-C too)"


@dataclass(frozen=True, slots=True)
class Room:
    """Where trainees reach it. Beyond this machine browsers need a certificate."""

    port: int
    host: str = "127.0.0.1"
    certificate: Path | None = None
    key: Path | None = None

    @property
    def address(self) -> str:
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{self.host}:{self.port}"


def train(
    night: Night, into: Path | None, speed: float, room: Room, trainees: int, output: Path | None
) -> None:
    """Until the night is over and somebody writes `end`, or Ctrl-C. Raises Invalid, Unavailable."""
    from callcenter.replaying.pressing_again import presses_of

    presses = presses_of(night)
    if not presses.presses:
        raise Invalid("no device has pressed in this night: there is nothing to train with")
    with _own_folder(into) as folder:
        exercise = _prepared(night, folder, presses, trainees)
        began = SystemClock().now()
        with _server(night, folder, room) as server:
            _announce(room, exercise, presses)
            _Play(server, room, exercise, presses.presses, speed).run()
        _compare(night, folder, began, output)


@contextmanager
def _own_folder(into: Path | None) -> Iterator[Path]:
    from callcenter.replaying.scratch import own_folder, refuse_filled_folder

    folder = own_folder() if into is None else refuse_filled_folder(into)
    try:
        yield folder
    finally:
        if into is None:
            shutil.rmtree(folder, ignore_errors=True)


def _prepared(night: Night, folder: Path, presses: Presses, trainees: int) -> Exercise:
    from callcenter.core.cluster import SUPERUSER, Cluster
    from callcenter.core.migrating import migrate
    from callcenter.core.sealed import Seal
    from callcenter.replaying.exercise import prepare
    from callcenter.replaying.scratch import Place

    typer.echo("the night moves in", err=True)
    cluster = Cluster.start(folder)
    try:
        asyncio.run(migrate(cluster.dsn()))
        place = Place(cluster.dsn(), cluster.dsn(SUPERUSER))
        seal = Seal.load(folder)
        sources = dict.fromkeys(presses.sources, HTTP_JSON.name)
        return asyncio.run(prepare(night, place, seal, sources, trainees))
    finally:
        cluster.stop()


# ---- the server


@contextmanager
def _server(night: Night, folder: Path, room: Room) -> Iterator[subprocess.Popen[bytes]]:
    """`callcenter serve` on that folder, told nothing of this site: neither its file nor its environment."""
    command = [sys.executable, "-m", "callcenter", "serve"]
    with (folder / "server.log").open("ab") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=_environment(night, folder, room),
            start_new_session=True,
        )
    try:
        _wait_for(child, room, folder)
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(STOP_LIMIT_S)


def _environment(night: Night, folder: Path, room: Room) -> Mapping[str, str]:
    clean = {name: value for name, value in os.environ.items() if not _is_of_site(name)}
    given = {
        "DATA_DIR": str(folder.absolute()),
        "EXERCISE": "true",
        "HOST": room.host,
        "PORT": str(room.port),
        "TIMEZONE": night.header["zone"],
        "LISTENERS": json.dumps([]),
    }
    if room.certificate and room.key:
        given["TLS_CERTIFICATE"] = str(room.certificate.absolute())
        given["TLS_KEY"] = str(room.key.absolute())
    return clean | {f"CALLCENTER_{name}": value for name, value in given.items()}


def _is_of_site(name: str) -> bool:
    return name.startswith("CALLCENTER_")


def _wait_for(child: subprocess.Popen[bytes], room: Room, folder: Path) -> None:
    until = time.monotonic() + START_LIMIT_S
    with _client(room) as client:
        while not _is_ready(client):
            if child.poll() is not None or time.monotonic() > until:
                said = (folder / "server.log").read_text("utf-8", "replace").splitlines()[-8:]
                raise Unavailable("the server of the exercise does not start:\n" + "\n".join(said))
            time.sleep(LOOKS_EVERY_S)


def _is_ready(client: httpx.Client) -> bool:
    try:
        answer = client.get("/readyz")
    except httpx.HTTPError:
        return False
    return answer.is_success and bool(answer.json()["checks"].get("office", True))


def _client(room: Room) -> httpx.Client:
    """Speaks to our own child on this machine."""
    return httpx.Client(base_url=room.address, trust_env=False, timeout=10, verify=False)  # noqa: S501 - see above


def _announce(room: Room, exercise: Exercise, presses: Presses) -> None:
    typer.echo(f"exercise at {room.address}/ (marked on every page; texts go to the sandbox)")
    for log_in in exercise.log_ins:
        typer.echo(f"  log-in {log_in.login:<10} {log_in.password}  {log_in.role}")
    typer.echo(f"{len(presses.presses)} presses")
    for what, count in presses.not_played.items():
        typer.echo(f"not played: {count} {what}")
    typer.echo(HELP)


# ---- the play


class _Play:
    """Presses what is due, and does what the trainer writes. Held at the beginning, where a trainer can write."""

    def __init__(
        self,
        server: subprocess.Popen[bytes],
        room: Room,
        exercise: Exercise,
        presses: Sequence[Press],
        speed: float,
    ) -> None:
        from callcenter.replaying.pressing_again import Pace

        self._server = server
        self._tokens = exercise.tokens
        self._client = _client(room)
        self._waiting = deque(presses)
        self._pace = Pace(speed, time.monotonic())
        self._listens = True
        self._begun = b""
        """Of a line whose end has not come."""
        self._ended = False
        if sys.stdin.isatty():
            self._pace.hold(time.monotonic())

    def run(self) -> None:
        """Until `end`, Ctrl-C, or, where nobody can write, the last press. Raises Unavailable."""
        with _stop_signals(), self._client, suppress(KeyboardInterrupt):
            while not self._ended:
                self._hear()
                self._press_due()
                if self._server.poll() is not None:
                    raise Unavailable(
                        "the server of the exercise has ended: see server.log in its folder"
                    )
        typer.echo("the exercise ends", err=True)

    def _hear(self) -> None:
        """At most so long, so that the next press is not late."""
        if not self._listens:
            self._ended = not self._waiting
            time.sleep(LOOKS_EVERY_S)
            return
        readable, _, _ = select.select([sys.stdin], [], [], LOOKS_EVERY_S)
        if readable:
            read = os.read(sys.stdin.fileno(), 4_096)
            self._listens = read != b""
            *lines, self._begun = (self._begun + read).split(b"\n")
            for line in lines:
                self._do(line.decode("utf-8", "replace").strip().lower())

    def _do(self, word: str) -> None:
        """A press that was skipped to comes at once, also before the next word of the same breath."""
        at = time.monotonic()
        if word == "end":
            self._ended = True
        elif word == "p":
            self._pace.hold(at)
        elif word == "g":
            self._pace.go_on(at)
        elif word == "n" and self._waiting:
            self._pace.skip_to(self._waiting[0].after_s, at)
            self._press_due()
        elif word.isdecimal() and 0 < int(word) <= FASTEST:
            self._pace.go_on(at, float(word))
        elif word:
            typer.echo(HELP)
            return
        if word and not self._ended:
            self._tell()

    def _press_due(self) -> None:
        while self._waiting and self._waiting[0].after_s <= self._pace.passed(time.monotonic()):
            press = self._waiting[0]
            self._send(press)
            self._waiting.popleft()
            self._tell()

    def _send(self, press: Press) -> None:
        """As a device does it. Raises Unavailable."""
        headers = {"Authorization": f"Bearer {self._tokens[press.source]}"}
        try:
            answer = self._client.post(INGEST, json=dict(press.body), headers=headers)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise Unavailable(f"{press.body['kind']} of {press.body['device']}: {error}") from error

    def _tell(self) -> None:
        passed = timedelta(seconds=int(self._pace.passed(time.monotonic())))
        speed = f"{self._pace.speed:g}x" if self._pace.speed else "held"
        typer.echo(
            f"{passed} of the night, {speed}, {len(self._waiting)} presses to come", err=True
        )


@contextmanager
def _stop_signals() -> Iterator[None]:
    """SIGTERM ends it as Ctrl-C does: with the comparison."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# ---- at the end


def _compare(night: Night, folder: Path, began: datetime, output: Path | None) -> None:
    """Read as every night is; into a file as well, where one is named."""
    from callcenter.cli.journal import write_night
    from callcenter.core.cluster import Cluster
    from callcenter.replaying.beside import beside, told

    cluster = Cluster.start(folder)
    try:
        played = asyncio.run(_read_back(cluster.dsn(), began, night.header["zone"]))
    finally:
        cluster.stop()
    for line in told(beside(night, played)):
        typer.echo(line)
    if output is not None:
        write_night(played, output)
        typer.echo(f"the exercise as a night in {output}", err=True)


async def _read_back(dsn: str, began: datetime, zone: str) -> Night:
    from callcenter import __version__
    from callcenter.core.database import Database
    from callcenter.replaying.reading import Site, read_night
    from callcenter.settings import Settings

    database = Database(dsn, role=None, pool_size=1)
    try:
        connection = await database.connect("exercise", answer_s=None)
        try:
            now = SystemClock().now()
            site = Site(zone, __version__, Settings().alarm.taker_gone_s)
            return await read_night(connection, began, now, now, site)
        finally:
            await connection.close()
    finally:
        await database.close()
