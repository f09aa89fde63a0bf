"""Whether a file of the archive is the one that its cut names, and whether the chain goes on from it into what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from callcenter.alerts.chained import CHAINS
from callcenter.audit.archived import Header, header_of, sha256_of
from callcenter.audit.chain import hash_of
from callcenter.audit.chained import Chained
from callcenter.audit.cuts import Cut, cuts_of
from callcenter.core.database import Database
from callcenter.core.errors import Invalid
from callcenter.core.one_moment import one_moment


async def faults_beside(database: Database, file: Path) -> list[str]:
    """In English; none: it fits. Raises Invalid `no_archive`, Unavailable, OSError."""
    header = await asyncio.to_thread(header_of, file)
    sha256 = await asyncio.to_thread(sha256_of, file)
    chained = next((each for each in CHAINS if each.name == header.chain), None)
    if chained is None:
        raise Invalid(f"{file}: there is no chain {header.chain!r}", code="no_archive")
    async with one_moment(database, "prove") as connection:
        cuts = await cuts_of(connection, chained)
        cut = next((each for each in cuts if each.part == header.part), None)
        if cut is None:
            return [f"no cut of {header.part} is written down in this database"]
        return [
            *_unlike(header, cut, sha256),
            *await _behind(connection, chained, header),
        ]


def _unlike(header: Header, cut: Cut, sha256: bytes) -> Iterator[str]:
    if sha256 != cut.sha256:
        yield f"its SHA-256 is {sha256.hex()}, and its cut says {cut.sha256.hex()}"
    said = (header.rows, header.from_number, header.from_hash, header.to_number, header.to_hash)
    known = (cut.rows, cut.from_number, cut.from_hash.hex(), cut.to_number, cut.to_hash.hex())
    if said != known:
        yield f"its head says {said}, and its cut {known}"


async def _behind(connection: asyncpg.Connection, chained: Chained, header: Header) -> list[str]:
    """The link that comes next is the first of another file, or goes over the last of this one."""
    number = header.to_number + 1
    rows = await connection.fetch(chained.links_between, number, number)
    for link in (chained.link_of(row) for row in rows):
        before = bytes.fromhex(header.to_hash)
        if link.said is not None and hash_of(before, number, link.mark, link.said) != link.hash:
            return [f"link {number} of the database does not go on from it"]
    return []
