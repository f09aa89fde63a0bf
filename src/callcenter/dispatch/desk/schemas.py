"""What people send and see at the dispatcher's desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from callcenter.core.written import Written
from callcenter.dispatch.choosing import Hindrance, Merit
from callcenter.dispatch.doing import StepBy
from callcenter.dispatch.lateness import Rank
from callcenter.dispatch.offering import OfferAnswer, OfferBy
from callcenter.dispatch.task import TaskKind, TaskState, TaskStepKind
from callcenter.records.staff_kinds import StaffKind

Reason = Annotated[str, Field(min_length=1, max_length=500)]
Words = Annotated[str, Field(max_length=500)]
Item = Annotated[str, Field(min_length=1, max_length=200)]
Minutes = Annotated[int, Field(ge=5, le=720)]


class TaskLine(BaseModel):
    """One row of the list. `rank` is as of the answer; `overdue_at`, `late_at`, `risk_at` and `will_be_late` say from when on it is
    another one (dispatch.desk.ordering).
    """

    id: UUID
    version: int
    kind: TaskKind
    state: TaskState
    rank: Rank
    due_at: datetime
    overdue_at: datetime | None
    late_at: datetime | None
    risk_at: datetime | None
    will_be_late: bool
    region_id: int
    code: int
    what: str
    place: str
    destination: str
    home_id: int | None
    address: str
    address_en: str
    lat: float | None
    lng: float | None
    resident_id: int | None
    name: str | None
    name_latin: str | None
    incident_id: UUID | None
    incident_number: int | None
    priority: int
    created_at: datetime
    begins_at: datetime
    until_at: datetime | None
    minutes: int
    staff_id: int | None
    staff_name: str | None
    eta: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    asked: int
    """So many offers of it run."""


class TaskPage(BaseModel):
    """`after` leads to the next page; `mark` is what `changes` is asked with; `as_of` is when the ranks hold."""

    items: list[TaskLine]
    after: str | None
    mark: str
    as_of: datetime


class TaskCounts(BaseModel):
    """What the filter finds: how many of each rank among those that are open, and of each state."""

    ranks: dict[str, int]
    states: dict[TaskState, int]
    as_of: datetime


class TaskChanges(BaseModel):
    """What has changed since `mark`: rows that the filter finds, and those that it finds no longer. `more`: too many, load it again."""

    items: list[TaskLine]
    gone: list[UUID]
    mark: str
    as_of: datetime
    more: bool


class TaskStepView(BaseModel):
    n: int
    at: datetime
    kind: TaskStepKind
    state: TaskState
    staff_id: int | None
    staff_name: str | None
    by: StepBy
    user_name: str | None
    data: dict[str, object]


class MeritView(BaseModel):
    merit: Merit
    value: str


class TaskOfferView(BaseModel):
    n: int
    staff_id: int
    staff_name: str
    by: OfferBy
    offered_at: datetime
    expires_at: datetime
    answer: OfferAnswer | None
    answered_at: datetime | None
    given_back: bool


class TaskCheckInView(BaseModel):
    kind: str
    staff_name: str
    occurred_at: datetime
    received_at: datetime
    proof: str
    distance_m: float | None
    offline: bool
    flags: list[str]
    note: str


class TaskDetail(BaseModel):
    """All about one task. The profile of the home is read by its own address."""

    task: TaskLine
    skills: list[str]
    languages: list[str]
    kinds: list[StaffKind]
    check_list: list[str]
    hazards: str
    reason: str
    created_by_name: str | None
    accepted_at: datetime | None
    set_out_at: datetime | None
    staff_phone: str | None
    asked_at: datetime | None
    """When somebody was asked by text how it was."""
    rating: int | None
    """1 to 5."""
    rated_by: str
    steps: list[TaskStepView]
    offers: list[TaskOfferView]
    check_ins: list[TaskCheckInView]


class TaskSuggestionView(BaseModel):
    """Somebody who may be asked; `minutes` as the crow flies."""

    staff_id: int
    name: str
    kinds: list[StaffKind]
    phone: str | None
    minutes: int | None
    reasons: list[MeritView]


class TaskHinderedView(BaseModel):
    """Somebody who is not asked, and what stands in the way. By hand a task may be given to them all the same."""

    staff_id: int
    name: str
    kinds: list[StaffKind]
    phone: str | None
    why: Hindrance


class PeopleForTask(BaseModel):
    suggested: list[TaskSuggestionView]
    hindered: list[TaskHinderedView]
    as_of: datetime


# ---- what is done


class Versioned(Written):
    """`version` of the task as the asker saw it: on another one nothing is done."""

    version: int


class TaskOfferBody(Versioned):
    """To these, at once; without any, to the best so many."""

    staff_ids: Annotated[list[int], Field(max_length=20)] = Field(default_factory=list)
    best: Annotated[int, Field(ge=1, le=10)] = 1


class TaskGiveBody(Versioned):
    """The asker has spoken to them."""

    staff_id: int
    note: Words = ""


class TaskReasonBody(Versioned):
    reason: Reason


class TaskNoteBody(Versioned):
    words: Reason


class TaskCalledBody(Versioned):
    """Whoever works there was called: whether they were reached, and what they said."""

    reached: bool
    words: Words = ""


class TaskMoveBody(Versioned):
    """To another time, for as long as is given; whoever has it keeps it."""

    begins_at: AwareDatetime
    until_at: AwareDatetime | None = None
    minutes: Minutes | None = None


class BookingPlace(Written):
    """In words, with a position where one is known (WGS-84)."""

    words: Annotated[str, Field(min_length=1, max_length=200)]
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lng: Annotated[float, Field(ge=-180, le=180)] | None = None


class BookingBody(Written):
    """A visit, a ride, an errand or an inspection. `id` is made by the client: the same booking sent twice is one. Of a resident, or at a
    place of a region; a ride needs a destination.
    """

    id: UUID
    kind: TaskKind
    resident_id: int | None = None
    region_id: int | None = None
    place: BookingPlace | None = None
    destination: Annotated[str, Field(max_length=200)] = ""
    begins_at: AwareDatetime
    until_at: AwareDatetime | None = None
    minutes: Minutes = 30
    what: Annotated[str, Field(min_length=1, max_length=500)]
    skills: Annotated[list[Item], Field(max_length=20)] = Field(default_factory=list)
    languages: Annotated[list[Item], Field(max_length=10)] = Field(default_factory=list)
    check_list: Annotated[list[Item], Field(max_length=30)] = Field(default_factory=list)
    hazards: Words = ""
    staff_id: int | None = None


# ---- people of the field


class FieldPersonLine(BaseModel):
    """Somebody of the staff as the desk shows them beside the list; `jobs` that they hold now."""

    staff_id: int
    name: str
    kinds: list[StaffKind]
    phone: str | None
    on_duty: bool
    on_duty_since: datetime | None
    planned_until: datetime | None
    absent: bool
    jobs: int
    lat: float | None
    lng: float | None
    seen_at: datetime | None


class PersonShift(BaseModel):
    begins_at: datetime
    ends_at: datetime
    is_duty: bool
    """True: it was really worked; False: as the roster has it."""


class DayTask(BaseModel):
    """One task of somebody's day. `way_minutes` from the one before, as the crow flies; `overlaps`: it begins before they can be there."""

    task: TaskLine
    begins_at: datetime
    ends_at: datetime
    way_minutes: int | None
    overlaps: bool


class PersonDay(BaseModel):
    staff_id: int
    name: str
    phone: str | None
    day: date
    begins_at: datetime
    ends_at: datetime
    absent: bool
    shifts: list[PersonShift]
    tasks: list[DayTask]


# ---- planning again


class ReplanAsk(Written):
    """Whose tasks of which time; `task_ids` narrows it."""

    staff_id: int
    since: AwareDatetime
    until: AwareDatetime


class ReplanLine(BaseModel):
    """`suggested` None: nobody is fit. `others` are the next best."""

    task: TaskLine
    suggested: TaskSuggestionView | None
    overlaps: bool
    others: list[TaskSuggestionView]


class Replan(BaseModel):
    lines: list[ReplanLine]
    as_of: datetime


class ReplanStep(Written):
    """`staff_id` None: it is taken away and offered anew."""

    task_id: UUID
    version: int
    staff_id: int | None = None


class ReplanBody(Written):
    """All of it, or none. `from_staff_id`: whose tasks they are."""

    from_staff_id: int
    reason: Reason
    steps: Annotated[list[ReplanStep], Field(min_length=1, max_length=200)]


class Replanned(BaseModel):
    moved: int
    offered_anew: int
