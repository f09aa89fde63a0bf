"""The session of whoever asks: who they are, and its end. Served by the process that has the alarms, so that a console that is
loaded again finds its operator whatever else is down.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Protocol, cast

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from callcenter.auth import known_browsers, sessions
from callcenter.auth.acting import Acting
from callcenter.auth.guards import (
    COOKIE,
    Context,
    CurrentClock,
    CurrentContext,
    CurrentUser,
    client_address,
)
from callcenter.auth.permissions import Action, Role
from callcenter.auth.sessions import KNOWN_WAIT_S, NewSession, Principal
from callcenter.auth.strength import LONGEST
from callcenter.core.errors import Unavailable
from callcenter.core.written import Written

router = APIRouter(prefix="/api/v1", tags=["accounts"])


Secret = Annotated[str, Field(max_length=LONGEST)]


class LoginBody(BaseModel):
    login: Annotated[str, Field(max_length=100)]
    password: Secret


class GrantBody(Written):
    """A role in the subtree of a region."""

    role: Role
    region_id: int


class PersonView(BaseModel):
    id: int
    login: str
    name: str
    name_en: str
    language: str


class SiteView(BaseModel):
    """What the site calls itself, and whom to ask; empty: nobody has said it."""

    name: str
    name_en: str
    contact: str


class MeView(BaseModel):
    """Who is logged in. `csrf_token` goes into the header `X-CSRF-Token` of every unsafe request."""

    user: PersonView
    grants: list[GrantBody]
    actions: list[Action]
    csrf_token: str
    expires_at: datetime
    build: str
    demo: bool
    exercise: bool
    """What rings here is a night of before, for training."""
    site: SiteView
    timezone: str
    """Of the site: consoles show its time, whatever their own clock is set to."""


class LogOuts(Protocol):
    """Port of the process that goes on without the database."""

    def lets_out(self, session_hash: bytes) -> bool:
        """Whether the database need not be asked."""

    async def log_out(self, principal: Principal, address: str) -> None:
        """It opens nothing from here on; the database hears of it later."""


async def _acting(request: Request, principal: CurrentUser, clock: CurrentClock) -> Acting:
    return Acting(principal.user_id, client_address(request), clock.now())


Trail = Annotated[Acting, Depends(_acting)]


@router.post("/logout", status_code=204)
async def log_out(asking: Trail, principal: CurrentUser, context: CurrentContext) -> Response:
    """End this session; its WebSocket is cut. While the database is away it is ended in memory, and written afterwards."""
    if LogOuts in context.ports:
        without = cast("LogOuts", context.ports[LogOuts])
        await _out_by(without, asking, principal, context)
    else:
        await _out(asking, principal, context)
    await context.tell_grants_changed()
    response = Response(status_code=204)
    response.delete_cookie(
        COOKIE, path="/", domain=context.cookie_domain, httponly=True, samesite="strict"
    )
    return response


async def _out(asking: Acting, principal: Principal, context: Context) -> None:
    async with context.database.transaction() as session:
        await sessions.end(session, principal.session_hash, asking.now)
        await asking.record(session, "logged_out", principal.user_id)


async def _out_by(without: LogOuts, asking: Acting, principal: Principal, context: Context) -> None:
    if not without.lets_out(principal.session_hash):
        try:
            async with asyncio.timeout(KNOWN_WAIT_S):
                await _out(asking, principal, context)
        except (Unavailable, TimeoutError, SQLAlchemyError, OSError):
            pass  # away this moment: as below
        else:
            return
    await without.log_out(principal, asking.address)


@router.get("/me")
async def who_am_i(principal: CurrentUser, context: CurrentContext) -> MeView:
    """The logged-in user, what they may do where, and the token for unsafe requests."""
    return me_view(principal, context)


def me_view(principal: Principal, context: Context) -> MeView:
    """The answer to a log-in and to `GET /me`."""
    return MeView(
        user=PersonView(
            id=principal.user_id,
            login=principal.login,
            name=principal.name,
            name_en=principal.name_en,
            language=principal.language,
        ),
        grants=[GrantBody(role=held.role, region_id=held.region_id) for held in principal.grants],
        actions=sorted(principal.actions),
        csrf_token=principal.csrf_token,
        expires_at=principal.expires_at,
        build=context.build,
        demo=context.demo,
        exercise=context.exercise,
        site=SiteView(
            name=context.site.text("site.name"),
            name_en=context.site.text("site.name_en"),
            contact=context.site.text("site.contact"),
        ),
        timezone=context.site_timezone,
    )


def remember_browser(
    request: Request, response: Response, context: Context, login: str, fresh: NewSession
) -> None:
    """Give the browser its session, and remember it as one of this user's."""
    now = context.clock.now()
    carried = request.cookies.get(known_browsers.COOKIE, "")
    remembered = context.known_browsers.remember(carried, login, now.date())
    _set_cookie(response, context, COOKIE, fresh.token, fresh.expires_at - now)
    _set_cookie(response, context, known_browsers.COOKIE, remembered, known_browsers.LASTS)


def _set_cookie(
    response: Response, context: Context, name: str, value: str, lasts: timedelta
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        domain=context.cookie_domain,
        secure=context.secure_cookies,
        httponly=True,
        samesite="strict",
    )
