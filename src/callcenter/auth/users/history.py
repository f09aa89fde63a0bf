"""Who has changed what of an account, when, and how it stood before and after: read from the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.models import AuditEntry
from callcenter.auth.models import User
from callcenter.auth.users.schemas import UserChange

MOST: Final = 50
KEPT: Final = (
    "user_created",
    "user_changed",
    "grant_added",
    "grant_changed",
    "grant_removed",
    "password_changed",
    "slip_given",
    "slip_used",
    "sessions_ended",
    "lockouts_lifted",
    "skills_changed",
)
"""Changes, not looks and log-ins: those are for auditors."""


async def user_history(session: AsyncSession, user_id: int) -> list[UserChange]:
    """The latest first, at most 50."""
    wanted = (
        select(AuditEntry.at, AuditEntry.action, AuditEntry.detail, User.name, User.name_en)
        .join(User, User.id == AuditEntry.user_id, isouter=True)
        .where(AuditEntry.subject == f"user:{user_id}", AuditEntry.action.in_(KEPT))
        .order_by(AuditEntry.id.desc())
        .limit(MOST)
    )
    return [_change(row) for row in await session.execute(wanted)]


def _change(row: Row[datetime, str, Any, str | None, str | None]) -> UserChange:
    before, after = row.detail.get("before", {}), row.detail.get("after", {})
    if row.action == "skills_changed":
        before, after = {"skills": before}, {"skills": after}
    if row.action in ("slip_given", "lockouts_lifted", "sessions_ended"):
        after = row.detail
    return UserChange(
        at=row.at,
        what=row.action,
        name=row.name or "",
        name_en=row.name_en or "",
        before=before,
        after=after,
    )
