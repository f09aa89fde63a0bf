"""The roster of some days: people by days, with shifts, absences, and who is on duty now."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import select

from callcenter.auth.permissions import Action
from callcenter.dispatch.duty.against import absences_of, calendar_of
from callcenter.dispatch.duty.on_duty import duties_of
from callcenter.dispatch.duty.reaching import Wanted, staff_of
from callcenter.dispatch.duty.rostering import shift_views
from callcenter.dispatch.duty.schemas import (
    AbsenceView,
    PlannedShift,
    Roster,
    RosterDay,
    RosterLine,
)
from callcenter.dispatch.models import Absence, AbsenceKind, RosterShift
from callcenter.records.calendar import load_calendar
from callcenter.records.models import DayKind, Staff
from callcenter.residents.access import Asking
from callcenter.residents.names import latin_name

MOST_PEOPLE: Final = 500


async def roster_of(asking: Asking, wanted: Wanted, first: date, days: int, zone: tzinfo) -> Roster:
    """At most 500 people, by name."""
    query = staff_of(asking, wanted, Action.SEE_FIELD)
    people = (
        await asking.session.scalars(query.order_by(Staff.name, Staff.id).limit(MOST_PEOPLE + 1))
    ).all()
    shown = people[:MOST_PEOPLE]
    ids = [each.id for each in shown]
    shifts = await _shifts(asking, ids, first, days, zone)
    last = first + timedelta(days=days - 1)
    away = await absences_of(asking.session, ids, first, last)
    duties = await duties_of(asking.session, ids, asking.now)
    known = (await load_calendar(asking.session)).years
    return Roster(
        days=await _days(asking, first, days),
        calendar_known=known >= {first.year, last.year},
        people=[
            RosterLine(
                staff_id=each.id,
                name=each.name,
                name_latin=latin_name(each.name).latin,
                kinds=each.kinds,
                region_id=each.region_id,
                duty=duties.get(each.id),
                shifts=shifts[each.id],
                absences=[absence_view(row) for row in away.get(each.id, ())],
            )
            for each in shown
        ],
        more=len(people) > MOST_PEOPLE,
    )


async def _days(asking: Asking, first: date, days: int) -> list[RosterDay]:
    calendar = await calendar_of(asking.session, first, days)
    every = (first + timedelta(days=n) for n in range(days))
    return [
        RosterDay(
            day=day,
            kind=DayKind(calendar[day].kind) if day in calendar else None,
            name=calendar[day].name if day in calendar else "",
        )
        for day in every
    ]


async def _shifts(
    asking: Asking, staff_ids: list[int], first: date, days: int, zone: tzinfo
) -> defaultdict[int, list[PlannedShift]]:
    """Also those that began the evening before."""
    begins = datetime.combine(first, datetime.min.time(), zone)
    rows = await asking.session.scalars(
        select(RosterShift)
        .where(
            RosterShift.staff_id.in_(staff_ids),
            RosterShift.begins_at < begins + timedelta(days=days),
            RosterShift.ends_at > begins,
        )
        .order_by(RosterShift.begins_at)
    )
    found: defaultdict[int, list[PlannedShift]] = defaultdict(list)
    for view in await shift_views(asking.session, rows.all(), zone):
        found[view.staff_id].append(view)
    return found


def absence_view(row: Absence) -> AbsenceView:
    return AbsenceView(
        id=row.id,
        staff_id=row.staff_id,
        from_day=row.from_day,
        until_day=row.until_day,
        kind=AbsenceKind(row.kind),
        reason=row.reason,
    )
