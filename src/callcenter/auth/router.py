"""Logging in, the own account, and the accounts of others for administrators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import delete, or_
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth import accounts, known_browsers, sessions
from callcenter.auth.administration import (
    PlacedGrant,
    demand_password_lately,
    path_of_region,
    placed_grants,
    refuse_auditors_account,
    refuse_mixed_duties,
    refuse_own_account,
    user_in_charge,
    user_in_sight,
    visible_users,
)
from callcenter.auth.guards import (
    COOKIE,
    Context,
    CurrentClock,
    CurrentContext,
    CurrentUser,
    DatabaseSession,
    check_origin,
    client_address,
    require,
)
from callcenter.auth.models import Grant, User
from callcenter.auth.own_session import GrantBody, MeView, PersonView, Trail, me_view
from callcenter.auth.permissions import Action, HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.auth.strength import LONGEST, check_strength
from callcenter.core.errors import NotFound
from callcenter.core.written import Written

router = APIRouter(prefix="/api/v1", tags=["accounts"])

Administrator = Annotated[Principal, require(Action.MANAGE_USERS)]


def _password_lately(principal: Administrator, clock: CurrentClock) -> None:
    demand_password_lately(principal, clock.now())


PasswordLately = Depends(_password_lately)
Language = Literal["zh-CN", "en"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Login = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^\S+$")
]
Secret = Annotated[str, Field(max_length=LONGEST)]
Skill = Annotated[str, Field(min_length=1, max_length=40)]


class LoginBody(BaseModel):
    login: Annotated[str, Field(max_length=100)]
    password: Secret


class GrantView(GrantBody):
    id: int


class UserView(PersonView):
    active: bool
    skills: list[str]
    """Dialects and languages they speak, as in the residents' records."""
    created_at: datetime
    grants: list[GrantView]


class UserPage(BaseModel):
    """`after` is the id to ask for the next page with; null on the last."""

    users: list[UserView]
    after: int | None


class NewUserBody(Written):
    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})

    login: Login
    name: Name
    name_en: str = ""
    language: Language = "zh-CN"
    password: Secret
    grants: Annotated[list[GrantBody], Field(min_length=1, max_length=50)]


