"""Takes old months of the ledgers into the archive: first the file, then in one transaction the cut that names it and the part itself.

A month goes when its last row is older than it is kept, each of its rows is linked and no incident of it is open. A file is written
some thousand rows a turn; whoever is cut off begins it anew, and without a cut the rows are where they were.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import IO, Any, Final

import asyncpg
import structlog

from callcenter.adjustable.current import Site
from callcenter.adjustable.known import SETTINGS
from callcenter.audit.archived import Header, Writing, place_of_archive, sha256_of
from callcenter.audit.chain import Link, hash_of, plain
from callcenter.audit.chained import Chained
from callcenter.audit.cuts import start_of
from callcenter.audit.trail import record_raw
from callcenter.core.database import Database
from callcenter.core.errors import Conflict
from callcenter.core.held import HeldConnections
from callcenter.core.private_files import sync_folder
from callcenter.core.sealed import Seal
from callcenter.upkeep.kinds import BEGINS_AT_H, Cutoff, KeptKind, cutoff

log = structlog.get_logger(__name__)

PAGE: Final = 5_000
"""Rows of a turn, about a quarter of a second of a core that nobody else wants."""
ENDS_AT_H: Final = 6
"""By the site's clock: behind it no file is begun."""
AGAIN: Final = timedelta(hours=20)
"""So long a month rests that may not go, or whose chain does not hold: it stays where it is."""


class BrokenLink(Conflict):
    """A row is not as it was linked: it is no row to be taken out of sight."""

    code = "chain_broken"

    def __init__(self, link: int) -> None:
        super().__init__(f"link {link} of the chain does not hold", link=link)
        self.link = link


@dataclass(slots=True)
class _File:
    """One that is being written."""

    chained: Chained
    kind: KeptKind
    part: Mapping[str, Any]
    header: Header
    path: Path
    aside: IO[bytes]
    writing: Writing
    number: int
    hash: bytes
    rows: int = 0
    written: bool = False
    cut: bool = False


