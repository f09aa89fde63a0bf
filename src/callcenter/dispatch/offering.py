"""Whom a task is offered to next, when an offer lapses, and when nobody is left: worked out from its offers. Pure.

An offer lapses by its row and the time written there, never by a timer in memory. Whoever said no, or did not answer, is not asked
again by itself; a dispatcher may give it to them all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.dispatch.choosing import Hindrance, Suggestion
from callcenter.dispatch.task import SEEKING, TaskEvent, TaskKind, TaskState


class OfferAnswer(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """Somebody else has it, or it is not wanted any more."""


class OfferBy(StrEnum):
    SCREEN = "screen"
    SMS = "sms"
    VOICE = "voice"
    HAND = "hand"
    """Given by the dispatcher, who has spoken to them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """`answer` None: it runs, until it is answered or `expires_at` has passed."""

    staff_id: int
    offered_at: datetime
    expires_at: datetime
    answer: OfferAnswer | None = None

    def runs(self, now: datetime) -> bool:
        return self.answer is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Round:
    """How a kind of task is offered: to so many at a time, each with so long to answer."""

    at_once: int
    patience: timedelta


ROUNDS: Final[Mapping[TaskKind, Round]] = MappingProxyType(
    {
        TaskKind.RESCUE: Round(2, timedelta(seconds=60)),
        TaskKind.RIDE: Round(5, timedelta(minutes=2)),
        TaskKind.VISIT: Round(1, timedelta(minutes=10)),
        TaskKind.STOP: Round(1, timedelta(minutes=10)),
        TaskKind.ERRAND: Round(3, timedelta(minutes=10)),
        TaskKind.INSPECTION: Round(1, timedelta(minutes=30)),
    }
)


OFFERED_AHEAD: Final[Mapping[TaskKind, timedelta]] = MappingProxyType(
    {
        TaskKind.RESCUE: timedelta(),
        TaskKind.RIDE: timedelta(hours=1),
        TaskKind.VISIT: timedelta(hours=2),
        TaskKind.STOP: timedelta(hours=2),
        TaskKind.ERRAND: timedelta(hours=2),
        TaskKind.INSPECTION: timedelta(hours=2),
    }
)
"""So long before it begins a task is offered by itself: only whoever is on duty is asked, and what is further off is planned by a person."""


def first_look(kind: TaskKind, begins: datetime, now: datetime) -> datetime:
    """When a task is offered for the first time."""
    return max(now, begins - OFFERED_AHEAD[kind])


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done with a task now. `expired` are offers that have lapsed; `ask` are offered it until `until`; `event` is
    what the task becomes by it. All empty: wait.
    """

    expired: tuple[int, ...] = ()
    ask: tuple[Suggestion, ...] = ()
    until: datetime | None = None
    event: TaskEvent | None = None


def next_step(
    kind: TaskKind,
    state: TaskState,
    offers: Sequence[Offer],
    suggestions: Sequence[Suggestion],
    now: datetime,
) -> Next:
    """`suggestions` are those who may be asked, the best first. An unplaced task is offered again as soon as there is somebody, e.g.
    who has just come on duty.
    """
    expired = tuple(each.staff_id for each in offers if each.answer is None and not each.runs(now))
    if state not in SEEKING:
        return Next(expired)
    pace = ROUNDS[kind]
    running = {each.staff_id for each in offers if each.runs(now)}
    asked = {each.staff_id for each in offers}
    left = [each for each in suggestions if each.person.staff_id not in asked]
    ask = tuple(left[: max(0, pace.at_once - len(running))])
    if ask:
        return Next(expired, ask, now + pace.patience, TaskEvent.OFFER)
    if running or state is TaskState.UNPLACED:
        return Next(expired)
    return Next(expired, event=TaskEvent.GIVE_UP)


_ANSWERS: Mapping[OfferAnswer, Hindrance] = MappingProxyType(
    {
        OfferAnswer.DECLINED: Hindrance.SAID_NO,
        OfferAnswer.EXPIRED: Hindrance.DID_NOT_ANSWER,
    }
)


def answers_of(offers: Sequence[Offer]) -> dict[int, Hindrance]:
    """Who is not asked again by itself, by staff id. The last offer to somebody counts."""
    last = {each.staff_id: each.answer for each in offers}
    return {
        who: _ANSWERS[said] for who, said in last.items() if said is not None and said in _ANSWERS
    }


class Yes(StrEnum):
    """What a yes is worth."""

    HAS_IT = "has_it"
    HAD_IT_ALREADY = "had_it_already"
    TAKEN_BY_ANOTHER = "taken_by_another"
    NOT_WANTED = "not_wanted"
    """It is done, or called off."""


def worth(state: TaskState, taken_by: int | None, staff_id: int) -> Yes:
    """Whoever is first has it, in time or late; the same yes twice is one."""
    if taken_by == staff_id and state is not TaskState.CANCELLED:
        return Yes.HAD_IT_ALREADY
    if state in SEEKING:
        return Yes.HAS_IT
    return Yes.TAKEN_BY_ANOTHER if taken_by is not None else Yes.NOT_WANTED
