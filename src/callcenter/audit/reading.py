"""Reading the audit trail, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: all that is given must hold. `before` is the id of the last entry of the page before."""

    user_id: int | None = None
    subject: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: UUID | None = None

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
        return conditions


async def read_trail(
    session: AsyncSession,
    wanted: Wanted,
    *,
    region_ids: frozenset[int],
    with_placeless: bool,
    limit: int,
) -> Sequence[AuditEntry]:
    """Entries that concern any of the regions; `with_placeless` adds those of no region, such as a try with an unknown
    log-in. Ids are UUIDv7, so their order is the order of writing.
    """
    where = AuditEntry.region_ids.overlap(sorted(region_ids)) if region_ids else false()
    if with_placeless:
        where = or_(where, AuditEntry.region_ids == [])
    found = await session.scalars(
        select(AuditEntry)
        .where(where, *wanted.conditions())
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return found.all()
