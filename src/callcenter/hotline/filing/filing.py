"""A call is filed: what it was about, who it was, and what follows, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import func, select

from callcenter.calls.models import CallSignal
from callcenter.core.errors import Conflict, NotFound
from callcenter.dispatch.desk.booking import WithBooking, book
from callcenter.dispatch.desk.schemas import BookingBody
from callcenter.dispatch.wishes.keeping import Said, write_wish
from callcenter.hotline.call import Direction, State
from callcenter.hotline.disposition import Choice, Opens
from callcenter.hotline.filing.attaching import Attached, as_it_stands, attached
from callcenter.hotline.filing.case import CaseState, CaseStep
from callcenter.hotline.filing.following import CASE_OF, CaseKind, Follows, Known, following
from callcenter.hotline.filing.models import CallFiling, HotlineCase, HotlineCaseStep
from callcenter.hotline.filing.offered import choice_of
from callcenter.hotline.filing.schemas import FiledCallView, FilingBody, TaskWanted
from callcenter.hotline.filing.seeing import line_of, whole
from callcenter.hotline.models import CallRow, WorkedOff
from callcenter.residents.access import Asking
from callcenter.residents.models import Resident

TASK_BEGINS_IN: Final = timedelta(hours=1)
_CASES: Final = frozenset(each.value for each in CASE_OF)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word about a call on its way into the rows."""

    asking: Asking
    call: CallRow
    body: FilingBody
    choice: Choice
    who: Attached

    @property
    def opened_id(self) -> UUID:
        """The same however often it is sent."""
        return uuid5(self.body.id, "opened")


async def file(asking: Asking, call_id: UUID, body: FilingBody, also: WithBooking) -> FiledCallView:
    """Filed, or filed anew. The same `id` sent again changes nothing. Raises NotFound; Conflict `changed_meanwhile`, `id_used`,
    `not_spoken_yet`; Invalid as `following` and `book` do.
    """
    line = await line_of(asking, call_id)
    call = await held(asking, call_id)
    if await _said_before(asking, call_id, body.id):
        return await whole(asking, line)
    if call.filings != body.filings:
        raise _changed(call.filings, body.filings)
    choice, is_group = await choice_of(asking.session, body.disposition)
    who = await as_it_stands(asking, call)
    if body.attach is not None:
        who = await attached(asking, body.attach)
    word = _Word(asking, call, body, choice, who)
    known, case = await _known(word)
    follows = following(
        known,
        choice,
        asking.now,
        is_group=is_group,
        due=_minutes(body.due_minutes),
        call_again=_minutes(body.call_again_minutes),
    )
    if follows.withdraws_case and case is not None:
        await _withdraw(word, case)
    opened_id = await _open(word, follows, also)
    await _write(word, follows.opens, opened_id)
    wished = Said(id=uuid5(body.id, "wish"), words=body.wish, call_id=call_id)
    await write_wish(asking, who.resident_id, wished)
    return await whole(asking, await line_of(asking, call_id))


async def held(asking: Asking, call_id: UUID) -> CallRow:
    """The row, locked until the end of the transaction."""
    row = await asking.session.scalar(
        select(CallRow).where(CallRow.id == call_id).with_for_update(key_share=True)
    )
    if row is None:
        raise NotFound("no such call", what="call")
    return row


async def _said_before(asking: Asking, call_id: UUID, filing_id: UUID) -> bool:
    known = await asking.session.get(CallFiling, filing_id)
    if known is not None and known.call_id != call_id:
        raise Conflict("This id belongs to a word about another call.", code="id_used")
    return known is not None


def _changed(filings: int, seen: int) -> Conflict:
    return Conflict(
        f"Somebody has filed this call meanwhile ({filings} times, you saw {seen}): look at it again and say what you want.",
        code="changed_meanwhile",
        version=filings,
        expected=seen,
    )


