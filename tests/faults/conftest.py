"""Running servers with people in their tables, and a bound on every story's run time."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest

from callcenter.core.cluster import Cluster
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.migrating import migrate
from tests.support.postgres import TestDatabases, running_test_cluster
from tests.support.server import Server, Site, furnish

STORY_S = 120.0
"""No story here may take longer, whatever hangs."""


class TookTooLong(BaseException):
    """Not an Exception: nobody on the way may catch it."""


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    def too_long(number: int, frame: object) -> None:
        raise TookTooLong(f"{STORY_S:g} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, STORY_S)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def durable_databases() -> Iterator[TestDatabases]:
    """A PostgreSQL in memory that the server accepts."""
    with running_test_cluster(durable=True) as made:
        yield made


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that PostgreSQL's user may enter when the tests run as root; on disk."""
    with tempfile.TemporaryDirectory(prefix="callcenter-faults-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@dataclass
class Place:
    """A furnished database, and servers on it; they are stopped at the end, and must stop cleanly."""

    dsn: str
    site: Site
    folder: Path
    servers: list[Server] = field(default_factory=list)

    async def serve(self, dsn: str | None = None, **settings: str) -> Server:
        """One more server; `dsn` leads to the same database by another way. All share one data folder's keys."""
        data_dir = self.folder / f"server-{len(self.servers)}"
        data_dir.mkdir(mode=0o711)
        for name in ("keys.json", "secrets.json"):
            (data_dir / name).write_bytes((self.folder / "keys" / name).read_bytes())
            (data_dir / name).chmod(0o600)
        server = Server(data_dir, dsn or self.dsn, settings)
        self.servers.append(server)
        await server.start()
        return server

    async def count(self, query: str, *arguments: object) -> int:
        number: int = await self.site.owner.fetchval(f"SELECT count(*) FROM {query}", *arguments)  # noqa: S608
        return number


@pytest.fixture
async def place(durable_databases: TestDatabases, folder: Path) -> AsyncIterator[Place]:
    """In memory: for faults of everything but the disk."""
    dsn = await durable_databases.clone()
    database = Database(dsn, role=None)
    owner = await database.connect("test owner")
    keys = folder / "keys"
    keys.mkdir(mode=0o711)
    made = Place(dsn, await furnish(owner, keys), folder)
    try:
        yield made
    finally:
        codes = [await server.stop() for server in made.servers]
        await owner.close()
        await database.close()
        await durable_databases.drop(dsn)
    assert set(codes) <= {0, None}


@dataclass
class OwnDisk:
    """A server with its private PostgreSQL on disk, fsync on, furnished."""

    server: Server
    site: Site
    database: Database

    def cluster(self) -> Cluster:
        """Attached anew: after a restart it has other numbers."""
        return Cluster.attach(self.server.data_dir)

    def postmaster(self) -> int | None:
        """Its process id; None while PostgreSQL is not ready."""
        try:
            return self.cluster().pid
        except Unavailable:
            return None

    async def owner(self) -> asyncpg.Connection:
        database = Database(self.cluster().dsn(), role=None)
        return await database.connect("test owner")


@pytest.fixture
async def own_disk(folder: Path) -> AsyncIterator[OwnDisk]:
    data_dir = folder / "data"
    data_dir.mkdir(mode=0o711)
    cluster = Cluster.start(data_dir)
    try:
        await migrate(cluster.dsn())
        database = Database(cluster.dsn(), role=None)
        owner = await database.connect("test owner")
        site = await furnish(owner, data_dir)
        await owner.close()
        await database.close()
    finally:
        cluster.stop()
    server = Server(data_dir)
    await server.start()
    try:
        yield OwnDisk(server, site, database)
    finally:
        await server.stop()
