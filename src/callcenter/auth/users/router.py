"""The accounts of others, for the administrators of their regions. Every change asks for the own password again after ten minutes
(403 `password_again`) and is in the audit trail with what was before and after.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth import accounts, granting, sessions
from callcenter.auth.administration import (
    demand_no_longer_than_own,
    demand_password_lately,
    path_of_region,
    placed_grants,
    refuse_auditors_account,
    refuse_mixed_duties,
    refuse_own_account,
    user_in_charge,
    user_in_sight,
)
from callcenter.auth.guards import CurrentClock, CurrentContext, DatabaseSession, require
from callcenter.auth.lockouts import lift_lockouts, lockouts_of
from callcenter.auth.models import Grant, User
from callcenter.auth.own_session import GrantBody, Trail
from callcenter.auth.permissions import Action, HeldGrant
from callcenter.auth.session_list import SessionView, sessions_of
from callcenter.auth.sessions import Principal
from callcenter.auth.slips import give_slip
from callcenter.auth.strength import check_strength
from callcenter.auth.users.finding import find_users, show_users
from callcenter.auth.users.history import user_history
from callcenter.auth.users.schemas import (
    GrantView,
    LockOutView,
    NewGrantBody,
    NewUserBody,
    SlipBody,
    SlipView,
    UserChange,
    UserChanges,
    UserPage,
    UserQuery,
    UserView,
)
from callcenter.core.errors import NotFound

router = APIRouter(prefix="/api/v1/users", tags=["accounts"])

Administrator = Annotated[Principal, require(Action.MANAGE_USERS)]


def _password_lately(principal: Administrator, clock: CurrentClock) -> None:
    demand_password_lately(principal, clock.now())


PasswordLately = Depends(_password_lately)


# ---- looking


@router.get("")
async def list_users(
    query: Annotated[UserQuery, Query()],
    principal: Administrator,
    session: DatabaseSession,
    clock: CurrentClock,
) -> UserPage:
    """Users of the administrator's regions, and those without any grant."""
    return await find_users(session, principal, query, clock.now())


@router.get("/{user_id}")
async def show_user(
    user_id: int, principal: Administrator, session: DatabaseSession, clock: CurrentClock
) -> UserView:
    user = await user_in_sight(session, principal, user_id)
    return await _view(session, user, clock.now())


@router.get("/{user_id}/changes")
async def show_user_changes(
    user_id: int, principal: Administrator, session: DatabaseSession
) -> list[UserChange]:
    """Who has changed what of this account, the latest first."""
    await user_in_sight(session, principal, user_id)
    return await user_history(session, user_id)


@router.get("/{user_id}/sessions")
async def list_sessions(
    user_id: int, principal: Administrator, session: DatabaseSession, clock: CurrentClock
) -> list[SessionView]:
    """Browsers in which this user is logged in, the latest first."""
    await user_in_sight(session, principal, user_id)
    return await sessions_of(session, user_id, principal, clock.now())


@router.get("/{user_id}/lockouts")
async def list_lockouts(
    user_id: int, principal: Administrator, session: DatabaseSession
) -> list[LockOutView]:
    """Wrong tries that make this user wait, by where they came from."""
    user = await user_in_sight(session, principal, user_id)
    return [LockOutView.model_validate(one) for one in await lockouts_of(session, user.login)]


# ---- accounts


@router.post("", status_code=201, dependencies=[PasswordLately])
async def create_user(
    body: NewUserBody, asking: Trail, principal: Administrator, context: CurrentContext
) -> UserView:
    """Add a user with at least one grant, so that it is clear which administrators are in charge."""
    refuse_mixed_duties(grant.role for grant in body.grants)
    hashed = None
    if body.password is not None:
        check_strength(body.password, body.login)
        hashed = await context.passwords.hash(body.password)
    async with context.database.transaction() as session:
        for grant in body.grants:
            await _demand_grant(session, principal, asking, grant)
        user = await accounts.open_account(
            session,
            asking,
            login=body.login,
            name=body.name,
            name_en=body.name_en,
            language=body.language or context.site.text("language"),
            password_hash=hashed,
            grants=[(_held(grant), grant.until_at) for grant in body.grants],
        )
        return await _view(session, user, asking.now)


@router.patch("/{user_id}", dependencies=[PasswordLately])
async def change_user(
    user_id: int,
    body: UserChanges,
    asking: Trail,
    principal: Administrator,
    context: CurrentContext,
) -> UserView:
    """Change a name, set a new password, block or unblock the account. A new password or a block ends all sessions of the
    user. 409 `last_administrator`: nobody would administer one of the regions any more.
    """
    changes = body.model_dump(exclude_none=True, exclude={"password"})
    if body.active is False:
        refuse_own_account(principal, user_id)
    hashed = None if body.password is None else await context.passwords.hash(body.password)
    async with context.database.transaction() as session:
        user = await user_in_charge(session, principal, user_id, asking.now)
        if body.password is not None:
            check_strength(body.password, user.login)
        await accounts.change_account(session, asking, user, changes, hashed)
        view = await _view(session, user, asking.now)
    await context.tell_grants_changed()
    return view


