"""A database with months of ledgers, the processors over them, and its archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from callcenter.adjustable.current import Site
from callcenter.adjustable.known import BUILT_IN
from callcenter.alerts.chained import JOURNAL, TIMELINE, ByChange
from callcenter.audit.chain import Fault, lowest_at
from callcenter.audit.chained import AUDIT, Chained
from callcenter.audit.checking import faults_between, head_of
from callcenter.audit.cuts import cut_faults
from callcenter.audit.linking import Everything, Links
from callcenter.audit.parts import Parts
from callcenter.core.database import Database
from callcenter.core.sealed import Seal
from callcenter.upkeep.archiving import Archiving
from callcenter.upkeep.kinds import KeptKind

NIGHT = datetime(2026, 11, 28, 3, 5, tzinfo=UTC)
LEDGERS = {KeptKind.JOURNAL: JOURNAL, KeptKind.TIMELINE: TIMELINE, KeptKind.AUDIT: AUDIT}


def an_id(at: datetime, nth: int) -> UUID:
    return UUID(int=lowest_at(at).int | 0x7000_8000_0000_0000_0000 | nth)


class Vault:
    """Two years are kept."""

    def __init__(self, database: Database, owner: asyncpg.Connection, folder: Path) -> None:
        self.database, self.owner, self.folder = database, owner, folder
        self.seal = Seal.load(folder)
        self.site = Site(
            BUILT_IN | {f"retention.{kind}_d": 730 for kind in ("journal", "audit", "timeline")}
        )
        self.parts = Parts(database)
        self.archiving = self.another("office 1")
        self.nth = 0
        self.night = NIGHT

    async def close(self) -> None:
        await self.parts.connections.close()
        await self.archiving.close()

    def another(self, by: str) -> Archiving:
        """Of another process."""
        zone = ZoneInfo("UTC")
        return Archiving(self.database, self.site, LEDGERS, self.folder, self.seal, zone, by)

    async def write(self, *times: datetime) -> None:
        """A look of each time, and a signal."""
        for at in times:
            self.nth += 1
            await self.owner.execute(
                "INSERT INTO audit_entry (id, at, action, subject, detail) VALUES ($1, $2, 'profile_seen', '求助', $3)",
                an_id(at, self.nth),
                at,
                {"b": [1.5, None], "a": "老人"},
            )
            await self.owner.execute(
                "INSERT INTO journal (id, source, outcome, received_at, stored_at, raw, lat)"
                " VALUES ($1, 'dc09', 'recorded', $2, $2, '\\x00ff', 39.123456789)",
                an_id(at, self.nth),
                at,
            )
        await self.parts.run_once(self.night)

    async def link(self) -> None:
        """Whatever has no link yet."""
        links = Links(
            self.database, [Everything(JOURNAL), ByChange(), Everything(AUDIT)], "office 1"
        )
        while await links.run_once(self.night):
            pass
        await links.connections.close()

    async def age(self) -> None:
        """A night."""
        self.night += timedelta(days=1)
        for _ in range(200):
            if not await self.archiving.run_once(self.night):
                return

    async def wrong(self, chained: Chained = AUDIT) -> list[tuple[int, Fault]]:
        """What does not hold; rows of long ago are late here."""
        connection = await self.database.connect("auditor")
        try:
            head = await head_of(connection, chained)
            last = head.number if head else 0
            found = await faults_between(connection, chained, 1, last, most=100)
            found += await cut_faults(connection, chained)
        finally:
            await connection.close()
        return [(one.number, one.fault) for one in found if one.fault is not Fault.LATE]

    @property
    def files(self) -> Sequence[Path]:
        """Of the archive."""
        return sorted((self.folder / "archive").glob("*.archive"))


def days(year: int, month: int, count: int) -> list[datetime]:
    return [datetime(year, month, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(count)]


async def two_years_in(vault: Vault) -> None:
    """Three months: two go, one stays; the rows of the second and third were linked turn by turn."""
    await vault.write(*days(2023, 1, 3))
    await vault.link()
    for second, third in zip(days(2023, 2, 3), days(2026, 6, 3), strict=True):
        await vault.write(second)
        await vault.link()
        await vault.write(third)
        await vault.link()
