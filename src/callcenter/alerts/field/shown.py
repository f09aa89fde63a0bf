"""What the seat sees of those who are sent to an incident: the tasks as they stand, and who could be asked. Types, and how they are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from callcenter.alerts.shown import Wire
from callcenter.dispatch.choosing import Hindrance, Need, Person, hindered, ranked

MOST_HINDERED = 60
"""Whoever cannot be asked is listed up to here, all are counted: a district has hundreds off duty."""


class SentAskedView(Wire):
    """Somebody who was asked. `answer` null: it is awaited until `expires_at`."""

    staff_id: int
    name: str
    phone: str | None
    by: str
    offered_at: datetime
    expires_at: datetime
    answer: str | None
    answered_at: datetime | None


class SentStepView(Wire):
    n: int
    at: datetime
    kind: str
    staff: str | None
    doer: str | None


class SentTaskView(Wire):
    """A task of the incident. `staff`: who has it, else who is asked for by name."""

    id: UUID
    code: int
    state: str
    what: str
    place: str
    hazards: str
    kinds: list[str]
    skills: list[str]
    created_at: datetime
    until_at: datetime | None
    staff_id: int | None
    staff: str | None
    phone: str | None
    accepted_at: datetime | None
    set_out_at: datetime | None
    eta: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    reason: str
    asked: list[SentAskedView]
    steps: list[SentStepView]


class SentReasonView(Wire):
    """Why somebody comes first: `value` is a number of minutes, of jobs, a language, or a time."""

    merit: str
    value: str


class SentSuggestionView(Wire):
    staff_id: int
    name: str
    phone: str | None
    kinds: list[str]
    minutes: int | None
    reasons: list[SentReasonView]


class SentHinderedView(Wire):
    """Somebody who is not asked, and why; a telephone can be tried all the same."""

    staff_id: int
    name: str
    phone: str | None
    kinds: list[str]
    why: Hindrance


class FieldOfIncident(Wire):
    """`at` is when it was read: what is shown of people is as old as that."""

    at: datetime
    tasks: list[SentTaskView]
    suggestions: list[SentSuggestionView]
    """Best first."""
    hindered: list[SentHinderedView]
    hindered_count: int


def suggestions_of(
    need: Need, people: Sequence[Person], phones: Mapping[int, str | None], now: datetime
) -> list[SentSuggestionView]:
    """In their order, with their reasons."""
    return [
        SentSuggestionView(
            staff_id=one.person.staff_id,
            name=one.person.name,
            phone=phones.get(one.person.staff_id),
            kinds=sorted(one.person.kinds),
            minutes=one.minutes,
            reasons=[SentReasonView(merit=each.merit, value=each.value) for each in one.reasons],
        )
        for one in ranked(need, people, now)
    ]


_NEAREST_TO_HELP: Sequence[Hindrance] = (
    Hindrance.SAID_NO,
    Hindrance.DID_NOT_ANSWER,
    Hindrance.CANNOT_BE_TOLD,
    Hindrance.LACKS_SKILL,
    Hindrance.OFF_DUTY,
)


def hindered_of(
    need: Need, people: Sequence[Person], phones: Mapping[int, str | None]
) -> list[SentHinderedView]:
    """Those whom a call may still bring come first."""
    found = sorted(hindered(need, people), key=lambda each: (_place(each[1]), each[0].staff_id))
    return [
        SentHinderedView(
            staff_id=person.staff_id,
            name=person.name,
            phone=phones.get(person.staff_id),
            kinds=sorted(person.kinds),
            why=why,
        )
        for person, why in found
    ]


def _place(why: Hindrance) -> int:
    return _NEAREST_TO_HELP.index(why) if why in _NEAREST_TO_HELP else len(_NEAREST_TO_HELP)


def task_view(
    task: Mapping[str, Any], asked: Iterable[Mapping[str, Any]], steps: Iterable[Mapping[str, Any]]
) -> SentTaskView:
    """From rows that have its columns, and more."""
    own = [
        SentAskedView.model_validate(dict(each)) for each in asked if each["task_id"] == task["id"]
    ]
    went = [_step(each) for each in steps if each["task_id"] == task["id"]]
    return SentTaskView.model_validate(dict(task) | {"asked": own, "steps": went})


def _step(row: Mapping[str, Any]) -> SentStepView:
    data = row["data"]
    return SentStepView(
        n=row["n"],
        at=row["at"],
        kind=row["kind"],
        staff=data.get("staff"),
        doer=data.get("doer"),
    )
