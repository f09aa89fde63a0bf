"""My hours: when somebody was on duty and what they did, of one month of the site's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import Invalid
from callcenter.dispatch.phone.schemas import PhoneDutyView, PhoneHoursView, PhoneWorkView

_MINUTE = 60


def bounds_of(month: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """From when until when `2026-11` lasts. Raises Invalid `no_month`."""
    try:
        begins = datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
        following = (begins.year + begins.month // 12, begins.month % 12 + 1)
        return begins, begins.replace(year=following[0], month=following[1])
    except ValueError:
        raise Invalid(f"{month!r} is no month: write 2026-11.", code="no_month") from None


async def hours_of(
    session: AsyncSession, staff_id: int, month: str, now: datetime, zone: tzinfo
) -> PhoneHoursView:
    """A duty over the turn of a month counts in each for its part. Raises Invalid `no_month`."""
    begins, ends = bounds_of(month, zone)
    values = {"staff": staff_id, "begins": begins, "ends": ends}
    duties = (await session.execute(text(_DUTIES), values)).mappings().all()
    work = (await session.execute(text(_WORK), values)).mappings().all()
    on_duty = [_duty(row, begins, min(ends, now)) for row in duties]
    done = _work(work, zone)
    return PhoneHoursView(
        month=month,
        duties=on_duty,
        on_duty_min=sum(each.minutes for each in on_duty),
        work=done,
        at_work_min=sum(each.minutes or 0 for each in done),
    )


def _duty(row: RowMapping, begins: datetime, until: datetime) -> PhoneDutyView:
    lasted = min(row["ended_at"] or until, until) - max(row["began_at"], begins)
    return PhoneDutyView(
        began_at=row["began_at"],
        ended_at=row["ended_at"],
        minutes=max(0, int(lasted.total_seconds() // _MINUTE)),
    )


def _work(rows: Sequence[RowMapping], zone: tzinfo) -> list[PhoneWorkView]:
    return [
        PhoneWorkView(
            **{name: row[name] for name in ("id", "kind", "what", "place", "arrived_at")},
            ended_at=row["ended_at"],
            day=row["ended_at"].astimezone(zone).date(),
            minutes=None if row["minutes"] is None else int(row["minutes"]),
        )
        for row in rows
    ]


_DUTIES = """
SELECT began_at, ended_at FROM duty
WHERE staff_id = :staff AND began_at < :ends AND (ended_at IS NULL OR ended_at > :begins) ORDER BY began_at
"""
_WORK = """
SELECT id, kind, what, place, arrived_at, ended_at,
       floor(extract(epoch FROM there.until_at - arrived_at) / 60) AS minutes
FROM task
LEFT JOIN LATERAL (
    SELECT max(occurred_at) AS until_at FROM check_in
    WHERE check_in.task_id = task.id AND check_in.staff_id = :staff AND check_in.kind = 'depart'
) AS there ON true
WHERE staff_id = :staff AND state = 'done' AND ended_at >= :begins AND ended_at < :ends
ORDER BY ended_at
"""
