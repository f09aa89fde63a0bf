"""Commands of a phone, each carried out once: what it was told is a row that is written with what it did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.sealed import Seal
from callcenter.dispatch import moving
from callcenter.dispatch.checking_in import CheckedIn, check_in
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.models import FieldCommand, TaskOffer, TaskRow
from callcenter.dispatch.phone import bodies, help_alone, presence
from callcenter.dispatch.phone.bodies import PhoneCommandBody
from callcenter.dispatch.phone.commands import (
    CHECK_INS,
    CRIES,
    DONE,
    NO_SUCH_TASK,
    OF_NO_TASK,
    Answer,
    CommandName,
    Moment,
    Standing,
    Told,
    Turn,
    meanwhile,
    moment_of,
    turn_of,
)
from callcenter.dispatch.phone.home_codes import proof_of
from callcenter.dispatch.phone.models import FieldPhoto
from callcenter.dispatch.phone.one_by_one import demand_time, told_of
from callcenter.dispatch.phone.sessions import Phone
from callcenter.dispatch.proof import CheckKind, Proof
from callcenter.dispatch.task import TaskState, TaskStepKind
from callcenter.dispatch.wishes.keeping import Visit, tick_wish
from callcenter.records.models import Staff

log = structlog.get_logger(__name__)

_KINDS: Final = {CommandName.ARRIVE: CheckKind.ARRIVE, CommandName.DEPART: CheckKind.DEPART}


@dataclass(frozen=True, slots=True)
class Hand:
    """Carries out what one phone sends, a transaction each, so that one that cannot be stored keeps none of the others."""

    database: Database
    clock: Clock
    seal: Seal
    phone: Phone

    async def all_of(self, commands: Sequence[PhoneCommandBody]) -> list[Told]:
        """In their order; what one is told does not stop the next. Raises Unavailable: those that were told before it stand."""
        return [await self._one(command) for command in commands]

    async def _one(self, command: PhoneCommandBody) -> Told:
        async with self.database.transaction() as session:
            await self._in_turn(session)
            turn = await self._turn(session, command)
            if turn is Turn.REPEAT:
                return await _as_before(session, command.id)
            if turn is Turn.TOO_EARLY:
                return Told(Answer.TOO_EARLY, "wants_the_one_before")
            if turn is Turn.NOT_YOURS:
                return self._refused(command, Told(Answer.REFUSED, "id_taken"))
            told = await self._try(session, command)
            self._keep(session, command, told)
            return told

    async def _in_turn(self, session: AsyncSession) -> None:
        """Two batches of one person do not mix, whichever of their phones sends them."""
        own = select(Staff.id).where(Staff.id == self.phone.staff_id)
        await session.execute(own.with_for_update(key_share=True))

    async def _turn(self, session: AsyncSession, command: PhoneCommandBody) -> Turn:
        ids = [each for each in (command.id, command.after) if each is not None]
        rows = await session.execute(
            select(FieldCommand.id, FieldCommand.staff_id).where(FieldCommand.id.in_(ids))
        )
        known = {row.id: row.staff_id for row in rows}
        return turn_of(command.id, command.after, self.phone.staff_id, known)

    async def _try(self, session: AsyncSession, command: PhoneCommandBody) -> Told:
        """Within a savepoint: what goes wrong half way leaves nothing behind but its answer."""

        async def carry_out() -> Told:
            async with session.begin_nested():
                return await self._decide(session, command)

        told = await told_of(command.name, carry_out)
        return self._refused(command, told) if told.answer is Answer.REFUSED else told

    def _refused(self, command: PhoneCommandBody, told: Told) -> Told:
        log.info(
            "phone_command_refused",
            staff_id=self.phone.staff_id,
            command=command.name,
            task_id=str(command.task_id),
            reason=told.code,
        )
        return told

    def _keep(self, session: AsyncSession, command: PhoneCommandBody, told: Told) -> None:
        now = self.clock.now()
        session.add(
            FieldCommand(
                id=command.id,
                staff_id=self.phone.staff_id,
                task_id=command.task_id,
                name=command.name,
                said_at=command.said_at or now,
                received_at=now,
                told={"answer": told.answer, "code": told.code, "params": dict(told.params)},
            )
        )

    async def _decide(self, session: AsyncSession, command: PhoneCommandBody) -> Told:
        try:
            name = CommandName(command.name)
        except ValueError:
            return Told(Answer.REFUSED, "no_such_command")
        now = self.clock.now()
        said_at = demand_time(command.said_at or (now if name in CRIES else None))
        if name is CommandName.HELP_ALONE:
            fix = bodies.fix_of(command.body)
            return await help_alone.ask(session, self.phone, fix.spot if fix else None, now)
        if name in OF_NO_TASK:
            return await presence.turn(session, self.phone.staff_id, name, now)
        task = await _task_of(session, command.task_id)
        if task is None:
            return NO_SUCH_TASK
        moment = moment_of(said_at, command.clock_error, task.created_at, now)
        deed = _Deed(session, task, self.phone, name, command, said_at, moment, now, self.seal)
        return await deed.carry_out()


@dataclass(frozen=True, slots=True)
class _Deed:
    """One command for one job, whose row is locked."""

    session: AsyncSession
    task: TaskRow
    phone: Phone
    name: CommandName
    command: PhoneCommandBody
    said_at: datetime
    moment: Moment
    now: datetime
    seal: Seal

    @property
    def body(self) -> Mapping[str, Any]:
        return self.command.body

    @property
    def doer(self) -> Doer:
        return Doer(StepBy.PHONE, name=self.phone.name)

    async def carry_out(self) -> Told:
        told = meanwhile(self.name, await self._standing())
        if told is not None:
            if self.name in CHECK_INS and told.answer is Answer.OTHERWISE:
                await self._keep_word(told)
            return told
        return await _DEEDS[self.name](self)

    async def _standing(self) -> Standing:
        own, task = self.phone.staff_id, self.task
        asked = await self.session.scalar(
            select(TaskOffer.n)
            .where(TaskOffer.task_id == task.id, TaskOffer.staff_id == own)
            .limit(1)
        )
        has = task.staff_id == own
        other = await self.session.scalar(select(Staff.name).where(Staff.id == task.staff_id))
        return Standing(
            TaskState(task.state),
            has=has,
            asked=asked is not None,
            other="" if has else other or "",
            reason=task.reason,
        )

    async def _keep_word(self, told: Told) -> None:
        """Somebody was there, whatever has become of the job: it is written beside it."""
        if self.task.staff_id == self.phone.staff_id:
            await self.check()
            return
        await self._note(
            said=self.name.value, happened_at=self.moment.at.isoformat(), why=told.code
        )

    async def _note(self, **data: Any) -> None:
        await moving.note(
            self.session,
            self.task,
            TaskStepKind.NOTE,
            self.doer,
            self.now,
            self.phone.staff_id,
            **data,
        )

    async def accept(self) -> Told:
        await moving.accept(self.session, self.task, self.phone.staff_id, self.doer, self.now)
        return DONE

    async def decline(self) -> Told:
        reason = bodies.words(self.body, "reason")
        staff_id = self.phone.staff_id
        await moving.decline(self.session, self.task, staff_id, self.doer, self.now, reason)
        return DONE

    async def set_out(self) -> Told:
        way, at = bodies.minutes(self.body), self.moment.at
        await moving.set_out(self.session, self.task, self.phone.staff_id, self.doer, at, way)
        return DONE

    async def help(self) -> Told:
        said = bodies.words(self.body, "words")
        staff_id = self.phone.staff_id
        await moving.ask_help(self.session, self.task, staff_id, self.doer, self.now, said)
        return DONE

    async def report(self) -> Told:
        fix, photo = bodies.fix_of(self.body), bodies.id_of(self.body, "photo_id")
        await self._note(
            words=bodies.words(self.body, "words"),
            photo_id=str(photo) if photo else None,
            lat=fix.spot.lat if fix else None,
            lng=fix.spot.lng if fix else None,
            happened_at=self.moment.at.isoformat(),
        )
        return DONE

    async def wish(self) -> Told:
        task, said = self.task, bodies.words(self.body, "words")
        visit = Visit(
            task_id=task.id,
            resident_id=task.resident_id,
            home_id=task.home_id,
            staff_id=self.phone.staff_id,
            staff_name=self.phone.name,
        )
        wish_id = bodies.id_of(self.body, "wish_id")
        wish = await tick_wish(self.session, wish_id, visit, said, self.moment.at)
        await self._note(words=f"{wish.words} ✓ {said}", wish_id=str(wish.id))
        return DONE

    async def check(self) -> Told:
        photo = bodies.id_of(self.body, "photo_id")
        kept = await self.session.get(FieldPhoto, photo) if photo else None
        if is_foreign := kept is not None and not self._is_of_here(kept):
            photo = kept = None
        proof, code_holds = await self._proof(photo)
        row = await check_in(
            self.session,
            self.task,
            self.phone.staff_id,
            CheckedIn(
                id=self.command.id,
                kind=_KINDS[self.name],
                said_at=self.said_at,
                proof=proof,
                fix=bodies.fix_of(self.body),
                clock_error=self.moment.clock_error,
                photo_id=photo,
                code_holds=code_holds,
                seen_before=kept is not None and kept.alike is not None,
                photo_refused=is_foreign or (kept is not None and _is_refused(kept)),
                offline=self.body.get("offline") is True,
                note=bodies.words(self.body, "note"),
            ),
            self.doer,
            self.now,
        )
        return Told(Answer.DONE, params={"flags": row.flags})

    def _is_of_here(self, photo: FieldPhoto) -> bool:
        """A picture shows nothing of another job, nor one of somebody else."""
        if (photo.task_id, photo.staff_id) == (self.task.id, self.phone.staff_id):
            return True
        log.info(
            "phone_photo_flagged",
            staff_id=self.phone.staff_id,
            photo=str(photo.id),
            reason="of_another_job",
        )
        return False

    async def _proof(self, photo: UUID | None) -> tuple[Proof, bool]:
        """What shows that they were there; a code of a home that has none shows nothing."""
        said = bodies.codes_said(self.body)
        shown = await proof_of(self.session, self.seal, self.task.home_id, said)
        if shown is not None:
            return shown
        return (Proof.PHOTO if photo else Proof.NONE), True


_DEEDS: Final[Mapping[CommandName, Callable[[_Deed], Awaitable[Told]]]] = {
    CommandName.ACCEPT: _Deed.accept,
    CommandName.DECLINE: _Deed.decline,
    CommandName.SET_OUT: _Deed.set_out,
    CommandName.ARRIVE: _Deed.check,
    CommandName.DEPART: _Deed.check,
    CommandName.HELP: _Deed.help,
    CommandName.REPORT: _Deed.report,
    CommandName.WISH: _Deed.wish,
}


def _is_refused(photo: FieldPhoto) -> bool:
    return photo.sha256 is None and photo.alike is None


async def _task_of(session: AsyncSession, task_id: UUID | None) -> TaskRow | None:
    if task_id is None:
        return None
    found: TaskRow | None = await session.scalar(
        select(TaskRow)
        .where(TaskRow.id == task_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def _as_before(session: AsyncSession, command_id: UUID) -> Told:
    row = await session.get_one(FieldCommand, command_id)
    told: Any = row.told
    return Told(Answer(told["answer"]), told["code"], told["params"])
