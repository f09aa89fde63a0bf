"""What an administrator may do with the accounts of others: within the regions granted, and never lock out oneself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from callcenter.auth.accounts import find_account
from callcenter.auth.granting import in_force
from callcenter.auth.models import Grant, User
from callcenter.auth.permissions import ACTIONS_OF, Action, HeldGrant, Role, roles_with
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Conflict, Forbidden, NotFound
from callcenter.regions.models import Region

PASSWORD_HOLDS: Final = timedelta(minutes=10)
"""For so long after it was given, a password stands for further steps."""


@dataclass(frozen=True, slots=True)
class PlacedGrant:
    """A grant with the path of its region, and who gave it. Its time may be over."""

    id: int
    user_id: int
    role: str
    region_id: int
    path: Sequence[int]
    until_at: datetime | None
    given_at: datetime | None
    given_by_name: str | None
    given_by_name_en: str | None

    def goes_on(self, now: datetime) -> bool:
        """Whether it still gives anything."""
        return self.until_at is None or self.until_at > now


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
    giver = aliased(User)
    rows = await session.execute(
        select(
            Grant.id,
            Grant.user_id,
            Grant.role,
            Grant.region_id,
            Region.path,
            Grant.until_at,
            Grant.given_at,
            giver.name,
            giver.name_en,
        )
        .join(Region, Region.id == Grant.region_id)
        .join(giver, giver.id == Grant.given_by, isouter=True)
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


async def user_in_charge(
    session: AsyncSession, principal: Principal, user_id: int, now: datetime
) -> User:
    """The user, locked for a change of the account itself. Raises Forbidden for an auditor, and where the user also
    holds a grant outside the administrator's regions: a new password would be the way to rights that the administrator cannot give.
    """
    await user_in_sight(session, principal, user_id)
    user = await find_account(session, user_id, to_change=True)
    grants = [one for one in await placed_grants(session, [user_id]) if one.goes_on(now)]
    refuse_auditors_account(grant.role for grant in grants)
    for grant in grants:
        if not principal.may(Action.MANAGE_USERS, grant.path):
            raise Forbidden("this user works in other regions, too", code="user_of_other_regions")
    return user


async def demand_no_longer_than_own(
    session: AsyncSession,
    principal: Principal,
    held: HeldGrant,
    until: datetime | None,
    now: datetime,
) -> None:
    """Whoever administers a region until a time gives nobody else the right to for longer, so that it ends when it is meant to end.
    Raises Forbidden `longer_than_own`.
    """
    if Action.MANAGE_USERS not in ACTIONS_OF[held.role]:
        return
    path = await path_of_region(session, held.region_id)
    own = await session.scalars(
        select(Grant.until_at).where(
            Grant.user_id == principal.user_id,
            Grant.role.in_(roles_with(Action.MANAGE_USERS)),
            Grant.region_id.in_(path),
            in_force(now),
        )
    )
    ends = own.all()
    if any(end is None for end in ends):
        return
    latest = max((end for end in ends if end is not None), default=now)
    if until is None or until > latest:
        raise Forbidden(
            "your own right ends sooner: give this one until then at the latest",
            code="longer_than_own",
            until=latest.isoformat(),
        )


def demand_password_lately(principal: Principal, now: datetime) -> None:
    """Changing what others may do asks for the password again: whoever sits down at a console that was left open has none.
    Raises Forbidden `password_again`.
    """
    given = principal.confirmed_at
    if given is None or now - given > PASSWORD_HOLDS:
        raise Forbidden(
            "give your password again (POST /api/v1/me/confirm), then repeat this",
            code="password_again",
        )


def refuse_mixed_duties(roles: Iterable[str]) -> None:
    """Whoever reads the audit trail has nothing of their own to hide in it. Raises Conflict `duties_apart`."""
    held = set(roles)
    if Role.AUDITOR in held and len(held) > 1:
        raise Conflict("an auditor holds no other role", code="duties_apart")


def refuse_auditors_account(held: Iterable[str]) -> None:
    """A new password would make the administrator the auditor. Raises Forbidden `auditors_account`."""
    if Role.AUDITOR in set(held):
        raise Forbidden(
            "an auditor's account is kept on the server's command line (callcenter user)",
            code="auditors_account",
        )


def refuse_own_account(principal: Principal, user_id: int) -> None:
    """Nobody closes the own account, nor gives or takes the own rights: another administrator does."""
    if principal.user_id == user_id:
        raise Conflict("this is your own account", code="own_account")