class UserChanges(Written):
    """Only what is given is changed."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})

    name: Name | None = None
    name_en: Annotated[str, Field(max_length=100)] | None = None
    language: Language | None = None
    password: Secret | None = None
    active: bool | None = None
    skills: Annotated[list[Skill], Field(max_length=20)] | None = None


class OwnChanges(BaseModel):
    language: Language


class ConfirmBody(BaseModel):
    password: Secret


class PasswordBody(BaseModel):
    current: Secret
    new: Secret


# ---- the own account


@router.post("/login")
async def log_in(
    body: LoginBody, request: Request, response: Response, context: CurrentContext
) -> MeView:
    """Begin a session: sets the cookie `callcenter_session`. Wrong tries have to wait longer and longer (429); the cookie
    `callcenter_browser` keeps this user, in this browser, from waiting for the wrong tries of others.
    """
    check_origin(request)
    login = accounts.normal_login(body.login)
    carried = request.cookies.get(known_browsers.COOKIE, "")
    today = context.clock.now().date()
    browser = context.known_browsers.recognise(carried, login, today)
    door = accounts.Door(context.database, context.clock, context.passwords)
    fresh = await door.log_in(login, body.password, client_address(request), browser)
    await _end_the_one_before(request, context)
    principal = await context.sessions.find(fresh.token)
    if principal is None:
        raise AssertionError("a session that was just begun is there")
    remembered = context.known_browsers.remember(carried, login, today)
    _set_cookie(response, context, COOKIE, fresh.token, sessions.LIFETIME)
    _set_cookie(response, context, known_browsers.COOKIE, remembered, known_browsers.LASTS)
    return me_view(principal, context)


def _set_cookie(
    response: Response, context: Context, name: str, value: str, lasts: timedelta
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=context.secure_cookies,
        httponly=True,
        samesite="strict",
    )


async def _end_the_one_before(request: Request, context: Context) -> None:
    """The browser's earlier session, perhaps somebody else's: its cookie is replaced, and a copy of it must open nothing."""
    if earlier := request.cookies.get(COOKIE):
        async with context.database.transaction() as session:
            await sessions.end(session, sessions.hash_of(earlier), context.clock.now())
        await context.tell_grants_changed()


@router.patch("/me")
async def change_me(
    body: OwnChanges, principal: CurrentUser, session: DatabaseSession, context: CurrentContext
) -> PersonView:
    """Choose the language of the console."""
    user = await accounts.find_account(session, principal.user_id, to_change=True)
    user.language = body.language
    context.sessions.forget(principal.session_hash)
    return _person(user)


@router.post("/me/confirm", status_code=204)
async def confirm_password(
    body: ConfirmBody, asking: Trail, principal: CurrentUser, context: CurrentContext
) -> None:
    """Give the own password again, which steps that change what others may do ask for; it holds for ten minutes."""
    door = accounts.Door(context.database, context.clock, context.passwords)
    await door.check_password(
        principal.login, body.password, asking.address, principal.session_hash.hex()
    )
    async with context.database.transaction() as session:
        await sessions.confirm(session, principal.session_hash, asking.now)
    context.sessions.forget(principal.session_hash)


@router.put("/me/password", status_code=204)
async def change_own_password(
    body: PasswordBody, asking: Trail, principal: CurrentUser, context: CurrentContext
) -> None:
    """Change the own password; all other sessions end."""
    door = accounts.Door(context.database, context.clock, context.passwords)
    await door.check_password(
        principal.login, body.current, asking.address, principal.session_hash.hex()
    )
    check_strength(body.new, principal.login)
    hashed = await context.passwords.hash(body.new)
    async with context.database.transaction() as session:
        user = await accounts.find_account(session, principal.user_id, to_change=True)
        await accounts.set_password(session, user, hashed, asking.now, but=principal.session_hash)
        await asking.record(session, "password_changed", user.id)
    await context.tell_grants_changed()


def _person(user: User) -> PersonView:
    return PersonView.model_validate(user, from_attributes=True)


# ---- the accounts of others


@router.get("/users")
async def list_users(
    principal: Administrator,
    session: DatabaseSession,
    q: Annotated[str, Query(max_length=100)] = "",
    after: int = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> UserPage:
    """Users of the administrator's regions; `q` is the beginning of the name or the log-in."""
    wanted = visible_users(principal).where(User.id > after).order_by(User.id).limit(limit + 1)
    if q:
        wanted = wanted.where(
            or_(
                User.name.startswith(q, autoescape=True),
                User.login.startswith(accounts.normal_login(q), autoescape=True),
            )
        )
    users = (await session.scalars(wanted)).all()
    page = users[:limit]
    grants = await placed_grants(session, [user.id for user in page])
    return UserPage(
        users=[_view(user, grants) for user in page],
        after=page[-1].id if len(users) > limit else None,
    )


@router.get("/users/{user_id}")
async def show_user(user_id: int, principal: Administrator, session: DatabaseSession) -> UserView:
    user = await user_in_sight(session, principal, user_id)
    return _view(user, await placed_grants(session, [user_id]))


@router.post("/users", status_code=201, dependencies=[PasswordLately])
async def create_user(
    body: NewUserBody, asking: Trail, principal: Administrator, context: CurrentContext
) -> UserView:
    """Add a user with at least one grant, so that it is clear which administrators are in charge. As all changes of accounts
    it asks for the own password again after ten minutes: 403 `password_again`.
    """
    refuse_mixed_duties(grant.role for grant in body.grants)
    check_strength(body.password, body.login)
    hashed = await context.passwords.hash(body.password)
    async with context.database.transaction() as session:
        await _demand_regions(session, principal, {grant.region_id for grant in body.grants})
        user = await accounts.create_account(
            session,
            login=body.login,
            name=body.name,
            name_en=body.name_en,
            language=body.language,
            password_hash=hashed,
            now=asking.now,
        )
        for grant in body.grants:
            held = HeldGrant(grant.role, grant.region_id)
            await accounts.add_grant(session, user.id, held)
            await asking.record(session, "grant_added", user.id, _detail(held))
        await asking.record(session, "user_created", user.id)
        return _view(user, await placed_grants(session, [user.id]))


