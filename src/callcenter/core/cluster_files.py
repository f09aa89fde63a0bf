"""The files of a private PostgreSQL cluster: making them, who holds them, and what they tell of the running server."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog

from callcenter.core.accounts import Account, barrier, child_setup, give, make_folder
from callcenter.core.binaries import ROOT_HOME, Binaries
from callcenter.core.clock import Clock
from callcenter.core.errors import Misconfigured, Unavailable
from callcenter.core.private_files import replace_private

DATABASE: Final = "callcenter"
OWNER: Final = "callcenter"
"""Log-in that owns the database and its tables; the server takes on a lesser role after log-in."""
SUPERUSER: Final = "callcenter_admin"
SERVING: Final = "callcenter_serving"
"""Log-in of what serves; it owns nothing."""

POLL_S: Final = 0.005
STOP_TIMEOUT_S: Final = 30.0
_SOCKET_PATH_MAX: Final = 100  # sun_path is 108 bytes on Linux, 104 on macOS

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Layout:
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


def make_home(home: Path, account: Account | None) -> None:
    """Makes the cluster's folder. Folders above it are never opened to others: an unreachable one is an error."""
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o711 if account is not None else 0o700, exist_ok=True)
        folder.chmod(0o711 if account is not None else 0o700)
    if account is None:
        return
    if (blocked := barrier(home, account)) is not None:
        raise Misconfigured(
            f"User {account.name}, as whom PostgreSQL runs when started by root, cannot enter {blocked}."
            f" Use a data folder below {ROOT_HOME}, or start as another user",
            code="postgres_path_unreachable",
            path=str(blocked),
        )


def initialise(layout: Layout, programs: Binaries, account: Account | None) -> None:
    """Makes the data folder under another name and renames it when complete: a half-made one is never started."""
    unfinished = layout.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_folder(unfinished, account)
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


def _write_access_rules(path: Path, account: Account | None) -> None:
    path.write_text(
        "# Written by callcenter. Passwords only; `trust` would make every local user the owner of the data.\n"
        "local all         all              scram-sha-256\n"
        "host  all         all 127.0.0.1/32 scram-sha-256\n"
        "host  all         all ::1/128      scram-sha-256\n"
    )
    give(path, account)


def _create_database(
    data: Path, programs: Binaries, account: Account | None, passwords: Mapping[str, str]
) -> None:
    """In single-user mode, so that PostgreSQL never listens before its passwords are set. They are URL-safe text."""
    statements = (
        f"ALTER ROLE {SUPERUSER} PASSWORD '{passwords[SUPERUSER]}'",
        f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{passwords[OWNER]}'",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        f"SELECT datctype FROM pg_database WHERE datname = '{DATABASE}'",  # noqa: S608 - our own name
    )
    command = [programs.program("postgres"), "--single", "-D", str(data), "-c", "fsync=off"]
    command += ["-c", "log_min_messages=warning", "-c", "log_min_error_statement=panic", "postgres"]
    said = _run(command, account, ";\n".join(statements) + ";\n")
    if "ERROR" in said or "UTF-8" not in said:
        raise Misconfigured(
            "The new data folder has no UTF-8 character type: is the locale C.UTF-8 installed?",
            code="postgres_locale",
        )


def _run(command: list[str], account: Account | None, text: str = "") -> str:
    done = subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        cwd="/",
        env=plain_environment(),
        preexec_fn=child_setup(account, die_with_parent=False),
        check=False,
    )
    if done.returncode != 0:
        raise Unavailable(
            f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}",
            code="postgres_not_made",
        )
    return done.stdout + done.stderr


def plain_environment() -> dict[str, str]:
    """Nothing of ours leaks into PostgreSQL: no PG* variables, no LC_* of the terminal, no secrets."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Running:
    """What `postmaster.pid` says."""

    pid: int
    port: int
    ready: bool


def read_pid_file(data: Path) -> Running | None:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if not lines:
        return None  # just being made
    started = len(lines) >= 8
    return Running(int(lines[0]), int(lines[3]) if started else 0, started and "ready" in lines[7])


def data_major(data: Path) -> int | None:
    version = data / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


def is_alive(pid: int) -> bool:
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


def stop_leftover(data: Path, clock: Clock, until: float | None = None) -> None:
    """Stops a PostgreSQL whose owner is gone: we hold the lock, so nobody else uses this folder. On Linux it is already
    stopping by itself; elsewhere nothing has told it. Raises Unavailable when it still runs at `until` (monotonic s).
    """
    running = read_pid_file(data)
    if running is None:
        return
    if not _is_postgres(running.pid, data):
        # PostgreSQL would refuse to start if some other process of its user had that pid by now, as in a container.
        (data / "postmaster.pid").unlink(missing_ok=True)
        return
    log.info("postgres_leftover_stopped", pid=running.pid)
    _signal(running.pid, signal.SIGINT)
    _signal(running.pid, signal.SIGCONT)  # one that was made to stand still hears of it as well
    began = clock.monotonic()
    while is_alive(running.pid):
        if until is not None and clock.monotonic() > until:
            raise Unavailable(
                f"A PostgreSQL that nobody owns still runs (process {running.pid}) and was told to stop",
                code="postgres_not_started",
            )
        if clock.monotonic() - began > STOP_TIMEOUT_S:
            _signal(running.pid, signal.SIGQUIT)
            began = clock.monotonic()
        time.sleep(POLL_S)


def _is_postgres(pid: int, data: Path) -> bool:
    """Whether the process really is the postmaster of this folder: pids are used again after a reboot."""
    if not is_alive(pid):
        return False
    if not Path("/proc/self").exists():
        listed = ["/bin/ps", "-p", str(pid), "-o", "command="]
        shown = subprocess.run(listed, capture_output=True, text=True, check=False).stdout
        return str(data) in shown
    with contextlib.suppress(OSError):  # it ends just now
        if os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
            return True
        # Its working folder tells it even when the data folder has another name now; a container may hide that.
        return Path(f"/proc/{pid}/cwd").resolve() == data.resolve()
    return False


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it left in the meantime
        os.kill(pid, number)


def try_lock(path: Path) -> int | None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def socket_folder(home: Path, account: Account | None) -> str:
    """A folder only PostgreSQL's user may enter, with a path short enough for a socket address."""
    folder = home / "run"
    if len(f"{folder}/.s.PGSQL.65535".encode()) > _SOCKET_PATH_MAX:
        folder = _short_folder(home)
    make_folder(folder, account)
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
    base = Path(user_folder) if user_folder and os.geteuid() != 0 else Path("/tmp")  # noqa: S108 - its owner is checked
    return base / f"callcenter-{sha256(str(home).encode()).hexdigest()[:12]}"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