class Archiving:
    """The processor `archiving` of the office. One server writes at a time; the cut decides, and the database guards it."""

    name = "archiving"
    interval_s = 5.0

    def __init__(
        self,
        database: Database,
        site: Site,
        ledgers: Mapping[KeptKind, Chained],
        data_dir: Path,
        seal: Seal,
        zone: tzinfo,
        by: str,
    ) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._site = site
        self._ledgers = ledgers
        self._folder = place_of_archive(data_dir)
        self._seal = seal
        self._zone = zone
        self._by = by
        self._file: _File | None = None
        self._rests: dict[str, datetime] = {}

    async def run_once(self, now: datetime) -> int:
        """One turn of one month, begun in the night; more than zero while a file is being written."""
        try:
            async with self.connections.use() as connection, connection.transaction():
                await connection.execute(_MANNERS)
                alone = await connection.fetchval(_ALONE)
                done = await self._turn(connection, now) if alone else 0
        except asyncpg.LockNotAvailableError:
            return 0  # Somebody reads the ledger. The file lies there, and its part is asked for again.
        except BrokenLink as broken:
            self._refuse(now, f"link {broken.link}")
            return 0
        except (asyncpg.CheckViolationError, asyncpg.UniqueViolationError) as error:
            self._refuse(
                now, str(error)
            )  # the database sees it otherwise, or another server was first
            return 0
        except BaseException:  # Whatever went wrong, the file is begun anew.
            self._give_up()
            raise
        if self._file is not None and self._file.cut:
            self._file = None
        return done

    async def _turn(self, connection: asyncpg.Connection, now: datetime) -> int:
        if self._file is None:
            return await self._begin(connection, now)
        if not self._file.written:
            return await self._write_page(connection, self._file)
        await self._cut(connection, self._file, now)
        self._file.cut = True
        return 1

    def _refuse(self, now: datetime, why: str) -> None:
        """The part stays where it is."""
        if self._file is not None:
            name = self._file.part["name"]
            self._rests[name] = now + AGAIN
            log.error("archive_refused", part=name, why=why)
        self._give_up()

    async def close(self) -> None:
        """A file that is not finished is begun anew by whoever comes next."""
        self._give_up()
        await self.connections.close()

    def _give_up(self) -> None:
        if self._file is not None:
            self._file.aside.close()
            self._file = None

    async def _begin(self, connection: asyncpg.Connection, now: datetime) -> int:
        """The first month that may go; one that may not, or has no rows, is looked at again tomorrow."""
        if not BEGINS_AT_H <= now.astimezone(self._zone).hour < ENDS_AT_H:
            return 0
        for kind, chained in self._ledgers.items():
            cut = cut_of_ledger(kind, self._site, now)
            for part in await connection.fetch(_OLD_PARTS, chained.table, cut.id):
                if self._rests.get(part["name"], now) > now:
                    continue
                self._rests[part["name"]] = now + AGAIN
                if await _may_go(connection, chained, part, cut):
                    self._file = await self._open(connection, kind, chained, part, now)
                if self._file is not None:
                    return 1
        return 0

    async def _open(
        self,
        connection: asyncpg.Connection,
        kind: KeptKind,
        chained: Chained,
        part: Mapping[str, Any],
        now: datetime,
    ) -> _File | None:
        """None: the part is empty, and stays until somebody needs it; it costs nothing."""
        extent = await connection.fetchrow(_extent(chained), part["low"], part["high"])
        if not extent["rows"]:
            return None
        before = await _hash_before(connection, chained, extent["first"])
        header = Header(
            chain=chained.name,
            part=part["name"],
            low=str(part["low"]),
            high=str(part["high"]),
            rows=extent["rows"],
            from_number=extent["first"],
            from_hash=before.hex(),
            to_number=extent["last"],
            to_hash=extent["last_hash"].hex(),
            columns=list(chained.said),
            written_at=str(plain(now)),
            written_by=self._by,
        )
        path = self._folder / f"{part['name']}.archive"
        aside = await asyncio.to_thread(_open_private, path.with_suffix(".part"))
        writing = Writing(aside, header, self._seal)
        return _File(chained, kind, part, header, path, aside, writing, extent["first"] - 1, before)

    async def _write_page(self, connection: asyncpg.Connection, file: _File) -> int:
        rows = await connection.fetch(
            _page(file.chained),
            file.part["low"],
            file.part["high"],
            file.number,
            file.header.to_number,
            PAGE,
        )
        if rows:
            await asyncio.to_thread(_write, file, rows)
            return len(rows)
        await asyncio.to_thread(_finish, file)
        file.written = True
        return 1

    async def _cut(self, connection: asyncpg.Connection, file: _File, now: datetime) -> None:
        sha256 = await asyncio.to_thread(sha256_of, file.path)
        name = str(file.path.relative_to(self._folder))
        header, part, chained = file.header, file.part, file.chained
        kept_d = self._site.number(f"retention.{file.kind}_d")
        await connection.execute(
            _CUT,
            *(chained.name, part["name"], part["low"], part["high"], header.rows),
            *(header.from_number, bytes.fromhex(header.from_hash)),
            *(header.to_number, bytes.fromhex(header.to_hash)),
            *(await _kept(connection, chained, part)),
            *(name, sha256, now, self._by, kept_d),
        )
        await self._say(connection, file, sha256, now)
        await connection.execute(_TAKE, chained.name, part["name"], timeout=55)
        log.info("ledger_archived", part=part["name"], rows=header.rows, file=name)

    async def _say(
        self, connection: asyncpg.Connection, file: _File, sha256: bytes, now: datetime
    ) -> None:
        header = file.header
        root = await connection.fetchval(_ROOT)
        await record_raw(
            connection,
            at=now,
            principal_id=None,
            action="ledger_archived",
            subject="site",
            region_ids=root or (),
            detail={
                "kind": file.kind.value,
                "part": header.part,
                "rows": header.rows,
                "first": header.from_number,
                "last": header.to_number,
                "sha256": sha256.hex(),
            },
        )
        await connection.execute(_TOOK, file.kind.value, header.rows)


def cut_of_ledger(kind: KeptKind, site: Site, now: datetime) -> Cutoff:
    """Before which whole months go."""
    setting = SETTINGS[f"retention.{kind}_d"]
    return cutoff(setting, site.number(setting.name), now)


async def _may_go(
    connection: asyncpg.Connection, chained: Chained, part: Mapping[str, Any], cut: Cutoff
) -> bool:
    return not any(
        [
            await connection.fetchval(statement, part["low"], part["high"], *more)
            for statement, more in _obstacles(chained, cut.at)
        ]
    )


def _obstacles(chained: Chained, before: datetime) -> Sequence[tuple[str, tuple[object, ...]]]:
    """What keeps a part: a row that is too young, one without a link, one of an incident that is open."""
    rows = _rows_of_part(chained)
    young = f"SELECT EXISTS (SELECT {rows} AND entry.{chained.time} >= $3)"
    unlinked = f"SELECT EXISTS (SELECT {rows} AND NOT EXISTS (SELECT FROM {chained.links} AS link WHERE {chained.same}))"  # noqa: S608 names
    open_ = f"""
    SELECT EXISTS (SELECT FROM incident WHERE state <> 'closed' AND EXISTS (SELECT {rows} AND entry.incident_id = incident.id))
    """  # noqa: S608 names
    of_incidents = [(open_, ())] if "incident_id" in chained.said else []
    return [(young, (before,)), (unlinked, ()), *of_incidents]


