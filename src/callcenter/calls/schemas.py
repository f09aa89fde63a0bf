"""What people send and see of call lists."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from callcenter.calls.item import LONGEST_POSTPONED, CallResult, CallState, ListKind
from callcenter.calls.missed import WhyCalled
from callcenter.calls.rule import LAST_MONTH_DAY, Every, Rule
from callcenter.core.written import Written
from callcenter.dispatch.wishes.schemas import WishWords

Name = Annotated[str, Field(min_length=1, max_length=100)]
Note = Annotated[str, Field(max_length=1_000)]


class CallRuleBody(Written):
    """`at` by the site's clock; `weekday` (1 is Monday) belongs to weekly, `month_day` to monthly."""

    every: Every
    at: time
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    month_day: Annotated[int, Field(ge=1, le=LAST_MONTH_DAY)] | None = None

    def rule(self) -> Rule:
        """Raises Invalid `rule_incomplete`."""
        at = self.at.replace(tzinfo=None, microsecond=0)
        return Rule(self.every, at, self.weekday, self.month_day).check()


class CallListBody(Written):
    """A list of well-being calls has a rule for each resident; one of devices fills itself by its own. `days` without use; null: as
    the policy of each home's region has it.
    """

    kind: ListKind
    name: Name
    region_id: int
    rule: CallRuleBody | None = None
    days: Annotated[int, Field(ge=1, le=1_000)] | None = None


class CallListChanges(Written):
    """Only what is given is changed. A list that is not active writes no calls, and none of it is offered."""

    name: Name | None = None
    active: bool | None = None
    rule: CallRuleBody | None = None


class CallListView(BaseModel):
    """`counts` by state: of a roll-call all, of other lists what is open and what ended within a day."""

    id: int
    kind: ListKind
    name: str
    region_id: int
    region_name: str
    region_name_en: str
    active: bool
    every: Every | None
    weekday: int | None
    month_day: int | None
    at: time | None
    days: int | None
    next_at: datetime | None
    since: datetime | None
    until: datetime | None
    source: str | None
    created_at: datetime
    counts: dict[CallState, int]
    due: int
    oldest_due_at: datetime | None


class CallPlanBody(CallRuleBody):
    resident_id: int


class CallPlanView(BaseModel):
    """A resident of a list of well-being calls; nobody is called who is not at home."""

    id: int
    list_id: int
    resident_id: int
    name: str
    name_latin: str
    phone: str | None
    status: str
    every: Every
    weekday: int | None
    month_day: int | None
    at: time
    next_at: datetime


class CallItemView(BaseModel):
    """One call on the list to tick off."""

    id: int
    list_id: int
    kind: ListKind
    occurrence: date
    due_at: datetime
    state: CallState
    attempts: int
    next_try_at: datetime
    reasons: list[str]
    result: str | None
    note: str
    home_id: int
    resident_id: int | None
    device_id: int | None
    name: str | None
    name_latin: str | None
    risk: str | None
    phone: str | None
    address: str
    address_en: str
    device: str | None
    leased_by: int | None
    leased_by_name: str | None
    ended_at: datetime | None
    ended_by_name: str | None
    incident_id: UUID | None
    incident_number: int | None
    signal_kind: str | None
    signal_at: datetime | None
    """The press or the test signal by which a press test ticked itself off, and when it was stored."""
    score: int | None = None
    """1 to 5, given by key."""
    wish: str | None = None
    """`speak`: an automatic call has reached them, and they want to speak with somebody."""


class CallAttemptView(BaseModel):
    at: datetime
    user_name: str
    result: CallResult
    note: str


class CallView(BaseModel):
    """The call in hand, with what was tried before. The profile of the home is read by its own address."""

    item: CallItemView
    list_name: str
    lease_until: datetime
    second_phone: str | None
    talk_note: str
    hearing: str
    dialect: str
    attempts: list[CallAttemptView]
    open_incident: UUID | None
    """An alarm of this home that somebody works on at this moment."""
    device_seen_at: datetime | None
    device_pressed_at: datetime | None
    """The last signal of an incident that this device opened."""


class TakenCall(BaseModel):
    """`call` is null when nothing is due."""

    call: CallView | None


class NextCall(Written):
    """From one list, or from any that the asker sees."""

    list_id: int | None = None


class CallReport(Written):
    """`id` is made by the client: the same report sent twice counts once. `minutes` belongs to postponed, `score` to a list that asks for it.
    422 `not_for_phones` where the wish has a word that is nobody's business on a phone.
    """

    id: UUID
    result: CallResult
    note: Note = ""
    minutes: (
        Annotated[int, Field(ge=1, le=round(LONGEST_POSTPONED / timedelta(minutes=1)))] | None
    ) = None
    score: Annotated[int, Field(ge=1, le=5)] | None = None
    wish: WishWords = ""
    """What they wish of those who come to them: it stands on the page of whoever visits them next."""


class OutageView(BaseModel):
    """A time in which alarms may not have come in; `devices`: of a listener that is silent, how many it has."""

    since: datetime
    until: datetime
    source: str | None
    devices: int | None = None


class RollCallBody(Written):
    """Whom to call after an outage of the whole server, or of one listener (`source`)."""

    name: Name
    region_id: int
    since: AwareDatetime
    until: AwareDatetime
    source: Annotated[str, Field(max_length=100)] | None = None
    reasons: list[WhyCalled] = Field(default_factory=lambda: list(WhyCalled))
    at_least: Literal["high", "medium", "low"] = "low"


class RollCallTotals(BaseModel):
    """What the list would hold."""

    homes: int
    without_phone: int
    by_risk: dict[str, int]
    by_reason: dict[WhyCalled, int]
