"""The shape of a command: what it needs to know, what it decides. Pure.

`decide` sees the incident and the facts as they are in this attempt, and nothing else; so the same decision can be made on
rows of a database or on a board in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from callcenter.alerts.entries import Said
from callcenter.alerts.incident import Actor, Event, Incident, apply
from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.playing import Run
from callcenter.alerts.recorded import Recorded
from callcenter.core.errors import Forbidden
from callcenter.devices.callers import Caller
from callcenter.dispatch.outbox import TaskOrder
from callcenter.forwarding.outbox import Order as ForwardOrder
from callcenter.sms.outbox import Text

TAKER_LOST = "taker_lost"
"""Mark of an incident whose taker was gone."""
NO_TAKER: Mapping[str, Any] = MappingProxyType(
    {
        "taken_by": None,
        "taken_by_name": None,
        "taken_at": None,
        "offered_to": None,
        "follow_due_at": None,
    }
)


class Need(StrEnum):
    """A fact to be looked up before a command is decided."""

    TOLD = "told"
    CALLER = "caller"
    CONTACT = "contact"
    COLLEAGUE = "colleague"
    RESIDENT = "resident"
    SENDER = "sender"
    ANSWERED = "answered"
    SAID_BEFORE = "said_before"
    STEPS = "steps"
    ANSWERED_BEFORE = "answered_before"
    SUBJECT = "subject"
    ASSIGNMENT = "assignment"
    AWARE = "aware"
    PLAN = "plan"
    BEGUN = "begun"
    NEXT_PLAN = "next_plan"
    RUN = "run"
    SILENT_SINCE = "silent_since"
    COMING = "coming"
    ALARM_PLAN = "alarm_plan"
    CENTRE = "centre"
    GIVEN_TO = "given_to"
    ORIGIN = "origin"
    FORWARDING = "forwarding"
    STAFF = "staff"
    FIELD_STEP = "field_step"
    VOICE_TOLD = "voice_told"


@dataclass(frozen=True, slots=True)
class ToldContact:
    """Somebody who was texted about this incident, with the parameters of that text."""

    recipient: str
    contact_id: int | None
    language: str
    params: Mapping[str, Any]
    reached: bool = True
    """It may have been read: not one that is still waiting, or that no phone has got."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a step or an answer concerns."""

    contact_id: int | None
    name: str | None
    relation: str | None
    relation_en: str | None
    rank: int | None = None


NOBODY = Contact(None, None, None, None)


@dataclass(frozen=True, slots=True)
class Resident:
    """Who an unknown caller turns out to be. `caller` is their home as the registry knows it."""

    resident_id: int
    name: str
    home_id: int
    region_id: int
    region_path: tuple[int, ...]
    caller: Caller | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who an unknown caller was said to be, by the last entry that says so, and what has come of it."""

    resident_id: int | None
    name: str
    before: Mapping[str, Any]
    """The incident as it was (`entries.Stranger`)."""
    subject: str
    """What it would be about again: one that no other open incident has."""
    device_id: int | None = None
    """The device that was attached by it and is attached still."""
    home_has_called: bool = False
    """Another device of that home has called since: its alarm is in this incident."""
    taker_sees_it: bool = True
    """Where it would lie again."""


@dataclass(frozen=True, slots=True)
class Centre:
    """Another centre that alarms of this region may be given to."""

    id: int
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Through how many centres the alarm has come, and from which of those known here."""

    hops: int = 0
    centre_id: int | None = None


@dataclass(frozen=True, slots=True)
class ForwardingNow:
    """A forwarding as it stands, and what the timeline has said of it."""

    id: UUID
    centre: Centre
    what: str
    state: str
    attempt: int
    error: str | None
    address: int | None
    settled: bool
    accepted_by: str | None
    accepted_at: datetime | None
    accepted_how: str | None
    said: str | None
    accepted_said: bool