@router.patch("/users/{user_id}", dependencies=[PasswordLately])
async def change_user(
    user_id: int,
    body: UserChanges,
    asking: Trail,
    principal: Administrator,
    context: CurrentContext,
) -> UserView:
    """Change a name, set a new password, close or reopen the account. A new password or a closed account ends all
    sessions of the user.
    """
    changes = body.model_dump(exclude_none=True)
    if body.active is False:
        refuse_own_account(principal, user_id)
    hashed = None if body.password is None else await context.passwords.hash(body.password)
    async with context.database.transaction() as session:
        user = await user_in_charge(session, principal, user_id)
        for field in changes.keys() & {"name", "name_en", "language", "active", "skills"}:
            setattr(user, field, changes[field])
        if hashed is not None and body.password is not None:
            check_strength(body.password, user.login)
            await accounts.set_password(session, user, hashed, asking.now)
        if body.active is False:
            await accounts.deactivate(session, user, asking.now)
        detail = {"fields": sorted(changes)}
        await asking.record(session, "user_changed", user_id, detail)
        view = _view(user, await placed_grants(session, [user_id]))
    await context.tell_grants_changed()
    return view


@router.post("/users/{user_id}/grants", status_code=201, dependencies=[PasswordLately])
async def add_grant(
    user_id: int,
    body: GrantBody,
    asking: Trail,
    principal: Administrator,
    context: CurrentContext,
) -> GrantView:
    """Give a role in a region of the administrator's; nobody gives one to oneself, and an auditor holds no other."""
    refuse_own_account(principal, user_id)
    held = HeldGrant(body.role, body.region_id)
    async with context.database.transaction() as session:
        await _demand_regions(session, principal, {body.region_id})
        await user_in_sight(session, principal, user_id)
        standing = await placed_grants(session, [user_id])
        refuse_mixed_duties([body.role, *(grant.role for grant in standing)])
        grant_id = await accounts.add_grant(session, user_id, held)
        await asking.record(session, "grant_added", user_id, _detail(held))
    await context.tell_grants_changed()
    return GrantView(id=grant_id, role=body.role, region_id=body.region_id)


@router.delete("/users/{user_id}/grants/{grant_id}", status_code=204, dependencies=[PasswordLately])
async def remove_grant(
    user_id: int,
    grant_id: int,
    asking: Trail,
    principal: Administrator,
    context: CurrentContext,
) -> None:
    """Take a role away; consoles of the user that stand on it are cut within two seconds."""
    refuse_own_account(principal, user_id)
    async with context.database.transaction() as session:
        await user_in_sight(session, principal, user_id)
        grants = await placed_grants(session, [user_id])
        grant = next((grant for grant in grants if grant.id == grant_id), None)
        if grant is None:
            raise NotFound("no such grant", what="grant")
        principal.demand(Action.MANAGE_USERS, grant.path)
        refuse_auditors_account([grant.role])
        detail = _detail(HeldGrant(Role(grant.role), grant.region_id))
        await asking.record(session, "grant_removed", user_id, detail)
        await session.execute(delete(Grant).where(Grant.id == grant_id))
    await context.tell_grants_changed()


async def _demand_regions(
    session: AsyncSession, principal: Principal, region_ids: Iterable[int]
) -> None:
    for region_id in sorted(region_ids):
        principal.demand(Action.MANAGE_USERS, await path_of_region(session, region_id))


def _view(user: User, grants: Sequence[PlacedGrant]) -> UserView:
    own = [
        GrantView(id=grant.id, role=Role(grant.role), region_id=grant.region_id)
        for grant in grants
        if grant.user_id == user.id
    ]
    return UserView(
        **_person(user).model_dump(),
        active=user.active,
        skills=user.skills,
        created_at=user.created_at,
        grants=own,
    )


def _detail(held: HeldGrant) -> dict[str, object]:
    return {"role": held.role.value, "region_id": held.region_id}
