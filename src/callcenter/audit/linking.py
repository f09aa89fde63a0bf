"""Every row of a chained table gets its link about a second after it was written: nobody who writes waits for it.

Rows are found by an index that they have anyway, a bounded page at a time; the rows decide what is linked, so that a restart or
a second server misses nothing and links nothing twice.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg

from callcenter.audit.chain import BEFORE_THE_FIRST, SETTLED, Mark, back_from, hash_of
from callcenter.audit.chained import Chained
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections

PAGE: Final = 5_000
"""Rows that are looked at in one transaction, at most some hundred milliseconds."""
MANY: Final = 200
"""A look that has found so many rows is followed by a pause: what every look costs is then shared by more rows."""
PAUSE: Final = timedelta(seconds=5)
OFTEN_BACK: Final = timedelta(seconds=5)
"""How far each look goes back: a transaction of the alarm path ends long before."""
SETTLED_EVERY: Final = timedelta(minutes=4)
"""So often a look goes back as far as any transaction may take. Less than half of that: what such a look finds is not late."""
ALL_EVERY: Final = timedelta(days=1)
"""So often everything is looked through from the beginning: a clock that was put back gives ids of long ago."""

NOTHING: Final = UUID(int=0)
LAST: Final = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Found:
    """A page: rows without a link, and whether it was the last of its look. `cursor`: where it ended."""

    rows: Sequence[asyncpg.Record]
    cursor: Any
    last: bool


class Finding(Protocol):
    """How the rows of one table are found that have no link yet. A `patient` one takes a page a second, whatever is left."""

    chained: Chained
    patient: bool

    def is_due(self, now: datetime) -> bool:
        """Whether a look may begin or go on."""

    async def begin(self, connection: asyncpg.Connection, now: datetime) -> Any:
        """A look: the cursor of its first page."""

    async def page(self, connection: asyncpg.Connection, cursor: Any) -> Found:
        """The next of them."""

    def end(self, cursor: Any, now: datetime) -> None:
        """The look has ended there, and what it found is linked."""


@dataclass(frozen=True, slots=True)
class _Look:
    """Rows of one look share the moment at which it began."""

    mark: Mark
    cursor: Any


class Links:
    """The processor `links` of the office. One server links a table at a time; whoever comes second tries again."""

    name = "links"
    interval_s = 1.0

    def __init__(self, database: Database, findings: Sequence[Finding], by: str) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._findings = findings
        self._by = by
        self._looks: dict[Finding, _Look] = {}
        self._found: Counter[Finding] = Counter()
        self._rests: dict[Finding, datetime] = {}

    async def run_once(self, now: datetime) -> int:
        """A page of each that does not rest; how many were linked, and more than none where a look goes on."""
        due = [
            each for each in self._findings if each.is_due(now) and not self._rests_now(each, now)
        ]
        done = 0
        if due:
            async with self.connections.use() as connection:
                for finding in due:
                    done += await self._page(connection, finding, now)
        return done

    def _rests_now(self, finding: Finding, now: datetime) -> bool:
        """Not where the clock was put back: a rest is never longer than a pause."""
        until = self._rests.get(finding)
        return until is not None and until - PAUSE <= now < until

    async def _page(self, connection: asyncpg.Connection, finding: Finding, now: datetime) -> int:
        chained = finding.chained
        async with connection.transaction():
            if not await connection.fetchval(_ONE_AT_A_TIME, chained.links):
                return 0
            look = self._looks.get(finding) or await self._begun(connection, finding, now)
            found = await finding.page(connection, look.cursor)
            if found.rows:
                mark = Mark(now, self._by) if finding.patient else look.mark
                await _link(connection, chained, found.rows, mark)
        self._found[finding] += len(found.rows)
        if found.last:
            self._looks.pop(finding, None)
            finding.end(found.cursor, now)
            if self._found.pop(finding) >= MANY:
                self._rests[finding] = now + PAUSE
            return len(found.rows)
        self._looks[finding] = _Look(look.mark, found.cursor)
        return len(found.rows) or int(not finding.patient)

    async def _begun(
        self, connection: asyncpg.Connection, finding: Finding, now: datetime
    ) -> _Look:
        return _Look(Mark(now, self._by), await finding.begin(connection, now))


class New:
    """What is newer than a while ago, of a table whose key is a UUIDv7: each look goes back a few seconds, now and then as far as any
    transaction may take.
    """

    patient = False

    def __init__(self, chained: Chained) -> None:
        self.chained = chained
        self.unlinked = f"""
        SELECT {chained.columns} FROM {chained.table} AS entry
        WHERE entry.id > $1 AND entry.id <= $2 AND NOT EXISTS (SELECT FROM {chained.links} AS link WHERE {chained.same})
        ORDER BY entry.id
        """  # noqa: S608 names of tables and columns
        self.end_of_page = (
            f"SELECT id FROM {chained.table} WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2"  # noqa: S608 likewise
        )
        self._last = f"SELECT entry_id FROM {chained.links} ORDER BY number DESC LIMIT 1"  # noqa: S608 likewise
        self._newest: UUID | None = None
        self._settled_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:  # noqa: ARG002 - whenever somebody asks
        return True

    async def begin(self, connection: asyncpg.Connection, now: datetime) -> UUID:
        """From where the links end, after a start."""
        if self._newest is None:
            self._newest = await connection.fetchval(self._last) or NOTHING
        if self._settled_at is not None and now - self._settled_at < SETTLED_EVERY:
            return back_from(self._newest, OFTEN_BACK)
        self._settled_at = now
        return back_from(self._newest, SETTLED)

    async def page(self, connection: asyncpg.Connection, cursor: UUID) -> Found:
        """Whole rows at once, of so many that are looked at; what is linked already is left out by the index of the links."""
        end = await connection.fetchval(self.end_of_page, cursor, PAGE - 1)
        rows = await connection.fetch(self.unlinked, cursor, end or LAST)
        return Found(rows, end or (rows[-1]["id"] if rows else cursor), last=end is None)

    def end(self, cursor: UUID, now: datetime) -> None:  # noqa: ARG002 - goes by ids
        self._newest = max(self._newest or NOTHING, cursor)


class Everything:
    """All from the beginning, once a day and when told to: a clock that was put back gives ids of long ago, and what waited for
    the database has the ids of when it came.
    """

    patient = True

    def __init__(self, chained: Chained) -> None:
        self.chained = chained
        self._seen = f"""
        SELECT entry.id, link.number IS NOT NULL AS linked
        FROM (SELECT id FROM {chained.table} WHERE id > $1 ORDER BY id LIMIT $2) AS entry
        LEFT JOIN {chained.links} AS link ON {chained.same}
        ORDER BY entry.id
        """  # noqa: S608 names of tables and columns
        self._rows = f"""
        SELECT {chained.columns} FROM unnest($1::uuid[]) AS wanted(id) JOIN {chained.table} AS entry ON entry.id = wanted.id
        ORDER BY entry.id
        """  # noqa: S608 likewise
        self._looked_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        return self._looked_at is None or now - self._looked_at >= ALL_EVERY

    async def begin(self, connection: asyncpg.Connection, now: datetime) -> UUID:  # noqa: ARG002 - asks nothing
        return NOTHING

    async def page(self, connection: asyncpg.Connection, cursor: UUID) -> Found:
        """So many are looked at, however many are linked."""
        seen = await connection.fetch(self._seen, cursor, PAGE)
        wanted = [row["id"] for row in seen if not row["linked"]]
        rows = await connection.fetch(self._rows, wanted) if wanted else []
        return Found(rows, seen[-1]["id"] if seen else cursor, last=len(seen) < PAGE)

    def end(self, cursor: UUID, now: datetime) -> None:  # noqa: ARG002 - it begins anew
        self._looked_at = now

    def look_soon(self) -> None:
        """Rows of some time ago have come."""
        self._looked_at = None


async def _link(
    connection: asyncpg.Connection, chained: Chained, rows: Sequence[asyncpg.Record], mark: Mark
) -> None:
    last = await connection.fetchrow(_LAST.format(chained.links))
    number, before = (last["number"], last["hash"]) if last else (0, BEFORE_THE_FIRST)
    hashes = await asyncio.to_thread(_hashes, chained, rows, number, before, mark)
    keys = zip(*(chained.key_of(row) for row in rows), strict=True)
    numbers = range(number + 1, number + 1 + len(rows))
    await connection.execute(
        chained.insert_links,
        list(numbers),
        *(list(each) for each in keys),
        hashes,
        mark.at,
        mark.by,
    )


def _hashes(
    chained: Chained, rows: Sequence[asyncpg.Record], number: int, before: bytes, mark: Mark
) -> list[bytes]:
    made = []
    for row in rows:
        number += 1
        before = hash_of(before, number, mark, chained.said_by(row))
        made.append(before)
    return made


_ONE_AT_A_TIME = """
SELECT pg_try_advisory_xact_lock(hashtext($1))
FROM set_config('idle_in_transaction_session_timeout', '60s', true)
"""
"""The thread that hashes steps back behind everything else."""
_LAST = "SELECT number, hash FROM {} ORDER BY number DESC LIMIT 1"
