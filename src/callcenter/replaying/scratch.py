"""The empty system of a replay: a PostgreSQL of its own in a folder of its own. Neither settings nor the address of another database
are read, so that no replay can reach a site's.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from types import MappingProxyType
from typing import Final

import asyncpg

from callcenter.core.cluster import SUPERUSER, Cluster
from callcenter.core.errors import Invalid, Misconfigured
from callcenter.core.migrating import migrate
from callcenter.replaying.moved_clock import PREPARE

ROOT_HOME: Final = Path("/var/lib/callcenter")
"""Where PostgreSQL's own user may enter, when root replays."""
_FAST: Final[Mapping[str, str]] = MappingProxyType(
    {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
)
"""What is lost by a crash is replayed again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the night is gone through."""

    dsn: str
    admin_dsn: str


@contextmanager
def empty_system(folder: Path | None, binaries: Path | None = None) -> Iterator[Place]:
    """In a new or empty folder, which stays; without one in a folder that is gone afterwards. Raises Invalid, Misconfigured. Call
    it from the main thread.
    """
    home = own_folder() if folder is None else refuse_filled_folder(folder)
    try:
        cluster = Cluster.start(home, binaries=binaries, parameters=_FAST)
        try:
            yield _prepared(cluster)
        finally:
            cluster.stop()
    finally:
        if folder is None:
            shutil.rmtree(home, ignore_errors=True)


def own_folder() -> Path:
    """A new one, which PostgreSQL's own user may enter. Raises Misconfigured."""
    parent = Path(gettempdir())
    if os.geteuid() == 0:
        parent = ROOT_HOME
        parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    try:
        made = Path(mkdtemp(prefix="replay-", dir=parent))
    except OSError as error:
        raise Misconfigured(f"{parent} cannot be written: {error.strerror}") from error
    made.chmod(0o711)
    return made


def refuse_filled_folder(folder: Path) -> Path:
    """The folder, which is new or empty. Raises Invalid."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise Invalid(
            f"{folder} is not empty: name a folder that does not exist yet", code="replay_not_empty"
        )
    return folder


def _prepared(cluster: Cluster) -> Place:
    place = Place(cluster.dsn(), cluster.dsn(SUPERUSER))
    asyncio.run(migrate(place.dsn))
    asyncio.run(give_moved_clock(place.admin_dsn))
    return place


async def give_moved_clock(admin_dsn: str) -> None:
    """Statements of later connections ask the clock that is moved along."""
    admin = await asyncpg.connect(admin_dsn)
    try:
        await admin.execute(PREPARE)
    finally:
        await admin.close()
