"""What somebody at a door says: kept, weighed against what was said before, and where nobody opened a call is due in the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.calls.doors import Door, WhyDoor, call_about, found_after_all
from callcenter.core.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.proof import Claimed, Fix, Proof, distance_m, flags_of, put_right
from callcenter.residents.models import Home
from callcenter.rounds.models import RoundCheck, RoundRow, RoundRun, RoundVisit
from callcenter.rounds.visit import (
    EVENT_OF,
    NEEDS_CALL,
    RunEvent,
    RunState,
    VisitState,
    Word,
    apply,
    apply_run,
    counts,
)

BEFORE_IT_BEGINS: Final = timedelta(hours=12)
"""No word of a run was spoken earlier: a clock that says so is wrong, and what it says counts from when it was heard."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Of a check-list. `note` says what is wrong where it is not well."""

    item: str
    well: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDoor:
    """What is said of a stop. `id` is made by the phone; `said_at` is by its clock, `clock_error` what that was ahead when it was
    measured last.
    """

    id: UUID
    said: VisitState
    said_at: datetime
    clock_error: timedelta | None = None
    fix: Fix | None = None
    proof: Proof = Proof.NONE
    photo_id: UUID | None = None
    offline: bool = False
    note: str = ""
    answers: Sequence[Answer] = ()


@dataclass(frozen=True, slots=True)
class Walker:
    """Who says it: somebody of the staff, or somebody of the office who was told."""

    staff_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the stop is after it. `stands`: what was said now is what counts; False: somebody has said something later."""

    visit_id: int
    state: VisitState
    stands: bool
    flags: tuple[str, ...]


async def say(
    session: AsyncSession, visit_id: int, door: AtDoor, walker: Walker, now: datetime, zone: tzinfo
) -> Told:
    """The same id again changes nothing. Raises NotFound, Forbidden `not_your_round`, Conflict `id_used`, `not_yet`, Invalid `not_said_at_a_door`,
    `note_wanted`, `answers_wanted`.
    """
    run, visit, round_ = await _held(session, visit_id)
    if walker.staff_id is not None and walker.staff_id not in run.staff_ids:
        raise Forbidden(
            "This round is walked by somebody else: ask the dispatcher.", code="not_your_round"
        )
    before = await session.get(RoundCheck, door.id)
    if before is not None:
        return _told_before(before, visit)
    if now.astimezone(zone).date() < run.day:
        raise Conflict("This round is not walked before its day.", code="not_yet")
    _complete(door, round_)
    check = await _checked(session, visit, door, walker, now, run.begins_at - BEFORE_IT_BEGINS)
    if check.stands:
        await _takes_hold(session, run, visit, check, now, zone)
    _begin(run, check)
    await session.flush()
    return Told(visit.id, VisitState(visit.state), check.stands, tuple(check.flags))


async def _held(session: AsyncSession, visit_id: int) -> tuple[RoundRun, RoundVisit, RoundRow]:
    """The run first, as whoever closes it does."""
    run_id = select(RoundVisit.run_id).where(RoundVisit.id == visit_id).scalar_subquery()
    run = await session.scalar(select(RoundRun).where(RoundRun.id == run_id).with_for_update())
    visit = await session.get(RoundVisit, visit_id, with_for_update=True, populate_existing=True)
    if run is None or visit is None:
        raise NotFound("no such stop", what="round_visit")
    return run, visit, await session.get_one(RoundRow, run.round_id)


def _told_before(check: RoundCheck, visit: RoundVisit) -> Told:
    if check.visit_id != visit.id:
        raise Conflict("This id belongs to another stop.", code="id_used")
    return Told(visit.id, VisitState(visit.state), check.stands, tuple(check.flags))


def _complete(door: AtDoor, round_: RoundRow) -> None:
    if door.said not in EVENT_OF:
        raise Invalid(
            f"Nobody says {door.said} at a door: {', '.join(EVENT_OF)}.", code="not_said_at_a_door"
        )
    if door.said is VisitState.AWAY_KNOWN and not door.note.strip():
        raise Invalid("Say who knows that they are away.", code="note_wanted")
    if door.said is VisitState.DONE:
        given = {each.item for each in door.answers}
        missing = [each for each in round_.check_list if each not in given]
        if missing:
            raise Invalid(f"Not looked at: {', '.join(missing)}.", code="answers_wanted")


async def _checked(
    session: AsyncSession,
    visit: RoundVisit,
    door: AtDoor,
    walker: Walker,
    now: datetime,
    earliest: datetime,
) -> RoundCheck:
    home = await session.get(Home, visit.home_id)
    spot = None
    if home is not None and home.lat is not None and home.lng is not None:
        spot = Spot(home.lat, home.lng)
    occurred_at = put_right(door.said_at, door.clock_error, now)
    clock_error = door.clock_error
    if occurred_at < earliest:
        occurred_at, clock_error = now, door.said_at - now
    claimed = Claimed(occurred_at, door.proof, door.fix, clock_error)
    flags = flags_of(claimed, spot, visit.due_until) if walker.staff_id is not None else ()
    check = RoundCheck(
        id=door.id,
        visit_id=visit.id,
        staff_id=walker.staff_id,
        user_id=walker.user_id,
        said=door.said,
        occurred_at=occurred_at,
        said_at=door.said_at,
        received_at=now,
        lat=door.fix.spot.lat if door.fix else None,
        lng=door.fix.spot.lng if door.fix else None,
        accuracy_m=door.fix.accuracy_m if door.fix else None,
        distance_m=distance_m(claimed, spot),
        proof=door.proof,
        photo_id=door.photo_id,
        offline=door.offline,
        flags=sorted(flags),
        note=door.note,
        answers=[asdict(each) for each in door.answers],
        stands=counts(Word(occurred_at, door.id), _standing(visit)),
    )
    session.add(check)
    return check


def _standing(visit: RoundVisit) -> Word | None:
    if visit.said_at is None or visit.check_id is None:
        return None
    return Word(visit.said_at, visit.check_id)


async def _takes_hold(
    session: AsyncSession,
    run: RoundRun,
    visit: RoundVisit,
    check: RoundCheck,
    now: datetime,
    zone: tzinfo,
) -> None:
    before, said = VisitState(visit.state), VisitState(check.said)
    # Written before the stop is: whoever was not found has a call, or the row does not stand.
    if said in NEEDS_CALL and before not in NEEDS_CALL:
        visit.call_item_id = await _call(session, run, visit, check, now, zone)
    elif said not in NEEDS_CALL and visit.call_item_id is not None:
        await found_after_all(session, [visit.call_item_id], now)
    visit.state = apply(before, EVENT_OF[said])
    visit.said_at, visit.check_id = check.occurred_at, check.id
    visit.staff_id, visit.note = check.staff_id, check.note
    visit.flags, visit.answers = check.flags, check.answers
    visit.ended_at = check.occurred_at


async def _call(
    session: AsyncSession,
    run: RoundRun,
    visit: RoundVisit,
    check: RoundCheck,
    now: datetime,
    zone: tzinfo,
) -> int:
    subject = f"visit:{visit.id}:{check.id}"
    door = Door(subject, visit.home_id, visit.resident_id, run.day, WhyDoor.NOBODY_OPENED)
    called = await call_about(session, [door], now, now.astimezone(zone).date())
    return called[subject]


def _begin(run: RoundRun, check: RoundCheck) -> None:
    run.state = apply_run(RunState(run.state), RunEvent.BEGIN)
    if run.began_at is None or check.occurred_at < run.began_at:
        run.began_at = check.occurred_at
