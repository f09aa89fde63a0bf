"""A private PostgreSQL for the demo, for development and for small sites: started, watched and stopped by ourselves.

One process owns the cluster (file lock); others attach to it. PostgreSQL dies cleanly with its owner even when that one is
killed, because the kernel then sends it SIGINT, a fast shutdown. It never runs as root.
"""

from __future__ import annotations

import hmac
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from random import uniform
from typing import Final
from urllib.parse import quote, urlencode

import structlog

from callcenter.core.accounts import Account, account_for, child_setup, make_folder
from callcenter.core.binaries import find_binaries, reachable_binaries
from callcenter.core.clock import Clock, SystemClock
from callcenter.core.cluster_files import (
    DATABASE,
    OWNER,
    POLL_S,
    SERVING,
    STOP_TIMEOUT_S,
    SUPERUSER,
    Layout,
    data_major,
    initialise,
    is_alive,
    make_home,
    plain_environment,
    read_pid_file,
    socket_folder,
    stop_leftover,
    try_lock,
)
from callcenter.core.errors import CallCenterError, Misconfigured, Unavailable
from callcenter.core.private_files import replace_private

__all__ = ["DATABASE", "OWNER", "SUPERUSER", "Cluster"]

_PROGRESS_S: Final = 5.0
_LONGEST_PAUSE_S: Final = 10.0
"""Between two tries to start one that does not."""

_PARAMETERS: Final[Mapping[str, str]] = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "jit": "off",  # every statement of ours is short
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",  # one file a weekday, so that the log never grows past a week
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_error_verbosity": "terse",  # DETAIL would put residents' data into the log
    "log_min_error_statement": "panic",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Address:
    """Where PostgreSQL listens: a Unix socket in `folder`, and 127.0.0.1 unless the port was taken at a restart."""

    folder: str
    port: int


