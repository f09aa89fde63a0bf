"""What every router gets from the request: who asks, a session that commits before the answer leaves, the clock, ports.

Use in a router:

    @router.get("/residents/{resident_id}")
    async def show(resident_id: int, principal: Annotated[Principal, require(Action.SEE_PROFILES)],
                   session: DatabaseSession, clock: CurrentClock) -> ResidentView: ...

`require` refuses who has the action nowhere; the router still asks `principal.find(...)`, `principal.demand(...)` or
filters by `principal.regions(...)` for the row's own region.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, TypeVar, cast
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.params import Depends as DependsMarker
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from callcenter.adjustable.current import Site
from callcenter.auth.known_browsers import KnownBrowsers
from callcenter.auth.passwords import Passwords
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal, Sessions
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Forbidden, Unauthenticated

COOKIE = "callcenter_session"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

T = TypeVar("T")


async def _nobody_to_tell() -> None:
    """The port of a server without a hub, such as one that only exports its API document."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the runtime hands to the API as `app.state.context`. `ports` holds what upper layers
    need, by type: `Context(..., ports={Intake: intake, Hub: hub, Seal: seal})`, read with
    `Annotated[Hub, port(Hub)]`.
    """

    database: Database
    clock: Clock
    sessions: Sessions
    secure_cookies: bool
    build: str
    demo: bool
    exercise: bool
    site_timezone: str
    origins: frozenset[str] = frozenset()
    """Further origins (scheme://host:port) that may send commands, beside the server's own."""
    cookie_domain: str | None = None
    """The name above those of several servers, which all get the cookie of a log-in; none: the server's own name alone."""
    grants_changed: Callable[[], Awaitable[None]] = _nobody_to_tell
    """Called after the commit of a changed grant, account or log-out; the hub cuts the sockets
    concerned.
    """
    passwords: Passwords = field(default_factory=Passwords)
    known_browsers: KnownBrowsers = field(
        default_factory=lambda: KnownBrowsers(secrets.token_urlsafe()), repr=False
    )
    ports: Mapping[type, object] = field(default_factory=dict)
    site: Site = field(default_factory=Site)
    """What administrators may change while the server runs."""

    async def tell_grants_changed(self) -> None:
        """After the commit of what ends or changes rights, here at once and elsewhere by the hint."""
        self.sessions.forget()
        await self.grants_changed()


# Coroutines all of them: what is none is sent to a thread by FastAPI, and back, for each of them in each request.


async def get_context(request: Request) -> Context:
    return context_of(request)


def context_of(connection: HTTPConnection) -> Context:
    """The context of a request or of a WebSocket."""
    return cast("Context", connection.app.state.context)


async def get_database(request: Request) -> Database:
    return context_of(request).database


async def get_clock(request: Request) -> Clock:
    return context_of(request).clock


def site_time(request: Request) -> datetime:
    """Now, by the site's calendar: people grow a year older at their own midnight, not at that of UTC."""
    return context_of(request).clock.now().astimezone(site_zone(request))


def site_zone(request: Request) -> ZoneInfo:
    """In whose calendar days begin."""
    return ZoneInfo(context_of(request).site_timezone)


async def get_zone(request: Request) -> ZoneInfo:
    return site_zone(request)


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """One transaction a request, committed at the edge before the answer is sent, rolled back on
    any error.
    """
    async with context_of(request).database.transaction() as session:
        yield session


def port(kind: type[T]) -> DependsMarker:
    """A dependency on a port of the context: `Annotated[Hub, port(Hub)]`."""

    async def get_port(request: Request) -> T:
        return cast("T", context_of(request).ports[kind])

    marker: DependsMarker = Depends(get_port)
    return marker


def client_address(connection: HTTPConnection) -> str:
    """Where the request comes from. Behind a proxy uvicorn has already put the forwarded address
    here.
    """
    return connection.client.host if connection.client else ""


def check_origin(connection: HTTPConnection) -> None:
    """Refuse a browser page of another origin. Clients that are no browsers send no Origin and
    carry no cookie by themselves. Only host and port are compared with ours: behind a TLS proxy the
    scheme differs.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        if connection.headers.get("sec-fetch-site") == "cross-site":
            raise Forbidden("request from another site", code="origin_refused")
        return
    own = origin.partition("://")[2] == connection.headers.get("host", "")
    if not own and origin not in context_of(connection).origins:
        raise Forbidden("request from another origin", code="origin_refused", origin=origin)


async def principal_of(connection: HTTPConnection) -> Principal:
    """Who is logged in, for HTTP requests and WebSockets alike."""
    token = connection.cookies.get(COOKIE)
    principal = await context_of(connection).sessions.find(token) if token else None
    if principal is None:
        raise Unauthenticated("not logged in")
    return principal


def check_csrf(request: Request, principal: Principal) -> None:
    """An unsafe method needs the session's token in a header that a foreign page cannot set."""
    if request.method in SAFE_METHODS:
        return
    check_origin(request)
    sent = request.headers.get(CSRF_HEADER, "")
    if not secrets.compare_digest(sent.encode(), principal.csrf_token.encode()):
        raise Forbidden("missing or wrong CSRF token", code="csrf_refused")


async def current_user(request: Request) -> Principal:
    """The logged-in user, checked against CSRF on unsafe methods."""
    principal = await principal_of(request)
    check_csrf(request, principal)
    return principal


def require(action: Action) -> DependsMarker:
    """A dependency that refuses a user who has `action` in no region at all; read by the permission
    tests, too.
    """

    async def require_action(principal: CurrentUser) -> Principal:
        if action not in principal.actions:
            raise Forbidden(f"{action} is not granted", action=action.value)
        return principal

    require_action.action = action  # type: ignore[attr-defined]
    marker: DependsMarker = Depends(require_action)
    return marker


CurrentUser = Annotated[Principal, Depends(current_user)]
CurrentContext = Annotated[Context, Depends(get_context)]
CurrentClock = Annotated[Clock, Depends(get_clock)]
# scope="function": FastAPI would otherwise commit after the answer has left.
Zone = Annotated[ZoneInfo, Depends(get_zone)]
DatabaseSession = Annotated[AsyncSession, Depends(get_session, scope="function")]
