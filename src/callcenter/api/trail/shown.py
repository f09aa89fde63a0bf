"""What of the trail is asked for, and what is shown of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from callcenter.api.trail.names import NOBODY, Name
from callcenter.api.trail.wording import ACTIONS, words_for
from callcenter.audit.chain import Fault
from callcenter.audit.checking import Checked
from callcenter.audit.reading import Read

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class AuditFilter(BaseModel):
    """All that is given must hold; `since` is included, `until` is not. Days are those of the site, both included."""

    user_id: Id | None = None
    resident_id: Annotated[
        Id | None,
        Field(description="Whatever tells of this resident: lists, homes and incidents, too."),
    ] = None
    subject: Annotated[str | None, Field(max_length=200, examples=["home:12"])] = None
    action: Annotated[str | None, Field(max_length=100, examples=["profile_seen"])] = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    from_day: Day | None = None
    to_day: Day | None = None

    def span(self, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
        """From when until before when, by whichever of moments and days is narrower."""
        begins, ends = [self.since], [self.until]
        if self.from_day is not None:
            begins.append(_midnight(self.from_day, zone))
        if self.to_day is not None:
            ends.append(_midnight(self.to_day + timedelta(days=1), zone))
        return (
            max((each for each in begins if each is not None), default=None),
            min((each for each in ends if each is not None), default=None),
        )

    def said(self) -> dict[str, Any]:
        """What was asked for, for the trail itself."""
        return self.model_dump(
            mode="json",
            include=set(AuditFilter.model_fields),
            exclude_none=True,
        )


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)


class AuditQuery(AuditFilter):
    before: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class AuditView(BaseModel):
    """One look or one change, with the names that people have today; empty where somebody or something is gone. `number` is
    its place in the chain, which it gets some seconds after it was written.
    """

    id: UUID
    number: int | None
    at: datetime
    user_id: int | None
    user_name: str
    user_name_en: str
    action: str
    what: str
    what_en: str
    subject: str
    subject_name: str
    subject_name_en: str
    region_ids: list[int]
    address: str | None
    detail: dict[str, Any]

    @classmethod
    def of(cls, read: Read, names: Mapping[str, Name]) -> Self:
        entry, words = read.entry, words_for(read.entry.action)
        by, about = names.get(f"user:{entry.user_id}", NOBODY), names.get(entry.subject, NOBODY)
        said = {
            "number": read.number,
            "user_name": by.name,
            "user_name_en": by.latin,
            "what": words.zh,
            "what_en": words.en,
            "subject_name": about.name,
            "subject_name_en": about.latin,
        }
        kept = ("id", "at", "user_id", "action", "subject", "region_ids", "address", "detail")
        return cls.model_validate({name: getattr(entry, name) for name in kept} | said)


class AuditPage(BaseModel):
    """`before` is the id to ask for the next, older page with; null on the last. `resident_name` is that of whom was asked about;
    empty where nobody was, or somebody elsewhere or gone.
    """

    entries: list[AuditView]
    resident_name: str
    resident_name_en: str
    before: UUID | None


class KindView(BaseModel):
    """A kind of entry in words."""

    action: str
    what: str
    what_en: str


def kinds() -> Sequence[KindView]:
    return [
        KindView(action=action, what=words.zh, what_en=words.en)
        for action, words in ACTIONS.items()
    ]


class BrokenView(BaseModel):
    number: int
    fault: Fault


class ChainView(BaseModel):
    """What came of the links `first` to `last`; where `last` is below `head_number`, ask again from the next. `broken` is the
    first that does not hold. `outside`, counted with the newest link: entries that should be in the chain and are not.
    """

    first: int
    last: int
    broken: BrokenView | None
    head_number: int
    head_hash: str
    outside: int

    @classmethod
    def of(cls, checked: Checked) -> Self:
        broken = checked.broken
        return cls(
            first=checked.first,
            last=checked.last,
            broken=broken and BrokenView(number=broken.number, fault=broken.fault),
            head_number=checked.head.number if checked.head else 0,
            head_hash=checked.head.hash.hex() if checked.head else "",
            outside=checked.outside,
        )
