"""Keeping `path` right: a region's path is its parent's path and itself, for every row, at any time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import Conflict, NotFound
from callcenter.regions.models import Region, RegionLevel

_MOVE = text(
    """
    UPDATE region
    SET path = CAST(:above AS bigint[]) || path[array_position(path, :moved):]
    WHERE path @> ARRAY[CAST(:moved AS bigint)]
    """
)


async def root_region(session: AsyncSession) -> Region:
    """The top of the tree; made as `founding.found_root` does at a server's first start, when it is missing."""
    root = await session.scalar(select(Region).where(Region.parent_id.is_(None)))
    if root is None:
        root = await add_region(session, None, level=RegionLevel.ROOT, name="全部", name_en="All")
    return root


async def add_region(session: AsyncSession, parent: Region | None, **fields: Any) -> Region:
    """A new node below `parent`, with its path."""
    region = Region(parent_id=parent.id if parent else None, path=[], **fields)
    session.add(region)
    await session.flush()
    region.path = [*(parent.path if parent else []), region.id]
    await session.flush()
    return region


async def move_region(session: AsyncSession, region: Region, parent: Region) -> None:
    """Hang a region with everything below it under another parent. Raises Conflict for a ring."""
    if region.parent_id is None:
        raise Conflict("The root stays where it is.", code="root_region")
    if region.id in parent.path:
        raise Conflict("A region cannot lie below itself.", code="region_ring", region_id=region.id)
    region.parent_id = parent.id
    await session.flush()
    await session.execute(_MOVE, {"above": list(parent.path), "moved": region.id})
    await session.refresh(region)


async def find_region(session: AsyncSession, region_id: int) -> Region:
    """By id. Raises NotFound."""
    region = await session.get(Region, region_id)
    if region is None:
        raise NotFound("no such region", what="region")
    return region
