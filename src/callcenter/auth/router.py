"""Logging in, by password or by slip, and the own account."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from callcenter.auth import accounts, known_browsers, sessions
from callcenter.auth.guards import (
    COOKIE,
    Context,
    CurrentContext,
    CurrentUser,
    DatabaseSession,
    check_origin,
    client_address,
)
from callcenter.auth.login import normal_login
from callcenter.auth.models import User
from callcenter.auth.own_session import (
    LoginBody,
    MeView,
    PersonView,
    Secret,
    Trail,
    me_view,
    remember_browser,
)
from callcenter.auth.session_list import SessionView, sessions_of
from callcenter.auth.strength import check_strength
from callcenter.core.errors import NotFound

router = APIRouter(prefix="/api/v1", tags=["accounts"])

Language = Literal["zh-CN", "en"]


class SlipLoginBody(BaseModel):
    """`password` is the new one."""

    login: Annotated[str, Field(max_length=100)]
    code: Annotated[str, Field(max_length=40)]
    password: Secret


class OwnChanges(BaseModel):
    language: Language


class ConfirmBody(BaseModel):
    password: Secret


class PasswordBody(BaseModel):
    current: Secret
    new: Secret


@router.post("/login")
async def log_in(
    body: LoginBody, request: Request, response: Response, context: CurrentContext
) -> MeView:
    """Begin a session: sets the cookie `callcenter_session`. Wrong tries have to wait longer and longer (429); the cookie
    `callcenter_browser` keeps this user, in this browser, from waiting for the wrong tries of others.
    """
    check_origin(request)
    login = normal_login(body.login)
    browser = _known_browser(login, request, context)
    fresh = await _door(context, request).log_in(
        login, body.password, client_address(request), browser
    )
    return await _enter(fresh, login, request, response, context)


@router.post("/login/slip")
async def log_in_by_slip(
    body: SlipLoginBody, request: Request, response: Response, context: CurrentContext
) -> MeView:
    """Choose a new password with the code of a slip, and begin a session as `POST /login` does; all other sessions end. 401
    `slip_refused`, or `slip_used` and `slip_expired` for whoever has the right code. Wrong codes have to wait as wrong passwords do.
    """
    check_origin(request)
    login = normal_login(body.login)
    browser = _known_browser(login, request, context)
    fresh = await _door(context, request).log_in_by_slip(
        login, body.code, body.password, client_address(request), browser
    )
    await context.tell_grants_changed()
    return await _enter(fresh, login, request, response, context)


def _door(context: Context, request: Request) -> accounts.Door:
    agent = request.headers.get("user-agent", "")
    lasts = context.site.session
    return accounts.Door(context.database, context.clock, context.passwords, lasts, agent)


def _known_browser(login: str, request: Request, context: Context) -> str | None:
    carried = request.cookies.get(known_browsers.COOKIE, "")
    return context.known_browsers.recognise(carried, login, context.clock.now().date())


async def _enter(
    fresh: sessions.NewSession, login: str, request: Request, response: Response, context: Context
) -> MeView:
    """Give the browser its session, and remember it as one of this user's."""
    await _end_the_one_before(request, context)
    principal = await context.sessions.find(fresh.token)
    if principal is None:
        raise AssertionError("a session that was just begun is there")
    remember_browser(request, response, context, login, fresh)
    return me_view(principal, context)


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
    body: ConfirmBody,
    asking: Trail,
    principal: CurrentUser,
    context: CurrentContext,
    request: Request,
) -> None:
    """Give the own password again, which steps that change what others may do ask for; it holds for ten minutes."""
    await _door(context, request).check_password(
        principal.login, body.password, asking.address, principal.session_hash.hex()
    )
    async with context.database.transaction() as session:
        await sessions.confirm(session, principal.session_hash, asking.now)
    context.sessions.forget(principal.session_hash)


@router.put("/me/password", status_code=204)
async def change_own_password(
    body: PasswordBody,
    asking: Trail,
    principal: CurrentUser,
    context: CurrentContext,
    request: Request,
) -> None:
    """Change the own password; all other sessions end."""
    await _door(context, request).check_password(
        principal.login, body.current, asking.address, principal.session_hash.hex()
    )
    check_strength(body.new, principal.login)
    hashed = await context.passwords.hash(body.new)
    async with context.database.transaction() as session:
        user = await accounts.find_account(session, principal.user_id, to_change=True)
        await accounts.set_password(session, user, hashed, asking.now, but=principal.session_hash)
        await asking.record(session, "password_changed", user.id)
    await context.tell_grants_changed()


@router.get("/me/sessions")
async def list_own_sessions(
    asking: Trail, principal: CurrentUser, session: DatabaseSession
) -> list[SessionView]:
    """Browsers in which one is logged in oneself, the latest first."""
    return await sessions_of(session, principal.user_id, principal, asking.now)


@router.delete("/me/sessions", status_code=204)
async def end_own_sessions(
    asking: Trail,
    principal: CurrentUser,
    context: CurrentContext,
    only: Annotated[str | None, Query(max_length=64)] = None,
) -> None:
    """End all others of one's own, or `only` the one with this id; never the one that asks. An alarm that was taken there goes back
    to the queue.
    """
    async with context.database.transaction() as session:
        own = principal.session_hash
        ended = await sessions.end_of(session, principal.user_id, asking.now, only, but=own)
        if only is not None and not ended:
            raise NotFound("no such session", what="session")
        await asking.record(session, "sessions_ended", principal.user_id, {"sessions": ended})
    await context.tell_grants_changed()


def _person(user: User) -> PersonView:
    return PersonView.model_validate(user, from_attributes=True)
