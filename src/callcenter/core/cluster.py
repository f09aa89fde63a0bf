"""A private PostgreSQL for the demo, for development and for small sites: started, watched and stopped by ourselves.

One process owns the cluster (file lock); others attach to it. PostgreSQL dies cleanly with its owner even when that one is
killed, because the kernel then sends it SIGINT, a fast shutdown. It never runs as root.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import structlog

from callcenter.core.binaries import Binaries, find_binaries
from callcenter.core.clock import Clock, SystemClock
from callcenter.core.errors import Misconfigured, Unavailable
from callcenter.core.private_files import replace_private

DATABASE: Final = "callcenter"
OWNER: Final = "callcenter"
"""Log-in that owns the database and its tables; the server takes on a lesser role after log-in."""
SUPERUSER: Final = "callcenter_admin"

_ROOT_HOME: Final = Path("/var/lib/callcenter")
_SOCKET_PATH_MAX: Final = 100  # sun_path is 108 bytes on Linux, 104 on macOS
_POLL_S: Final = 0.005
_PROGRESS_S: Final = 5.0
_STOP_TIMEOUT_S: Final = 30.0
_RESTART_PAUSE_S: Final = 0.5
_PR_SET_PDEATHSIG: Final = 1
_DROP_TO: Final = ("callcenter", "postgres", "nobody")

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
class _Account:
    """The user PostgreSQL runs as."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """The files of a cluster below `<data_dir>/postgresql`."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def start_log(self) -> Path:
        return self.home / "start.log"

    @property
    def lock(self) -> Path:
        return self.home / "lock"

    @property
    def credentials(self) -> Path:
        return self.home / "credentials.json"

    @property
    def connection(self) -> Path:
        return self.home / "connection.json"


@dataclass(frozen=True, slots=True)
class _Address:
    """Where the running PostgreSQL listens. `tcp` is False when the port was taken at a restart."""

    folder: str
    port: int
    tcp: bool = True


