"""Who changes accounts, and the entry of the audit trail that each change leaves; the same for the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth.models import Grant
from callcenter.regions.models import Region

COMMAND_LINE: Final = "command line"
"""In place of an address: nobody is logged in there."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who asks for a change of accounts, from where, when. Without a `user_id`: whoever may run commands on the server."""

    user_id: int | None
    address: str
    now: datetime

    async def record(
        self,
        session: AsyncSession,
        action: str,
        user_id: int,
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """Note what was done to which user, for the auditors of that user's regions."""
        await record(
            session,
            at=self.now,
            principal_id=self.user_id,
            action=action,
            subject=f"user:{user_id}",
            region_ids=await region_ids_of(session, user_id),
            address=self.address,
            detail=detail or {},
        )


async def region_ids_of(session: AsyncSession, user_id: int) -> list[int]:
    """All regions on the paths of the user's grants: where an auditor may read what concerns this user."""
    paths = await session.scalars(
        select(Region.path)
        .join(Grant, Grant.region_id == Region.id)
        .where(Grant.user_id == user_id)
    )
    return sorted({region_id for path in paths for region_id in path})
