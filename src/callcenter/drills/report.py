"""What a drill has shown: how each press was met, in what time, by whom, and what would have gone out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import ConfigDict

from callcenter.alerts.detail import IncidentDetail
from callcenter.alerts.entries import DutyTold, Entry, Escalated, PlanStepDone, Step, Taken, Told
from callcenter.alerts.escalation import Step as Rung, not_made
from callcenter.alerts.incident import Incident
from callcenter.alerts.levels import Level, level_of
from callcenter.alerts.live.figures import TARGETS
from callcenter.alerts.shown import SHOWN
from callcenter.drills.course import PressState
from callcenter.sms.catalogue import TO_DUTY


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press as the drill has it."""

    number: int
    label: str
    label_en: str
    kind: str
    due_at: datetime
    state: PressState
    made_at: datetime | None
    incident_id: UUID | None


@dataclass(frozen=True, slots=True)
class WouldGo:
    """A text that was written and sent to nobody. `recipient` is masked; `name` None: a number of the duty list."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    recipient: str
    name: str | None
    text: str


@dataclass(frozen=True, slots=True)
class InTime:
    """Whether it was taken within so many seconds; None: the time is not over."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    seconds: int
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PressReport:
    """One press. `again`: it met an alarm that an earlier one had opened, whose line has the times."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    number: int
    label: str
    label_en: str
    kind: str
    due_at: datetime
    state: PressState
    incident_id: UUID | None = None
    incident_number: int | None = None
    again: bool = False
    rang_at: datetime | None = None
    seen_at: datetime | None = None
    sounding_at: datetime | None = None
    taken_at: datetime | None = None
    taken_by: str | None = None
    first_step_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    """None: it was still open when the drill was over, or is."""
    in_time: Sequence[InTime] = ()
    made: Sequence[str] = ()
    """Steps of the escalation, in their order."""
    not_made: Sequence[str] = ()
    """That would have come next, had nobody taken it, or the drill gone on."""
    texts: Sequence[WouldGo] = ()


@dataclass(frozen=True, slots=True)
class DrillReport:
    """The presses in their order, and the targets over all alarms."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    presses: Sequence[PressReport]
    reaches: Sequence[Level]


@dataclass(frozen=True, slots=True)
class Course:
    """The incident of a press, and its texts."""

    detail: IncidentDetail
    texts: Sequence[WouldGo]


def report_of(
    presses: Iterable[Pressed], courses: dict[UUID, Course], until: datetime
) -> DrillReport:
    """`until`: when the drill was over, or now while it runs: what nobody has taken by then was not taken."""
    lines = list(_lines(presses, courses, until))
    return DrillReport(lines, [_reach(place, lines) for place in range(len(TARGETS))])


def _lines(
    presses: Iterable[Pressed], courses: dict[UUID, Course], until: datetime
) -> Iterator[PressReport]:
    known: set[UUID] = set()
    for press in presses:
        course = courses.get(press.incident_id) if press.incident_id else None
        if course is None:
            yield _plain(press)
        elif course.detail.incident.id in known:
            yield _plain(press, course, again=True)
        else:
            known.add(course.detail.incident.id)
            yield _whole(press, course, until)


def _plain(press: Pressed, course: Course | None = None, *, again: bool = False) -> PressReport:
    return PressReport(
        number=press.number,
        label=press.label,
        label_en=press.label_en,
        kind=press.kind,
        due_at=press.due_at,
        state=press.state,
        incident_id=press.incident_id,
        incident_number=course.detail.incident.number if course else None,
        again=again,
        rang_at=press.made_at if again else None,
    )


def _whole(press: Pressed, course: Course, until: datetime) -> PressReport:
    detail, entries = course.detail, course.detail.entries
    rang = detail.incident.opened_at
    take = next((one for one in entries if isinstance(one.data, Taken)), None)
    taken_at = take.at if take else None
    milestones = detail.milestones
    closed_by_hand = any(entry.kind == "closed" for entry in entries)
    return replace(
        _plain(press, course),
        rang_at=rang,
        seen_at=milestones.seen if milestones else None,
        sounding_at=milestones.sounding if milestones else None,
        taken_at=taken_at,
        taken_by=take.user_name if take else None,
        first_step_at=next((one.at for one in entries if _is_step(one)), None),
        closed_at=detail.incident.closed_at if closed_by_hand else None,
        outcome=detail.incident.outcome if closed_by_hand else None,
        in_time=[InTime(each.seconds, _met(rang, taken_at, until, each.seconds)) for each in TARGETS],
        made=_made(detail),
        not_made=_not_made(detail.incident, take),
        texts=course.texts,
    )  # fmt: skip


def _not_made(incident: Incident, take: Entry | None) -> Sequence[str]:
    """As the take says it; of what nobody took, what was left when the drill was over."""
    if take is not None and isinstance(take.data, Taken):
        return take.data.not_made
    return not_made(incident)


def _is_step(entry: Entry) -> bool:
    """What an operator did for the person; not what went out by itself."""
    if isinstance(entry.data, Told):
        return not entry.data.by_itself
    return isinstance(entry.data, Step | PlanStepDone)


def _met(rang: datetime, taken: datetime | None, until: datetime, seconds: int) -> bool | None:
    if taken is not None:
        return (taken - rang).total_seconds() <= seconds
    return None if (until - rang).total_seconds() <= seconds else False


def _made(detail: IncidentDetail) -> Sequence[str]:
    """Names of steps, each once: the duty list is called again and again, and at once where nobody sits."""
    found: dict[str, None] = {}
    for entry in detail.entries:
        if isinstance(entry.data, DutyTold):
            found[Rung.DUTY.value] = None
        elif isinstance(entry.data, Escalated) and entry.data.reached:
            found[entry.data.step] = None
    if any(message["kind"] in TO_DUTY for message in detail.messages):
        found[Rung.DUTY.value] = None
    return tuple(found)


def _reach(place: int, lines: Sequence[PressReport]) -> Level:
    met = [line.in_time[place].met for line in lines if line.in_time]
    decided = [one for one in met if one is not None]
    return level_of(TARGETS[place], len(decided), sum(decided))
