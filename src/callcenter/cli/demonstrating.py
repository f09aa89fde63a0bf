"""`callcenter demo`: the server and the virtual devices, each a process of its own, so that killing the server shows
what a killed server loses: nothing.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from rich.console import Console

from callcenter.cli.options import ConfigFile, DataDir, home_for_root, make_data_dir
from callcenter.cli.serving import DEMO_MARKER, PID_FILE
from callcenter.core.cluster import Cluster
from callcenter.core.errors import Conflict, Misconfigured, Unavailable
from callcenter.core.pid_file import holder
from callcenter.settings import Settings, load

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")

DEVICES_PID_FILE = "devices.pid"
SERVER_LOG, DEVICES_LOG = "server.log", "devices.log"
WATCHDOG_FILE, WATCHDOG_LOG = "watchdog.toml", "watchdog.log"
WATCHDOG_PID_FILE = "watchdog.pid"
PBX_FOLDER = "pbx"
START_LIMIT_S = 180.0
STOP_LIMIT_S = 20.0
_POLL_S = 0.1


class Halt(StrEnum):
    STOP = "stop"
    START = "start"


@app.command()
def demo(
    config: ConfigFile = None,
    data_dir: DataDir = None,
    port: Annotated[
        int,
        typer.Option(
            "--port", help="Port of the console; devices use the next, DC-09 the one after."
        ),
    ] = 8000,
    devices: Annotated[
        bool, typer.Option("--devices/--no-devices", help="Start the virtual devices too.")
    ] = True,
    stop: Annotated[
        bool, typer.Option("--stop", help="Stop what an earlier demo left running, and do no more.")
    ] = False,
    database: Annotated[
        Halt | None,
        typer.Option(
            "--database",
            help="Of the demo that runs: let its database stand still, or go on. Alarms ring on.",
        ),
    ] = None,
) -> None:
    """Show everything with invented people: a community of 60, virtual pendants and phones, texts that go nowhere.

    Nothing needs to be configured. Ctrl-C stops it; what happened stays in the data folder (default ./var).
    """
    show = Show(demo_settings(config, data_dir, port), with_devices=devices, config=config)
    if database is not None:
        halt_database(show.settings, database)
        return
    if stop:
        raise typer.Exit(0 if show.stop() else 1)
    raise typer.Exit(show.run())


def demo_settings(config: Path | None, data_dir: Path | None, port: int) -> Settings:
    """The site's settings, bound to this machine and to the sandbox. Raises Misconfigured."""
    listener = {"format": "dc09", "host": "127.0.0.1", "port": port + 2}
    overrides: dict[str, object] = {
        "demo": True,
        "host": "127.0.0.1",
        "port": port,
        "tls_certificate": None,
        "tls_key": None,
        "listeners": [listener | {"transport": transport} for transport in ("tcp", "udp")],
    }
    if data_dir is not None:
        overrides["data_dir"] = data_dir
    settings = load(config, overrides=overrides)
    if settings.field.public_url is not None:
        return settings
    # so that the texts to families have their link: here the phones stand on this machine
    field = settings.field.model_copy(update={"public_url": f"http://127.0.0.1:{port}"})
    return settings.model_copy(update={"field": field})


def halt_database(settings: Settings, halt: Halt) -> None:
    """Stops the processes of the demo's own PostgreSQL where they stand, or lets them go on. Raises Conflict where none runs."""
    for home in (settings.data_dir, home_for_root(settings.data_dir)):
        with suppress(Unavailable):
            pid = Cluster.attach(home).pid
            if pid is not None and (settings.data_dir / DEMO_MARKER).exists():
                _signal_all(pid, signal.SIGSTOP if halt is Halt.STOP else signal.SIGCONT)
                return
    raise Conflict(f"no demo runs in {settings.data_dir}: name its folder with --data-dir")


