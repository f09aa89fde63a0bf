"""Running servers with people in their tables, and a bound on every story's run time."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from callcenter.core.cluster import Cluster
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.migrating import migrate
from tests.support.place import durable_databases, folder, place, shared_place
from tests.support.server import Server, Site, furnish

__all__ = ["durable_databases", "folder", "place", "shared_place"]

FIGURES: list[str] = []
"""What the stories measured, for the end of the run."""

STORY_S = 120.0
"""No story here may take longer, whatever hangs; a file may say another time."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Figures are shown, not judged: a busy machine is no fault of the server."""
    if FIGURES:
        terminalreporter.section("figures")
        for line in FIGURES:
            terminalreporter.write_line(line)


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Keep a figure of this story for the end of the run."""
    return lambda line: FIGURES.append(f"{request.node.name}: {line}")


class TookTooLong(BaseException):
    """Not an Exception: nobody on the way may catch it."""


@pytest.fixture(autouse=True)
def bounded(request: pytest.FixtureRequest) -> Iterator[None]:
    story_s: float = getattr(request.module, "STORY_S", STORY_S)

    def too_long(number: int, frame: object) -> None:
        raise TookTooLong(f"{story_s:g} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, story_s)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


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
    async with own_disk_in(folder) as made:
        yield made


Furnishing = Callable[[asyncpg.Connection, Site], Awaitable[None]]


@asynccontextmanager
async def own_disk_in(
    folder: Path,
    *,
    also: Furnishing | None = None,
    settings: dict[str, str] | None = None,
    environment: dict[str, str] | None = None,
) -> AsyncIterator[OwnDisk]:
    """With what `also` puts into its tables before it starts. It must end cleanly."""
    data_dir = folder / "data"
    data_dir.mkdir(mode=0o711, exist_ok=True)
    site, database = await _furnished(data_dir, also)
    server = Server(data_dir, settings=settings or {}, environment=environment or {})
    await server.start()
    try:
        yield OwnDisk(server, site, database)
    finally:
        code = None if server.killed else await server.stop()
    assert code == 0, f"the server ended with {code}: {server.log()[-3000:]}"


async def _furnished(data_dir: Path, also: Furnishing | None) -> tuple[Site, Database]:
    cluster = Cluster.start(data_dir)
    try:
        await migrate(cluster.dsn())
        database = Database(cluster.dsn(), role=None)
        owner = await database.connect("test owner")
        site = await furnish(owner, data_dir)
        if also is not None:
            await also(owner, site)
        await owner.close()
        await database.close()
    finally:
        cluster.stop()
    return site, database
