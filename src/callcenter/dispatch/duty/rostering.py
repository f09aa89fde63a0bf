"""Planning, changing and swapping shifts. Whoever plans holds the people it is about, so that nobody gets two shifts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.dispatch.duty.against import absences_of, calendar_of, holidays_in, standing_of
from callcenter.dispatch.duty.keeping import of_staff
from callcenter.dispatch.duty.planning import (
    MOST_DAYS,
    Span,
    a_week_on,
    days_from,
    flags_of,
    left_out,
    on_day,
)
from callcenter.dispatch.duty.reaching import Wanted, one_of_staff, staff_of
from callcenter.dispatch.duty.schemas import (
    Copied,
    CopyBody,
    PlannedShift,
    ShiftChanges,
    ShiftLeftOut,
    ShiftsBody,
)
from callcenter.dispatch.models import RosterShift
from callcenter.records.models import Staff
from callcenter.residents.access import Asking

A_DAY: Final = timedelta(days=1)
MOST_AT_ONCE: Final = 2_000


async def plan(asking: Asking, body: ShiftsBody, zone: tzinfo) -> list[PlannedShift]:
    """All of them or none. Raises NotFound, Invalid `too_many_shifts`, `ends_before_it_begins`, Conflict `shifts_overlap`."""
    people = [
        await one_of_staff(asking, each, Action.DISPATCH)
        for each in sorted(dict.fromkeys(body.staff_ids))
    ]
    wanted = [
        Span(staff.id, *on_day(day, body.begins, body.ends, zone))
        for staff in people
        for day in _days(body, len(people))
    ]
    await _hold(asking.session, [each.id for each in people])
    await _refuse_overlaps(asking.session, wanted, people)
    rows = await _write(asking.session, wanted)
    for staff in people:
        theirs = [row.begins_at.isoformat() for row in rows if row.staff_id == staff.id]
        await _note(asking, "shifts_planned", staff, {"begin": theirs})
    return await shift_views(asking.session, rows, zone)


async def change(asking: Asking, shift_id: int, body: ShiftChanges, zone: tzinfo) -> PlannedShift:
    """Other hours. A duty that is of this shift ends with it. Raises NotFound, Conflict `shift_begun`, `shifts_overlap`."""
    row, staff = await _held_shift(asking, shift_id)
    begins, ends = on_day(row.begins_at.astimezone(zone).date(), body.begins, body.ends, zone)
    if row.began_duty_id is not None and begins != row.begins_at:
        raise _begun("when it began cannot be changed")
    span = Span(row.staff_id, begins, ends)
    await _refuse_overlaps(asking.session, [span], [staff], but_for=row.id)
    duty = await of_staff(asking.session, row.staff_id)
    if duty is not None and duty.id == row.began_duty_id and duty.planned_until == row.ends_at:
        duty.planned_until = ends
    before = {"begins_at": row.begins_at.isoformat(), "ends_at": row.ends_at.isoformat()}
    row.begins_at, row.ends_at = begins, ends
    after = {"begins_at": begins.isoformat(), "ends_at": ends.isoformat()}
    await _note(asking, "shift_changed", staff, {"before": before, "after": after})
    return (await shift_views(asking.session, [row], zone))[0]


async def remove(asking: Asking, shift_id: int) -> None:
    """One that has not begun. Raises NotFound, Conflict `shift_begun`."""
    row, staff = await _held_shift(asking, shift_id)
    if row.began_duty_id is not None:
        raise _begun("end the duty instead")
    await _note(asking, "shift_removed", staff, {"begins_at": row.begins_at.isoformat()})
    await asking.session.delete(row)


# ---- swaps


async def offer_swap(asking: Asking, shift_id: int, to: int, zone: tzinfo) -> PlannedShift:
    """Written down that somebody is asked to take it over; it stays whose it is until that is confirmed. Raises NotFound, Invalid
    `swap_with_self`, Conflict `shift_begun`, `shifts_overlap`.
    """
    row, staff = await _held_shift(asking, shift_id, to)
    taker = await one_of_staff(asking, to, Action.DISPATCH)
    if to == row.staff_id:
        raise Invalid(f"The shift is {staff.name}'s already.", code="swap_with_self")
    await _refuse_swap(asking.session, row, taker)
    row.swap_to, row.swap_offered_at = to, asking.now
    await _note(asking, "swap_offered", staff, {"shift_id": row.id, "to": to})
    return (await shift_views(asking.session, [row], zone))[0]


async def confirm_swap(asking: Asking, shift_id: int, zone: tzinfo) -> PlannedShift:
    """The other has it now. Raises NotFound, Conflict `no_swap`, `shift_begun`, `shifts_overlap`."""
    row, staff = await _held_shift(asking, shift_id)
    if row.swap_to is None:
        raise Conflict("Nobody was asked to take this shift over.", code="no_swap")
    taker = await one_of_staff(asking, row.swap_to, Action.DISPATCH)
    await _refuse_swap(asking.session, row, taker)
    row.staff_id, row.swap_to, row.swap_offered_at = taker.id, None, None
    await _note(asking, "swap_confirmed", staff, {"shift_id": row.id, "to": taker.id})
    return (await shift_views(asking.session, [row], zone))[0]


async def take_swap_back(asking: Asking, shift_id: int, zone: tzinfo) -> PlannedShift:
    """It stays whose it is; said twice it is said once. Raises NotFound."""
    row, staff = await _held_shift(asking, shift_id)
    if row.swap_to is not None:
        await _note(asking, "swap_taken_back", staff, {"shift_id": row.id, "to": row.swap_to})
    row.swap_to = row.swap_offered_at = None
    return (await shift_views(asking.session, [row], zone))[0]


async def _refuse_swap(session: AsyncSession, row: RosterShift, taker: Staff) -> None:
    if row.began_duty_id is not None:
        raise _begun("plan a shift of its own for the other")
    await _refuse_overlaps(session, [Span(taker.id, row.begins_at, row.ends_at)], [taker])


# ---- as last week


async def copy_week(asking: Asking, body: CopyBody, zone: tzinfo) -> Copied:
    """Each shift of the seven days before `from_day`, by the same hours a week later, for whose it was before it was swapped.
    Raises NotFound.
    """
    if body.region_id is not None:
        await asking.region(body.region_id, Action.DISPATCH)
    wanted = Wanted(region_id=body.region_id)
    people = (await asking.session.scalars(staff_of(asking, wanted, Action.DISPATCH))).all()
    by_id = {each.id: each for each in people}
    await _hold(asking.session, by_id)
    first = datetime.combine(body.from_day, datetime.min.time(), zone)
    last_week = await _shifts_between(asking.session, first - 7 * A_DAY, first, by_id)
    copies = [
        a_week_on(Span(0, row.begins_at, row.ends_at), row.planned_for, zone) for row in last_week
    ]
    known = await _known(asking.session, copies)
    last = body.from_day + 7 * A_DAY
    away = await absences_of(asking.session, sorted(by_id), body.from_day, last)
    planned: list[Span] = []
    skipped: list[ShiftLeftOut] = []
    for span in copies:
        staff = by_id[span.staff_id]
        standing = standing_of(staff, away.get(staff.id, ()))
        why = left_out(span, standing, known[staff.id], zone)
        if why is None:
            planned.append(span)
            known[staff.id].append(span)
        else:
            skipped.append(
                ShiftLeftOut(staff_id=staff.id, name=staff.name, begins_at=span.begins, why=why)
            )
    await _write(asking.session, planned)
    await _note_copy(asking, body, len(planned))
    return Copied(planned=len(planned), left_out=skipped)


async def _note_copy(asking: Asking, body: CopyBody, planned: int) -> None:
    regions = sorted(asking.principal.regions(Action.DISPATCH))
    path = await asking.path_of(body.region_id or regions[0])
    detail = {"from_day": body.from_day.isoformat(), "planned": planned}
    await asking.note("roster_copied", f"region:{body.region_id or regions[0]}", path, detail)


async def _shifts_between(
    session: AsyncSession, first: datetime, last: datetime, staff_ids: Iterable[int]
) -> Sequence[RosterShift]:
    rows = await session.scalars(
        select(RosterShift)
        .where(
            RosterShift.begins_at >= first,
            RosterShift.begins_at < last,
            RosterShift.planned_for.in_(sorted(staff_ids)),
        )
        .order_by(RosterShift.begins_at, RosterShift.id)
    )
    return rows.all()


# ---- rows


async def shift_views(
    session: AsyncSession, rows: Sequence[RosterShift], zone: tzinfo
) -> list[PlannedShift]:
    """With what speaks against each."""
    await session.flush()
    if not rows:
        return []
    ids = {each for row in rows for each in (row.staff_id, row.planned_for, row.swap_to)}
    found = await session.scalars(select(Staff).where(Staff.id.in_(sorted(ids - {None}))))
    people = {each.id: each for each in found}
    first = min(row.begins_at for row in rows).astimezone(zone).date()
    last = max(row.begins_at for row in rows).astimezone(zone).date()
    away = await absences_of(session, sorted(people), first, last)
    holidays = holidays_in(await calendar_of(session, first, (last - first).days + 1))
    return [
        PlannedShift(
            id=row.id,
            staff_id=row.staff_id,
            begins_at=row.begins_at.astimezone(UTC),
            ends_at=row.ends_at.astimezone(UTC),
            planned_for=row.planned_for,
            planned_for_name=people[row.planned_for].name,
            swap_to=row.swap_to,
            swap_to_name=None if row.swap_to is None else people[row.swap_to].name,
            begun=row.began_duty_id is not None,
            flags=list(
                flags_of(
                    Span(row.staff_id, row.begins_at, row.ends_at),
                    standing_of(people[row.staff_id], away.get(row.staff_id, ())),
                    holidays,
                    zone,
                )
            ),
        )
        for row in rows
    ]


def _days(body: ShiftsBody, people: int) -> list[date]:
    last = body.last_day or body.from_day
    if last < body.from_day:
        raise Invalid(f"The last day, {last}, lies before the first.", code="ends_before_it_begins")
    days = (last - body.from_day).days + 1
    if days > MOST_DAYS or days * people > MOST_AT_ONCE:
        raise Invalid(
            f"At most {MOST_DAYS} days and {MOST_AT_ONCE} shifts can be planned at once.",
            code="too_many_shifts",
            most=MOST_AT_ONCE,
            days=MOST_DAYS,
        )
    return days_from(body.from_day, last, body.weekdays)


async def _hold(session: AsyncSession, staff_ids: Iterable[int]) -> None:
    """As `hold_staff`, in the order of their numbers, so that two who plan do not wait for each other."""
    people = select(Staff.id).where(Staff.id.in_(sorted(staff_ids))).order_by(Staff.id)
    await session.execute(people.with_for_update(key_share=True))


async def _held_shift(
    asking: Asking, shift_id: int, other: int | None = None
) -> tuple[RosterShift, Staff]:
    """The shift and whose it is, whom nobody else plans for meanwhile; and `other`. Raises NotFound."""
    whose = select(RosterShift.staff_id, RosterShift.swap_to).where(RosterShift.id == shift_id)
    found = (await asking.session.execute(whose)).one_or_none()
    if found is None:
        raise NotFound("no such shift", what="shift")
    staff = await one_of_staff(asking, found.staff_id, Action.DISPATCH)
    if other is not None:
        await one_of_staff(asking, other, Action.DISPATCH)
    ids = {each for each in (found.staff_id, found.swap_to, other) if each is not None}
    await _hold(asking.session, ids)
    row = await asking.session.scalar(
        select(RosterShift)
        .where(RosterShift.id == shift_id, RosterShift.staff_id == found.staff_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("no such shift", what="shift")
    return row, staff


async def _write(session: AsyncSession, spans: Sequence[Span]) -> list[RosterShift]:
    rows = [
        RosterShift(
            staff_id=each.staff_id,
            planned_for=each.staff_id,
            begins_at=each.begins,
            ends_at=each.ends,
        )
        for each in spans
    ]
    session.add_all(rows)
    await session.flush()
    return rows


async def _known(
    session: AsyncSession, spans: Sequence[Span], but_for: int | None = None
) -> defaultdict[int, list[Span]]:
    """Shifts of these people about that time, by whose they are."""
    found: defaultdict[int, list[Span]] = defaultdict(list)
    if not spans:
        return found
    rows = await session.scalars(
        select(RosterShift).where(
            RosterShift.staff_id.in_(sorted({each.staff_id for each in spans})),
            RosterShift.begins_at < max(each.ends for each in spans),
            RosterShift.ends_at > min(each.begins for each in spans),
            RosterShift.id.is_distinct_from(but_for),
        )
    )
    for row in rows:
        found[row.staff_id].append(Span(row.staff_id, row.begins_at, row.ends_at))
    return found


async def _refuse_overlaps(
    session: AsyncSession,
    spans: Sequence[Span],
    people: Sequence[Staff],
    but_for: int | None = None,
) -> None:
    known = await _known(session, spans, but_for)
    for span in spans:
        other = next((each for each in known[span.staff_id] if span.overlaps(each)), None)
        if other is not None:
            name = next(each.name for each in people if each.id == span.staff_id)
            raise Conflict(
                f"{name} has a shift from {other.begins.isoformat()} to {other.ends.isoformat()} already.",
                code="shifts_overlap",
                name=name,
                begins_at=other.begins.isoformat(),
                ends_at=other.ends.isoformat(),
            )


def _begun(instead: str) -> Conflict:
    return Conflict(f"This shift has begun: {instead}.", code="shift_begun")


async def _note(asking: Asking, action: str, staff: Staff, detail: dict[str, object]) -> None:
    path = await asking.path_of(staff.region_id)
    await asking.note(action, f"staff:{staff.id}", path, detail)
