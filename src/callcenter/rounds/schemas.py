"""What people send and see of rounds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from callcenter.core.written import Written
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.phone.one_by_one import ClockErrorS
from callcenter.dispatch.proof import Fix, Proof
from callcenter.rounds.days import MOST_DAYS, Alternate, OnHoliday
from callcenter.rounds.visit import RoundKind, RunState, VisitState
from callcenter.rounds.walking import Answer, AtDoor

Name = Annotated[str, Field(min_length=1, max_length=100)]
Note = Annotated[str, Field(max_length=500)]
Weekday = Annotated[int, Field(ge=1, le=7)]
Line = Annotated[str, Field(min_length=1, max_length=100)]
LONGEST_CSV: Final = 500_000


class RoundBody(Written):
    """`weekdays`: 1 is Monday. Times by the site's clock; whoever has not been visited at `closes_at` is called."""

    name: Name
    kind: RoundKind
    region_id: int
    organisation_id: int | None = None
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    on_holiday: OnHoliday = OnHoliday.AS_USUAL
    from_day: date | None = None
    """Today, unless given."""
    until_day: date | None = None
    begins_at: time
    closes_at: time
    staff_ids: Annotated[list[int], Field(max_length=10, default_factory=list)]
    check_list: Annotated[list[Line], Field(max_length=30, default_factory=list)]


class RoundChange(RoundBody):
    """`version` as it was seen."""

    version: int


class RoundView(BaseModel):
    id: int
    name: str
    kind: RoundKind
    region_id: int
    region_name: str
    region_name_en: str
    organisation_id: int | None
    organisation_name: str | None
    weekdays: list[int]
    on_holiday: OnHoliday
    from_day: date
    until_day: date | None
    begins_at: time
    closes_at: time
    staff_ids: list[int]
    staff: list[str]
    check_list: list[str]
    version: int
    stops: int


class RoundStopBody(Written):
    """`every_days` and `from_day` belong to every n-th day. `n` None: the last."""

    home_id: int
    resident_id: int | None = None
    n: Annotated[int, Field(ge=1, le=10_000)] | None = None
    window_from: time | None = None
    window_until: time | None = None
    alternate: Alternate = Alternate.EVERY
    every_days: Annotated[int, Field(ge=2, le=MOST_DAYS)] | None = None
    from_day: date | None = None
    note: Note = ""


class RoundStopView(BaseModel):
    id: int
    n: int
    home_id: int
    resident_id: int | None
    name: str | None
    name_latin: str | None
    address: str
    address_en: str
    window_from: time | None
    window_until: time | None
    alternate: Alternate
    every_days: int | None
    from_day: date | None
    note: str


class StopsFile(Written):
    """CSV with a line of headings: home_id or address, and what else of n, resident_id, from, until, alternate, every_days, from_day,
    note is wanted.
    """

    csv: Annotated[str, Field(max_length=LONGEST_CSV)]


class StopsRead(BaseModel):
    """`refused` names the lines of the file that became no stop, with the reason."""

    added: int
    refused: list[dict[str, Any]]


class RoundRunView(BaseModel):
    """One day of a round. `counts` by state of its stops; `far`: registered elsewhere than at the door."""

    id: int
    round_id: int
    name: str
    kind: RoundKind
    region_id: int
    day: date
    state: RunState
    begins_at: datetime
    closes_at: datetime
    began_at: datetime | None
    closed_at: datetime | None
    staff_ids: list[int]
    staff: list[str]
    absent: list[str]
    """Of those who walk it: who is on leave that day."""
    counts: dict[VisitState, int]
    stops: int
    far: int
    faults: int
    """Answers of a check-list that say something is wrong."""


class CheckAnswer(BaseModel):
    item: Line
    well: bool
    note: Note = ""


class RoundVisitView(BaseModel):
    """A stop on a day. `call_state`: of the call that a shut door has set off, with its incident where there is one."""

    id: int
    n: int
    state: VisitState
    home_id: int
    resident_id: int | None
    name: str | None
    name_latin: str | None
    address: str
    address_en: str
    due_from: datetime | None
    due_until: datetime | None
    for_days: int
    said_at: datetime | None
    staff: str | None
    note: str
    flags: list[str]
    answers: list[CheckAnswer]
    call_state: str | None
    incident_id: UUID | None
    incident_number: int | None


class RoundRunDetail(BaseModel):
    """Doors that did not open stand first, then in their order."""

    run: RoundRunView
    check_list: list[str]
    visits: list[RoundVisitView]


class RoundRunChange(Written):
    """Who walks it today."""

    staff_ids: Annotated[list[int], Field(max_length=10)]


class StopPositionBody(BaseModel):
    lat: float
    lng: float
    accuracy_m: float = 100.0

    def fix(self) -> Fix | None:
        """None for what is no place on this earth: a position that makes no sense costs the position, not the visit."""
        on_earth = abs(self.lat) <= 90 and abs(self.lng) <= 180
        if not (on_earth and all(map(isfinite, (self.lat, self.lng, self.accuracy_m)))):
            return None
        return Fix(Spot(self.lat, self.lng), abs(self.accuracy_m))


class StopSaidBody(Written):
    """What is said of a stop. `id` is made by the client: sent twice it counts once. `said_at` is by the phone's clock, which was
    `clock_error_s` ahead when that was measured last.
    """

    id: UUID
    said: VisitState
    said_at: AwareDatetime | None = None
    """Now, unless given."""
    clock_error_s: ClockErrorS | None = None
    fix: StopPositionBody | None = None
    proof: Proof = Proof.NONE
    photo_id: UUID | None = None
    offline: bool = False
    note: Note = ""
    answers: Annotated[list[CheckAnswer], Field(max_length=30, default_factory=list)]

    def at_door(self, now: datetime) -> AtDoor:
        """The same for `walking.say`."""
        error = None if self.clock_error_s is None else timedelta(seconds=self.clock_error_s)
        return AtDoor(
            id=self.id,
            said=self.said,
            said_at=self.said_at or now,
            clock_error=error,
            fix=self.fix.fix() if self.fix else None,
            proof=self.proof,
            photo_id=self.photo_id,
            offline=self.offline,
            note=self.note,
            answers=[Answer(each.item, each.well, each.note) for each in self.answers],
        )


class StopToldView(BaseModel):
    """`stands` false: somebody has said something later."""

    visit_id: int
    state: VisitState
    stands: bool
    flags: list[str]