def _signal_all(postmaster: int, number: signal.Signals) -> None:
    """The first last where they go on, so that it misses nothing of its children."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    order = [postmaster, *map(int, children)]
    for pid in order if number is signal.SIGSTOP else reversed(order):
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@dataclass(frozen=True, slots=True)
class Program:
    """One of the processes: how it is started, where it writes, in which file its number stands."""

    command: tuple[str, ...]
    log: Path
    pid_file: Path

    def pid(self) -> int | None:
        return holder(self.pid_file)


def server_command(settings: Settings, config: Path | None = None) -> tuple[str, ...]:
    """How the demo's server is started, the first time and after it was killed."""
    command = [sys.executable, "-m", "callcenter", "serve", "--demo"]
    command += ["--data-dir", str(settings.data_dir), "--port", str(settings.port)]
    return (*command, *(["--config", str(config)] if config else []))


def devices_command(settings: Settings) -> tuple[str, ...]:
    """How the virtual devices are started."""
    command = [sys.executable, "-m", "callcenter", "simulate", "devices"]
    command += ["--data-dir", str(settings.data_dir), "--port", str(settings.port + 1)]
    return (*command, "--server-port", str(settings.port))


def watchdog_command(settings: Settings) -> tuple[str, ...]:
    """How the watchdog is started; on a real site it stands on another machine."""
    folder = settings.data_dir
    command = [sys.executable, "-m", "callcenter", "watchdog"]
    command += ["--watchdog-config", str(folder / WATCHDOG_FILE)]
    return (*command, "--pid-file", str(folder / WATCHDOG_PID_FILE))


def enrolling_command(settings: Settings) -> tuple[str, ...]:
    """Writes its file, once."""
    command = [sys.executable, "-m", "callcenter", "watchdog", "enroll", "--name", "demo"]
    command += ["--server", f"http://127.0.0.1:{settings.port}", "--every", "30"]
    command += ["--out", str(settings.data_dir / WATCHDOG_FILE)]
    return (*command, "--data-dir", str(settings.data_dir))


@dataclass(frozen=True, slots=True)
class Exchange(Program):
    """An Asterisk, which writes its number itself and holds nothing."""

    def pid(self) -> int | None:
        with suppress(OSError, ValueError):
            pid = int(self.pid_file.read_text())
            if str(self.pid_file.parents[1]) in Path(f"/proc/{pid}/cmdline").read_text():
                return pid
        return None


def exchange_of(settings: Settings) -> tuple[Settings, Exchange | None]:
    """The demo with a real exchange where one is found, and how that is started; else with simulated calls. As it was where the site has one
    of its own, and where no telephone is wanted.
    """
    from callcenter.cli import demo_exchange as exchange, demo_simulated as simulated

    folder = settings.data_dir.resolve() / PBX_FOLDER
    is_unwanted = os.environ.get(exchange.FOLDER_VARIABLE) == simulated.NO_TELEPHONE
    if settings.telephony is not None or is_unwanted:
        return settings, None
    installed = exchange.find(Path(__file__).parents[3])
    if installed is None:
        return settings.model_copy(update={"telephony": simulated.section()}), None
    section = exchange.section_of(installed, folder)
    command = exchange.command(installed, section)
    program = Exchange(command, folder / "out.log", folder / "run" / "asterisk.pid")
    return settings.model_copy(update={"telephony": section}), program


