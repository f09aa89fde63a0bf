"""Phones that are let in. A session is a row; it ends by its time, by a word of the office or of the phone, and with the work of whoever
has it. Nothing is cached: what the office ends is over with the next request.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final, Protocol, cast

import asyncpg
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.sessions import hash_of
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.visible import visible
from callcenter.dispatch.phone.models import FieldSession, OpenedBy
from callcenter.records.models import Staff

LASTS: Final = timedelta(days=30)
NOTED_EVERY: Final = timedelta(minutes=1)
DEVICE_LENGTH: Final = 120

COOKIE: Final = "callcenter_phone"
COOKIE_PATH: Final = "/api/v1/phone"
"""It goes to the addresses of the phone alone."""


class RawConnection(Protocol):
    """The part of an asyncpg connection that a look-up needs."""

    async def fetchrow(self, query: str, *args: object) -> Any:
        """The first row of a query."""


@dataclass(frozen=True, slots=True)
class Phone:
    """Whose phone asks. It is no user: it sees what is this person's, and nothing else."""

    staff_id: int
    name: str
    region_id: int
    region_path: Sequence[int]
    session_hash: bytes = field(repr=False)
    until_at: datetime


@dataclass(frozen=True, slots=True)
class LetIn:
    """The token exists in clear only in the cookie of the answer."""

    token: str = field(repr=False)
    staff_id: int
    until_at: datetime


def works(staff: Staff, day: date) -> bool:
    """Whether somebody belongs to the staff on a day of the site."""
    return staff.active_from <= day and (staff.active_until is None or staff.active_until > day)


async def let_in(
    session: AsyncSession,
    staff: Staff,
    by: OpenedBy,
    device: str,
    address: str,
    now: datetime,
    zone: tzinfo,
) -> LetIn:
    """A session of a month, or to the last day of whoever it is."""
    until = now + LASTS
    if staff.active_until is not None:
        until = min(until, datetime.combine(staff.active_until, time(), zone))
    fresh = LetIn(secrets.token_urlsafe(32), staff.id, until)
    session.add(
        FieldSession(
            token_hash=hash_of(fresh.token),
            staff_id=staff.id,
            device=visible(device).strip()[:DEVICE_LENGTH],
            opened_by=by,
            opened_at=now,
            until_at=until,
            address=address,
        )
    )
    await session.flush()
    return fresh


async def find_phone(database: Database, token: str, now: datetime, day: date) -> Phone | None:
    """Whose cookie this is, on a day of the site. Raises Unavailable."""
    try:
        async with database.engine.begin() as connection:
            raw = cast("RawConnection", (await connection.get_raw_connection()).driver_connection)
            row = await raw.fetchrow(_FIND, hash_of(token), now, now - NOTED_EVERY, day)
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise Unavailable("phones cannot be checked now", code="database_unavailable") from error
    return None if row is None else Phone(**row)


_FIND = """
WITH found AS (
    SELECT token_hash AS session_hash, staff_id, staff.name, staff.region_id, region.path AS region_path, until_at,
           coalesce(used_at, opened_at) < $3 AS is_old
    FROM field_session
    JOIN staff ON staff.id = staff_id
    JOIN region ON region.id = staff.region_id
    WHERE token_hash = $1 AND revoked_at IS NULL AND until_at > $2
      AND active_from <= $4 AND (active_until IS NULL OR active_until > $4)
), used AS (
    UPDATE field_session SET used_at = $2 FROM found
    WHERE field_session.token_hash = found.session_hash AND found.is_old
)
SELECT staff_id, name, region_id, region_path, session_hash, until_at FROM found
"""


async def live_of(session: AsyncSession, staff_id: int, now: datetime) -> Sequence[FieldSession]:
    """Those that are neither ended nor over, the latest first."""
    live = select(FieldSession).where(
        FieldSession.staff_id == staff_id,
        FieldSession.revoked_at.is_(None),
        FieldSession.until_at > now,
    )
    return (await session.scalars(live.order_by(FieldSession.opened_at.desc()))).all()


async def go_out(session: AsyncSession, phone: Phone, now: datetime) -> None:
    """The phone itself logs out."""
    await session.execute(
        update(FieldSession)
        .where(
            FieldSession.token_hash == phone.session_hash,
            FieldSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