def _rows_of_part(chained: Chained) -> str:
    key = chained.key[0].row
    return f"FROM {chained.table} AS entry WHERE entry.{key} >= $1 AND entry.{key} < $2"


async def _hash_before(connection: asyncpg.Connection, chained: Chained, number: int) -> bytes:
    kept = await start_of(connection, chained)
    if number == kept.number and kept.before is not None:
        return kept.before
    found = await connection.fetchval(
        f"SELECT hash FROM {chained.links} WHERE number = $1",  # noqa: S608 a name
        number - 1,
    )
    if found is None:
        raise BrokenLink(number - 1)
    return bytes(found)


async def _kept(
    connection: asyncpg.Connection, chained: Chained, part: Mapping[str, Any]
) -> tuple[int, bytes]:
    """The first link that stays when this part has gone, and the hash that it goes over: of the newest if none has its row."""
    kept = await start_of(connection, chained)
    first = await connection.fetchval(_kept_from(chained), kept.number, part["low"], part["high"])
    return first, await _hash_before(connection, chained, first)


def _write(file: _File, rows: Sequence[asyncpg.Record]) -> None:
    """Raises BrokenLink: what does not hold is not taken out of sight."""
    ready: list[tuple[Link, bytes]] = []
    for row in rows:
        link = file.chained.link_of(row)
        goes_on = link.number == file.number + 1
        before = file.hash if goes_on else row["before"]
        if before is None or hash_of(before, link.number, link.mark, link.said or ()) != link.hash:
            raise BrokenLink(link.number)
        ready.append((link, before))
        file.number, file.hash = link.number, link.hash
    file.writing.add(ready)
    file.rows += len(ready)


def _finish(file: _File) -> None:
    if (file.rows, file.number) != (file.header.rows, file.header.to_number):
        raise BrokenLink(file.number)
    file.writing.end()
    os.fsync(file.aside.fileno())
    file.aside.close()
    os.replace(file.path.with_suffix(".part"), file.path)
    sync_folder(file.path.parent)


def _open_private(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "wb")


_MANNERS = """
SET LOCAL idle_in_transaction_session_timeout = '60s';
SET LOCAL statement_timeout = '55s';
SET LOCAL plan_cache_mode = force_custom_plan;
"""
_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('archiving'))"
_OLD_PARTS = """
SELECT name, low, high FROM ledger_part WHERE ledger = $1 AND NOT is_default AND high <= $2::uuid ORDER BY low
"""
_CUT = """
INSERT INTO chain_cut (
    chain, part, low, high, rows, from_number, from_hash, to_number, to_hash, kept_from, kept_before, file, sha256, at, by, kept_d
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""
_TAKE = "SELECT take_ledger_part($1, $2)"
_ROOT = "SELECT path FROM region WHERE parent_id IS NULL ORDER BY id LIMIT 1"
_TOOK = """
UPDATE retention_run
SET took = took || jsonb_build_object($1::text, coalesce((took ->> $1)::bigint, 0) + $2::bigint)
WHERE id = (SELECT max(id) FROM retention_run)
"""


def _extent(chained: Chained) -> str:
    key, links = chained.key[0].link, chained.links
    return f"""
    SELECT count(*) AS rows, min(number) AS first, max(number) AS last,
           (SELECT hash FROM {links} WHERE number = max(link.number)) AS last_hash
    FROM {links} AS link WHERE {key} >= $1 AND {key} < $2
    """  # noqa: S608 names


def _page(chained: Chained) -> str:
    """In the order of the links, which are read by their numbers and no further than the last of the part."""
    first = chained.key[0]
    keys = ", ".join(f"link.{each.link} AS link_{each.link}" for each in chained.key)
    return f"""
    SELECT link.number AS link_number, {keys}, link.hash AS link_hash, link.linked_at, link.linked_by, true AS there,
           false AS archived, before.hash AS before, {chained.columns}
    FROM {chained.links} AS link
    JOIN {chained.table} AS entry ON {chained.same} AND entry.{first.row} >= $1 AND entry.{first.row} < $2
    LEFT JOIN {chained.links} AS before ON before.number = link.number - 1
    WHERE link.number > $3 AND link.number <= $4 AND link.{first.link} >= $1 AND link.{first.link} < $2
    ORDER BY link.number LIMIT $5
    """  # noqa: S608 names


def _kept_from(chained: Chained) -> str:
    key, links = chained.key[0].link, chained.links
    return f"""
    SELECT coalesce(
        (SELECT number FROM {links} AS link WHERE number >= $1 AND NOT ({key} >= $2 AND {key} < $3) AND NOT {chained.archived}
         ORDER BY number LIMIT 1),
        (SELECT max(number) FROM {links})
    )
    """  # noqa: S608 names