class Cluster:
    """A running private PostgreSQL. Made by `start` or `attach`."""

    def __init__(
        self,
        layout: Layout,
        address: _Address,
        passwords: Mapping[str, str],
        *,
        launcher: _Launcher | None = None,
        lock: int | None = None,
    ) -> None:
        self._layout = layout
        self._address = address
        self._passwords = passwords
        self._launcher = launcher
        self._lock = lock
        self._said = lock is not None
        """Others find it where it is now."""
        self._revives = 0
        """In a row."""
        self._revive_at = 0.0

    @classmethod
    def start(
        cls,
        data_dir: Path,
        *,
        binaries: Path | None = None,
        parameters: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        meanwhile: Callable[[], None] = lambda: None,
        patience_s: float | None = None,
    ) -> Cluster:
        """Starts the cluster below `data_dir`, making it first if need be, or attaches when another process owns it.
        `meanwhile` is done while PostgreSQL starts and recovers.

        Call it from the main thread, before the event loop starts: the kernel binds the death signal to the thread that
        starts PostgreSQL. Waits for crash recovery as long as it takes, or for `patience_s`: then it answers with a cluster that
        is not `ready` yet, for `revive`. Raises Misconfigured or Unavailable.
        """
        layout = Layout(data_dir.absolute() / "postgresql")
        try:
            account = account_for(layout.data)
            make_home(layout.home, account)
            launcher = _Launcher(
                layout, account, binaries, {**_PARAMETERS, **(parameters or {})}, clock
            )
            if patience_s is None or not layout.credentials.exists():
                return cls._own_or_attach(launcher, meanwhile)
            return cls._begun(launcher, meanwhile, patience_s)
        except PermissionError as error:
            raise Misconfigured(
                f"{error.filename} belongs to another user: start as that user, or use another data folder",
                code="postgres_path_unreachable",
                path=str(error.filename),
            ) from error

    @classmethod
    def _own_or_attach(cls, launcher: _Launcher, meanwhile: Callable[[], None]) -> Cluster:
        while (lock := try_lock(launcher.layout.lock)) is None:
            try:
                return cls._attached(launcher.layout, launcher)
            except Unavailable:  # its owner is still starting, or is just leaving
                time.sleep(POLL_S * 10)
        try:
            launcher.prepare()
            address = _address_for(launcher)
            launcher.launch(address)
            meanwhile()
            _wait_until_ready(launcher, address)
            replace_private(launcher.layout.connection, asdict(address))
            passwords = json.loads(launcher.layout.credentials.read_text())
        except BaseException:
            launcher.stop()
            os.close(lock)
            raise
        return cls(launcher.layout, address, passwords, launcher=launcher, lock=lock)

    @classmethod
    def _begun(
        cls, launcher: _Launcher, meanwhile: Callable[[], None], patience_s: float
    ) -> Cluster:
        """As far as it comes within its time. It was made at an earlier start."""
        until = launcher.clock.monotonic() + patience_s
        passwords = json.loads(launcher.layout.credentials.read_text())
        cluster = cls(launcher.layout, _address_for(launcher), passwords, launcher=launcher)
        if cluster._hold_lock():  # nobody else runs it, whatever is left of it
            cluster._start_again(until)
        meanwhile()
        while not cluster.ready() and launcher.clock.monotonic() < until:
            time.sleep(POLL_S)
            cluster.revive(until)
        return cluster

    @classmethod
    def attach(cls, data_dir: Path) -> Cluster:
        """Uses a cluster that another process owns. Raises Unavailable when none is ready."""
        return cls._attached(Layout(data_dir.absolute() / "postgresql"), None)

    @classmethod
    def _attached(cls, layout: Layout, launcher: _Launcher | None) -> Cluster:
        try:
            running = read_pid_file(layout.data)
            connection = json.loads(layout.connection.read_text())
            passwords = json.loads(layout.credentials.read_text())
        except (FileNotFoundError, ValueError) as error:
            raise _not_running(layout) from error
        if running is None or not running.ready or not is_alive(running.pid):
            raise _not_running(layout)
        if connection["port"] != running.port:
            raise _not_running(layout)  # the file is that of an earlier start
        return cls(layout, _Address(**connection), passwords, launcher=launcher)

    @property
    def owned(self) -> bool:
        """Whether this process started it and will stop it."""
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, None when none runs."""
        running = read_pid_file(self._layout.data)
        return running.pid if running and is_alive(running.pid) else None

    @property
    def socket_folder(self) -> Path:
        """Where its Unix socket is."""
        return Path(self._address.folder)

    def dsn(self, user: str = OWNER, *, database: str = DATABASE, tcp: bool = False) -> str:
        """A libpq URL with the password in it, over the Unix socket, or over loopback TCP."""
        secret = quote(self._passwords[user], safe="")
        if tcp:
            return f"postgresql://{user}:{secret}@127.0.0.1:{self._address.port}/{database}"
        where = urlencode({"host": self._address.folder, "port": self._address.port})
        return f"postgresql://{user}:{secret}@/{database}?{where}"

    @property
    def serving_password(self) -> str:
        """Of the log-in that serves: made from the owner's, so that every process that attaches knows the same."""
        return hmac.digest(self._passwords[OWNER].encode(), SERVING.encode(), sha256).hex()

    def serving_dsn(self) -> str:
        """As `dsn`, for the log-in that `open_serving_login` has made."""
        where = urlencode({"host": self._address.folder, "port": self._address.port})
        return f"postgresql://{SERVING}:{self.serving_password}@/{DATABASE}?{where}"

    def alive(self) -> bool:
        """Whether the postmaster lives; a zombie does not."""
        if self.owned and self._launcher is not None:
            return self._launcher.alive()
        return self.pid is not None

    def ready(self) -> bool:
        """Whether it accepts connections, as far as its own files tell."""
        running = read_pid_file(self._layout.data)
        if running is None or not running.ready or not is_alive(running.pid):
            return False
        self._revives, self._revive_at = 0, 0.0
        if not self._said:
            if self.owned:
                replace_private(self._layout.connection, asdict(self._address))
            self._said = True
        return True

    def wait_until_ready(self) -> None:
        """After a start with patience. Raises Unavailable when PostgreSQL does not start."""
        while not self.ready():
            if self.owned and self._launcher is not None:
                self._launcher.wait_until_ready()
            time.sleep(POLL_S)

    def revive(self, until: float = 0.0) -> None:
        """Starts PostgreSQL again, at the same address, if it has died; also when it was another process's and that one has
        left. Called over and over, in the main thread; it does not wait for the recovery, and for a leftover until `until`
        (monotonic s). What cannot be started is tried again later, and later with each time.
        """
        launcher = self._launcher
        if launcher is None or self.alive() or launcher.clock.monotonic() < self._revive_at:
            return
        if self._hold_lock():
            log.error("postgres_gone", status=launcher.status())
            self._start_again(until)

    def _start_again(self, until: float) -> None:
        launcher = self._launcher
        if launcher is None:
            raise AssertionError("it is another's")
        try:
            launcher.prepare(until)
            launcher.launch(self._address)
        except (CallCenterError, OSError) as error:
            log.error("postgres_not_revived", error=str(error))  # noqa: TRY400 - the error says what to do
        self._said = False
        self._revives += 1
        pause = min(_LONGEST_PAUSE_S, 0.25 * 2.0 ** min(self._revives, 8))
        self._revive_at = launcher.clock.monotonic() + pause * uniform(0.5, 1.0)  # noqa: S311 - no secret

    def _hold_lock(self) -> bool:
        if self._lock is None:
            self._lock = try_lock(self._layout.lock)
        return self._lock is not None

    def stop(self) -> None:
        """Stops PostgreSQL cleanly if this process owns it, and gives up the ownership."""
        if self._lock is None:
            return
        if self._launcher is not None:
            self._launcher.stop()
        os.close(self._lock)
        self._lock = None


