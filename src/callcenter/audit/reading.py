"""Reading the audit trail, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.models import AuditEntry, AuditLink


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: all that is given must hold. `before` is the id of the last entry of the page before."""

    user_id: int | None = None
    subject: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: UUID | None = None
    among: ColumnElement[bool] | None = None
    """A condition of whoever knows more than the trail does, such as whom an entry concerns."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as SQL."""
        conditions = []
        if self.user_id is not None:
            conditions.append(AuditEntry.user_id == self.user_id)
        if self.subject is not None:
            conditions.append(AuditEntry.subject == self.subject)
        if self.action is not None:
            conditions.append(AuditEntry.action == self.action)
        if self.since is not None:
            conditions.append(AuditEntry.at >= self.since)
        if self.until is not None:
            conditions.append(AuditEntry.at < self.until)
        if self.before is not None:
            conditions.append(AuditEntry.id < self.before)
        if self.among is not None:
            conditions.append(self.among)
        return conditions


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may read: entries that concern any of the regions; `placeless` adds those of no region, such as a try
    with an unknown log-in.
    """

    region_ids: frozenset[int]
    placeless: bool

    def condition(self) -> ColumnElement[bool]:
        """The same as SQL."""
        regions = sorted(self.region_ids)
        within = AuditEntry.region_ids.overlap(regions) if regions else false()
        return or_(within, AuditEntry.region_ids == []) if self.placeless else within


@dataclass(frozen=True, slots=True)
class Read:
    """An entry with its place in the chain, which it gets some seconds after it was written."""

    entry: AuditEntry
    number: int | None


async def read_trail(
    session: AsyncSession, wanted: Wanted, reach: Reach, *, limit: int
) -> Sequence[Read]:
    """Ids are UUIDv7, so their order is the order of writing."""
    found = await session.execute(
        select(AuditEntry, AuditLink.number)
        .outerjoin(AuditLink, AuditLink.entry_id == AuditEntry.id)
        .where(reach.condition(), *wanted.conditions())
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [Read(entry, number) for entry, number in found]
