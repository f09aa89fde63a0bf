"""What people send and see of calls, of what they were about, and of the cases that followed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from callcenter.core.written import Written
from callcenter.dispatch.wishes.schemas import WishWords
from callcenter.hotline.call import Direction
from callcenter.hotline.disposition import LONGEST_DUE_MINUTES, Opens
from callcenter.hotline.filing.asked_for import CallFilter, Part
from callcenter.hotline.filing.case import CaseState, CaseStep
from callcenter.hotline.filing.following import CaseKind
from callcenter.hotline.models import Source, WorkedOff
from callcenter.telephony.line import LineKind
from callcenter.telephony.numbers import Presentation

Code = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,30}$")]
Standing = Literal["ringing", "waiting", "connecting", "talking", "held", "ended"]
"""hotline.call.State, whose name the document has already."""
Note = Annotated[str, Field(max_length=2_000)]
Word = Annotated[str, Field(min_length=1, max_length=60)]
Minutes = Annotated[int, Field(ge=1, le=LONGEST_DUE_MINUTES)]


# ---- what a call may have been about


class DispositionView(BaseModel):
    """`parent` none: a group, or a leaf that stands alone. `key`: of the keyboard; leaves without one are chosen by hand."""

    code: str
    parent: str | None
    zh: str
    en: str
    key: str | None
    effective: bool
    opens: Opens
    of_kind: str | None
    due_minutes: int | None
    position: int
    is_offered: bool
    is_built_in: bool
    version: int


class DispositionBody(Written):
    """`version` 0 for a new one, else that which was seen. What is built in is never deleted, only no longer offered."""

    version: Annotated[int, Field(ge=0)]
    parent: Code | None = None
    zh: Word
    en: Word
    key: Annotated[str, Field(pattern="^[0-9a-z]$")] | None = None
    effective: bool
    opens: Opens = Opens.NOTHING
    of_kind: Annotated[str, Field(max_length=30)] | None = None
    due_minutes: Minutes | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    is_offered: bool = True


# ---- calls


class CallLine(BaseModel):
    """One call of a list. `times`: so often the same caller has rung in vain and stands in this one line."""

    id: UUID
    source: Source
    direction: Direction
    kind: LineKind
    line: str
    line_name: str
    line_name_en: str
    region_id: int
    caller_raw: str
    caller_e164: str | None
    presentation: Presentation
    matches: int
    home_id: int | None
    address: str
    address_en: str
    resident_id: int | None
    name: str | None
    name_latin: str | None
    contact_id: int | None
    contact_name: str | None
    contact_latin: str | None
    staff_name: str | None
    organisation_name: str | None
    state: Standing
    offered_at: datetime
    answered_at: datetime | None
    answered_by: int | None
    answered_by_name: str | None
    ended_at: datetime | None
    waited_s: int
    talked_s: int | None
    disposition: str | None
    filed_at: datetime | None
    filings: int
    note: str
    incident_id: UUID | None
    incident_number: int | None
    task_id: UUID | None
    call_back_wanted: bool
    worked_off_at: datetime | None
    worked_off_how: WorkedOff | None
    worked_off_reason: str
    times: int = 1
    first_at: datetime


class CallsWanted(BaseModel):
    """Only what is given is asked for. `q`: a number, a name, an address, words of the note. `day` by the site's clock."""

    part: Part = Part.ALL
    q: Annotated[str, Field(max_length=100)] = ""
    line: Annotated[str | None, Field(max_length=20)] = None
    kind: LineKind | None = None
    direction: Direction | None = None
    day: date | None = None
    resident_id: int | None = None
    disposition: Annotated[str | None, Field(max_length=31)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str | None, Field(max_length=200)] = None

    def asked(self) -> CallFilter:
        return CallFilter(**self.model_dump(exclude={"q", "limit", "after"}), text=self.q)


class CallPage(BaseModel):
    """`after` leads to the next page."""

    items: list[CallLine]
    after: str | None


class CallCounts(BaseModel):
    """What is still to be done; every ended call that came in is filed or stands in one of the first two."""

    to_be_filed: int
    missed: int
    call_backs: int
    cases_open: int
    cases_overdue: int


