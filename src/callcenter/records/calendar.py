"""The calendar of workdays as it is kept: a list for each year, replaced as a whole."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel
from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import NotFound
from callcenter.records.models import CalendarDay, DayKind
from callcenter.records.workdays import Calendar
from callcenter.records.yearly_list import read_list
from callcenter.regions.models import Region
from callcenter.residents.access import Asking


class DayView(BaseModel):
    """A day that is not as its weekday says."""

    day: date
    kind: DayKind
    name: str


class YearView(BaseModel):
    """`version` counts the lists of the year."""

    year: int
    source: str
    version: int
    days: list[DayView]


async def load_calendar(session: AsyncSession) -> Calendar:
    """Every year that is known: some thirty rows for each."""
    rows = (await session.execute(select(CalendarDay.day, CalendarDay.kind))).all()
    return Calendar(
        worked={row.day: row.kind == DayKind.WORKDAY for row in rows},
        years=frozenset(row.day.year for row in rows),
    )


async def known_years(session: AsyncSession) -> list[int]:
    return sorted((await load_calendar(session)).years)


async def year_view(session: AsyncSession, year: int) -> YearView:
    """Raises NotFound for a year whose list is not known."""
    rows = (
        await session.scalars(select(CalendarDay).where(_of(year)).order_by(CalendarDay.day))
    ).all()
    if not rows:
        raise NotFound(f"The list of {year} is not known.", code="calendar_year_missing", year=year)
    days = [DayView(day=row.day, kind=DayKind(row.kind), name=row.name) for row in rows]
    return YearView(year=year, source=rows[0].source, version=rows[0].version, days=days)


async def replace_year(asking: Asking, year: int, text: str, source: str) -> YearView:
    """For whoever manages the whole site. Raises NotFound for others, InvalidFields for a list that is wrong."""
    top = select(Region).where(Region.parent_id.is_(None)).order_by(Region.id).limit(1)
    root = await asking.one(top, "region", Action.MANAGE_USERS)
    days = read_list(text, year)
    newest = await asking.session.scalar(select(func.max(CalendarDay.version)).where(_of(year)))
    version = (newest or 0) + 1
    await asking.session.execute(delete(CalendarDay).where(_of(year)))
    rows = [
        {
            "day": each.day,
            "kind": each.kind,
            "name": each.name,
            "source": source,
            "version": version,
        }
        for each in days
    ]
    await asking.session.execute(insert(CalendarDay), rows)
    detail = {"version": version, "days": len(days)}
    await asking.note("calendar_changed", f"calendar:{year}", root.path, detail)
    return await year_view(asking.session, year)


def _of(year: int) -> ColumnElement[bool]:
    return CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
