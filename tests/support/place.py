"""A furnished database with real servers on it: fixtures for whoever imports them into a conftest."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from callcenter.core.database import Database
from tests.support.postgres import TestDatabases, running_test_cluster
from tests.support.server import Server, Site, furnish


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

    async def serve(
        self, dsn: str | None = None, *, descriptors: int | None = None, **settings: str
    ) -> Server:
        """One more server; `dsn` leads to the same database by another way, `descriptors` are all that it may open. All share
        one data folder's keys.
        """
        data_dir = self.folder / f"server-{len(self.servers)}"
        data_dir.mkdir(mode=0o711, exist_ok=True)
        for name in ("keys.json", "secrets.json"):
            (data_dir / name).write_bytes((self.folder / "keys" / name).read_bytes())
            (data_dir / name).chmod(0o600)
        server = Server(data_dir, dsn or self.dsn, settings, descriptors)
        self.servers.append(server)
        await server.start()
        return server

    async def clear(self) -> None:
        """Away with everything that alarms have written."""
        await self.site.owner.execute("SET lock_timeout = '20s'")
        await self.site.owner.execute(
            "TRUNCATE incident, timeline_entry, journal, signal_dedup, sms_message, incident_proof, incident_command, incident_timer,"
            " call, call_leg, call_filing, hotline_case, hotline_case_step, recording, recording_listening, voice_call, voice_attempt"
        )

    async def count(self, query: str, *arguments: object) -> int:
        number: int = await self.site.owner.fetchval(f"SELECT count(*) FROM {query}", *arguments)  # noqa: S608
        return number


@asynccontextmanager
async def furnished(databases: TestDatabases, folder: Path) -> AsyncIterator[Place]:
    """In memory: for faults of everything but the disk. All servers must stop cleanly at the end, or have been killed."""
    dsn = await databases.clone()
    database = Database(dsn, role=None)
    owner = await database.connect("test owner")
    keys = folder / "keys"
    keys.mkdir(mode=0o711, exist_ok=True)
    made = Place(dsn, await furnish(owner, keys), folder)
    try:
        yield made
    finally:
        codes = [await server.stop() for server in made.servers if not server.killed]
        await owner.close()
        await database.close()
        await databases.drop(dsn)
    assert set(codes) <= {0}


@pytest.fixture
async def place(durable_databases: TestDatabases, folder: Path) -> AsyncIterator[Place]:
    """For one test alone."""
    async with furnished(durable_databases, folder) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_place(durable_databases: TestDatabases) -> AsyncIterator[Place]:
    """For the tests of a file that leave its servers as they were; each begins with `clear`."""
    with tempfile.TemporaryDirectory(prefix="callcenter-faults-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # noqa: ASYNC240 a fixture may wait for a disk
        async with furnished(durable_databases, folder) as made:
            yield made
