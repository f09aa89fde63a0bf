"""Who writes a text that is about no single job: signature and number to call, of the nearest region upwards that has them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.regions.models import Region


async def greeting(session: AsyncSession, region_id: int) -> dict[str, str]:
    """`signature`, `signature_en`, `hotline`; empty where no region has one."""
    path = select(func.unnest(Region.path)).where(Region.id == region_id)
    rows = await session.execute(
        select(Region.sms_signature, Region.sms_signature_en, Region.hotline)
        .where(Region.id.in_(path))
        .order_by(Region.path)
    )
    said = {"signature": "", "signature_en": "", "hotline": ""}
    for row in rows:
        said |= {name: own for name, own in zip(said, row, strict=True) if own}
    return said