class Show:
    """Starts both processes, watches them, and stops both, whoever started the server last."""

    def __init__(
        self,
        settings: Settings,
        *,
        with_devices: bool,
        out: Console | None = None,
        config: Path | None = None,
    ) -> None:
        """`config`: the settings file that was named, which the server reads as well."""
        folder = settings.data_dir
        settings, self.exchange = exchange_of(settings)
        self.settings = settings
        command = server_command(settings, config)
        self.server = Program(command, folder / SERVER_LOG, folder / PID_FILE)
        self.devices = Program(
            devices_command(settings), folder / DEVICES_LOG, folder / DEVICES_PID_FILE
        )
        self.watchdog = Program(
            watchdog_command(settings), folder / WATCHDOG_LOG, folder / WATCHDOG_PID_FILE
        )
        self.with_devices = with_devices
        self.out = out or Console(highlight=False)
        self._children: list[subprocess.Popen[bytes]] = []

    def run(self) -> int:
        """Until Ctrl-C or until the server gives up; the exit code."""
        if (pid := self.server.pid()) is not None:
            raise Conflict(
                f"the demo already runs (process {pid}): {self._address(0)}\n"
                "stop it with: callcenter demo --stop"
            )
        make_data_dir(self.settings)
        self._check_ports()
        with _stop_signals():
            try:
                self._start_the_exchange()
                server = self._start(self.server)
                devices = self._start(self.devices) if self.with_devices else None
                log_ins = self._log_ins()
                self._wait_for_server(server)
                if devices is not None:
                    self._wait_for_devices(devices)
                self._announce(log_ins)
                if self.with_devices:
                    self._watch_the_server()
                return self._watch(server)
            except KeyboardInterrupt:
                self.out.print("\n正在停止 stopping")
                return 0
            finally:
                self.stop()

    def stop(self) -> bool:
        """Stop all processes; whether that worked."""
        # The devices before the server: they would press on, and could start it again.
        exchange = (self.exchange,) if self.exchange else ()
        programs = (self.watchdog, self.devices, self.server, *exchange)
        stopped = [_stop(program, self._children) for program in programs]
        return all(stopped)

    def _start_the_exchange(self) -> None:
        """One that an earlier demo left is ended: its passwords were those of that demo."""
        from callcenter.telephony.pbxs.asterisk.putting import put

        section = self.settings.telephony
        if self.exchange is None or section is None or section.kind != "asterisk":
            return
        _stop(self.exchange, self._children)
        put(section)
        self._start(self.exchange)

    def _watch_the_server(self) -> None:
        """Nobody waits for it, and the show goes on without."""
        if not (self.settings.data_dir / WATCHDOG_FILE).exists():
            done = subprocess.run(
                enrolling_command(self.settings),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                env=_environment(self.settings),
                check=False,
            )
            if done.returncode != 0:
                self.out.print(f"看门狗未启动 no watchdog: {done.stderr.strip()}")
                return
        self._start(self.watchdog)

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        with program.log.open("ab") as log:
            # In a session of its own: Ctrl-C and a killed server concern the other one only through us.
            child = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(self.settings),
                start_new_session=True,
            )
        self._children.append(child)
        return child

    def _wait_for_server(self, child: subprocess.Popen[bytes]) -> None:
        first = not (self.settings.data_dir / "postgresql").exists()
        text = (
            "首次启动，正在布置演示社区 first start, the community moves in"
            if first
            else "正在启动 starting"
        )
        with self.out.status(text):
            self._wait(child, self.server, lambda: _serves_everything(self.settings.port))

    def _wait_for_devices(self, child: subprocess.Popen[bytes]) -> None:
        with self.out.status("虚拟设备 virtual devices"):
            page = self.settings.port + 1
            self._wait(child, self.devices, lambda: _answer(page, "/") is not None)

    def _wait(
        self, child: subprocess.Popen[bytes], program: Program, is_ready: Callable[[], bool]
    ) -> None:
        until = time.monotonic() + START_LIMIT_S
        while not is_ready():
            if child.poll() is not None:
                raise Unavailable(f"{program.log}:\n{_tail(program.log)}")
            if time.monotonic() > until:
                raise Unavailable(f"not ready after {START_LIMIT_S:.0f} s, see {program.log}")
            time.sleep(_POLL_S)

    def _watch(self, server: subprocess.Popen[bytes]) -> int:
        """Stay while the server runs, and while the devices can start it again after a kill."""
        killed = False
        while True:
            code = server.poll()
            if code not in (None, -signal.SIGKILL):
                self.out.print(_tail(self.server.log))
                return int(code or 0)
            alive = self.server.pid() is not None
            if killed != (not alive):
                killed = not alive
                self.out.print(_KILLED if killed else _BACK)
            if killed and self.devices.pid() is None:
                return 1
            time.sleep(_POLL_S)

    def _check_ports(self) -> None:
        for offset in (0, 1, 2) if self.devices.pid() is None else (0, 2):
            number = self.settings.port + offset
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", number))
                except OSError as error:
                    raise Misconfigured(
                        f"port {number} cannot be used ({error.strerror}); "
                        "choose another: callcenter demo --port 9000"
                    ) from error

    def _address(self, offset: int) -> str:
        return f"http://127.0.0.1:{self.settings.port + offset}/"

    def _log_ins(self) -> list[str]:
        from callcenter.demo.community.users import PASSWORD, users

        return [f"{user.login:<11} {PASSWORD}   {user.name.zh} {user.role}" for user in users()]

    def _announce(self, log_ins: list[str]) -> None:
        self.out.print("\n[bold]榆荫里演示 Yuyinli demo[/bold]")
        if self.with_devices:
            self.out.print(f"  演示页 demo page {self._address(1)}   从这里开始 begin here")
        self.out.print(f"  坐席、办公 console {self._address(0)}")
        self.out.print(f"  大屏 wall        {self._address(0)}wall.html")
        for line in log_ins:
            self.out.print(f"  登录 log-in    {line}")
        if self.with_devices:
            self.out.print(f"  看门狗 watchdog {self._address(0)}#/alive")
        if self.settings.telephony is None:
            self.out.print("  电话 telephone 没有交换机 no exchange (make exchange)")
        elif self.settings.telephony.kind == "simulated":
            self.out.print(
                "  电话 telephone 模拟通话，没有声音 simulated calls without sound; real ones: make exchange"
            )
        self.out.print(f"  日志 log       {self.server.log}")
        self.out.print("  Ctrl-C 停止 stops\n")


