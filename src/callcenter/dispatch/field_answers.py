"""What workers write is carried out: take, no, there, done, help, on and off duty; each text once, the oldest first.

A processor of the office. One text is one transaction: what it does, what is answered, and that it is done. What nobody understands
stands at the job for the dispatcher, what is no field's word is handed to whoever reads for incidents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import CallCenterError, Unavailable
from callcenter.core.phone import mask
from callcenter.core.sealed import Seal
from callcenter.dispatch import moving, told
from callcenter.dispatch.addressee import Deed, FieldQuestion, Known, Reading, reading
from callcenter.dispatch.addressing import known_of, repeats
from callcenter.dispatch.checking_in import CheckedIn, check_in
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.duty import keeping as duties
from callcenter.dispatch.faults import AWAY, OF_THE_ROW
from callcenter.dispatch.greeting import greeting
from callcenter.dispatch.models import DutyBy, TaskRow
from callcenter.dispatch.offering import Yes
from callcenter.dispatch.phone.home_codes import proof_of
from callcenter.dispatch.phone.models import CodeOf
from callcenter.dispatch.placing import heard_from
from callcenter.dispatch.proof import CheckKind, Proof
from callcenter.dispatch.said import Said, Text, may_mean
from callcenter.dispatch.task import TaskState, TaskStepKind
from callcenter.dispatch.telling import language_of, text_of
from callcenter.records.models import Staff
from callcenter.sms.arrivals import hold_sender
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.models import Reader
from callcenter.sms.outbox import Text as OutgoingText

log = structlog.get_logger(__name__)

NAME: Final = "field_answers"
BATCH: Final = 50
LONGEST_WORDS: Final = 500
"""Characters of a text as it stands at the job."""

_DIGIT: Final[Mapping[Said, str]] = MappingProxyType(
    {Said.TAKE: "1", Said.NO: "2", Said.THERE: "3", Said.DONE: "4", Said.HELP: "0"}
)


@dataclass(frozen=True, slots=True)
class Inbound:
    """A text that came in."""

    id: UUID
    sender: str
    words: str
    at: datetime


class FieldAnswers:
    """The processor: hinted when a text is kept, else every second."""

    name: Final = NAME
    interval_s: Final = 1.0

    def __init__(self, database: Database, seal: Seal, clock: Clock) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock

    async def run_once(self, _: datetime) -> int:
        """Carry out what has come in, each text at its own time: a crowd of them takes a while. Raises Unavailable."""
        try:
            async with self._database.transaction() as session:
                rows = list(await session.scalars(text(_UNHANDLED), {"most": BATCH}))
            return sum([await self._handle_or_pass_on(each, self._clock.now()) for each in rows])
        except AWAY as error:
            raise Unavailable("What workers wrote cannot be read now.") from error

    async def _handle_or_pass_on(self, sender: str, now: datetime) -> bool:
        """A text that nobody here can carry out reaches a person all the same, and keeps no other waiting."""
        try:
            return await self._handle(sender, now)
        except Exception as error:  # whatever it was: the words must be seen by somebody
            if isinstance(error, AWAY) and not isinstance(error, OF_THE_ROW):
                raise
            log.exception("field_answer_failed", sender=mask(sender))
            async with self._database.transaction() as session:
                await hold_sender(session, sender)
                row = await _oldest(session, sender)
                if row is not None:
                    await _pass_on(session, row)
            return True

    async def _handle(self, sender: str, now: datetime) -> bool:
        """The oldest of this sender, so that two offices keep their order."""
        async with self._database.transaction() as session:
            await hold_sender(session, sender)
            inbound = await _oldest(session, sender)
            if inbound is None:
                return False
            known = await known_of(session, sender, now)
            known = replace(known, again=await repeats(session, sender, inbound.id))
            found = reading(inbound.words, known)
            log.info("field_answer", inbound_id=str(inbound.id), deed=found.deed)
            # never before the text itself: this look may have begun a moment earlier
            at = max(now, inbound.at)
            await Carrying(session, self._seal, inbound, known, at).out(found)
            return True


@dataclass(frozen=True, slots=True)
class Carrying:
    """One text, in its transaction."""

    session: AsyncSession
    seal: Seal
    inbound: Inbound
    known: Known
    now: datetime

    async def out(self, found: Reading) -> None:
        """Do it, answer, and note that it is done."""
        if found.deed is Deed.HAND_OVER or self.known.staff_id is None:
            await _pass_on(self.session, self.inbound)
        elif found.deed is Deed.DUTY and found.text is not None:
            await self._duty(self.known.staff_id, found.text.said)
        elif found.deed is Deed.ASK_BACK and found.text is not None:
            await self._ask_back(found.text.said, found.choices)
            await self._done(found, None)
        elif found.about is not None:
            await self._at_job(found, found.about)
            await self._done(found, found.about.task_id)

    async def _done(self, found: Reading, reference: UUID | None) -> None:
        said = found.text.said.value if found.text else "other"
        about = {"id": self.inbound.id, "meaning": said, "reference": reference, "now": self.now}
        await self.session.execute(text(_HANDLED), about)

    # ---- on and off duty

    async def _duty(self, staff_id: int, said: Said) -> None:
        try:
            async with self.session.begin_nested():
                kind = await self._begin_or_end(staff_id, said)
        except CallCenterError as error:
            log.warning("duty_word_refused", staff_id=staff_id, code=error.code)
            await _pass_on(self.session, self.inbound)
            return
        await self._answer(kind, staff_id, choices=await self._choices(self._held()))
        await self._done(Reading(Deed.DUTY, None), None)

    async def _begin_or_end(self, staff_id: int, said: Said) -> MessageKind:
        if said is Said.ON_DUTY:
            await duties.begin(self.session, staff_id, DutyBy.SMS, self.now)
            return MessageKind.FIELD_ON_DUTY
        if not await duties.end(self.session, staff_id, DutyBy.SMS, self.now):
            return MessageKind.FIELD_STILL_BUSY if self._held() else MessageKind.FIELD_OFF_DUTY
        return MessageKind.FIELD_OFF_DUTY

    def _held(self) -> list[FieldQuestion]:
        return [each for each in self.known.questions if each.job.has]

    # ---- at a job

    async def _at_job(self, found: Reading, about: FieldQuestion) -> None:
        task = await moving.held(self.session, about.task_id)
        doer = await self._doer(about.staff_id)
        if found.deed is Deed.NOTE or found.text is None:
            await self._note(task, about, doer)
        elif found.deed is Deed.SAID_BEFORE:
            await self._tell(task, about, MessageKind.TASK_NOTED_DONE)
        elif found.deed is Deed.LOST:
            await self._lost(found.text.said, task, about, doer)
        else:
            await self._do_or_note(found.text, task, about, doer)

    async def _lost(self, said: Said, task: TaskRow, about: FieldQuestion, doer: Doer) -> None:
        """Who has gone there for nothing stands at the task as well."""
        if said in {Said.THERE, Said.DONE}:
            await self._note(task, about, doer)
        if said is not Said.NO:
            await self._tell(task, about, _loss(task))

    async def _do_or_note(
        self, heard: Text, task: TaskRow, about: FieldQuestion, doer: Doer
    ) -> None:
        """What the task does not allow any more stands at it, with why."""
        try:
            async with self.session.begin_nested():
                await self._do(heard, task, about, doer)
        except CallCenterError as error:
            log.warning("field_answer_refused", task_id=str(task.id), code=error.code)
            await self.session.refresh(task)
            await self._note(task, about, doer, refused=error.code)

    async def _do(self, heard: Text, task: TaskRow, about: FieldQuestion, doer: Doer) -> None:
        said, staff_id = heard.said, about.staff_id
        if said is Said.TAKE:
            worth = await moving.accept(self.session, task, staff_id, doer, self.now)
            if worth is not Yes.HAS_IT:
                yours = worth is Yes.HAD_IT_ALREADY
                await self._tell(task, about, MessageKind.TASK_YOURS if yours else _loss(task))
        elif said is Said.NO:
            await moving.decline(self.session, task, staff_id, doer, self.now)
        elif said is Said.HELP:
            await moving.ask_help(self.session, task, staff_id, doer, self.now, self._words())
        elif said is Said.THERE and task.state == TaskState.ARRIVED:
            await heard_from(self.session, task, self.now, staff_id, doer)
            await self._tell(task, about, MessageKind.TASK_NOTED_THERE)
        else:
            await self._check_in(heard, task, about, doer)

    async def _check_in(self, heard: Text, task: TaskRow, about: FieldQuestion, doer: Doer) -> None:
        """By the id of the text, so that it is one however often it is read. Who leaves without having come is asked about it."""
        said = heard.said
        kind = CheckKind.ARRIVE if said is Said.THERE else CheckKind.DEPART
        proof, holds = await self._shown(heard.door, task)
        claimed = CheckedIn(
            id=self.inbound.id,
            kind=kind,
            said_at=self.inbound.at,
            proof=proof,
            code_holds=holds,
        )
        await check_in(self.session, task, about.staff_id, claimed, doer, self.now)
        if said is Said.DONE and task.state != TaskState.DONE:
            await self._tell(task, about, MessageKind.TASK_NOT_THERE)

    async def _shown(self, door: str | None, task: TaskRow) -> tuple[Proof, bool]:
        """By what they have read there: a text does not say whether it stands at the door or on the card."""
        if door is None:
            return Proof.NONE, True
        read = dict.fromkeys(CodeOf, door)
        return await proof_of(self.session, self.seal, task.home_id, read) or (Proof.NONE, True)

    async def _note(self, task: TaskRow, about: FieldQuestion, doer: Doer, **more: object) -> None:
        data = {"words": self._words(), **more}
        kind = TaskStepKind.NOTE
        await moving.note(self.session, task, kind, doer, self.now, about.staff_id, **data)

    def _words(self) -> str:
        return self.inbound.words[:LONGEST_WORDS]

    async def _doer(self, staff_id: int) -> Doer:
        staff = await self.session.get(Staff, staff_id)
        return Doer(StepBy.SMS, None, staff.name if staff else "")

    # ---- what is answered besides what the steps of the task say

    async def _tell(self, task: TaskRow, about: FieldQuestion, kind: MessageKind) -> None:
        """Told anew under the number of this text."""
        workers = await told.workers_of(self.session, [about.staff_id])
        job = await told.job_of(self.session, task)
        again = self.inbound.id.int & _AGAIN
        rows = [text_of(kind, job, each, self.now, again) for each in workers]
        await told.put(self.session, task, rows, self.now)

    async def _ask_back(self, said: Said, choices: Sequence[FieldQuestion]) -> None:
        staff_id, first = choices[0].staff_id, choices[0].job
        digit = _DIGIT[said] if may_mean(said, first) else _DIGIT[Said.TAKE]
        listed = await self._choices(choices)
        await self._answer(
            MessageKind.TASK_WHICH, staff_id, choices=listed, said=digit, first=first.code
        )

    async def _choices(self, questions: Sequence[FieldQuestion]) -> dict[str, str]:
        """482榆荫里7号楼2单元501、511…, in both languages."""
        ids = [each.task_id for each in questions]
        rows = (await self.session.execute(text(_PLACES), {"ids": ids})).mappings().all()
        return {
            "choices": "、".join(f"{row['code']}{row['place']}" for row in rows),
            "choices_en": ", ".join(f"{row['code']} {row['place_en']}".strip() for row in rows),
        }

    async def _answer(
        self, kind: MessageKind, staff_id: int, choices: Mapping[str, str], **params: object
    ) -> None:
        """A text that is about no single task."""
        staff = await self.session.get_one(Staff, staff_id)
        said = await greeting(self.session, staff.region_id)
        filled = {**said, **choices, **params, "at": self.now.isoformat()}
        answer = OutgoingText(self.inbound.sender, None, kind, filled, language_of(staff.languages))
        await told.put_alone(self.session, self.inbound.id, staff.region_id, [answer], self.now)


def _loss(task: TaskRow) -> MessageKind:
    taken = task.staff_id is not None and task.state != TaskState.CANCELLED
    return MessageKind.TASK_TAKEN if taken else MessageKind.TASK_OFF


async def _oldest(session: AsyncSession, sender: str) -> Inbound | None:
    row: RowMapping | None = (
        (await session.execute(text(_OLDEST), {"sender": sender})).mappings().one_or_none()
    )
    return None if row is None else Inbound(row["id"], sender, row["text"], row["received_at"])


async def _pass_on(session: AsyncSession, inbound: Inbound) -> None:
    """It has another reader from now on, and is not done."""
    log.info("field_answer_passed_on", inbound_id=str(inbound.id))
    await session.execute(
        text(_TO_OTHER_READER), {"id": inbound.id, "reader": Reader.INCIDENT.value}
    )


_AGAIN: Final = 2**62 - 1
"""Of the random part of an id: a number that fits a bigint."""

_UNHANDLED = """
SELECT sender FROM sms_inbound WHERE handled_at IS NULL AND reader = 'field' ORDER BY received_at, id LIMIT :most
"""

_OLDEST = """
SELECT id, text, received_at FROM sms_inbound
WHERE sender = :sender AND handled_at IS NULL AND reader = 'field' ORDER BY received_at, id LIMIT 1 FOR UPDATE
"""

_HANDLED = """
UPDATE sms_inbound SET meaning = :meaning, reference = :reference, handled_at = :now WHERE id = :id AND handled_at IS NULL
"""

_TO_OTHER_READER = "UPDATE sms_inbound SET reader = :reader WHERE id = :id AND handled_at IS NULL"

_PLACES = """
SELECT task.code, task.place, coalesce(home.address_en, '') AS place_en
FROM task LEFT JOIN home ON home.id = task.home_id
WHERE task.id = ANY (CAST(:ids AS uuid[])) ORDER BY task.begins_at, task.id
"""
