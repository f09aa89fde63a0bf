"""Writing the audit trail: one row for each look and each change, in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.models import AuditEntry
from callcenter.core.ids import new_id

_NOTHING: Mapping[str, object] = MappingProxyType({})

_INSERT = """
INSERT INTO audit_entry (id, at, user_id, action, subject, region_ids, address, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


class RawConnection(Protocol):
    """The part of an asyncpg connection (JSON codec set, as core/database makes it) that writing
    needs.
    """

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement."""

    async def executemany(self, command: str, args: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row, all or none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the trail, for those that write many at a time."""

    at: datetime
    principal_id: int | None
    action: str
    subject: str
    region_ids: Sequence[int] = ()
    address: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


async def record(  # noqa: PLR0913 - the columns of the row, each by name
    session: AsyncSession,
    *,
    at: datetime,
    principal_id: int | None,
    action: str,
    subject: str,
    region_ids: Iterable[int] = (),
    address: str | None = None,
    detail: Mapping[str, object] = _NOTHING,
) -> None:
    """Add one entry. `action` is a past participle such as `profile_seen`, `subject` e.g.
    `home:12`, `region_ids` the region path of the row (an auditor sees the entries of granted
    regions), `detail` codes and ids, never health data.
    """
    session.add(
        AuditEntry(
            id=new_id(),
            at=at,
            user_id=principal_id,
            action=action,
            subject=subject,
            region_ids=list(region_ids),
            address=address,
            detail=dict(detail),
        )
    )
    await session.flush()


async def record_raw(  # noqa: PLR0913 - as above
    connection: RawConnection,
    *,
    at: datetime,
    principal_id: int | None,
    action: str,
    subject: str,
    region_ids: Iterable[int] = (),
    address: str | None = None,
    detail: Mapping[str, object] = _NOTHING,
) -> None:
    """The same on a held asyncpg connection, in the caller's transaction."""
    entry = Entry(at, principal_id, action, subject, tuple(region_ids), address, detail)
    await connection.execute(_INSERT, *_row(entry))


async def record_many_raw(connection: RawConnection, entries: Sequence[Entry]) -> None:
    """Many entries in one go."""
    await connection.executemany(_INSERT, [_row(entry) for entry in entries])


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        new_id(),
        entry.at,
        entry.principal_id,
        entry.action,
        entry.subject,
        list(entry.region_ids),
        entry.address,
        dict(entry.detail),
    )