_KILLED = (
    "服务器已被终止，设备页面可重新启动 the server was killed; start it again on the devices' page"
)
_BACK = "服务器已恢复 the server runs again"


def _environment(settings: Settings) -> Mapping[str, str]:
    """What is not on the command line; a server started again by the devices gets the same."""
    listeners = [listener.model_dump(mode="json") for listener in settings.listeners]
    told = {"CALLCENTER_LISTENERS": json.dumps(listeners)}
    if settings.field.public_url is not None:
        told["CALLCENTER_FIELD__PUBLIC_URL"] = settings.field.public_url
    if settings.telephony is not None:
        from callcenter.cli.demo_simulated import told as told_of

        told |= told_of(settings.telephony)
    return {**os.environ, **told}


_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""SIGINT too: started in the background by a shell, Python leaves it ignored."""


@contextmanager
def _stop_signals() -> Iterator[None]:
    """SIGTERM and a closed terminal end the demo as Ctrl-C does."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(program: Program, children: list[subprocess.Popen[bytes]]) -> bool:
    pid = program.pid()
    ours = [child.pid for child in children if list(child.args) == list(program.command)]  # type: ignore[arg-type]
    for number in {pid, *ours} - {None}:
        assert number is not None  # noqa: S101 - for the type checker
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
    until = time.monotonic() + STOP_LIMIT_S
    while any(child.poll() is None for child in children if child.pid in ours) or program.pid():
        if time.monotonic() > until:
            return False
        time.sleep(_POLL_S)
    return True


def _serves_everything(port: int) -> bool:
    """A newcomer opens every page at once, so that being ready for alarms is not enough."""
    body = _answer(port, "/readyz")
    return body is not None and office_is_up(json.loads(body))


def office_is_up(readiness: Mapping[str, Any]) -> bool:
    """As `/readyz` tells; a server that does not name its office is an older one, of one process."""
    return bool(readiness["checks"].get("office", True))


def _answer(port: int, path: str) -> bytes | None:
    """The body of a 200; None for anything else."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.read() if response.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _tail(path: Path, lines: int = 12) -> str:
    return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:])
