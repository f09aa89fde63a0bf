"""What a dispatcher does to a task, each on the version that they saw: offer, give, take away, call off, finish, note, move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.dispatch import asking as offers, moving
from callcenter.dispatch.choosing import Hindrance, Person, Suggestion, hindrance, ranked
from callcenter.dispatch.desk.schemas import (
    TaskCalledBody,
    TaskGiveBody,
    TaskMoveBody,
    TaskOfferBody,
)
from callcenter.dispatch.desk.staff import somebody
from callcenter.dispatch.desk.suggesting import everybody_for, may_act
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.offering import ROUNDS, OfferBy, first_look
from callcenter.dispatch.people import need_of
from callcenter.dispatch.task import SEEKING, TaskKind, TaskState, TaskStepKind
from callcenter.residents.access import Asking

MOVABLE: Final = SEEKING | {TaskState.ACCEPTED}
LONGEST_WAIT: Final = timedelta(days=366)
_ASKED_AGAIN: Final = frozenset({Hindrance.SAID_NO, Hindrance.DID_NOT_ANSWER})
"""A dispatcher may ask them once more."""


def doer_of(asking: Asking) -> Doer:
    """The dispatcher, at the desk."""
    return Doer(StepBy.DESK, asking.principal.user_id, asking.principal.name)


async def seized(asking: Asking, task_id: UUID, version: int) -> TaskRow:
    """The row, locked, on the version that the asker saw. Raises NotFound, Conflict `changed_meanwhile`."""
    task = await moving.held(asking.session, task_id)
    if not may_act(asking, task.region_path):
        raise NotFound("no such task", what="task")
    if task.version != version:
        raise Conflict(
            f"Somebody has changed this task meanwhile (version {task.version}, yours is {version}): "
            "look at it again and repeat what you want.",
            code="changed_meanwhile",
            version=task.version,
            expected=version,
        )
    return task


async def offer(asking: Asking, task_id: UUID, body: TaskOfferBody, zone: tzinfo) -> None:
    """To the best, or to these. Raises Conflict `wrong_state`, `nobody_left`, `hindered` with the name and why."""
    task = await seized(asking, task_id, body.version)
    people = await everybody_for(asking, task, zone)
    if body.staff_ids:
        chosen = [_may_be_asked(task, people, each) for each in body.staff_ids]
    else:
        chosen = await _best(asking, task, people, body.best)
    until = asking.now + ROUNDS[TaskKind(task.kind)].patience
    by, doer = OfferBy.SCREEN, doer_of(asking)
    await offers.offer(asking.session, task, chosen, by, until, doer, asking.now)


async def _best(
    asking: Asking, task: TaskRow, people: Sequence[Person], most: int
) -> list[Suggestion]:
    asked = {row.staff_id for row in await offers.offers_of(asking.session, task)}
    fit = [
        each
        for each in ranked(need_of(task), people, asking.now)
        if each.person.staff_id not in asked
    ]
    if not fit:
        raise Conflict(
            "Nobody is left who could be asked: give it by hand, or ask one of those who said no.",
            code="nobody_left",
        )
    return fit[:most]


def _may_be_asked(task: TaskRow, people: Sequence[Person], staff_id: int) -> Suggestion:
    person = next((each for each in people if each.staff_id == staff_id), None)
    if person is None:
        raise NotFound("There is nobody of the staff with this number here.", what="staff")
    why = hindrance(need_of(task), person)
    if why is not None and why not in _ASKED_AGAIN:
        raise Conflict(
            f"{person.name} cannot be asked ({why}): give it by hand, when you have spoken to them.",
            code="hindered",
            name=person.name,
            why=why,
        )
    return Suggestion(person, None)


async def give(asking: Asking, task_id: UUID, body: TaskGiveBody) -> None:
    """By hand, whatever stands in the way: the dispatcher has spoken to them. Raises Conflict `wrong_state`, `has_it_already`;
    NotFound for somebody whom the asker may not send.
    """
    task = await seized(asking, task_id, body.version)
    await somebody(asking, body.staff_id, Action.DISPATCH)
    doer, note = doer_of(asking), body.note
    await moving.give(asking.session, task, body.staff_id, doer, asking.now, note)


async def take_away(asking: Asking, task_id: UUID, version: int, reason: str) -> None:
    """From whoever has it; it is offered anew. Raises Conflict `wrong_state`."""
    task = await seized(asking, task_id, version)
    await moving.give_back(asking.session, task, doer_of(asking), asking.now, reason)


async def call_off(asking: Asking, task_id: UUID, version: int, reason: str) -> None:
    """Raises Conflict `wrong_state`."""
    task = await seized(asking, task_id, version)
    await moving.cancel(asking.session, task, doer_of(asking), asking.now, reason)


async def finish(asking: Asking, task_id: UUID, version: int, reason: str) -> None:
    """Raises Conflict `wrong_state`."""
    task = await seized(asking, task_id, version)
    await moving.finish(asking.session, task, doer_of(asking), asking.now, reason)


async def note(asking: Asking, task_id: UUID, version: int, words: str) -> None:
    """Also of a task that has ended."""
    task = await seized(asking, task_id, version)
    kind, doer = TaskStepKind.NOTE, doer_of(asking)
    await moving.note(asking.session, task, kind, doer, asking.now, words=words)


async def called(asking: Asking, task_id: UUID, body: TaskCalledBody) -> None:
    """Whoever works there alone was called. Raises Conflict `nobody_there` where nobody has it."""
    task = await seized(asking, task_id, body.version)
    if task.staff_id is None:
        raise Conflict("Nobody has this task: there is nobody to call.", code="nobody_there")
    data = {"reached": body.reached, "words": body.words}
    kind, doer, who = TaskStepKind.CALLED, doer_of(asking), task.staff_id
    await moving.note(asking.session, task, kind, doer, asking.now, who, **data)


async def move(asking: Asking, task_id: UUID, body: TaskMoveBody) -> None:
    """To another time. Raises Conflict `wrong_state`; Invalid `rescue_waits_for_nobody`, `wrong_time`."""
    task = await seized(asking, task_id, body.version)
    if task.kind == TaskKind.RESCUE:
        raise Invalid("A rescue has no other time than now.", code="rescue_waits_for_nobody")
    if task.state not in MOVABLE:
        raise Conflict(
            f"A task that is {task.state} keeps its time.", code="wrong_state", state=task.state
        )
    check_times(body.begins_at, body.until_at, asking.now)
    before = task.begins_at
    until = body.until_at
    if until is None and task.until_at is not None:
        until = task.until_at + (body.begins_at - before)
    task.begins_at, task.until_at = body.begins_at, until
    task.minutes = task.minutes if body.minutes is None else body.minutes
    seeking = task.state in SEEKING
    task.look_at = first_look(TaskKind(task.kind), task.begins_at, asking.now) if seeking else until
    data = {"from": before.isoformat(), "to": task.begins_at.isoformat(), "minutes": task.minutes}
    kind, doer, who = TaskStepKind.CHANGED, doer_of(asking), task.staff_id
    await moving.note(asking.session, task, kind, doer, asking.now, who, **data)


def check_times(begins: datetime, until: datetime | None, now: datetime) -> None:
    """Raises Invalid `wrong_time` for what lies long ago or far away, or would be over before it begins."""
    if until is not None and until < begins:
        raise Invalid("It would have to be there before it begins.", code="wrong_time")
    if not now - timedelta(days=1) <= begins <= now + LONGEST_WAIT:
        raise Invalid(
            "begins_at: from a day ago to a year from now.", code="wrong_time", begins_at=begins
        )