class FilingView(BaseModel):
    """One word about a call. `user_name` empty: it was worked off by itself."""

    id: UUID
    n: int
    at: datetime
    user_name: str
    disposition: str
    note: str
    resident_id: int | None
    opened: Opens
    opened_id: UUID | None


class LegView(BaseModel):
    role: str
    user_name: str | None
    number: str
    called_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


class CallPerson(BaseModel):
    """How to talk to whoever it is about."""

    resident_id: int
    hearing: str
    dialect: str
    talk_note: str
    traits: list[str]
    """Properties that cards know: hotline.traits.Trait."""


class EarlierCall(BaseModel):
    id: UUID
    direction: Direction
    offered_at: datetime
    answered: bool
    disposition: str | None


class CaseLine(BaseModel):
    id: UUID
    number: int
    version: int
    kind: CaseKind
    state: CaseState
    call_id: UUID
    disposition: str
    region_id: int
    home_id: int | None
    address: str
    address_en: str
    resident_id: int | None
    name: str | None
    name_latin: str | None
    caller_e164: str | None
    caller_raw: str
    note: str
    opened_at: datetime
    opened_by_name: str | None
    due_at: datetime
    is_overdue: bool
    done_at: datetime | None
    done_by_name: str | None
    result: str


class CasePage(BaseModel):
    items: list[CaseLine]
    after: str | None


class CaseStepView(BaseModel):
    n: int
    at: datetime
    kind: CaseStep
    user_name: str
    words: str
    due_at: datetime | None


class CaseView(BaseModel):
    """With what was done about it."""

    line: CaseLine
    steps: list[CaseStepView]


class FiledCallView(BaseModel):
    """One call with all that belongs to it. The profile of the home is read by its own address."""

    line: CallLine
    filings: list[FilingView]
    legs: list[LegView]
    cases: list[CaseLine]
    person: CallPerson | None
    earlier: list[EarlierCall]
    """The last ten of the same number."""


class AttachedTo(Written):
    """Who called or was called: a resident, a contact of one, a home, somebody of the staff, or an organisation."""

    resident_id: int | None = None
    contact_id: int | None = None
    home_id: int | None = None
    staff_id: int | None = None
    organisation_id: int | None = None


class TaskWanted(Written):
    """What the disposition does not say of the visit or task that it opens. Without a time: within the hour."""

    what: Annotated[str, Field(max_length=500)] = ""
    begins_at: AwareDatetime | None = None
    minutes: Annotated[int, Field(ge=5, le=720)] = 60


class FilingBody(Written):
    """`id` is made by the client: the same word sent twice is one. `filings`: so often the call was filed when it was seen.
    `attach` none: whoever it was attached to already.
    """

    id: UUID
    filings: Annotated[int, Field(ge=0)]
    disposition: Code
    note: Note = ""
    attach: AttachedTo | None = None
    call_again_minutes: Minutes | None = None
    due_minutes: Minutes | None = None
    task: TaskWanted = TaskWanted()
    wish: WishWords = ""
    """What whoever it is about wishes of those who come to them: it stands on the page of whoever visits them next."""


class HandCallBody(Written):
    """A call that no exchange has told of. `id` is made by the client, and is the call's. Nobody given, and no region: the first of
    the asker's.
    """

    id: UUID
    direction: Literal[Direction.IN, Direction.OUT] = Direction.IN
    kind: LineKind = LineKind.HOTLINE
    line: Annotated[str, Field(max_length=20)] = ""
    number: Annotated[str, Field(max_length=60)] = ""
    at: AwareDatetime | None = None
    minutes: Annotated[int, Field(ge=0, le=1_440)] = 0
    answered: bool = True
    attach: AttachedTo | None = None
    region_id: int | None = None


class WorkedOffBody(Written):
    """`needs_nothing` wants its reason."""

    how: Literal[WorkedOff.RUNG_BACK, WorkedOff.NEEDS_NOTHING]
    reason: Annotated[str, Field(max_length=500)] = ""


class WorkedOffCalls(BaseModel):
    """So many calls of that caller were worked off; none where somebody was faster."""

    calls: int


class CaseStepBody(Written):
    """`id` is made by the client. `minutes` belongs to postponed."""

    id: UUID
    version: int
    kind: Literal[CaseStep.NOTED, CaseStep.POSTPONED, CaseStep.DONE, CaseStep.REOPENED]
    words: Note = ""
    minutes: Minutes | None = None
