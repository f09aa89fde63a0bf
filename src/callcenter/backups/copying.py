"""Takes a copy beside a serving system: one snapshot of the database, files of the data folder, sealed as it is read."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

import asyncpg
import structlog

import callcenter
from callcenter.backups.archive import ArchiveWriter
from callcenter.backups.keys import FILE_NAME as BACKUP_KEY, Keys
from callcenter.backups.manifest import DUMP, Manifest, State
from callcenter.backups.programs import dump
from callcenter.backups.rotation import name_at, to_go
from callcenter.backups.sealed_stream import CHUNK, SealedWriter
from callcenter.backups.state import read_state
from callcenter.core import sealed
from callcenter.core.binaries import Binaries
from callcenter.core.database import Database
from callcenter.core.errors import NoRoom, Unavailable
from callcenter.core.one_moment import one_moment
from callcenter.core.private_files import sync_folder

log = structlog.get_logger(__name__)

LEFT_FREE: Final = 512 * 1024 * 1024
"""What a copy leaves free on its disk, beside the reserve of the alarms."""
EMPTIEST: Final = 0.1
"""An archive is hardly smaller than this part of its database: with less room it is not begun."""
SYNC_EVERY: Final = 16 * 1024 * 1024
"""A commit on the same disk waits for what is written before it: it is never much."""
_UNFINISHED: Final = ".unfinished"
_KEYS: Final = frozenset({sealed.FILE_NAME, BACKUP_KEY})
_ALSO: Final = ("demo",)
_RECORDINGS: Final = "sealed and never changed: copy the folder itself, day by day"
"""A year of them may be a hundred times the database: an archive a day would hold each of them again."""
_SNAPSHOT: Final = "SELECT pg_export_snapshot()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is copied. `outside`: files that belong to it and may lie elsewhere, by the name of their setting."""

    dsn: str
    data_dir: Path
    programs: Binaries
    keys: Keys
    reserve: int = 0
    """Bytes that are kept for alarms on the disk of the data folder."""
    outside: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """A copy that stands complete on its disk."""

    path: Path
    size: int
    manifest: Manifest


def take(site: Site, folder: Path, now: datetime) -> Taken:
    """Into `folder`, under its name only when it is complete. Raises NoRoom, Unavailable, OSError.

    It runs where Ctrl-C is heard at once: the connection with the snapshot only stands meanwhile.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name_at(now)
    room = LEFT_FREE + site.reserve
    unfinished = path.with_name(f".{path.name}{_UNFINISHED}")
    try:
        with _snapshot(site) as (state, name):
            _require(folder, room + round(state.size * EMPTIEST))
            with open(unfinished, "xb", opener=_private) as file:
                manifest = _write(_Careful(file, folder, room), site, state, name, now)
        unfinished.rename(path)
        sync_folder(folder)
    finally:
        unfinished.unlink(missing_ok=True)
    return Taken(path, path.stat().st_size, manifest)


@contextmanager
def _snapshot(site: Site) -> Iterator[tuple[State, str]]:
    """What it holds, and the name by which `pg_dump` takes part in it. Raises Unavailable where it did not stand to the end."""
    database = Database(site.dsn, role=None, pool_size=1)
    with asyncio.Runner() as runner:
        moment = one_moment(database, "backup", "0")
        connection = runner.run(moment.__aenter__())
        try:
            name = runner.run(connection.fetchval(_SNAPSHOT))
            yield runner.run(read_state(connection)), name
            runner.run(connection.execute("SELECT 1"))
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable(f"The database went away meanwhile: {error}") from error
        finally:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                runner.run(moment.__aexit__(None, None, None))
            runner.run(database.close())


def _write(file: _Careful, site: Site, state: State, snapshot: str, now: datetime) -> Manifest:
    stream = SealedWriter(file, site.keys.backup_key, site.keys.backup_key_id)  # type: ignore[arg-type]
    archive = ArchiveWriter(stream)
    places: dict[str, str] = {}
    for name, source in _files(site):
        if not name.startswith("data/"):
            places[name] = str(source)
        archive.add(name, _content(source))
    archive.add(DUMP, dump(site.programs, site.dsn, snapshot))
    manifest = Manifest(
        at=now,
        release=callcenter.__version__,
        state=state,
        parts=archive.parts,
        places=places,
        left_out=_left_out(site.data_dir),
    )
    archive.end(manifest)
    file.sync()
    return manifest


def _files(site: Site) -> Iterator[tuple[str, Path]]:
    """Small files of the data folder, but for its keys; certificates; what lies elsewhere."""
    own = site.data_dir
    small = [path for path in own.glob("*.json") if path.name not in _KEYS]
    small += [own / name for name in _ALSO]
    small += (own / "certificates").rglob("*")
    for path in sorted(small):
        if path.is_file() and not path.is_symlink():
            yield f"data/{path.relative_to(own).as_posix()}", path
    for setting, path in sorted(site.outside.items()):
        if path.is_file() and own.resolve() not in path.resolve().parents:
            yield f"outside/{setting}{path.suffix}", path


def _content(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            yield data


def _left_out(data_dir: Path) -> dict[str, str]:
    files = list((data_dir / "spool").glob("*.spool"))
    said = {} if not (data_dir / "recordings").is_dir() else {"recordings": _RECORDINGS}
    return said | {
        "keys.json, backup-key.json": "kept apart from the copies: callcenter backup --keys",
        "spool": f"{len(files)} files; leave it where it is: the next start writes what it holds",
    }


def sweep(folder: Path, *, daily: int, weekly: int) -> list[str]:
    """Remove the archives whose time is over; their names."""
    gone = to_go((path.name for path in folder.iterdir()), daily=daily, weekly=weekly)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
        log.info("backup_removed", place=str(folder / name))
    return gone


def remove_unfinished(folder: Path) -> None:
    """What a copy has left behind that was killed. The caller holds the lock of the copies."""
    for path in folder.glob(f".callcenter-*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


class _Careful:
    """A file that ends before the disk does, and lets go of what it has written."""

    def __init__(self, file: BinaryIO, folder: Path, room: int) -> None:
        self._file = file
        self._folder = folder
        self._room = room
        self._unsynced = 0

    def write(self, data: bytes) -> int:
        """Raises NoRoom, OSError."""
        written = self._file.write(data)
        self._unsynced += len(data)
        if self._unsynced >= SYNC_EVERY:
            self.sync()
            _require(self._folder, self._room)
        return written

    def sync(self) -> None:
        """It is on the disk afterwards, and not in memory that others need."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._unsynced = 0
        with suppress(AttributeError, OSError):  # Linux has it; elsewhere it costs memory alone
            os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _require(folder: Path, room: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < room:
        raise NoRoom(
            f"{folder}: {free >> 20} MiB are free, and {room >> 20} MiB are needed for a copy and to"
            " leave room for alarms. Make room, or name another folder"
        )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
