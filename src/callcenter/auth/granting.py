"""Roles given and taken away, by the API and by the command line alike; never the last administrator's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.acting import Acting
from callcenter.auth.models import Grant
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.core.errors import Conflict, Invalid

_ADMINISTRATION: Final = 0x61646D696E
"""Advisory lock of whoever may take an administrator away: "admin" in ASCII."""

_UNATTENDED: Final = text(
    """
    SELECT region.id, region.name FROM role_grant AS lost
    JOIN region ON region.id = lost.region_id JOIN app_user AS loser ON loser.id = lost.user_id
    WHERE lost.id = ANY(CAST(:lost AS bigint[])) AND lost.role = :role
      AND loser.active AND (lost.until_at IS NULL OR lost.until_at > :now)
      AND NOT EXISTS (
        SELECT FROM role_grant AS kept JOIN app_user AS keeper ON keeper.id = kept.user_id
        WHERE kept.role = :role AND kept.until_at IS NULL AND keeper.active AND keeper.password_hash IS NOT NULL
          AND kept.id <> ALL(CAST(:lost AS bigint[])) AND kept.region_id = ANY(region.path)
      )
    ORDER BY region.path LIMIT 1
    """
)


def in_force(now: datetime) -> ColumnElement[bool]:
    """Grants whose time is not over."""
    return or_(Grant.until_at.is_(None), Grant.until_at > now)


async def grants_of(session: AsyncSession, user_ids: Sequence[int]) -> Sequence[Grant]:
    """The grants of some users, in the order they were given; also those whose time is over."""
    found = await session.scalars(
        select(Grant).where(Grant.user_id.in_(user_ids)).order_by(Grant.id)
    )
    return found.all()


async def give(
    session: AsyncSession,
    acting: Acting,
    user_id: int,
    held: HeldGrant,
    until: datetime | None = None,
) -> int:
    """Give a role in a region, until a time or until it is taken away; what is held already so is left as it is. Returns the id of the
    grant. Raises Invalid `until_past`, and Conflict `last_administrator` where the time is to end what must go on.
    """
    if until is not None and until <= acting.now:
        raise Invalid("this grant would be over already", code="until_past")
    standing = await session.scalar(_same(user_id, held).with_for_update())
    if standing is not None and _goes_on(standing, acting.now) and standing.until_at == until:
        return standing.id
    before = {} if standing is None else detail_of(standing)
    if standing is not None and until is not None:
        await keep_an_administrator(session, [standing.id], acting.now)
    is_new = standing is None or not _goes_on(standing, acting.now)
    grant = await _write(session, acting, user_id, held, until)
    detail = {"before": before, "after": detail_of(grant)}
    await acting.record(session, "grant_added" if is_new else "grant_changed", user_id, detail)
    return grant.id


async def take_away(session: AsyncSession, acting: Acting, grant: Grant) -> None:
    """End a grant now. Raises Conflict `last_administrator`."""
    await keep_an_administrator(session, [grant.id], acting.now)
    detail = {"before": detail_of(grant), "after": {}}
    await acting.record(session, "grant_removed", grant.user_id, detail)
    await session.execute(delete(Grant).where(Grant.id == grant.id))


async def keep_an_administrator(session: AsyncSession, lost: Sequence[int], now: datetime) -> None:
    """Whatever is about to end these grants, for each region one account must be left that administers it without an end and can log
    in. One transaction at a time may ask: of two administrators who take each other away, the second is refused. Raises Conflict
    `last_administrator`.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_ADMINISTRATION)))
    asked = {"lost": list(lost), "role": Role.ADMINISTRATOR.value, "now": now}
    unattended = (await session.execute(_UNATTENDED, asked)).first()
    if unattended is not None:
        raise Conflict(
            f"Nobody would administer {unattended.name} any more: make another administrator there first,"
            " without an end, who has logged in once.",
            code="last_administrator",
            region_id=unattended.id,
            region=unattended.name,
        )


def detail_of(grant: Grant) -> dict[str, object]:
    """A grant as the audit trail keeps it."""
    until = None if grant.until_at is None else grant.until_at.isoformat()
    return {"role": grant.role, "region_id": grant.region_id, "until_at": until}


def _goes_on(grant: Grant, now: datetime) -> bool:
    return grant.until_at is None or grant.until_at > now


def _same(user_id: int, held: HeldGrant) -> Select[Grant]:
    return select(Grant).where(
        Grant.user_id == user_id, Grant.role == held.role, Grant.region_id == held.region_id
    )


async def _write(
    session: AsyncSession,
    acting: Acting,
    user_id: int,
    held: HeldGrant,
    until: datetime | None,
) -> Grant:
    values = {"until_at": until, "given_at": acting.now, "given_by": acting.user_id}
    grant: Grant | None = await session.scalar(
        insert(Grant)
        .values(user_id=user_id, role=held.role, region_id=held.region_id, **values)
        .on_conflict_do_update(
            index_elements=[Grant.user_id, Grant.role, Grant.region_id], set_=values
        )
        .returning(Grant),
        execution_options={"populate_existing": True},
    )
    assert grant is not None  # noqa: S101 - RETURNING of an upsert always gives the row
    return grant