@router.post("/{user_id}/slip", status_code=201, dependencies=[PasswordLately])
async def give_password_slip(
    user_id: int,
    body: SlipBody,
    asking: Trail,
    principal: Administrator,
    context: CurrentContext,
    session: DatabaseSession,
) -> SlipView:
    """A code with which the user chooses a new password, once. The password before holds until then; a slip given before is void."""
    user = await user_in_charge(session, principal, user_id, asking.now)
    hours = body.hours or context.site.number("site.slip_h")
    slip = await give_slip(session, asking, user, hours)
    return SlipView(login=user.login, code=slip.code, until_at=slip.until_at)


# ---- grants


@router.post("/{user_id}/grants", status_code=201, dependencies=[PasswordLately])
async def add_grant(
    user_id: int,
    body: NewGrantBody,
    asking: Trail,
    principal: Administrator,
    context: CurrentContext,
) -> GrantView:
    """Give a role in a region of the administrator's, also anew with another end; nobody gives one to oneself, and an auditor holds no
    other. 403 `longer_than_own`: whoever administers until a time makes nobody administrator for longer.
    """
    refuse_own_account(principal, user_id)
    async with context.database.transaction() as session:
        await _demand_grant(session, principal, asking, body)
        user = await user_in_sight(session, principal, user_id)
        standing = await placed_grants(session, [user_id])
        kept = (grant.role for grant in standing if grant.goes_on(asking.now))
        refuse_mixed_duties([body.role, *kept])
        grant_id = await granting.give(session, asking, user_id, _held(body), body.until_at)
        view = await _view(session, user, asking.now)
    await context.tell_grants_changed()
    return next(grant for grant in view.grants if grant.id == grant_id)


@router.delete("/{user_id}/grants/{grant_id}", status_code=204, dependencies=[PasswordLately])
async def remove_grant(
    user_id: int,
    grant_id: int,
    asking: Trail,
    principal: Administrator,
    context: CurrentContext,
) -> None:
    """Take a role away; consoles of the user that stand on it are cut within two seconds. 409 `last_administrator`."""
    refuse_own_account(principal, user_id)
    async with context.database.transaction() as session:
        await user_in_sight(session, principal, user_id)
        grant = await session.get(Grant, grant_id, with_for_update=True)
        if grant is None or grant.user_id != user_id:
            raise NotFound("no such grant", what="grant")
        principal.demand(Action.MANAGE_USERS, await path_of_region(session, grant.region_id))
        refuse_auditors_account([grant.role])
        await granting.take_away(session, asking, grant)
    await context.tell_grants_changed()


# ---- sessions and wrong tries


@router.delete("/{user_id}/sessions", status_code=204, dependencies=[PasswordLately])
async def end_sessions(
    user_id: int,
    asking: Trail,
    principal: Administrator,
    context: CurrentContext,
    only: Annotated[str | None, Query(max_length=64)] = None,
) -> None:
    """End all sessions of the user, or `only` the one with this id; their consoles are cut within two seconds, and an alarm that they
    have taken goes back to the queue.
    """
    async with context.database.transaction() as session:
        await user_in_charge(session, principal, user_id, asking.now)
        ended = await sessions.end_of(session, user_id, asking.now, only)
        if only is not None and not ended:
            raise NotFound("no such session", what="session")
        await asking.record(session, "sessions_ended", user_id, {"sessions": ended})
    await context.tell_grants_changed()


@router.delete("/{user_id}/lockouts", status_code=204, dependencies=[PasswordLately])
async def lift_user_lockouts(
    user_id: int, asking: Trail, principal: Administrator, session: DatabaseSession
) -> None:
    """Forget the wrong tries of this log-in, wherever they came from: the next one is heard at once."""
    user = await user_in_charge(session, principal, user_id, asking.now)
    await lift_lockouts(session, asking, user)


async def _demand_grant(
    session: AsyncSession, principal: Principal, asking: Trail, grant: NewGrantBody
) -> None:
    principal.demand(Action.MANAGE_USERS, await path_of_region(session, grant.region_id))
    await demand_no_longer_than_own(session, principal, _held(grant), grant.until_at, asking.now)


def _held(grant: GrantBody) -> HeldGrant:
    return HeldGrant(grant.role, grant.region_id)


async def _view(session: AsyncSession, user: User, now: datetime) -> UserView:
    (view,) = await show_users(session, [user], now)
    return view
