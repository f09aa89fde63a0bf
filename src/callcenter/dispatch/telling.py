"""Which texts a step of a task causes, and to whom; what stands in them. Pure.

Whoever was asked or goes is told by text, whatever else they have: it is the way that always works. Off duty nobody is asked
anything; who has a task is told of it all the same where it cannot wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from callcenter.dispatch.doing import StepBy
from callcenter.dispatch.task import HELD, TaskKind, TaskState, TaskStepKind
from callcenter.residents.names import split_surname
from callcenter.sms.catalogue import CHINESE, EMERGENCY, ENGLISH, MessageKind
from callcenter.sms.outbox import Text

CANNOT_WAIT: Final = timedelta(hours=2)
"""What begins within this time is told to whoever has it, on duty or not; anything later when they come on duty."""
SOON: Final = timedelta(minutes=15)
"""What begins within this time begins now: no hour is named."""
RESCUE_VALID_FOR: Final = timedelta(minutes=15)
_ENGLISH_WORDS: Final = frozenset({"en", "english", "英语", "英文"})

_BY_OFFICE: Final = frozenset({StepBy.DESK, StepBy.SEAT, StepBy.CLOCK})


@dataclass(frozen=True, slots=True)
class Happened:
    """A step as it is written. `others`: whose offers were taken back by it."""

    kind: TaskStepKind
    by: StepBy
    n: int
    at: datetime
    staff_id: int | None = None
    others: Sequence[int] = ()
    is_alarm: bool = False
    """Of a step that tells of a lone worker: nobody has called them in time."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a text says of the task. Of whoever lives there only what is called out at the door."""

    kind: TaskKind
    state: TaskState
    begins_at: datetime
    what: str = ""
    place: str = ""
    place_en: str = ""
    way_in: str = ""
    way_in_en: str = ""
    name: str = ""
    name_latin: str = ""
    sex: str | None = None
    salutation: str = ""
    salutation_en: str = ""
    signature: str = ""
    signature_en: str = ""
    hotline: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """Whom a step is about."""

    staff_id: int
    phone: str
    on_duty: bool
    languages: Sequence[str] = ()


def whom(happened: Happened, job: Job) -> dict[int, MessageKind]:
    """By the number of the staff: what each is told."""
    told: dict[int, MessageKind] = {}
    kind = _kind(happened, job)
    if happened.staff_id is not None and kind is not None:
        told[happened.staff_id] = kind
    taken = happened.kind in {TaskStepKind.ACCEPTED, TaskStepKind.GIVEN}
    loss = MessageKind.TASK_TAKEN if taken else MessageKind.TASK_OFF
    return dict.fromkeys(happened.others, loss) | told


def _kind(happened: Happened, job: Job) -> MessageKind | None:
    """What whoever the step is about is told by it; None: nothing."""
    if job.kind is TaskKind.STOP and happened.kind in _OF_A_ROUND:
        return None
    if happened.kind is TaskStepKind.OVERDUE_OUT:
        return None if happened.is_alarm else MessageKind.TASK_CHECK_OUT
    if happened.by is StepBy.SMS and happened.kind in _NOTED:
        return _NOTED[happened.kind]
    if happened.by in _BY_OFFICE and happened.kind in _TAKEN_OFF:
        return MessageKind.TASK_OFF
    if happened.kind is TaskStepKind.CHANGED:
        return MessageKind.TASK_GIVEN if job.state in HELD else None
    return _ALWAYS.get(happened.kind)


