"""What people send and see of duty, roster and absences."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from callcenter.core.written import Written
from callcenter.dispatch.duty.planning import Flag, LeftOut
from callcenter.dispatch.models import AbsenceKind, DutyBy
from callcenter.dispatch.task import TaskKind, TaskState
from callcenter.records.models import DayKind

Reason = Annotated[str, Field(max_length=200)]
Weekday = Annotated[int, Field(ge=1, le=7)]

# ---- on duty


class DutyBegin(Written):
    """Without `until`: to the end of their shift, or until somebody ends it."""

    until: AwareDatetime | None = None


class DutyView(BaseModel):
    """A duty that runs. `kept_by_task`: it is over by the clock and goes on until their task has ended."""

    began_at: datetime
    began_by: DutyBy
    planned_until: datetime | None
    kept_by_task: bool


class DutyEnded(BaseModel):
    """`ended` false: they were off duty already."""

    ended: bool


class StaffOnDuty(BaseModel):
    """Somebody of the staff as they stand now. `duty` null: off duty. `tasks`: how many they have in hand."""

    staff_id: int
    name: str
    name_latin: str
    phone: str | None
    kinds: list[str]
    skills: list[str]
    languages: list[str]
    vehicle: str
    region_id: int
    areas: list[int]
    absent: bool
    tasks: int
    next_shift_at: datetime | None
    duty: DutyView | None


# ---- the roster


class ShiftsBody(Written):
    """Of each of these people, on each day from `from_day` to `last_day` (both in it; only the first unless given) that is one of
    `weekdays` (1: Monday), by the site's clock. One that ends no later than it begins ends on the next day.
    """

    staff_ids: Annotated[list[int], Field(min_length=1, max_length=200)]
    from_day: date
    last_day: date | None = None
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: [1, 2, 3, 4, 5, 6, 7]
    )
    begins: time
    ends: time


class ShiftChanges(Written):
    """Other hours on the day on which it begins. Of a shift that has begun only the end can be changed."""

    begins: time
    ends: time


class SwapBody(Written):
    """Who is asked to take the shift over."""

    staff_id: int


class PlannedShift(BaseModel):
    """`planned_for` is whose it was before it was swapped; `swap_to`: who is asked to take it over; `begun`: it has been a duty."""

    id: int
    staff_id: int
    begins_at: datetime
    ends_at: datetime
    planned_for: int
    planned_for_name: str
    swap_to: int | None
    swap_to_name: str | None
    begun: bool
    flags: list[Flag]


class AbsenceView(BaseModel):
    id: int
    staff_id: int
    from_day: date
    until_day: date | None
    """No longer from this day on; null: nobody knows."""
    kind: AbsenceKind
    reason: str


class RosterDay(BaseModel):
    """`kind` and `name` by the yearly list; null: as its weekday says."""

    day: date
    kind: DayKind | None
    name: str


class RosterLine(BaseModel):
    staff_id: int
    name: str
    name_latin: str
    kinds: list[str]
    region_id: int
    duty: DutyView | None
    shifts: list[PlannedShift]
    absences: list[AbsenceView]


class Roster(BaseModel):
    """`calendar_known`: whether the list of holidays of every year in it is known. `more`: there are people beyond these."""

    days: list[RosterDay]
    calendar_known: bool
    people: list[RosterLine]
    more: bool


class CopyBody(Written):
    """The week that begins on `from_day` is planned as the one before it."""

    from_day: date
    region_id: int | None = None


class ShiftLeftOut(BaseModel):
    staff_id: int
    name: str
    begins_at: datetime
    why: LeftOut


class Copied(BaseModel):
    """Copying twice plans nothing twice: what is there already is left out."""

    planned: int
    left_out: list[ShiftLeftOut]


# ---- absences


class AbsenceChanges(Written):
    """`until_day`: no longer from that day on; none: nobody knows. `reason` is for who plans; never what somebody has."""

    from_day: date
    until_day: date | None = None
    kind: AbsenceKind = AbsenceKind.OTHER
    reason: Reason = ""


class AbsenceBody(AbsenceChanges):
    staff_id: int


class AbsentTask(BaseModel):
    """`offered`: they have been asked and have not answered."""

    id: UUID
    kind: TaskKind
    state: TaskState
    begins_at: datetime
    minutes: int
    offered: bool


class Absent(BaseModel):
    """An absence and what it leaves undone: `tasks` have to be given to others. `off_duty`: their duty was ended by it."""

    absence: AbsenceView
    tasks: list[AbsentTask]
    shifts: int
    off_duty: bool
