"""The past incidents of the demo community, told relative to the time of loading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from pydantic import Field

from callcenter.alerts.incident import Outcome
from callcenter.demo.community.listed import Listed, read
from callcenter.demo.community.wording import words
from callcenter.devices.models import DeviceKind
from callcenter.devices.signals import Kind


class ListedStep(Listed):
    """A step of the action plan with its result, a call to a `contact`, or a note (`text`); `after` in seconds."""

    after: int
    step: str = ""
    result: str = ""
    note: str | None = None
    by: str | None = None
    where: str | None = None
    contact: str | None = None
    relation: str = ""
    text: str | None = None

    @property
    def kind(self) -> str:
        return "step" if self.text is None else "note"

    @property
    def data(self) -> dict[str, object]:
        """As the console writes it."""
        if self.text is not None:
            return {"text": self.text}
        done: dict[str, object] = {"step": self.step, "result": self.result}
        if self.contact is not None:
            return done | {
                "contact_name": self.contact,
                "relation": self.relation,
                "relation_en": words().relations[self.relation],
                "note": self.note or "",
            }
        more = {"note": self.note, "by": self.by, "where": self.where}
        return done | {name: value for name, value in more.items() if value is not None}


class ListedIncident(Listed):
    """What happened to whom, so many days ago at this time of the site; `device` is the kind of device that called."""

    resident: str
    device: DeviceKind
    kind: Kind
    days_ago: int
    at: time
    outcome: Outcome
    taken_after: int
    closed_after: int
    steps: tuple[ListedStep, ...]
    safe_by: str | None = None
    safe_where: str | None = None


class _File(Listed):
    incidents: tuple[ListedIncident, ...] = Field(alias="incident")


@dataclass(frozen=True, slots=True)
class Step:
    """A timeline entry `after` so many seconds; `data` as the console writes it."""

    after: int
    kind: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class PastIncident:
    """One of them, with the whole timeline; `operator` 0 or 1 worked on it."""

    listed: ListedIncident
    opened_at: datetime
    steps: tuple[Step, ...]
    operator: int


def past_incidents(now: datetime, zone: tzinfo) -> Iterator[PastIncident]:
    """Oldest first, so that their numbers grow with time."""
    listed = read("history.toml", _File).incidents
    for number, one in enumerate(sorted(listed, key=lambda each: (-each.days_ago, each.at))):
        day = now.astimezone(zone).date() - timedelta(days=one.days_ago)
        opened_at = datetime.combine(day, one.at, zone).astimezone(UTC)
        yield PastIncident(
            listed=one,
            opened_at=opened_at + timedelta(seconds=(number * 17) % 60),
            steps=tuple(_timeline(one)),
            operator=number % 2,
        )


def _timeline(one: ListedIncident) -> Iterator[Step]:
    yield Step(0, "opened", {"kind": one.kind})
    yield Step(one.taken_after, "taken", {})
    for step in one.steps:
        yield Step(step.after, step.kind, step.data)
    closing: dict[str, object] = {"outcome": one.outcome}
    if one.safe_by is not None:
        closing |= {"safe_by": one.safe_by, "safe_where": one.safe_where}
    yield Step(one.closed_after, "closed", closing)