@dataclass(frozen=True, slots=True)
class StaffNow:
    """Somebody who is asked by name. Without a name: there is nobody like that who helps in this region."""

    name: str = ""
    region_path: tuple[int, ...] = ()
    """Of where they work."""


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step of a task of this incident of which the timeline does not say anything yet."""

    task_id: UUID
    n: int
    kind: str
    at: datetime
    staff_id: int | None
    by: str
    data: Mapping[str, Any]
    others_unplaced: bool = False
    """Nobody has been found for another task of it either."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was looked up: of each need what there is, None where there is nothing."""

    told: Sequence[ToldContact] = ()
    """Each contact once, in the order they were told."""
    caller: Caller | None = None
    contact: Contact | None = None
    colleague: str | None = None
    """Name of a user who works incidents of this region."""
    resident: Resident | None = None
    sender: Contact | None = None
    answered: bool = False
    """The answer stands on the timeline already: from before a crash, or by another server."""
    steps: Sequence[Recorded] = ()
    answered_before: bool = False
    """The sender has answered an earlier incident with its code."""
    said_before: str | None = None
    """What the sender has answered last about this incident, before this answer."""
    subject: str = ""
    """What the incident is about, as its table has it."""
    assignment: Assignment | None = None
    aware: Sequence[int] = ()
    """Contacts who have called about it themselves."""
    plan: Choice | None = None
    """The plan that holds now, for what heads the incident and whose it is."""
    begun: Choice | None = None
    """The plan that it runs with already."""
    next_plan: Run | None = None
    """The plan that holds now, with its name; None where only a newer server can read it."""
    run: Run | None = None
    """The plan that it runs with, and what was done of it."""
    silent_since: datetime | None = None
    """Since when an answer is waited for before the next contact is told, by the database's clock; None: it is not."""
    alarm_plan: Choice | None = None
    """The plan that would hold if it were a call for help."""
    centre: Centre | None = None
    """The one that is named, if alarms of this region may go there."""
    given_to: Sequence[int] = ()
    """Centres that it was forwarded to already."""
    origin: Origin = Origin()
    forwarding: ForwardingNow | None = None
    """The one that is named, if it is one of this incident."""
    staff: StaffNow | None = None
    """Who is asked by name; None: nobody is, or the database is away."""
    field_step: StepNow | None = None
    """The one that is named, as long as it is untold."""
    voice_told: bool = False
    """The timeline says this step of this automatic call already."""
    coming: bool = False
    """A contact has said that they go there, and not taken it back; whose answer is at hand does not count."""


@dataclass(frozen=True, slots=True)
class By:
    """Who commands: as an actor of the state machine, by name for the timeline, and where they may see profiles.

    `actor` None is the system itself.
    """

    actor: Actor | None = None
    name: str | None = None
    profiles: frozenset[int] = frozenset()


SYSTEM = By()


@dataclass(frozen=True, slots=True)
class Attachment:
    """The incident's device belongs to this resident from now on."""

    region_id: int
    home_id: int
    resident_id: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What an assignment has done is undone: its texts are void, those not sent yet never go out, and the others are followed by
    the texts of this decision; its device, if it has one, no longer belongs to that home.
    """

    device_id: int | None
    home_id: int | None
    region_id: int
    """Where the device belongs again."""


@dataclass(frozen=True, slots=True)
class PlanWait:
    """Until when the step waits on which the plan stands now; None: it does not wait."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class ForwardTold:
    """What the timeline says of a forwarding from here on; `accepted_by`: that somebody has accepted it is told by phone only now."""

    forwarding_id: UUID
    said: str | None
    accepted_said: bool = False
    accepted_by: str | None = None


@dataclass(frozen=True, slots=True)
class StepTold:
    """The timeline says it from here on."""

    task_id: UUID
    n: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The incident as it is to be, the entry that says why, and the texts it causes."""

    after: Incident
    said: Said
    texts: Sequence[Text] = ()
    subject: str | None = None
    """What the incident is about from now on: a home, a device, a caller."""
    attachment: Attachment | None = None
    withdrawal: Withdrawal | None = None
    due_in: timedelta | None = None
    """Until its timer is due again, where that is not as `timers.set_timers` has it."""
    plan: Choice | None = None
    """What it runs with from here on."""
    next_contact_s: int = 0
    """Without an answer to these texts the next contact is told then; 0: not by itself."""
    stops_telling: bool = False
    """No further contact is told by itself."""
    wait: PlanWait | None = None
    """Of the plan, which has moved on; None: it stands where it stood."""
    forwards: Sequence[ForwardOrder] = ()
    """To other centres."""
    forward_told: ForwardTold | None = None
    tasks: Sequence[TaskOrder] = ()
    """Of those who are to go there."""
    step_told: StepTold | None = None


Decide = Callable[[Incident, Facts, By, Any, datetime], Decision | None]
"""None: there is nothing left to do. Raises what `core.errors` has for a refusal."""


@dataclass(frozen=True, slots=True)
class Command:
    """`name` stands in the command's row; `body` is what is sent with it; `needs` are looked up anew for each attempt."""

    name: str
    body: type[Any]
    decide: Decide
    needs: frozenset[Need] = frozenset()


def moved(incident: Incident, event: Event, by: By, **changes: Any) -> Incident:
    """The incident after an event. Raises Conflict and Forbidden."""
    return replace(incident, state=apply(incident, event, by.actor), **changes)


def without_taker(incident: Incident, event: Event, by: By) -> Incident:
    """Back to the queue, where it rings anew, marked."""
    rung = incident.rung_anew()
    return moved(rung, event, by, **NO_TAKER, marks=rung.marked(TAKER_LOST))


def demand_taker(incident: Incident, by: By) -> None:
    """Raises Forbidden `not_the_taker`."""
    if by.actor is None or by.actor.supervises or incident.taken_by == by.actor.user_id:
        return
    raise Forbidden("Only its taker may do this: take the incident first.", code="not_the_taker")
