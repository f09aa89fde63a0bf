"""Whom a task could go to, the best first with the reasons, and everybody else with what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, bindparam, text

from callcenter.auth.permissions import Action
from callcenter.core.errors import NotFound
from callcenter.dispatch.choosing import Person, Suggestion, hindered, ranked
from callcenter.dispatch.desk.reading import line
from callcenter.dispatch.desk.schemas import (
    MeritView,
    PeopleForTask,
    TaskHinderedView,
    TaskSuggestionView,
)
from callcenter.dispatch.desk.staff import reached_of
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.people import need_of, people_for
from callcenter.residents.access import Asking

LATER: Final = timedelta(minutes=30)
"""A task that begins after this is for whoever is on duty then, as the roster has it."""


async def task_row(asking: Asking, task_id: UUID) -> TaskRow:
    """As it stands, unlocked. Raises NotFound, also where it is not for these eyes."""
    await line(asking, task_id)
    found = await asking.session.get(TaskRow, task_id)
    if found is None:
        raise NotFound("no such task", what="task")
    return found


async def everybody_for(asking: Asking, task: TaskRow, zone: tzinfo) -> list[Person]:
    """Those whom the asker sees, as they stand for this task: now, or at the time when it begins."""
    around = await people_for(asking.session, task, asking.now, zone)
    reached = await reached_of(asking, [each.staff_id for each in around])
    people = [each for each in around if each.staff_id in reached]
    if task.begins_at <= asking.now + LATER:
        return people
    then = await _on_duty_then(asking, task)
    return [replace(each, on_duty=then.get(each.staff_id, False)) for each in people]


async def people_of_task(asking: Asking, task_id: UUID, zone: tzinfo) -> PeopleForTask:
    """Raises NotFound."""
    task = await task_row(asking, task_id)
    people = await everybody_for(asking, task, zone)
    need = need_of(task)
    fit = ranked(need, people, asking.now)
    others = hindered(need, people)
    phones = await phones_of(asking, [each.staff_id for each in people])
    return PeopleForTask(
        suggested=[suggestion_view(each, phones) for each in fit],
        hindered=[
            TaskHinderedView(
                staff_id=person.staff_id,
                name=person.name,
                kinds=sorted(person.kinds),
                phone=phones.get(person.staff_id),
                why=why,
            )
            for person, why in others
        ],
        as_of=asking.now,
    )


def suggestion_view(suggestion: Suggestion, phones: Mapping[int, str | None]) -> TaskSuggestionView:
    """As the page shows it."""
    person = suggestion.person
    return TaskSuggestionView(
        staff_id=person.staff_id,
        name=person.name,
        kinds=sorted(person.kinds),
        phone=phones.get(person.staff_id),
        minutes=suggestion.minutes,
        reasons=[MeritView(merit=each.merit, value=each.value) for each in suggestion.reasons],
    )


async def phones_of(asking: Asking, ids: Sequence[int]) -> dict[int, str | None]:
    """By staff id."""
    rows = await asking.session.execute(_PHONES, {"ids": list(ids)})
    return {row.id: row.phone for row in rows}


async def _on_duty_then(asking: Asking, task: TaskRow) -> dict[int, bool]:
    values = {"begins": task.begins_at}
    rows = await asking.session.execute(_THEN, values)
    return {row.staff_id: True for row in rows}


def may_act(asking: Asking, path: Sequence[int], action: Action = Action.DISPATCH) -> bool:
    """Whether the asker may do this to a row of that region."""
    return not asking.principal.regions(action).isdisjoint(path)


_PHONES: Any = text("SELECT id, phone FROM staff WHERE id = ANY(CAST(:ids AS bigint[]))")
_THEN: Any = text(
    """
SELECT staff_id FROM roster_shift WHERE begins_at <= :begins AND ends_at > :begins
UNION
SELECT staff_id FROM duty WHERE ended_at IS NULL AND planned_until > :begins
"""
).bindparams(bindparam("begins", type_=DateTime(timezone=True)))
