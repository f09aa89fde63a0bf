"""Puts a copy into an empty place: everything is checked before anything is written, and nothing half restored is ever served."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar

import asyncpg

from callcenter.backups.archive import checked, opened
from callcenter.backups.keys import Keys
from callcenter.backups.manifest import DUMP, Manifest, State, differences
from callcenter.backups.programs import entries_of, restore
from callcenter.backups.state import has_tables, read_state
from callcenter.core.binaries import Binaries, find_binaries
from callcenter.core.cluster import Cluster
from callcenter.core.database import SERVER_ROLE, Database
from callcenter.core.errors import Conflict, Invalid, Misconfigured, NoRoom, Unavailable
from callcenter.core.migrating import all_revisions, migrate
from callcenter.core.one_moment import one_moment
from callcenter.core.pid_file import holder

T = TypeVar("T")

BESIDE: Final = "restored"
"""Folder below the data folder for what belongs elsewhere, or is there already and differs."""
_UNFINISHED: Final = "restoring"
_ROOM: Final = 1.5
"""Times the size that the database had: tables, indexes, and the log of their making."""
_SERVER_PID: Final = "server.pid"


@dataclass(frozen=True, slots=True)
class Copy:
    """An archive of which every byte was checked."""

    path: Path
    keys: Keys
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Restored:
    """`migrated`: revisions that were applied. `aside`: files that were put beside, with where they belong."""

    migrated: list[str]
    aside: Mapping[str, str]


def check(path: Path, keys: Keys) -> Copy:
    """Read all of it. Raises Invalid where it is damaged, made with other keys, or of a later release."""
    manifest = checked(path, keys)
    if manifest.state.revision not in all_revisions():
        raise Invalid(
            f"{path}: of release {manifest.release} with tables {manifest.state.revision}, which is later"
            f" than this release: restore it with release {manifest.release} or newer",
            code="copy_too_new",
        )
    return Copy(path, keys, manifest)


def into_folder(copy: Copy, data_dir: Path, binaries: Path | None) -> Restored:
    """A private PostgreSQL and the files of a site below `data_dir`, which may hold keys and spool of the same site and no
    database. Raises Conflict, Invalid, NoRoom, Unavailable.
    """
    _must_be_empty(data_dir)
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    require_room(data_dir, copy.manifest)
    copy.keys.put(data_dir)
    unfinished = data_dir / _UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        cluster = Cluster.start(unfinished, binaries=binaries)
        try:
            migrated = fill(copy, cluster.dsn(), find_binaries(binaries, None))
        finally:
            cluster.stop()
        aside = _put_files(copy, data_dir)
        os.rename(unfinished / "postgresql", data_dir / "postgresql")
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Restored(migrated, aside)


def into_database(copy: Copy, dsn: str, programs: Binaries, data_dir: Path) -> Restored:
    """Into an empty database that somebody else runs; keys and files below `data_dir`. Raises as `into_folder`."""
    if _asked(dsn, has_tables):
        raise Conflict("database_url: the database has tables already; name an empty one")
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    copy.keys.put(data_dir)
    migrated = fill(copy, dsn, programs)
    return Restored(migrated, _put_files(copy, data_dir))


def fill(copy: Copy, dsn: str, programs: Binaries) -> list[str]:
    """Tables and rows into an empty database: held against the manifest, then brought to this release; the revisions applied.
    Raises Unavailable, and Invalid where it is not what was copied.
    """
    _asked(dsn, _make_role)
    with tempfile.TemporaryDirectory() as folder:
        with _dump_of(copy) as content:
            wanted = [line for line in entries_of(programs, content) if _is_ours(line)]
        with _dump_of(copy) as content:
            restore(programs, dsn, content, wanted, Path(folder))
    _asked(dsn, _grant)
    if wrong := differences(copy.manifest.state, state_of(dsn)):
        raise Invalid("What was restored is not what was copied: " + "; ".join(wrong))
    migrated = asyncio.run(migrate(dsn))
    _asked(dsn, _analyse)
    return migrated


def state_of(dsn: str) -> State:
    """What a database holds now."""

    async def read() -> State:
        database = Database(dsn, role=None, pool_size=1)
        try:
            async with one_moment(database, "backup", "0") as connection:
                return await read_state(connection)
        finally:
            await database.close()

    return asyncio.run(read())


def _must_be_empty(data_dir: Path) -> None:
    if (pid := holder(data_dir / _SERVER_PID)) is not None:
        raise Conflict(f"{data_dir}: process {pid} serves from it; stop it first")
    if (data_dir / "postgresql").exists():
        raise Conflict(
            f"{data_dir}: a database is there, and is not touched. Name an empty folder with --into, or"
            f" move {data_dir / 'postgresql'} aside"
        )


def require_room(data_dir: Path, manifest: Manifest) -> None:
    """For its tables. Raises NoRoom."""
    free, needed = shutil.disk_usage(data_dir).free, round(manifest.state.size * _ROOM)
    if free < needed:
        raise NoRoom(
            f"{data_dir}: {free >> 20} MiB are free, and {needed >> 20} MiB are needed to restore"
        )


@contextmanager
def _dump_of(copy: Copy) -> Iterator[Iterable[bytes]]:
    with opened(copy.path, copy.keys) as archive:
        for name, content in archive.parts():
            if name == DUMP:
                yield content
                return
    raise Invalid(f"{copy.path}: there is no database in it", code="copy_damaged")


def _put_files(copy: Copy, data_dir: Path) -> dict[str, str]:
    """Each with mode 0600; what is there is left as it is."""
    aside: dict[str, str] = {}
    with opened(copy.path, copy.keys) as archive:
        for name, content in archive.parts():
            if name == DUMP:
                break
            kind, _, rest = name.partition("/")
            data = b"".join(content)
            target = data_dir / PurePosixPath(rest)
            if kind == "data" and (not target.exists() or target.read_bytes() == data):
                _put(target, data)
                continue
            place = Path(copy.manifest.places.get(name, target))
            if not _is_there(place, data):
                beside = data_dir / BESIDE / PurePosixPath(rest)
                _put(beside, data)
                aside[str(beside)] = str(place)
    return aside


def _is_there(place: Path, data: bytes) -> bool:
    """Whether the file is where it belongs already, as on the machine that the copy is of."""
    try:
        return place.read_bytes() == data
    except OSError:
        return False


def _put(target: Path, data: bytes) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, 0o600)
        file.write(data)
        file.flush()
        os.fsync(handle)


def _is_ours(line: str) -> bool:
    """What is granted on tables to come names the owner there was: it is said anew for the one there is."""
    return " DEFAULT ACL " not in line


async def _make_role(connection: asyncpg.Connection) -> None:
    await connection.execute(_ROLE)


async def _grant(connection: asyncpg.Connection) -> None:
    await connection.execute(_GRANTS)


async def _analyse(connection: asyncpg.Connection) -> None:
    await connection.execute("ANALYZE")


def _asked(dsn: str, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    async def ask() -> T:
        database = Database(dsn, role=None, pool_size=1)
        connection = await database.connect("restore", answer_s=None)
        try:
            return await work(connection)
        finally:
            await connection.close()
            await database.close()

    try:
        return asyncio.run(ask())
    except asyncpg.InsufficientPrivilegeError as error:
        raise Misconfigured(f"The log-in of the database may not do this: {error}") from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Unavailable(f"The database refused: {error}") from error


_ROLE: Final = f"""
DO $$ BEGIN
    CREATE ROLE {SERVER_ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    GRANT {SERVER_ROLE} TO CURRENT_USER;
EXCEPTION WHEN insufficient_privilege THEN
    IF NOT pg_has_role(current_user, '{SERVER_ROLE}', 'MEMBER') THEN RAISE; END IF;
END $$;
"""
"""As the first migration makes it; the role is one for all databases of a cluster."""
_GRANTS: Final = f"""
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {SERVER_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {SERVER_ROLE};
"""
