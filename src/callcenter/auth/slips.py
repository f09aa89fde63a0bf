"""Slips for a password: a code that is printed or sent, with which somebody chooses a new one, once and soon. Only its hash is kept, and
the password before holds until it is used, so that a slip that is lost keeps nobody from their seat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.acting import Acting
from callcenter.auth.codes import code_hash, new_code
from callcenter.auth.models import PasswordSlip, User
from callcenter.core.errors import Conflict, Unauthenticated

USUALLY_HOLDS_H: Final = 24
"""Hours: until the shift of tomorrow."""
LONGEST_H: Final = 72
CODE_LENGTH: Final = 16
"""80 bits: who finds the hash in a back-up does not find the code."""


@dataclass(frozen=True, slots=True)
class NewSlip:
    """The code exists in clear only in the answer."""

    code: str = field(repr=False)
    until_at: datetime


async def give_slip(
    session: AsyncSession, acting: Acting, user: User, hours: int = USUALLY_HOLDS_H
) -> NewSlip:
    """A new slip; the one before is none any more. Raises Conflict `account_blocked`."""
    if not user.active:
        raise Conflict("this account is blocked: unblock it first", code="account_blocked")
    slip = NewSlip(new_code(CODE_LENGTH), acting.now + timedelta(hours=hours))
    values = {
        "code_hash": code_hash(slip.code),
        "given_at": acting.now,
        "given_by": acting.user_id,
        "until_at": slip.until_at,
        "used_at": None,
    }
    await session.execute(
        insert(PasswordSlip)
        .values(user_id=user.id, **values)
        .on_conflict_do_update(index_elements=[PasswordSlip.user_id], set_=values)
    )
    await acting.record(session, "slip_given", user.id, {"until_at": slip.until_at.isoformat()})
    return slip


async def check_slip(session: AsyncSession, user: User | None, typed: str, now: datetime) -> User:
    """The user, who has a slip with this code. Raises Unauthenticated: `slip_refused` for any wrong code, and to whoever has the
    right one `slip_used` or `slip_expired`.
    """
    slip = (
        await session.get(PasswordSlip, user.id, populate_existing=True)
        if user is not None and user.active
        else None
    )
    if user is None or slip is None or slip.code_hash != code_hash(typed):
        raise Unauthenticated("unknown log-in or wrong code", code="slip_refused")
    if slip.used_at is not None:
        raise Unauthenticated("this slip was used already: ask for a new one", code="slip_used")
    if slip.until_at <= now:
        raise Unauthenticated("this slip is too old: ask for a new one", code="slip_expired")
    return user


async def use_slip(session: AsyncSession, user_id: int, typed: str, now: datetime) -> bool:
    """Of two who use it at the same moment one has."""
    used = update(PasswordSlip).where(
        PasswordSlip.user_id == user_id,
        PasswordSlip.code_hash == code_hash(typed),
        PasswordSlip.used_at.is_(None),
        PasswordSlip.until_at > now,
    )
    return (
        await session.scalar(used.values(used_at=now).returning(PasswordSlip.user_id)) is not None
    )


async def open_slips(
    session: AsyncSession, user_ids: Sequence[int], now: datetime
) -> dict[int, datetime]:
    """Until when each of these users may still use one."""
    rows = await session.execute(
        select(PasswordSlip.user_id, PasswordSlip.until_at).where(
            PasswordSlip.user_id.in_(user_ids),
            PasswordSlip.used_at.is_(None),
            PasswordSlip.until_at > now,
        )
    )
    return {row.user_id: row.until_at for row in rows}


async def withdraw_slip(session: AsyncSession, user_id: int) -> None:
    """One that was not used yet opens nothing any more."""
    unused = PasswordSlip.used_at.is_(None)
    await session.execute(delete(PasswordSlip).where(PasswordSlip.user_id == user_id, unused))