def _minutes(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


async def _known(word: _Word) -> tuple[Known, HotlineCase | None]:
    """With the case of the last word, where it is open still."""
    call, case = word.call, await _open_case(word)
    steps = 0
    if case is not None:
        counted = select(func.count()).where(HotlineCaseStep.case_id == case.id)
        steps = await word.asking.session.scalar(counted) or 0
    known = Known(
        state=State(call.state),
        filings=call.filings,
        has_incident=call.incident_id is not None or await _raises(word),
        has_task=call.task_id is not None,
        open_case=None if case is None else _opens_of(CaseKind(case.kind)),
        case_touched=steps > 1,
        has_home=word.who.home_id is not None,
        has_number=bool(call.caller_e164 or call.caller_raw),
    )
    return known, case


def _opens_of(kind: CaseKind) -> Opens:
    return next(opens for opens, case in CASE_OF.items() if case is kind)


async def _open_case(word: _Word) -> HotlineCase | None:
    found: HotlineCase | None = await word.asking.session.scalar(
        select(HotlineCase)
        .join(CallFiling, CallFiling.opened_id == HotlineCase.id)
        .where(
            CallFiling.call_id == word.call.id,
            CallFiling.opened.in_(_CASES),
            HotlineCase.state == CaseState.OPEN,
        )
        .order_by(CallFiling.n.desc())
        .limit(1)
        .with_for_update(of=HotlineCase)
    )
    return found


async def _raises(word: _Word) -> bool:
    """An incident of it is on its way already."""
    found = select(CallSignal.id).where(CallSignal.call_id == word.call.id).limit(1)
    return await word.asking.session.scalar(found) is not None


async def _withdraw(word: _Word, case: HotlineCase) -> None:
    asking = word.asking
    case.state, case.version = CaseState.DONE, case.version + 1
    case.done_at, case.done_by = asking.now, asking.principal.user_id
    case.result = word.choice.zh
    step = Step(uuid5(word.body.id, "withdrawn"), 2, CaseStep.WITHDRAWN, word.choice.zh)
    add_step(asking, case, step)


async def _open(word: _Word, follows: Follows, also: WithBooking) -> UUID | None:
    """What follows, as rows; the id of what this word is about."""
    if follows.call_again_at is not None:
        again = uuid5(word.body.id, "call again")
        await _open_case_for(word, again, CaseKind.FOLLOW_UP, follows.call_again_at)
    if follows.case is not None and follows.due_at is not None:
        await _open_case_for(word, word.opened_id, follows.case, follows.due_at)
    elif follows.signal is not None:
        word.asking.session.add(_signal(word, follows))
    elif follows.task is not None:
        await _book(word, follows, also)
    else:
        return None
    return word.opened_id


async def _open_case_for(word: _Word, case_id: UUID, kind: CaseKind, due_at: datetime) -> None:
    """A case of this call, with its first step."""
    asking, call, who = word.asking, word.call, word.who
    case = HotlineCase(
        id=case_id,
        version=1,
        kind=kind,
        state=CaseState.OPEN,
        call_id=call.id,
        disposition=word.choice.code,
        region_id=who.region_id or call.region_id,
        home_id=who.home_id,
        resident_id=who.resident_id,
        note=word.body.note,
        opened_at=asking.now,
        opened_by=asking.principal.user_id,
        due_at=due_at,
    )
    asking.session.add(case)
    await asking.session.flush()
    add_step(
        asking, case, Step(uuid5(case_id, "opened"), 1, CaseStep.OPENED, word.body.note, due_at)
    )


@dataclass(frozen=True, slots=True)
class Step:
    """What was done about a case."""

    id: UUID
    n: int
    kind: CaseStep
    words: str
    due_at: datetime | None = None


def add_step(asking: Asking, case: HotlineCase, step: Step) -> None:
    """By the asker, now."""
    by = asking.principal
    asking.session.add(
        HotlineCaseStep(
            id=step.id,
            case_id=case.id,
            n=step.n,
            at=asking.now,
            kind=step.kind,
            user_id=by.user_id,
            user_name=by.name,
            words=step.words,
            due_at=step.due_at,
        )
    )


def _signal(word: _Word, follows: Follows) -> CallSignal:
    """What the alarm process makes an incident of."""
    said = f"{word.choice.zh} {word.choice.en}"
    number = word.call.caller_e164 or word.call.caller_raw
    return CallSignal(
        id=word.opened_id,
        item_id=None,
        call_id=word.call.id,
        home_id=word.who.home_id,
        resident_id=word.who.resident_id,
        region_id=word.who.region_id or word.call.region_id,
        number="" if word.who.home_id is not None else number,
        kind=follows.signal,
        text=" · ".join(part for part in (said, word.body.note) if part)[:2_000],
        created_at=word.asking.now,
    )


async def _book(word: _Word, follows: Follows, also: WithBooking) -> None:
    """At the dispatcher's desk. The note stays here: it may say what is nobody's business on a phone."""
    wanted: TaskWanted = word.body.task
    body = BookingBody(
        id=word.opened_id,
        kind=follows.task,
        resident_id=word.who.resident_id or await _anybody(word),
        begins_at=wanted.begins_at or word.asking.now + TASK_BEGINS_IN,
        minutes=wanted.minutes,
        what=wanted.what.strip() or word.choice.zh,
    )
    task = await book(word.asking, body, also)
    word.call.task_id = task.id


async def _anybody(word: _Word) -> int:
    """Whoever lives in that home. Raises NotFound where nobody does."""
    found = await word.asking.session.scalar(
        select(Resident.id)
        .where(Resident.home_id == word.who.home_id)
        .order_by(Resident.id)
        .limit(1)
    )
    if found is None:
        raise NotFound("nobody lives in this home", what="resident")
    return int(found)


async def _write(word: _Word, opens: Opens, opened_id: UUID | None) -> None:
    """The word itself, and the call as it is now."""
    asking, call, who, body = word.asking, word.call, word.who, word.body
    call.filings += 1
    asking.session.add(
        CallFiling(
            id=body.id,
            call_id=call.id,
            n=call.filings,
            at=asking.now,
            user_id=asking.principal.user_id,
            user_name=asking.principal.name,
            disposition=body.disposition,
            note=body.note,
            home_id=who.home_id,
            resident_id=who.resident_id,
            contact_id=who.contact_id,
            staff_id=who.staff_id,
            organisation_id=who.organisation_id,
            opened=opens,
            opened_id=opened_id,
        )
    )
    call.disposition, call.note = body.disposition, body.note
    call.filed_at, call.filed_by = asking.now, asking.principal.user_id
    for name in ("home_id", "resident_id", "contact_id", "staff_id", "organisation_id"):
        setattr(call, name, getattr(who, name))
    if call.answered_at is None and call.worked_off_at is None and call.direction == Direction.IN:
        call.worked_off_at, call.worked_off_how = asking.now, WorkedOff.RUNG_BACK
        call.worked_off_by, call.worked_off_reason = asking.principal.user_id, body.note
    await asking.session.flush()
    subject = f"hotline_call:{call.id}" if who.home_id is None else f"home:{who.home_id}"
    path = who.path or await asking.path_of(who.region_id or call.region_id)
    detail = {"call_id": str(call.id), "disposition": body.disposition, "n": call.filings}
    await asking.note("hotline_call_filed", subject, path, detail | {"opened": opens.value})
