"""What is kept for how long, what would go now, and what the last run took."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final, cast

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.adjustable.current import Site
from callcenter.directory.jobs import ImportJobs
from callcenter.upkeep.kinds import WHY_IT_STAYS, Cutoff, KeptKind, Stays, setting_for
from callcenter.upkeep.models import RetentionRun
from callcenter.upkeep.old_rows import OLD_PARTS, OLD_ROWS
from callcenter.upkeep.retention import cutoff_of
from callcenter.upkeep.rows import RawConnection

MOST_COUNTED: Final = 10_000


class KeptView(BaseModel):
    """`setting` names the one that says for how long; null: nothing goes, and `stays` says why. `due` at `most_counted`: so many or
    more.
    """

    kind: KeptKind
    setting: str | None
    stays: Stays | None
    due: int
    oldest: datetime | None
    """Of what would go now."""


class NightView(BaseModel):
    """`ended_at` null: it goes on."""

    began_at: datetime
    ended_at: datetime | None
    took: dict[str, int]


class RetentionView(BaseModel):
    kinds: list[KeptView]
    most_counted: int
    last: NightView | None


async def show_retention(
    session: AsyncSession, site: Site, imports: ImportJobs, now: datetime
) -> RetentionView:
    """Counted at this moment."""
    kinds = [await _kept(session, site, imports, kind, now) for kind in KeptKind]
    last = await session.scalar(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(1))
    view = None if last is None else NightView.model_validate(last, from_attributes=True)
    return RetentionView(kinds=kinds, most_counted=MOST_COUNTED, last=view)


async def _kept(
    session: AsyncSession, site: Site, imports: ImportJobs, kind: KeptKind, now: datetime
) -> KeptView:
    setting, cut = setting_for(kind), cutoff_of(kind, site, now)
    due, oldest = (0, None) if cut is None else await _old(session, imports, kind, cut)
    return KeptView(
        kind=kind,
        setting=setting.name if setting else None,
        stays=WHY_IT_STAYS.get(kind),
        due=due,
        oldest=oldest,
    )


async def _old(
    session: AsyncSession, imports: ImportJobs, kind: KeptKind, cut: Cutoff
) -> tuple[int, datetime | None]:
    if kind is KeptKind.IMPORT_REPORTS:
        return await asyncio.to_thread(imports.older_than, cut.at)
    pooled = await (await session.connection()).get_raw_connection()
    raw = cast("RawConnection", pooled.driver_connection)
    row = await (OLD_PARTS if kind in OLD_PARTS else OLD_ROWS)[kind].look(raw, cut, MOST_COUNTED)
    return row["number"], row["oldest"]
