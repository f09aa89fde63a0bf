"""What REST takes and gives for records with a past."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from callcenter.core.written import Written
from callcenter.records.models import EventKind, FactKind
from callcenter.residents.schemas import HukouCode, Line, Page, View

Reason = Annotated[str, Field(max_length=500)]
Rows = Annotated[list[int], Field(max_length=100, default_factory=list)]


class By(StrEnum):
    """Whose people are asked for: those who lived in a region, or those whose household was registered there."""

    RESIDENCE = "residence"
    HUKOU = "hukou"


# ---- many people on one day


class HeldFact(BaseModel):
    """What held of somebody on the day."""

    kind: FactKind
    value: str
    level: str


class PastLine(BaseModel):
    """Somebody as they lived on the day; the name is today's. `home_id` is null where that home is no longer registered."""

    resident_id: int
    name: str
    name_latin: str
    sex: str | None
    birth_date: date | None
    age: int | None
    """On the day."""
    home_id: int | None
    address: str
    region_id: int
    hukou_region_code: str | None
    from_day: date
    until_day: date | None
    facts: list[HeldFact]


class PastPage(Page[PastLine]):
    """`day` is the one asked for."""

    day: date


class FactCount(BaseModel):
    kind: FactKind
    value: str
    people: int


class Headcount(BaseModel):
    """How many lived there on the day, in how many homes, and how many of them of each class."""

    day: date
    people: int
    homes: int
    facts: list[FactCount]


# ---- one person


class RowOfThePast(View):
    """`withdrawn_at`: the row was taken back; `withdrawn_why` is empty where only what followed has ended it."""

    id: int
    recorded_at: datetime
    recorded_by: int | None
    source: str
    withdrawn_at: datetime | None
    withdrawn_by: int | None
    withdrawn_why: str


class ResidenceView(RowOfThePast):
    home_id: int | None
    region_id: int
    address: str
    hukou_region_code: str | None
    from_day: date
    until_day: date | None


class FactView(RowOfThePast):
    kind: FactKind
    value: str
    level: str
    document_masked: str | None = None
    assessed_by: str
    from_day: date
    until_day: date | None


class EventView(RowOfThePast):
    kind: EventKind
    day: date
    proof: str


class PastView(BaseModel):
    """Where somebody lived, what held of them, what happened to them; each in the order of days."""

    resident_id: int
    residences: list[ResidenceView]
    facts: list[FactView]
    events: list[EventView]


class ResidenceBody(Written):
    """A stay from a day until before another; the one without an end becomes the resident's home."""

    home_id: int
    hukou_region_code: HukouCode | None = None
    from_day: date
    until_day: date | None = None


class FactBody(Written):
    """Of each kind one value at a time, of welfare several: one that begins ends the one that stands without an end."""

    kind: FactKind
    value: Annotated[str, Field(min_length=1, max_length=100)]
    level: Line = ""
    document_no: Line = ""
    """Number of the certificate. Kept sealed, shown masked."""
    assessed_by: Line = ""
    from_day: date
    until_day: date | None = None


class EventBody(Written):
    kind: EventKind
    day: date
    proof: Line = ""


class Correction(Written):
    """Rows to take back, by their ids, with the reason; they stay readable as withdrawn."""

    reason: Reason = ""
    withdraw: Rows


class ResidenceCorrection(Correction):
    put: Annotated[list[ResidenceBody], Field(max_length=100, default_factory=list)]


class FactCorrection(Correction):
    put: Annotated[list[FactBody], Field(max_length=100, default_factory=list)]


class EventCorrection(Correction):
    put: Annotated[list[EventBody], Field(max_length=100, default_factory=list)]


# ---- the calendar of workdays


class CalendarList(Written):
    """`csv` has a line for each day that is not as its weekday says: day, kind (workday, rest, holiday), name. `source` is the notice
    that it was copied from.
    """

    source: Annotated[str, Field(min_length=1, max_length=200)]
    csv: Annotated[str, Field(max_length=20_000)]


class Deadline(BaseModel):
    from_day: date
    workdays: int
    due: date


# ---- names


class NamesToRead(Written):
    """As they are registered."""

    names: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=500)]
