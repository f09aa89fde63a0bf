"""What a phone sees: of a job that somebody is asked about no more than they need to say yes or no, of one they have what they need to
get in and to do it. Nothing of a profile is here.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from callcenter.dispatch.task import TaskKind, TaskState


class PhoneOwnerView(BaseModel):
    """Whose phone it is. `on_duty_since` null: off duty. `hotline`: the number of the office, in digits to dial."""

    staff_id: int
    name: str
    on_duty_since: datetime | None
    hotline: str
    site: str
    site_en: str
    timezone: str
    session_until: datetime
    exercise: bool


class PhoneWayInView(BaseModel):
    """How to get in, of a home."""

    entrance: str
    floor: int | None
    door: str
    access: str
    access_en: str
    key: str
    key_en: str
    has_door_code: bool
    """The office compares what is read at the door."""


class PhoneWishView(BaseModel):
    """`whose` is empty where the job is for one person."""

    id: UUID
    words: str
    whose: str
    said_at: datetime


class PhoneJobView(BaseModel):
    """`mine`: whoever asks has it; else it is offered to them until `offer_until`. What is null is told with a yes."""

    id: UUID
    code: int
    kind: TaskKind
    state: TaskState
    version: int
    mine: bool
    offer_until: datetime | None
    urgent: bool
    what: str
    place: str
    place_en: str
    destination: str
    lat: float | None
    lng: float | None
    begins_at: datetime
    until_at: datetime | None
    minutes: int
    eta: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    person: str | None
    way_in: PhoneWayInView | None
    check_list: list[str]
    hazards: str
    wishes: list[PhoneWishView]
    """What those of the home have wished of whoever comes, and nobody has fulfilled yet."""
    call: str | None
    """The number of the office; behind it the code of the job says who is wanted."""


class PhoneJobsView(BaseModel):
    """`nonce`: to be drawn into photographs."""

    now: datetime
    nonce: str
    who: PhoneOwnerView
    jobs: list[PhoneJobView]


class PhoneTimeView(BaseModel):
    now: datetime
    nonce: str


class PhoneDutyView(BaseModel):
    began_at: datetime
    ended_at: datetime | None
    minutes: int


class PhoneWorkView(BaseModel):
    """A job that is done. `minutes`: between the check-ins, null where one is missing."""

    id: UUID
    kind: TaskKind
    what: str
    place: str
    day: date
    arrived_at: datetime | None
    ended_at: datetime
    minutes: int | None


class PhoneHoursView(BaseModel):
    """Of a month of the site's calendar."""

    month: str
    duties: list[PhoneDutyView]
    on_duty_min: int
    work: list[PhoneWorkView]
    at_work_min: int
