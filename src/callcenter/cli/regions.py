"""Regions as the command line names them: by code."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import NotFound
from callcenter.regions.models import Region


async def region_with_code(session: AsyncSession, code: str) -> Region:
    """The region. Raises NotFound."""
    region = await session.scalar(select(Region).where(Region.code == code))
    if region is None:
        raise NotFound(f"there is no region with the code {code!r}", what="region")
    return region
