"""Being there and leaving: check-ins with their proof. Each is one, however often it is sent, and their order does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch import proof
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.doing import Doer
from callcenter.dispatch.lateness import CHECK_OUT_LATE, Standing, there_until
from callcenter.dispatch.models import CheckIn, TaskRow
from callcenter.dispatch.moving import demand_holder, finish
from callcenter.dispatch.proof import CheckKind, Claimed, Fix, Proof
from callcenter.dispatch.steps import write_step
from callcenter.dispatch.task import ENDED, TaskEvent, TaskKind, TaskState, TaskStepKind, apply

_WAITING_TO_ARRIVE: Final = frozenset({TaskState.ACCEPTED, TaskState.UNDER_WAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn:
    """What a phone, or a text, says. `said_at` by its clock, which was `clock_error` ahead when it was measured last (None: never)."""

    id: UUID
    kind: CheckKind
    said_at: datetime
    proof: Proof = Proof.NONE
    fix: Fix | None = None
    clock_error: timedelta | None = None
    photo_id: UUID | None = None
    code_holds: bool = True
    seen_before: bool = False
    offline: bool = False
    note: str = ""


async def check_in(
    session: AsyncSession,
    task: TaskRow,
    staff_id: int,
    said: CheckedIn,
    doer: Doer,
    now: datetime,
) -> CheckIn:
    """Written with its flags, and the task moved by it. Raises Conflict `given_to_another`, `over_already`, `not_yours`."""
    known = await session.get(CheckIn, said.id)
    if known is not None:
        return known
    if not (task.staff_id == staff_id and task.state in ENDED):
        demand_holder(task, staff_id)
    row = _row(task, staff_id, said, now)
    session.add(row)
    await session.flush()
    await _move(session, task, row, doer, now)
    return row


async def _move(
    session: AsyncSession, task: TaskRow, row: CheckIn, doer: Doer, now: datetime
) -> None:
    """Leaving counts once they have arrived, whichever of the two is heard of first."""
    if row.kind in (CheckKind.ARRIVE, CheckKind.STOP) and task.state in _WAITING_TO_ARRIVE:
        await _arrive(session, task, row, doer)
    leaving = CheckIn.kind.in_([CheckKind.DEPART, CheckKind.STOP])
    left_at = await session.scalar(
        select(func.max(CheckIn.occurred_at)).where(CheckIn.task_id == task.id, leaving)
    )
    if task.state == TaskState.ARRIVED and left_at is not None:
        await finish(session, task, doer, now, "", left_at)


async def _arrive(session: AsyncSession, task: TaskRow, row: CheckIn, doer: Doer) -> None:
    task.state = apply(TaskState(task.state), TaskEvent.ARRIVE)
    task.arrived_at, task.version = row.occurred_at, task.version + 1
    task.look_at = row.occurred_at + timedelta(minutes=task.minutes) + CHECK_OUT_LATE
    data = {"proof": row.proof, "flags": row.flags, "distance_m": row.distance_m}
    at, staff_id = row.occurred_at, row.staff_id
    await write_step(session, task, TaskStepKind.ARRIVED, doer, at, staff_id, **data)


def _row(task: TaskRow, staff_id: int, said: CheckedIn, now: datetime) -> CheckIn:
    occurred = proof.put_right(said.said_at, said.clock_error, now)
    claimed = Claimed(
        occurred, said.proof, said.fix, said.clock_error, said.code_holds, said.seen_before
    )
    home = None if task.lat is None or task.lng is None else Spot(task.lat, task.lng)
    due = there_until(standing_of(task)) if said.kind is not CheckKind.DEPART else None
    fix = said.fix
    return CheckIn(
        id=said.id,
        task_id=task.id,
        staff_id=staff_id,
        kind=said.kind,
        occurred_at=occurred,
        said_at=said.said_at,
        received_at=now,
        lat=fix.spot.lat if fix else None,
        lng=fix.spot.lng if fix else None,
        accuracy_m=fix.accuracy_m if fix else None,
        distance_m=proof.distance_m(claimed, home),
        proof=said.proof,
        photo_id=said.photo_id,
        offline=said.offline,
        flags=sorted(proof.flags_of(claimed, home, due)),
        note=said.note,
    )


def standing_of(task: TaskRow) -> Standing:
    """The task as `lateness` looks at it."""
    return Standing(
        TaskKind(task.kind),
        TaskState(task.state),
        task.created_at,
        task.until_at,
        timedelta(minutes=task.minutes),
        task.arrived_at,
        task.eta,
    )
