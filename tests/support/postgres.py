"""A PostgreSQL for the tests: in memory, fsync off, with a migrated template from which the databases of the tests are cloned.

The migrated data folder is kept in /dev/shm under a hash of the models and migrations; each pytest session copies it (some
30 ms) and runs its own server on the copy, so that sessions at the same time never meet. xdist workers share the server of
their session.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import asyncpg

from callcenter.core.cluster import DATABASE, OWNER, SUPERUSER, Cluster
from callcenter.core.migrating import migrate, migrations_folder

_FAST: Final = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "1h",
    "max_connections": "200",
}
_DURABLE: Final = {"fsync": "on", "full_page_writes": "on"}
_SOURCES: Final = Path(__file__).parents[2] / "src" / "callcenter"
_names = count(1)


class TestDatabases:
    """Makes and drops clones of the template on a running test cluster, by its DSNs (plain text, so that they can be
    handed to xdist workers).
    """

    __test__ = False

    def __init__(self, admin_dsn: str, owner_dsn: str) -> None:
        self.admin_dsn = admin_dsn
        self.owner_dsn = owner_dsn

    def admin_dsn_of(self, dsn: str) -> str:
        """Into the same database as superuser."""
        return _with_database(self.admin_dsn, _name_in(dsn))

    async def clone(self) -> str:
        """The owner's DSN of a fresh database with all tables and no rows."""
        name = f"test_{os.getpid()}_{next(_names)}"
        options = f"OWNER {self._owner} TEMPLATE {DATABASE} STRATEGY file_copy"
        await self._as_admin(f"CREATE DATABASE {name} {options}")
        return _with_database(self.owner_dsn, name)

    async def empty(self, options: str = "") -> str:
        """The owner's DSN of a fresh database without tables; `options` as in CREATE DATABASE."""
        name = f"test_{os.getpid()}_{next(_names)}"
        await self._as_admin(
            f"CREATE DATABASE {name} OWNER {self._owner} TEMPLATE template0 {options}"
        )
        return _with_database(self.owner_dsn, name)

    async def drop(self, dsn: str) -> None:
        await self._as_admin(f"DROP DATABASE {_name_in(dsn)} WITH (FORCE)")

    @property
    def _owner(self) -> str:
        return self.owner_dsn.partition("://")[2].partition(":")[0]

    async def _as_admin(self, statement: str) -> None:
        connection = await asyncpg.connect(self.admin_dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def running_test_cluster(*, durable: bool = False) -> Iterator[TestDatabases]:
    """A server on a private copy of the migrated data folder; gone with everything in it at the end.

    `durable`: with the settings that `callcenter serve` insists on; in memory they cost little.
    """
    base = _base_folder()
    folder, guard = _own_folder(base)
    cluster: Cluster | None = None
    try:
        _copy_template(base, folder)
        cluster = Cluster.start(folder, parameters=_FAST | (_DURABLE if durable else {}))
        yield TestDatabases(
            cluster.dsn(SUPERUSER, database="postgres"), cluster.dsn(database=DATABASE)
        )
    finally:
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
        os.close(guard)


def kill_postgres(postmaster: int) -> None:
    """SIGKILL to the server and every backend at once, as close to a power cut as a process can come."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (postmaster, *map(int, children)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _base_folder() -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    parent = memory if memory.is_dir() else Path(tempfile.gettempdir())
    base = parent / f"callcenter-tests-{os.geteuid()}"
    base.mkdir(mode=0o711, exist_ok=True)
    return base


def _copy_template(base: Path, folder: Path) -> None:
    """The data folder with a migrated database, made on first use by whoever comes first. `cp -a` keeps the owners:
    PostgreSQL refuses a data folder of somebody else.
    """
    handle = _lock(base / "template.lock")
    try:
        template = base / f"template-{_schema_hash()}"
        if not (template / "complete").exists():
            for old in base.glob("template-*"):
                shutil.rmtree(old)
            _make_template(template)
        subprocess.run(["cp", "-a", str(template / "postgresql"), str(folder)], check=True)
    finally:
        os.close(handle)


def _make_template(template: Path) -> None:
    cluster = Cluster.start(template, parameters=_FAST)
    try:
        asyncio.run(migrate(cluster.dsn()))
        asyncio.run(_cheapen_log_ins(cluster))
    finally:
        cluster.stop()
    (template / "complete").touch()


async def _cheapen_log_ins(cluster: Cluster) -> None:
    """The same passwords, hashed in one round: asyncpg computes the usual 4,096 in Python, 10 ms of a core for each
    connection that a test opens.
    """
    connection = await asyncpg.connect(cluster.dsn(SUPERUSER, database="postgres"))
    try:
        await connection.execute("SET scram_iterations = 1")
        for role in (SUPERUSER, OWNER):
            password = unquote(urlsplit(cluster.dsn(role)).password or "")
            await connection.execute(f"ALTER ROLE {role} PASSWORD '{password}'")
    finally:
        await connection.close()


def _schema_hash() -> str:
    files = [
        Path(__file__),
        *_SOURCES.glob("*/models.py"),
        *migrations_folder().rglob("*.py"),
        *(_SOURCES / "core" / name for name in ("tables.py", "cluster_files.py", "migrating.py")),
    ]
    digest = sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _own_folder(base: Path) -> tuple[Path, int]:
    """A fresh folder and the lock on it. Made by one worker at a time: another would take one without a lock for a leftover."""
    turn = _lock(base / "folders.lock")
    try:
        _remove_leftovers(base)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=base))
        folder.chmod(0o711)
        return folder, _lock(folder / "in-use")
    finally:
        os.close(turn)


def _remove_leftovers(base: Path) -> None:
    """Folders of sessions that were killed: their server is gone already, by its death signal."""
    for folder in base.glob("run-*"):
        try:
            handle = os.open(folder / "in-use", os.O_RDWR)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)


def _lock(path: Path) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _name_in(dsn: str) -> str:
    return dsn.partition("?")[0].rpartition("/")[2]


def _with_database(dsn: str, name: str) -> str:
    before, mark, query = dsn.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{mark}{query}"
