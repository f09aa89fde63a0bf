"""Sending somebody there, and what becomes of whoever was sent. Pure.

Asking is never made to wait: it needs no list of people, no office and no database. Who goes is found by the office; what happens to them
comes back as steps of their task, each of which the timeline says once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from callcenter.alerts.bodies import FieldNews, SendBody
from callcenter.alerts.entries import FieldStep, Sent
from callcenter.alerts.handling.decision import (
    By,
    Command,
    Decision,
    Facts,
    Need,
    StepNow,
    StepTold,
    moved,
    without_taker,
)
from callcenter.alerts.handling.planned import (
    step_done_by_sending,
    unmarked_by_step,
    wait_after,
)
from callcenter.alerts.incident import (
    FIELD_HELP,
    FIELD_OVERDUE,
    FIELD_UNPLACED,
    Event,
    Incident,
    IncidentMode,
    State,
)
from callcenter.alerts.plans.playing import DONE
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.dispatch.outbox import TaskOrder, task_id
from callcenter.dispatch.road_words import unfit_words
from callcenter.dispatch.task import ON_SITE, TaskStepKind


def send(incident: Incident, facts: Facts, by: By, body: SendBody, now: datetime) -> Decision:
    """Whoever works alarms may ask, also again. In a drill it is said and nobody is asked. Raises Conflict `in_test`, `not_an_alarm`,
    NotFound, Invalid `place_needed`, `not_for_phones`.
    """
    done = step_done_by_sending(facts, now)
    after = unmarked_by_step(moved(incident, Event.RECORD, by), done)
    if incident.mode is IncidentMode.TEST:
        raise Conflict("Nobody is sent to a test: make it real first.", code="in_test")
    if incident.signal_class != "alarm":
        raise Conflict("Somebody is sent to alarms: make it one first.", code="not_an_alarm")
    named = _named(incident, facts, by, body)
    _check_words(body)
    order = _order(incident, facts, body)
    if not order.place and order.home_id is None and order.lat is None:
        raise Invalid("Nobody knows where it is: say the place.", code="place_needed")
    is_drill = incident.mode is IncidentMode.DRILL
    said = Sent(
        task_id=None if is_drill else order.id,
        what=body.what,
        kinds=[kind.value for kind in body.kinds],
        skills=list(body.skills),
        staff_id=body.staff_id if named else None,
        staff=named,
        hazards=body.hazards,
        until=now + ON_SITE,
        plan_step=done,
    )
    wait = wait_after(facts, done, DONE, now)
    return Decision(after, said, tasks=() if is_drill else [order], wait=wait)


def _named(incident: Incident, facts: Facts, by: By, body: SendBody) -> str:
    """Who is asked by name. Raises NotFound where they work beyond this region, and beyond those whose people the operator sees."""
    one = facts.staff
    if one is None:
        return ""
    if not (one.name and may_be_named(one.region_path, incident.region_path, by.profiles)):
        raise NotFound(f"Nobody {body.staff_id} works in this region.", what="staff")
    return one.name


def may_be_named(works_in: Sequence[int], region_path: Sequence[int], seen: frozenset[int]) -> bool:
    """Whether somebody who works there may be picked for an alarm here: in a region above it or below it, or in one that the operator sees."""
    in_line = works_in[-1] in region_path or region_path[-1] in works_in
    return in_line or not seen.isdisjoint(works_in)


def _check_words(body: SendBody) -> None:
    """What is said to a phone is read on stairs and in buses. Raises Invalid `not_for_phones`."""
    unfit = unfit_words(body.what, body.hazards, body.place)
    if unfit:
        raise Invalid(
            f"{unfit[0]!r} is nobody's business outside this room: say only what the job needs.",
            code="not_for_phones",
            word=unfit[0],
        )


def _order(incident: Incident, facts: Facts, body: SendBody) -> TaskOrder:
    """Of the profile no more than where it is and what is spoken there; how to get in is read from the home when somebody goes."""
    caller = facts.caller
    return TaskOrder(
        id=task_id(body.command_id),
        what=body.what,
        kinds=[kind.value for kind in body.kinds],
        skills=list(body.skills),
        languages=sorted(caller.speaks) if caller is not None else (),
        hazards=body.hazards,
        place=body.place or _place(incident.card),
        lat=incident.lat,
        lng=incident.lng,
        home_id=incident.home_id,
        resident_id=incident.resident_id,
        priority=incident.priority,
        staff_id=body.staff_id,
    )


def _place(card: Mapping[str, Any]) -> str:
    called = card.get("called") or {}
    return card.get("address") or card.get("address_en") or called.get("place") or ""


# ---- what becomes of them

LOUD: Final[Mapping[TaskStepKind, str]] = MappingProxyType(
    {
        TaskStepKind.UNPLACED: FIELD_UNPLACED,
        TaskStepKind.HELP: FIELD_HELP,
        TaskStepKind.OVERDUE_OUT: FIELD_OVERDUE,
    }
)
"""What the seat hears, and the mark that stays until it is put right."""
_FOUND: Final = frozenset(
    {
        TaskStepKind.ACCEPTED,
        TaskStepKind.GIVEN,
        TaskStepKind.SET_OUT,
        TaskStepKind.ARRIVED,
        TaskStepKind.CANCELLED,
    }
)
_OUT: Final = frozenset({TaskStepKind.DONE, TaskStepKind.CANCELLED, TaskStepKind.GIVEN_BACK})
_REACHED, _STILL_THERE = "reached", "still_there"
"""What came of asking a lone worker: somebody has spoken to them, or they have said by text that they are well and stay on."""


def tell_step(
    incident: Incident, facts: Facts, by: By, body: FieldNews, now: datetime
) -> Decision | None:
    """One entry for each step, also of an incident that is closed by now; there nothing is loud any more."""
    step = facts.field_step
    if step is None:
        return None
    after = incident if incident.state is State.CLOSED else _marked(incident, step, body, by)
    return Decision(after, _said(step), step_told=StepTold(step.task_id, step.n))


def _marked(incident: Incident, step: StepNow, body: FieldNews, by: By) -> Incident:
    kind = TaskStepKind(step.kind)
    mark = LOUD.get(kind)
    if mark is None:
        return replace(incident, marks=incident.unmarked(*_ended_by(kind, step)))
    rung = _rung(incident, by, taker_there=body.taker_there)
    return replace(rung, marks=rung.marked(mark))


def _rung(incident: Incident, by: By, *, taker_there: bool) -> Incident:
    """Its taker hears of it; what waits rings anyway, and what is only followed by somebody who is gone goes to everybody."""
    if incident.state is State.WAITING:
        return incident
    if incident.state is State.FOLLOWING and not taker_there:
        return without_taker(incident, Event.LOSE_TAKER, by)
    return replace(incident, ring=incident.ring + 1)


def _ended_by(kind: TaskStepKind, step: StepNow) -> set[str]:
    """Marks that it takes away."""
    gone = set()
    if kind in _FOUND and not step.others_unplaced:
        gone.add(FIELD_UNPLACED)
    answer = step.data.get("result") if kind is TaskStepKind.CALLED else None
    if kind in _OUT or answer in (_REACHED, _STILL_THERE):
        gone.add(FIELD_OVERDUE)
    if kind is TaskStepKind.DONE or answer == _REACHED:
        gone.add(FIELD_HELP)
    return gone


_WORDS: Final = ("reason", "words", "note", "result")


def _said(step: StepNow) -> FieldStep:
    data = step.data
    return FieldStep(
        task_id=step.task_id,
        n=step.n,
        step=step.kind,
        staff_id=step.staff_id,
        staff=data.get("staff") or "",
        doer=data.get("doer") or "",
        by=step.by,
        happened_at=step.at,
        minutes=data.get("minutes"),
        eta=_time(data.get("eta")),
        reason=next((data[each] for each in _WORDS if data.get(each)), ""),
    )


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


SEND = Command("send", SendBody, send, frozenset({Need.CALLER, Need.STAFF, Need.RUN}))
FIELD_TOLD = Command("field_told", FieldNews, tell_step, frozenset({Need.FIELD_STEP}))
