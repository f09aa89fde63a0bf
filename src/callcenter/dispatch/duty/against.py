"""What is known that may speak against shifts: absences, the end of somebody's time here, certificates, holidays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch.duty.planning import Away, Standing
from callcenter.dispatch.models import Absence
from callcenter.records.models import CalendarDay, DayKind, Staff


async def absences_of(
    session: AsyncSession, staff_ids: Sequence[int], first: date, last: date
) -> Mapping[int, list[Absence]]:
    """That touch one of these days, by whose they are."""
    rows = await session.scalars(
        select(Absence)
        .where(
            Absence.staff_id.in_(staff_ids),
            Absence.from_day <= last,
            or_(Absence.until_day.is_(None), Absence.until_day > first),
        )
        .order_by(Absence.from_day, Absence.id)
    )
    found: defaultdict[int, list[Absence]] = defaultdict(list)
    for row in rows:
        found[row.staff_id].append(row)
    return found


def standing_of(staff: Staff, absences: Sequence[Absence]) -> Standing:
    away = tuple(Away(row.from_day, row.until_day) for row in absences)
    return Standing(away, staff.active_until, staff.health_cert_until)


async def calendar_of(session: AsyncSession, first: date, days: int) -> dict[date, CalendarDay]:
    """Days that are not as their weekday says."""
    last = first + timedelta(days=days - 1)
    rows = await session.scalars(select(CalendarDay).where(CalendarDay.day.between(first, last)))
    return {row.day: row for row in rows}


def holidays_in(calendar: Mapping[date, CalendarDay]) -> frozenset[date]:
    return frozenset(day for day, row in calendar.items() if row.kind == DayKind.HOLIDAY)