def _wait_until_ready(launcher: _Launcher, address: _Address) -> None:
    """A port that somebody takes in this very moment is done without: the socket in the folder is enough."""
    try:
        launcher.wait_until_ready()
    except Unavailable:
        if not launcher.found_its_port_taken():
            raise
        launcher.launch(address)
        launcher.wait_until_ready()


class _Launcher:
    """Starts the `postgres` program as a child of this process and knows how it fares."""

    def __init__(
        self,
        layout: Layout,
        account: Account | None,
        configured: Path | None,
        parameters: Mapping[str, str],
        clock: Clock | None,
    ) -> None:
        self.layout = layout
        self.account = account
        self._configured = configured
        self._parameters = parameters
        self.clock = clock or SystemClock()
        self._program = ""
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self, until: float | None = None) -> None:
        """Finds the programs and makes the data folder if there is none. The caller holds the lock. Raises Unavailable when an
        earlier one still runs at `until` (monotonic s).
        """
        layout, account = self.layout, self.account
        found = find_binaries(self._configured, data_major(layout.data))
        programs = found if account is None else reachable_binaries(found, account)
        self._program = programs.program("postgres")
        stop_leftover(layout.data, self.clock, until)
        if not layout.data.exists():
            initialise(layout, programs, account)
        make_folder(layout.logs, account)

    def launch(self, address: _Address) -> None:
        """Executes `postgres` itself, not pg_ctl: 30 instead of 120 ms, and it stays our child."""
        with self.layout.start_log.open("wb") as output:
            self._process = subprocess.Popen(
                [self._program, *self._options(address)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=plain_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for PostgreSQL
                preexec_fn=child_setup(self.account, die_with_parent=True),  # noqa: PLW1509 - it takes no lock
            )

    def _options(self, address: _Address) -> list[str]:
        parameters = {
            **self._parameters,
            "listen_addresses": "127.0.0.1" if _port_is_free(address.port) else "",
            "port": str(address.port),
            "unix_socket_directories": address.folder,
            "unix_socket_permissions": "0700",
            "log_directory": str(self.layout.logs),
        }
        options = ["-D", str(self.layout.data)]
        for name, value in parameters.items():
            options += ["-c", f"{name}={value}"]
        return options

    def found_its_port_taken(self) -> bool:
        """Whether that is why it has ended. It is found free at first, since PostgreSQL binds a moment later."""
        return (
            not self.alive()
            and b"could not create any TCP/IP sockets" in self.layout.start_log.read_bytes()
        )

    def wait_until_ready(self) -> None:
        """Waits until it accepts connections; a crash recovery may take long and is reported while it runs."""
        began = reported = self.clock.monotonic()
        while not self._ready():
            if not self.alive():
                raise Unavailable(
                    f"PostgreSQL did not start: {self._last_words()}",
                    code="postgres_not_started",
                    log=str(self.layout.logs),
                )
            now = self.clock.monotonic()
            if now - reported >= _PROGRESS_S:
                reported = now
                log.info("postgres_recovering", seconds=round(now - began))
            time.sleep(POLL_S)

    def _ready(self) -> bool:
        running = read_pid_file(self.layout.data)
        return (
            running is not None
            and self._process is not None
            and running.pid == self._process.pid
            and running.ready
        )

    def alive(self) -> bool:
        # poll() reaps, so a zombie of our own counts as dead at once
        return self._process is not None and self._process.poll() is None

    def status(self) -> int | None:
        return self._process.poll() if self._process is not None else None

    def stop(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            log.warning("postgres_stops_hard", seconds=STOP_TIMEOUT_S)
            process.send_signal(signal.SIGQUIT)  # no checkpoint: the next start recovers
            process.wait()

    def _last_words(self) -> str:
        """From before it opened its log, if there is anything but that; else the end of the log."""
        early = [line for line in _tail(self.layout.start_log) if "log output" not in line]
        logs = sorted(self.layout.logs.glob("*.log"), key=_modified)
        words = early or (_tail(logs[-1]) if logs else [])
        return " / ".join(words) or f"it left without a word, status {self.status()}"


def _address_for(launcher: _Launcher) -> _Address:
    """The address of the last start while its port is free, so that a DSN stays good from one owner to the next."""
    folder = socket_folder(launcher.layout.home, launcher.account)
    try:
        last = int(json.loads(launcher.layout.connection.read_text())["port"])
    except (FileNotFoundError, ValueError, KeyError):
        last = 0
    return _Address(folder, last if last and _port_is_free(last) else _free_port())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _port_is_free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def _tail(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines()[-5:]


def _modified(path: Path) -> float:
    return path.stat().st_mtime


def _not_running(layout: Layout) -> Unavailable:
    return Unavailable(f"No PostgreSQL runs in {layout.home}", code="postgres_not_running")
