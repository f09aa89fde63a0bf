"""How a phone is let in: by the digits of a text to the number that is registered, or by a link of the office. Both open one phone, once,
soon. Whoever asks with a number that nobody has is answered as everybody is.

A stranger who knows a number can make it get texts, and cannot keep its owner out: digits that are running are sent again and not replaced,
wrong ones make wait the address that they came from, and a right link opens whoever else has been guessing.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth import delays
from callcenter.auth.codes import code_hash, new_code
from callcenter.auth.login import ALL_STRANGERS, WITH_ALL, WITH_ONE, Patience, comer_of
from callcenter.auth.sessions import hash_of
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import NotFound, Unauthenticated
from callcenter.core.ids import new_id
from callcenter.core.phone import mask, parse_phone, takes_texts
from callcenter.dispatch.greeting import greeting
from callcenter.dispatch.phone.models import FieldCode, FieldLink, OpenedBy
from callcenter.dispatch.phone.sessions import LetIn, let_in, works
from callcenter.records.models import Staff
from callcenter.regions.models import Region
from callcenter.sms.catalogue import RULES, MessageKind
from callcenter.sms.models import SmsMessage

log = structlog.get_logger(__name__)

CODE_HOLDS: Final = timedelta(minutes=10)
DIGITS: Final = 6
TRIES: Final = 20
"""Of a million codes so many may be guessed. One address comes to twelve while a code holds (`auth.login.WITH_ONE`): it cannot use them up."""
ASKED_FROM: Final = Patience(3, timedelta(minutes=1), CODE_HOLDS)
"""Texts cost money, and wake whoever gets them: after four the next from this address waits."""
ASKED_FOR: Final = Patience(9, timedelta(minutes=1), timedelta(minutes=5))
"""From everywhere. Shorter than a code holds: whoever is made wait has a text whose digits are good."""
UNPACED: Final = Patience(10**9, timedelta(seconds=1), timedelta(seconds=1))
LINK_HOLDS_H: Final = 24
LINK_LENGTH: Final = 16
"""80 bits: nobody guesses one, so that a link that was used already makes nobody else wait long."""


@dataclass(frozen=True, slots=True)
class Door:
    """Lets phones in. `zone` is the site's: somebody's work ends at its midnight."""

    database: Database
    clock: Clock
    zone: tzinfo
    address: str
    device: str = ""

    async def send_code(self, number: str, language: str) -> None:
        """Six digits in a text to whoever has this number. Raises Invalid for what is no number, TooManyAttempts."""
        e164, now = parse_phone(number).e164, self.clock.now()
        comer = comer_of(f"code {e164}", self.address, None)
        async with self.database.transaction() as session:
            await delays.note_try(session, comer, now, _asking)
            staff = await self._whose(session, e164)
            if staff is not None and takes_texts(e164):
                await self._send(session, staff, e164, language, now)

    async def log_in(self, number: str, code: str) -> LetIn:
        """Raises Invalid, TooManyAttempts, Unauthenticated `code_refused`; none tells whether the number is known."""
        e164 = parse_phone(number).e164
        comer = comer_of(f"phone {e164}", self.address, None)
        async with self.database.transaction() as session:
            await delays.note_try(session, comer, self.clock.now(), _guessing)
        async with self.database.transaction() as session:
            fresh = await self._by_code(session, e164, code)
            if fresh is not None:
                await delays.forget_try(session, comer)
        if fresh is None:
            raise Unauthenticated("unknown number or wrong code", code="code_refused")
        return fresh

    async def log_in_by_link(self, code: str) -> LetIn:
        """Raises TooManyAttempts, Unauthenticated `link_refused`; to whoever has a right one `link_used`, `link_expired`."""
        now = self.clock.now()
        async with self.database.transaction() as session:
            link = await session.scalar(
                select(FieldLink).where(FieldLink.code_hash == code_hash(code)).with_for_update()
            )
            staff = await session.get(Staff, link.staff_id) if link is not None else None
            why = self._why_not(link, staff, now)
            if link is not None and staff is not None and not why:
                link.used_at = now
                return await self._enter(session, staff, OpenedBy.LINK)
        await self._refuse_link(staff, why)
        raise Unauthenticated("this link opens nothing: ask the office for a new one", code=why)

    async def _refuse_link(self, staff: Staff | None, why: str) -> None:
        """Only what is wrong counts as a try. Raises TooManyAttempts."""
        comer = comer_of("phone link", self.address, None)
        async with self.database.transaction() as session:
            await delays.note_try(session, comer, self.clock.now(), lambda _: WITH_ALL)
            await self._note(session, "field_link_refused", staff, {"why": why})

    def _why_not(self, link: FieldLink | None, staff: Staff | None, now: datetime) -> str:
        day = now.astimezone(self.zone).date()
        if link is None or staff is None or not works(staff, day):
            return "link_refused"
        if link.used_at is not None:
            return "link_used"
        return "link_expired" if link.until_at <= now else ""

    async def _whose(self, session: AsyncSession, e164: str) -> Staff | None:
        """A number of two people lets nobody in: which of them it is, only a link can say."""
        day = self.clock.now().astimezone(self.zone).date()
        rows = await session.scalars(select(Staff).where(Staff.phone == e164))
        found: Sequence[Staff] = [each for each in rows if works(each, day)]
        if len(found) > 1:
            log.warning("phone_of_two_people", number=mask(e164), staff=len(found))
        return found[0] if len(found) == 1 else None

    async def _send(
        self, session: AsyncSession, staff: Staff, e164: str, language: str, now: datetime
    ) -> None:
        row = await session.get(FieldCode, staff.id, with_for_update=True)
        digits = await _running(session, staff.id, row, e164, now)
        if row is not None and digits is not None:
            row.until_at = now + CODE_HOLDS
        else:
            digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
            await _begin(session, staff.id, digits, now)
        session.add(await _text(session, staff, e164, digits, language, now))
        await self._note(session, "field_code_sent", staff)

    async def _by_code(self, session: AsyncSession, e164: str, typed: str) -> LetIn | None:
        staff = await self._whose(session, e164)
        row = (
            await session.get(FieldCode, staff.id, with_for_update=True)
            if staff is not None
            else None
        )
        now = self.clock.now()
        if staff is None or row is None or not _holds(row, now):
            await self._note(session, "field_login_failed", staff)
            return None
        digits = "".join(sign for sign in typed if sign.isdecimal())
        if not hmac.compare_digest(row.code_hash, _digits_hash(staff.id, digits)):
            row.tries_left -= 1
            await self._note(session, "field_login_failed", staff)
            return None
        row.used_at = now
        return await self._enter(session, staff, OpenedBy.CODE)

    async def _enter(self, session: AsyncSession, staff: Staff, by: OpenedBy) -> LetIn:
        now = self.clock.now()
        fresh = await let_in(session, staff, by, self.device, self.address, now, self.zone)
        await self._note(session, "field_logged_in", staff, {"by": by.value})
        return fresh

    async def _note(
        self,
        session: AsyncSession,
        action: str,
        staff: Staff | None,
        detail: dict[str, object] | None = None,
    ) -> None:
        """In the trail, for the auditors of their region; of a number that nobody has nothing but a line in the log."""
        if staff is None:
            log.info("phone_not_let_in", action=action, address=self.address)
            return
        await record(
            session,
            at=self.clock.now(),
            principal_id=None,
            action=action,
            subject=f"staff:{staff.id}",
            region_ids=await _path_of(session, staff),
            address=self.address,
            detail=detail or {},
        )


def _asking(place: str) -> Patience:
    return ASKED_FOR if place == ALL_STRANGERS else ASKED_FROM


def _guessing(place: str) -> Patience:
    """Each address for itself; how often digits may be guessed in all is counted at the digits."""
    return UNPACED if place == ALL_STRANGERS else WITH_ONE


def _holds(row: FieldCode, now: datetime) -> bool:
    return row.used_at is None and row.until_at > now and row.tries_left > 0


async def _running(
    session: AsyncSession, staff_id: int, row: FieldCode | None, e164: str, now: datetime
) -> str | None:
    """The digits that hold, from the text that they went out with: kept here is only their hash."""
    if row is None or not _holds(row, now):
        return None
    sent = (
        select(SmsMessage.params)
        .where(
            SmsMessage.recipient == e164,
            SmsMessage.kind == MessageKind.PHONE_CODE,
            SmsMessage.created_at > now - CODE_HOLDS,
        )
        .order_by(SmsMessage.created_at.desc(), SmsMessage.id.desc())
        .limit(1)
    )
    params: Any = await session.scalar(sent)
    digits = "" if params is None else str(params["pin"])
    return digits if hmac.compare_digest(row.code_hash, _digits_hash(staff_id, digits)) else None


async def _begin(session: AsyncSession, staff_id: int, digits: str, now: datetime) -> None:
    values = {
        "code_hash": _digits_hash(staff_id, digits),
        "until_at": now + CODE_HOLDS,
        "tries_left": TRIES,
        "used_at": None,
    }
    await session.execute(
        insert(FieldCode)
        .values(staff_id=staff_id, **values)
        .on_conflict_do_update(index_elements=[FieldCode.staff_id], set_=values)
    )


def _digits_hash(staff_id: int, digits: str) -> bytes:
    return hash_of(f"phone {staff_id} {digits}")


async def _path_of(session: AsyncSession, staff: Staff) -> Sequence[int]:
    return await session.scalar(select(Region.path).where(Region.id == staff.region_id)) or ()


async def _text(
    session: AsyncSession, staff: Staff, e164: str, digits: str, language: str, now: datetime
) -> SmsMessage:
    said = await greeting(session, staff.region_id)
    rule, message_id = RULES[MessageKind.PHONE_CODE], new_id()
    return SmsMessage(
        id=message_id,
        dedup=f"phone:{message_id}",
        region_id=staff.region_id,
        recipient=e164,
        kind=MessageKind.PHONE_CODE,
        params={
            "pin": digits,
            "signature": said["signature"],
            "signature_en": said["signature_en"],
        },
        language=language,
        priority=rule.priority,
        created_at=now,
        due_at=now,
        expires_at=now + rule.valid_for,
    )


@dataclass(frozen=True, slots=True)
class NewLink:
    """The code exists in clear only in the answer."""

    code: str = field(repr=False)
    until_at: datetime


async def make_link(
    session: AsyncSession, staff_id: int, by: int, now: datetime, zone: tzinfo, hours: int
) -> NewLink:
    """For one phone of somebody who works here. Raises NotFound."""
    staff = await session.get(Staff, staff_id)
    if staff is None or not works(staff, now.astimezone(zone).date()):
        raise NotFound(f"Nobody of the staff has the number {staff_id}.", what="staff")
    link = NewLink(new_code(LINK_LENGTH), now + timedelta(hours=hours))
    session.add(
        FieldLink(
            code_hash=code_hash(link.code),
            staff_id=staff_id,
            made_at=now,
            made_by=by,
            until_at=link.until_at,
        )
    )
    await session.flush()
    return link