_OF_A_ROUND: Final = frozenset({TaskStepKind.GIVEN, TaskStepKind.ACCEPTED, TaskStepKind.CHANGED})
"""Whoever walks a round of ninety doors is not texted about each of them."""
_ALWAYS: Final[Mapping[TaskStepKind, MessageKind]] = {
    TaskStepKind.OFFERED: MessageKind.TASK_OFFERED,
    TaskStepKind.ACCEPTED: MessageKind.TASK_YOURS,
    TaskStepKind.GIVEN: MessageKind.TASK_GIVEN,
}
_NOTED: Final[Mapping[TaskStepKind, MessageKind]] = {
    TaskStepKind.DECLINED: MessageKind.TASK_NOTED_NO,
    TaskStepKind.GIVEN_BACK: MessageKind.TASK_NOTED_NO,
    TaskStepKind.ARRIVED: MessageKind.TASK_NOTED_THERE,
    TaskStepKind.DONE: MessageKind.TASK_NOTED_DONE,
    TaskStepKind.HELP: MessageKind.TASK_HELP_NOTED,
}
_TAKEN_OFF: Final = frozenset({TaskStepKind.GIVEN_BACK, TaskStepKind.CANCELLED, TaskStepKind.DONE})


def texts(happened: Happened, job: Job, workers: Iterable[Worker]) -> list[Text]:
    """To those of them who may be told."""
    kinds = whom(happened, job)
    return [
        text_of(kinds[each.staff_id], job, each, happened.at, happened.n)
        for each in workers
        if each.staff_id in kinds and _may_be_told(kinds[each.staff_id], happened, job, each)
    ]


def _may_be_told(kind: MessageKind, happened: Happened, job: Job, worker: Worker) -> bool:
    """Whoever has just written is always answered."""
    if worker.on_duty or (happened.by is StepBy.SMS and happened.staff_id == worker.staff_id):
        return True
    cannot_wait = job.begins_at - happened.at <= CANNOT_WAIT
    return kind not in _ON_DUTY_ONLY and worker.staff_id == happened.staff_id and cannot_wait


_ON_DUTY_ONLY: Final = frozenset({MessageKind.TASK_OFFERED, MessageKind.TASK_TAKEN})


def text_of(kind: MessageKind, job: Job, worker: Worker, at: datetime, again: int) -> Text:
    """One text to one of them. Where it is and how to get in stands only in what is told to whoever was asked, or has it."""
    params: dict[str, object] = {**_greeting(job), **called(job), "task": job.kind.value}
    if kind in _SAYING_WHERE:
        params |= _where(job)
        if job.begins_at - at > SOON:
            params |= {"begins": job.begins_at.isoformat(), "at": at.isoformat()}
    language = language_of(worker.languages)
    return Text(worker.phone, None, kind, params, language, again)


_SAYING_WHERE: Final = frozenset(
    {MessageKind.TASK_OFFERED, MessageKind.TASK_YOURS, MessageKind.TASK_GIVEN}
)


def _greeting(job: Job) -> dict[str, object]:
    return {
        "signature": job.signature,
        "signature_en": job.signature_en,
        "hotline": job.hotline,
    }


def _where(job: Job) -> dict[str, object]:
    return {
        "where": job.place,
        "where_en": job.place_en or job.place,
        "way_in": job.way_in,
        "way_in_en": job.way_in_en,
        "todo": "" if job.kind is TaskKind.RESCUE else job.what,
    }


def called(job: Job) -> dict[str, object]:
    """沈老师, 沈女士; never the given name. Who is called nothing else is 老人."""
    if not job.name:
        return {}
    surname = job.name.partition("·")[0] if "·" in job.name else split_surname(job.name)[0]
    title = {"female": "女士", "male": "先生"}.get(job.sex or "", "老人")
    family, _, _ = job.name_latin.partition(" ")
    title_en = {"female": "Ms ", "male": "Mr "}.get(job.sex or "", "")
    return {
        "name": job.salutation or f"{surname}{title}",
        "name_latin": job.salutation_en or f"{title_en}{family}",
    }


def language_of(languages: Sequence[str]) -> str:
    """Chinese, but for those who are known to speak English and nothing else."""
    words = {each.strip().casefold() for each in languages}
    return ENGLISH if words and words <= _ENGLISH_WORDS else CHINESE


def hurried(row: Mapping[str, object], now: datetime) -> dict[str, object]:
    """A row of the outbox as it is written for a rescue: before everything else, and not for long."""
    return {**row, "priority": EMERGENCY, "expires_at": now + RESCUE_VALID_FOR}
