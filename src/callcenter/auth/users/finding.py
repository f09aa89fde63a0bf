"""The accounts that an administrator sees, with what stands beside each in the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.administration import PlacedGrant, placed_grants, visible_users
from callcenter.auth.granting import in_force
from callcenter.auth.lockouts import locked_until
from callcenter.auth.login import normal_login
from callcenter.auth.models import Grant, LoginDelay, Session, User
from callcenter.auth.permissions import Role
from callcenter.auth.sessions import Principal
from callcenter.auth.slips import open_slips
from callcenter.auth.users.schemas import AccountStanding, GrantView, UserPage, UserQuery, UserView
from callcenter.regions.models import Region


async def find_users(
    session: AsyncSession, principal: Principal, query: UserQuery, now: datetime
) -> UserPage:
    """A page of those whom the administrator sees, in the order they were added."""
    wanted = visible_users(principal).where(User.id > query.after, *_conditions(query, now))
    users = (await session.scalars(wanted.order_by(User.id).limit(query.limit + 1))).all()
    page = users[: query.limit]
    after = page[-1].id if len(users) > query.limit else None
    return UserPage(users=await show_users(session, page, now), after=after)


async def show_users(session: AsyncSession, users: Sequence[User], now: datetime) -> list[UserView]:
    """With grants, slips, waits and sessions of all of them, each asked once."""
    ids = [user.id for user in users]
    grants = await placed_grants(session, ids)
    slips = await open_slips(session, ids, now)
    locked = await locked_until(session, [user.login for user in users], now)
    sessions = await _live_sessions(session, ids, now)
    return [
        UserView(
            id=user.id,
            login=user.login,
            name=user.name,
            name_en=user.name_en,
            language=user.language,
            active=user.active,
            skills=user.skills,
            created_at=user.created_at,
            grants=[_grant(grant, now) for grant in grants if grant.user_id == user.id],
            has_password=user.password_hash is not None,
            slip_until=slips.get(user.id),
            locked_until=locked.get(user.login),
            sessions=sessions.get(user.id, 0),
        )
        for user in users
    ]


def _grant(grant: PlacedGrant, now: datetime) -> GrantView:
    return GrantView(
        id=grant.id,
        role=Role(grant.role),
        region_id=grant.region_id,
        until_at=grant.until_at,
        in_force=grant.goes_on(now),
        given_at=grant.given_at,
        given_by_name=grant.given_by_name or "",
        given_by_name_en=grant.given_by_name_en or "",
    )


def _conditions(query: UserQuery, now: datetime) -> list[ColumnElement[bool]]:
    conditions = []
    if query.q:
        conditions.append(_named(query.q))
    if query.role is not None or query.region_id is not None:
        conditions.append(exists(_holding(query, now)))
    if query.standing is not None:
        conditions.append(_standing(query.standing, now))
    return conditions


def _named(q: str) -> ColumnElement[bool]:
    return or_(
        User.name.contains(q, autoescape=True),
        User.name_en.icontains(q, autoescape=True),
        User.login.contains(normal_login(q), autoescape=True),
    )


def _holding(query: UserQuery, now: datetime) -> Select[int]:
    held = select(Grant.id).where(Grant.user_id == User.id, in_force(now))
    if query.role is not None:
        held = held.where(Grant.role == query.role)
    if query.region_id is not None:
        place = Region.path.contains([query.region_id])
        held = held.join(Region, Region.id == Grant.region_id).where(place)
    return held


def _standing(standing: AccountStanding, now: datetime) -> ColumnElement[bool]:
    match standing:
        case AccountStanding.ACTIVE:
            return User.active.is_(True)
        case AccountStanding.BLOCKED:
            return ~User.active
        case AccountStanding.NO_PASSWORD:
            return User.password_hash.is_(None)
        case AccountStanding.NO_GRANT:
            return ~exists(select(Grant.id).where(Grant.user_id == User.id, in_force(now)))
        case AccountStanding.LOCKED:
            waiting = select(LoginDelay.login).where(
                LoginDelay.login == User.login, LoginDelay.locked_until > now
            )
            return exists(waiting)


async def _live_sessions(
    session: AsyncSession, user_ids: Sequence[int], now: datetime
) -> dict[int, int]:
    rows = await session.execute(
        select(Session.user_id, func.count().label("number"))
        .where(
            Session.user_id.in_(user_ids), Session.revoked_at.is_(None), Session.expires_at > now
        )
        .group_by(Session.user_id)
    )
    return {row.user_id: row.number for row in rows}
