"""Somebody cannot come: their tasks of a time, who could do each instead, and all of what was decided carried out at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, bindparam, func, select, text

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.dispatch import moving
from callcenter.dispatch.choosing import Need, Person, Spot, ranked
from callcenter.dispatch.desk.acting import doer_of, seized
from callcenter.dispatch.desk.asked_for import YEARS
from callcenter.dispatch.desk.reading import lines_of, note_look
from callcenter.dispatch.desk.replanning import Busy, Line, ToPlace, proposal
from callcenter.dispatch.desk.schemas import Replan, ReplanAsk, ReplanBody, ReplanLine, Replanned
from callcenter.dispatch.desk.staff import somebody
from callcenter.dispatch.desk.suggesting import everybody_for, phones_of, suggestion_view
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.people import need_of
from callcenter.dispatch.task import TaskState
from callcenter.residents.access import Asking

LONGEST: Final = timedelta(days=31)
MOST: Final = 200
"""Tasks of one proposal."""
OTHERS: Final = 5
"""So many more names stand beside each line."""


async def propose(asking: Asking, ask: ReplanAsk, zone: tzinfo) -> Replan:
    """Raises NotFound, Invalid `wrong_time`."""
    await somebody(asking, ask.staff_id, Action.DISPATCH)
    if ask.since.year not in YEARS or not timedelta() < ask.until - ask.since <= LONGEST:
        raise Invalid("From when until when: at most 31 days.", code="wrong_time")
    rows = await _theirs(asking, ask)
    people = {
        row.id: [
            each for each in await everybody_for(asking, row, zone) if each.staff_id != ask.staff_id
        ]
        for row in rows
    }
    tasks = [ToPlace(row.id, _need(row, asking.now)) for row in rows]
    fixed = await _given_away(asking, people, ask, [row.id for row in rows])
    lines = proposal(tasks, lambda task_id: people[task_id], fixed, asking.now)
    return await _shown(asking, lines, tasks, people)


async def _theirs(asking: Asking, ask: ReplanAsk) -> list[TaskRow]:
    """What they have and have not begun; whoever is on the way or there is spoken to first."""
    within = TaskRow.region_path.overlap(sorted(asking.principal.regions(Action.DISPATCH)))
    found = await asking.session.scalars(
        select(TaskRow)
        .where(
            TaskRow.staff_id == ask.staff_id,
            TaskRow.state.in_([TaskState.ACCEPTED, TaskState.UNDER_WAY]),
            func.greatest(TaskRow.begins_at, asking.now)
            >= ask.since,  # what is late is still to be done
            TaskRow.begins_at < ask.until,
            within,
        )
        .order_by(TaskRow.begins_at, TaskRow.id)
        .limit(MOST)
    )
    return list(found)


def _need(row: TaskRow, now: datetime) -> Need:
    """Of what should have begun already: as soon as can be."""
    need = need_of(row)
    return replace(need, begins=max(need.begins, now))


async def _given_away(
    asking: Asking,
    people: Mapping[UUID, Sequence[Person]],
    ask: ReplanAsk,
    without: Sequence[UUID],
) -> dict[int, list[Busy]]:
    ids = sorted({each.staff_id for several in people.values() for each in several})
    values = {
        "ids": ids,
        "since": ask.since - timedelta(days=1),
        "until": ask.until + timedelta(days=1),
        "without": [str(each) for each in without],
    }
    busy: dict[int, list[Busy]] = {}
    for row in (await asking.session.execute(_BUSY, values)).mappings():
        at = None if row["lat"] is None else Spot(row["lat"], row["lng"])
        begins: datetime = row["begins"]
        ends = begins + timedelta(minutes=row["minutes"])
        busy.setdefault(row["staff_id"], []).append(Busy(begins, ends, at, row["id"]))
    return busy


async def _shown(
    asking: Asking,
    lines: Sequence[Line],
    tasks: Sequence[ToPlace],
    people: Mapping[UUID, Sequence[Person]],
) -> Replan:
    shown = {each.id: each for each in await lines_of(asking, [each.task_id for each in lines])}
    await note_look(asking, list(shown.values()))
    phones = await phones_of(asking, sorted({p.staff_id for each in people.values() for p in each}))
    needs = {each.task_id: each.need for each in tasks}

    def view(each: Line) -> ReplanLine:
        fit = ranked(needs[each.task_id], people[each.task_id], asking.now)
        chosen = each.suggestion
        others = [
            one for one in fit if chosen is None or one.person.staff_id != chosen.person.staff_id
        ]
        return ReplanLine(
            task=shown[each.task_id],
            suggested=None if chosen is None else suggestion_view(chosen, phones),
            overlaps=each.overlaps,
            others=[suggestion_view(one, phones) for one in others[:OTHERS]],
        )

    return Replan(lines=[view(each) for each in lines], as_of=asking.now)


async def carry_out(asking: Asking, body: ReplanBody) -> Replanned:
    """All lines in this transaction, or none. Raises Conflict `changed_meanwhile`, `not_theirs`; NotFound."""
    if len({each.task_id for each in body.steps}) != len(body.steps):
        raise Invalid("A task stands twice in the plan.", code="task_twice")
    moved = 0
    # In one order, so that two who plan at once wait for each other instead of blocking.
    for step in sorted(body.steps, key=lambda each: each.task_id):
        task = await seized(asking, step.task_id, step.version)
        if task.staff_id != body.from_staff_id:
            raise Conflict("This task is not theirs any more.", code="not_theirs", task=task.id)
        if step.staff_id is None:
            await moving.give_back(asking.session, task, doer_of(asking), asking.now, body.reason)
            continue
        await somebody(asking, step.staff_id, Action.DISPATCH)
        who, doer = step.staff_id, doer_of(asking)
        await moving.give(asking.session, task, who, doer, asking.now, body.reason)
        moved += 1
    return Replanned(moved=moved, offered_anew=len(body.steps) - moved)


_BUSY: Any = text(
    """
SELECT task.id, task.staff_id, coalesce(task.arrived_at, task.begins_at) AS begins, task.minutes,
       coalesce(task.lat, home.lat) AS lat, coalesce(task.lng, home.lng) AS lng
FROM task LEFT JOIN home ON home.id = task.home_id
WHERE task.staff_id = ANY(CAST(:ids AS bigint[])) AND task.ended_at IS NULL
    AND task.begins_at >= :since AND task.begins_at < :until AND NOT task.id = ANY(CAST(:without AS uuid[]))
"""
).bindparams(*(bindparam(each, type_=DateTime(timezone=True)) for each in ("since", "until")))
