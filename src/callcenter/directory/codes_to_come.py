"""Codes that regions will have from a day to come: planned, withdrawn before, and on that day today's by themselves."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.database import Database
from callcenter.core.errors import Conflict, NotFound
from callcenter.core.held import HeldConnections
from callcenter.regions.models import Region, RegionCode
from callcenter.residents.access import Asking


async def code_to_come(session: AsyncSession, region_id: int, today: date) -> RegionCode | None:
    """The one that holds from a later day."""
    found: RegionCode | None = await session.scalar(
        select(RegionCode).where(RegionCode.region_id == region_id, RegionCode.from_day > today)
    )
    return found


async def plan_code(asking: Asking, region: Region, code: str, day: date) -> None:
    """From that day the region has this code; until then it keeps its own. Raises Conflict `code_to_come` where another is planned."""
    today = asking.now.date()
    if (planned := await code_to_come(asking.session, region.id, today)) is not None:
        raise Conflict(
            f"from {planned.from_day} the code is {planned.code}: withdraw that first",
            code="code_to_come",
            day=str(planned.from_day),
        )
    await asking.session.execute(
        update(RegionCode)
        .where(RegionCode.region_id == region.id, RegionCode.until_day.is_(None))
        .values(until_day=day)
    )
    asking.session.add(
        RegionCode(
            region_id=region.id, code=code, from_day=day, recorded_by=asking.principal.user_id
        )
    )
    await asking.session.flush()


async def withdraw_code(asking: Asking, region_id: int) -> None:
    """The code of today goes on. Raises NotFound where none is to come, and Conflict `code_taken` where another region is to have the
    code of today.
    """
    region = await asking.region(region_id, Action.MANAGE_USERS)
    planned = await code_to_come(asking.session, region_id, asking.now.date())
    if planned is None:
        raise NotFound("no code is to come", what="code")
    day, said = planned.from_day, {"code": planned.code, "code_from": str(planned.from_day)}
    if region.code and day:
        await demand_free_code(asking.session, region.code, day, region_id)
    await asking.session.delete(planned)
    await asking.session.flush()
    await asking.session.execute(
        update(RegionCode)
        .where(RegionCode.region_id == region_id, RegionCode.until_day == day)
        .values(until_day=None)
    )
    detail = {"before": said, "after": {"code": region.code}}
    await asking.note("region_changed", f"region:{region_id}", region.path, detail)


async def code_since(session: AsyncSession, region_id: int, today: date) -> date | None:
    """The last day until today on which a code of the region began or ended."""
    began, ended = RegionCode.from_day, RegionCode.until_day
    changed = func.greatest(*(func.max(day).filter(day <= today) for day in (began, ended)))
    since: date | None = await session.scalar(
        select(changed).where(RegionCode.region_id == region_id)
    )
    return since


async def demand_free_code(session: AsyncSession, code: str, day: date, region_id: int) -> None:
    """From the day on no other region may have it. Raises Conflict `code_taken`."""
    later = or_(RegionCode.until_day.is_(None), RegionCode.until_day > day)
    held = select(RegionCode.id).where(
        RegionCode.code == code, RegionCode.region_id != region_id, later
    )
    if await session.scalar(select(held.exists())):
        raise Conflict("another region has this code", code="code_taken")


class CodesToCome:
    """The processor `codes_to_come` of the office: looks once a day of the site, and after a start."""

    name = "codes_to_come"
    interval_s = 60.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._zone = zone
        self._looked_on: date | None = None
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Zero always: whatever holds today was copied with one look."""
        today = now.astimezone(self._zone).date()
        if today == self._looked_on:
            return 0
        async with self.connections.use() as connection, connection.transaction():
            await connection.execute(_SAY)
            changed = [row["id"] for row in await connection.fetch(_OTHERS, today)]
            if changed:
                # Two regions may change their codes with each other: nobody has one in between.
                await connection.execute(_NONE, changed)
                await connection.execute(_TODAYS, changed, today)
                await connection.execute(_RENEW)
        self._looked_on = today
        return 0


_SAY = "SELECT set_config('callcenter.source', 'clock', true)"
_OTHERS = """
SELECT region.id FROM region_code AS one JOIN region ON region.id = one.region_id
WHERE one.from_day <= $1 AND (one.until_day IS NULL OR one.until_day > $1) AND region.code IS DISTINCT FROM one.code
ORDER BY region.id FOR UPDATE OF region
"""
_NONE = "UPDATE region SET code = NULL WHERE id = ANY($1::bigint[])"
_TODAYS = """
UPDATE region SET code = one.code FROM region_code AS one
WHERE region.id = ANY($1::bigint[]) AND one.region_id = region.id
  AND one.from_day <= $2 AND (one.until_day IS NULL OR one.until_day > $2)
"""
_RENEW = "UPDATE source SET version = version + 1"
"""Copies in memory read regions again whenever a source has changed."""
