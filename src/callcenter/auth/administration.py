"""What an administrator may do with the accounts of others: within the regions granted, and never lock out oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.accounts import find_account
from callcenter.auth.models import Grant, User
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Conflict, Forbidden, NotFound
from callcenter.regions.models import Region


@dataclass(frozen=True, slots=True)
class PlacedGrant:
    """A grant with the path of its region."""

    id: int
    user_id: int
    role: str
    region_id: int
    path: Sequence[int]


def visible_users(principal: Principal) -> Select[User]:
    """Users with a grant in the administrator's regions, and those without any (they belong to nobody else)."""
    granted = sorted(principal.regions(Action.MANAGE_USERS))
    return select(User).where(or_(_has_grant(Region.path.overlap(granted)), ~_has_grant(None)))


def _has_grant(within: ColumnElement[bool] | None) -> ColumnElement[bool]:
    held = select(Grant.id).where(Grant.user_id == User.id)
    if within is not None:
        held = held.join(Region, Region.id == Grant.region_id).where(within)
    return exists(held)


async def placed_grants(session: AsyncSession, user_ids: Sequence[int]) -> list[PlacedGrant]:
    """The grants of some users with their places."""
    rows = await session.execute(
        select(Grant.id, Grant.user_id, Grant.role, Grant.region_id, Region.path)
        .join(Region, Region.id == Grant.region_id)
        .where(Grant.user_id.in_(user_ids))
        .order_by(Grant.id)
    )
    return [PlacedGrant(*row) for row in rows]


async def path_of_region(session: AsyncSession, region_id: int) -> Sequence[int]:
    """The path of a region. Raises NotFound."""
    path = await session.scalar(select(Region.path).where(Region.id == region_id))
    if path is None:
        raise NotFound("no such region", what="region")
    return path


async def user_in_sight(session: AsyncSession, principal: Principal, user_id: int) -> User:
    """The user, if the administrator may see them. Raises NotFound."""
    user = await session.scalar(visible_users(principal).where(User.id == user_id))
    if user is None:
        raise NotFound("no such user", what="user")
    return user


async def user_in_charge(session: AsyncSession, principal: Principal, user_id: int) -> User:
    """The user, locked for a change of the account itself. Raises Forbidden where the user also holds a grant outside
    the administrator's regions: a new password would be the way to rights that the administrator cannot give.
    """
    await user_in_sight(session, principal, user_id)
    user = await find_account(session, user_id, to_change=True)
    for grant in await placed_grants(session, [user_id]):
        if not principal.may(Action.MANAGE_USERS, grant.path):
            raise Forbidden("this user works in other regions, too", code="user_of_other_regions")
    return user


def refuse_own_account(principal: Principal, user_id: int) -> None:
    """Nobody closes the own account or takes away the own rights: there might be nobody left to undo it."""
    if principal.user_id == user_id:
        raise Conflict("this is your own account", code="own_account")