class Cluster:
    """A running private PostgreSQL. Made by `start` or `attach`."""

    def __init__(
        self,
        layout: _Layout,
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

    @classmethod
    def start(
        cls,
        data_dir: Path,
        *,
        binaries: Path | None = None,
        parameters: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> Cluster:
        """Starts the cluster below `data_dir`, making it first if need be, or attaches when another process owns it.

        Call it from the main thread, before the event loop starts: the kernel binds the death signal to the thread that
        starts PostgreSQL. Waits for crash recovery as long as it takes. Raises Misconfigured or Unavailable.
        """
        clock = clock or SystemClock()
        home = data_dir.absolute() / "postgresql"
        account = _account_for(home)
        _make_home(home, account)
        layout = _Layout(home)
        while (lock := _try_lock(layout.lock)) is None:
            try:
                return cls.attach(data_dir)
            except Unavailable:  # its owner is still starting, or is just leaving
                time.sleep(_POLL_S * 10)
        try:
            return cls._start_locked(layout, lock, account, binaries, parameters or {}, clock)
        except BaseException:
            os.close(lock)
            raise

    @classmethod
    def _start_locked(
        cls,
        layout: _Layout,
        lock: int,
        account: _Account | None,
        configured: Path | None,
        parameters: Mapping[str, str],
        clock: Clock,
    ) -> Cluster:
        found = find_binaries(configured, _data_major(layout.data))
        programs = found if account is None else _reachable_binaries(found, account)
        _stop_leftover(layout.data, clock)
        if not layout.data.exists():
            _initialise(layout, programs, account)
        address = _Address(_socket_folder(layout.home, account), _free_port())
        _make_for(account, layout.logs)
        launcher = _Launcher(layout, programs, account, {**_PARAMETERS, **parameters}, clock)
        launcher.launch(address)
        launcher.wait_until_ready()
        replace_private(
            layout.connection, {"folder": address.folder, "port": address.port, "tcp": address.tcp}
        )
        passwords = json.loads(layout.credentials.read_text())
        return cls(layout, address, passwords, launcher=launcher, lock=lock)

    @classmethod
    def attach(cls, data_dir: Path) -> Cluster:
        """Uses a cluster that another process owns. Raises Unavailable when none is ready."""
        layout = _Layout(data_dir.absolute() / "postgresql")
        try:
            running = _read_pid_file(layout.data)
            connection = json.loads(layout.connection.read_text())
            passwords = json.loads(layout.credentials.read_text())
        except (OSError, ValueError) as error:
            raise _not_running(layout) from error
        if running is None or not running.ready or not _is_alive(running.pid):
            raise _not_running(layout)
        if connection["port"] != running.port:
            raise _not_running(layout)  # the file is that of an earlier start
        return cls(layout, _Address(**connection), passwords)

    @property
    def owned(self) -> bool:
        """Whether this process started it and will stop it."""
        return self._launcher is not None

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, None when none runs."""
        running = _read_pid_file(self._layout.data)
        return running.pid if running and _is_alive(running.pid) else None

    def dsn(self, user: str = OWNER, *, database: str = DATABASE, tcp: bool = False) -> str:
        """A libpq URL with the password in it, over the Unix socket, or over loopback TCP."""
        secret = quote(self._passwords[user], safe="")
        if tcp:
            return f"postgresql://{user}:{secret}@127.0.0.1:{self._address.port}/{database}"
        where = urlencode({"host": self._address.folder, "port": self._address.port})
        return f"postgresql://{user}:{secret}@/{database}?{where}"

    def alive(self) -> bool:
        """Whether the postmaster lives; a zombie does not."""
        if self._launcher is not None:
            return self._launcher.alive()
        return self.pid is not None

    async def watch(self) -> None:
        """Starts PostgreSQL again, at the same address, whenever it has died. Runs until cancelled; for the owner, in the
        main thread.
        """
        launcher = self._launcher
        if launcher is None:
            return
        while True:
            if not launcher.alive():
                log.error("postgres_died", status=launcher.status())
                launcher.launch(self._address)
                log.warning("postgres_restarted", pid=self.pid)
            await asyncio.sleep(_RESTART_PAUSE_S)

    def stop(self) -> None:
        """Stops PostgreSQL cleanly if this process owns it, and gives up the ownership."""
        if self._launcher is not None:
            self._launcher.stop()
            self._launcher = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class _Launcher:
    """Starts the `postgres` program as a child of this process and knows how it fares."""

    def __init__(
        self,
        layout: _Layout,
        programs: Binaries,
        account: _Account | None,
        parameters: Mapping[str, str],
        clock: Clock,
    ) -> None:
        self._layout = layout
        self._programs = programs
        self._account = account
        self._parameters = parameters
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self, address: _Address) -> None:
        """Executes `postgres` itself, not pg_ctl: 30 instead of 120 ms, and it stays our child."""
        listen = "127.0.0.1" if _port_is_free(address.port) else ""
        parameters = {
            **self._parameters,
            "listen_addresses": listen,
            "port": str(address.port),
            "unix_socket_directories": address.folder,
            "unix_socket_permissions": "0700",
            "log_directory": str(self._layout.logs),
        }
        arguments = [self._programs.program("postgres"), "-D", str(self._layout.data)]
        for name, value in parameters.items():
            arguments += ["-c", f"{name}={value}"]
        with self._layout.start_log.open("wb") as output:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=_plain_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for PostgreSQL
                preexec_fn=_child_setup(self._account, die_with_parent=True),
            )

    def wait_until_ready(self) -> None:
        """Waits until it accepts connections; a crash recovery may take long and is reported while it runs."""
        began = reported = self._clock.monotonic()
        while not self._ready():
            if not self.alive():
                raise Unavailable(
                    f"PostgreSQL did not start: {self._last_words()}",
                    code="postgres_not_started",
                    log=str(self._layout.logs),
                )
            now = self._clock.monotonic()
            if now - reported >= _PROGRESS_S:
                reported = now
                log.info("postgres_recovering", seconds=round(now - began))
            time.sleep(_POLL_S)

    def _ready(self) -> bool:
        running = _read_pid_file(self._layout.data)
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
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            log.warning("postgres_stops_hard", seconds=_STOP_TIMEOUT_S)
            process.send_signal(
                signal.SIGQUIT
            )  # no checkpoint; the next start recovers from the log
            process.wait()

    def _last_words(self) -> str:
        files = [
            self._layout.start_log,
            *sorted(self._layout.logs.glob("*.log"), key=_modified)[-1:],
        ]
        lines: deque[str] = deque(maxlen=5)
        for path in files:
            lines.extend(path.read_text(errors="replace").splitlines()[-5:])
        return " / ".join(lines) or f"it left without a word, status {self.status()}"


# --- making a cluster


def _initialise(layout: _Layout, programs: Binaries, account: _Account | None) -> None:
    """Makes the data folder under another name and renames it when complete: a half-made one is never started."""
    unfinished = layout.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    _make_for(account, unfinished)
    command = [programs.program("initdb"), "-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8"]
    command += ["--auth=reject", "--no-sync", "--no-instructions", *_locale_options(programs.major)]
    _run(command, account)
    _write_access_rules(unfinished / "pg_hba.conf", account)
    passwords = {name: secrets.token_urlsafe(32) for name in (SUPERUSER, OWNER)}
    _create_database(unfinished, programs, account, passwords)
    _run([programs.program("initdb"), "--sync-only", "-D", str(unfinished)], account)
    replace_private(layout.credentials, passwords)
    unfinished.rename(layout.data)
    _sync_folder(layout.home)


def _locale_options(major: int) -> list[str]:
    """Byte order for sorting (never changes with the C library, so no index breaks), Unicode for letters: with an ASCII
    LC_CTYPE trigrams of Chinese names would be empty.
    """
    options = [
        "--locale=C",
        "--lc-ctype=C.UTF-8" if sys.platform != "darwin" else "--lc-ctype=UTF-8",
    ]
    if major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options


def _write_access_rules(path: Path, account: _Account | None) -> None:
    path.write_text(
        "# Written by callcenter. Passwords only; `trust` would make every local user the owner of the data.\n"
        "local all         all              scram-sha-256\n"
        "host  all         all 127.0.0.1/32 scram-sha-256\n"
        "host  all         all ::1/128      scram-sha-256\n"
    )
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _create_database(
    data: Path, programs: Binaries, account: _Account | None, passwords: Mapping[str, str]
) -> None:
    """In single-user mode, so that PostgreSQL never listens before its passwords are set. They are URL-safe text."""
    statements = (
        f"ALTER ROLE {SUPERUSER} PASSWORD '{passwords[SUPERUSER]}'",
        f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{passwords[OWNER]}'",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        f"SELECT datctype FROM pg_database WHERE datname = '{DATABASE}'",
    )
    command = [programs.program("postgres"), "--single", "-D", str(data), "-c", "fsync=off"]
    command += ["-c", "log_min_messages=warning", "-c", "log_min_error_statement=panic", "postgres"]
    said = _run(command, account, ";\n".join(statements) + ";\n")
    if "ERROR" in said or "UTF-8" not in said:
        raise Misconfigured(
            "The new data folder has no UTF-8 character type: is the locale C.UTF-8 installed?",
            code="postgres_locale",
        )


def _run(command: list[str], account: _Account | None, text: str = "") -> str:
    done = subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        cwd="/",
        env=_plain_environment(),
        preexec_fn=_child_setup(account, die_with_parent=False),
        check=False,
    )
    if done.returncode != 0:
        raise Unavailable(
            f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}",
            code="postgres_not_made",
        )
    return done.stdout + done.stderr


def _plain_environment() -> dict[str, str]:
    """Nothing of ours leaks into PostgreSQL: no PG* variables, no LC_* of the terminal, no secrets."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


# --- the user it runs as


def _account_for(home: Path) -> _Account | None:
    """None when we are not root: PostgreSQL then runs as we do. Else the owner of the data folder, or a system user."""
    if os.geteuid() != 0:
        return None
    data = home / "data"
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return _Account(owner, data.stat().st_gid, _user_name(owner))
    for name in _DROP_TO:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return _Account(entry.pw_uid, entry.pw_gid, name)
    raise Misconfigured(
        f"PostgreSQL must not run as root, and there is no user {' or '.join(_DROP_TO)}",
        code="postgres_no_user",
    )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _child_setup(account: _Account | None, *, die_with_parent: bool) -> Callable[[], None]:
    """What the child does between fork and exec: give up root, then ask for SIGINT when its parent dies (setuid would
    clear that request).
    """
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" and die_with_parent else None

    def set_up() -> None:
        os.umask(0o077)
        if account is not None:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return set_up


def _make_home(home: Path, account: _Account | None) -> None:
    """Makes the cluster's folder. Folders above it are never opened to others: an unreachable one is an error."""
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o711 if account is not None else 0o700, exist_ok=True)
        folder.chmod(0o711 if account is not None else 0o700)
    if account is None:
        return
    if (barrier := _barrier(home, account)) is not None:
        raise Misconfigured(
            f"User {account.name}, as whom PostgreSQL runs when started by root, cannot enter {barrier}."
            f" Use a data folder below {_ROOT_HOME}, or start as another user",
            code="postgres_path_unreachable",
            path=str(barrier),
        )


def _make_for(account: _Account | None, folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def _barrier(path: Path, account: _Account) -> Path | None:
    """The first folder on the way to `path` that the account may not enter."""
    for folder in reversed((path, *path.parents)):
        if not _may_enter(folder, account):
            return folder
    return None


def _may_enter(folder: Path, account: _Account) -> bool:
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & 0o100)
    if found.st_gid == account.gid:
        return bool(found.st_mode & 0o010)
    return bool(found.st_mode & 0o001)


def _reachable_binaries(found: Binaries, account: _Account) -> Binaries:
    """The programs themselves, or a copy below /var/lib/callcenter when they lie in a home the account cannot enter."""
    if _barrier(found.folder, account) is None:
        return found
    if found.root is None:
        raise Misconfigured(
            f"User {account.name} cannot enter {found.folder}: install PostgreSQL in a public folder",
            code="postgres_path_unreachable",
            path=str(found.folder),
        )
    copy = _ROOT_HOME / f"postgresql-{found.version}"
    if not copy.exists():
        _copy_binaries(found.root, copy)
    if (barrier := _barrier(copy / "bin", account)) is not None:
        raise Misconfigured(
            f"User {account.name} cannot enter {barrier}",
            code="postgres_path_unreachable",
            path=str(barrier),
        )
    return Binaries(copy / "bin", found.version, copy)


def _copy_binaries(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
        shutil.copytree(source, unfinished, dirs_exist_ok=True, symlinks=True)
        unfinished.chmod(0o755)
        for folder in (path for path in unfinished.rglob("*") if path.is_dir()):
            folder.chmod(0o755)
        unfinished.rename(target)
    except OSError as error:
        if target.exists():  # another process was faster
            return
        raise Misconfigured(
            f"PostgreSQL's programs cannot be copied to {target}: {error}",
            code="postgres_path_unreachable",
            path=str(target),
        ) from error


# --- files, ports, processes


@dataclass(frozen=True, slots=True)
class _Running:
    """What `postmaster.pid` says."""

    pid: int
    port: int
    ready: bool


def _read_pid_file(data: Path) -> _Running | None:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 8:
        return None  # still being written
    return _Running(int(lines[0]), int(lines[3]), lines[7].strip() == "ready")


def _data_major(data: Path) -> int | None:
    version = data / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


def _is_alive(pid: int) -> bool:
    """Whether a process lives; one that nobody has reaped yet (a container without an init) does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is somebody else's, and it lives
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return sys.platform != "linux"
    return state not in "ZX"


def _stop_leftover(data: Path, clock: Clock) -> None:
    """Stops a PostgreSQL whose owner is gone: we hold the lock, so nobody else uses this folder. On Linux it is already
    stopping by itself; elsewhere nothing has told it.
    """
    running = _read_pid_file(data)
    if running is None or not _is_postgres(running.pid, data):
        return
    log.info("postgres_leftover_stopped", pid=running.pid)
    _signal(running.pid, signal.SIGINT)
    began = clock.monotonic()
    while _is_alive(running.pid):
        if clock.monotonic() - began > _STOP_TIMEOUT_S:
            _signal(running.pid, signal.SIGQUIT)
            began = clock.monotonic()
        time.sleep(_POLL_S)


def _is_postgres(pid: int, data: Path) -> bool:
    """Whether the process really is the postmaster of this folder: pids are used again after a reboot."""
    if not _is_alive(pid):
        return False
    try:
        return Path(f"/proc/{pid}/cwd").resolve() == data.resolve()
    except OSError:
        return sys.platform != "linux"


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it left in the meantime


def _try_lock(path: Path) -> int | None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _socket_folder(home: Path, account: _Account | None) -> str:
    """A folder only PostgreSQL's user may enter, with a path short enough for a socket address."""
    folder = home / "run"
    if len(f"{folder}/.s.PGSQL.65535".encode()) > _SOCKET_PATH_MAX:
        folder = _short_folder(home)
    _make_for(account, folder)
    if folder.is_symlink() or folder.stat().st_uid != (account.uid if account else os.geteuid()):
        raise Misconfigured(
            f"{folder} belongs to somebody else; remove it",
            code="postgres_path_unreachable",
            path=str(folder),
        )
    folder.chmod(0o700)
    return str(folder)


def _short_folder(home: Path) -> Path:
    user_folder = os.environ.get("XDG_RUNTIME_DIR", "")
    base = Path(user_folder) if user_folder and os.geteuid() != 0 else Path("/tmp")
    return base / f"callcenter-{sha256(str(home).encode()).hexdigest()[:12]}"


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


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _modified(path: Path) -> float:
    return path.stat().st_mtime


def _not_running(layout: _Layout) -> Unavailable:
    return Unavailable(f"No PostgreSQL runs in {layout.home}", code="postgres_not_running")
