"""Screens across the room, as supervisors and administrators manage them, and the code by which a browser becomes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth.guards import (
    Context,
    CurrentClock,
    CurrentContext,
    DatabaseSession,
    check_origin,
    client_address,
    context_of,
    require,
)
from callcenter.auth.models import WallScreen
from callcenter.auth.permissions import Action, WallShows
from callcenter.auth.sessions import Principal
from callcenter.auth.walls import screens
from callcenter.auth.walls.screens import KeptScreens, Screen, find_screen
from callcenter.core.errors import Unauthenticated, Unavailable
from callcenter.core.written import Written

router = APIRouter(prefix="/api/v1", tags=["walls"])

COOKIE = "callcenter_wall"
COOKIE_PATH = "/api/v1/wall"
"""It goes to the addresses of walls alone."""


async def current_screen(request: Request, response: Response) -> Screen:
    """The screen across the room that asks; its cookie is renewed with it. Nobody's log-in is looked at."""
    context = context_of(request)
    token = request.cookies.get(COOKIE, "")
    screen = await _screen_of(context, token) if token else None
    if screen is None:
        raise Unauthenticated("this is no screen that is logged in", code="no_screen")
    if screen.renewed:
        _set_cookie(response, context, token)
    return screen


async def _screen_of(context: Context, token: str) -> Screen | None:
    kept = context.ports.get(KeptScreens)
    known = kept.find(token, context.clock.now()) if isinstance(kept, KeptScreens) else None
    if known is not None and context.sessions.database_is_away():
        return known
    try:
        async with context.sessions.in_turn():
            now = context.clock.now()
            return await find_screen(context.database, token, now, context.site.screen)
    except Unavailable:
        if known is None:
            raise
        return known


CurrentScreen = Annotated[Screen, Depends(current_screen)]


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who manages walls, from where, when, within which transaction."""

    principal: Principal
    session: AsyncSession
    address: str
    now: datetime

    async def note(self, action: str, screen: WallScreen) -> None:
        who = self.principal.user_id
        await _note(self.session, self.now, who, self.address, action, screen)


def _asking(
    principal: Annotated[Principal, require(Action.MANAGE_WALLS)],
    session: DatabaseSession,
    clock: CurrentClock,
    request: Request,
) -> _Asking:
    return _Asking(principal, session, client_address(request), clock.now())


Asking = Annotated[_Asking, Depends(_asking)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class WallBody(Written):
    """Where it hangs, of which region it shows the alarms, and what it says of a home."""

    name: Name
    region_id: int
    shows: WallShows = WallShows.BUILDING


class WallChanges(Written):
    """Only what is given is changed."""

    name: Name | None = None
    shows: WallShows | None = None


class WallScreenView(BaseModel):
    """A screen. `paired_at` null: no browser is it yet."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    region_id: int
    shows: WallShows
    by_name: str
    made_at: datetime
    paired_at: datetime | None
    seen_at: datetime | None
    """When it looked last, to the minute."""
    expires_at: datetime | None
    """Unless it looks again."""
    address: str
    code_until: datetime | None


class NewCode(BaseModel):
    """Shown once: entered at `/wall.html` within ten minutes, the browser there is this screen."""

    screen: WallScreenView
    code: str


class PairBody(BaseModel):
    code: Annotated[str, Field(max_length=20)]


@router.get("/walls")
async def list_walls(asking: Asking) -> list[WallScreenView]:
    """Of one's regions."""
    found = await screens.listed(asking.session, asking.principal)
    return [WallScreenView.model_validate(screen) for screen in found]


@router.post("/walls", status_code=201)
async def add_wall(body: WallBody, asking: Asking) -> NewCode:
    """A new screen, with the code that makes a browser one."""
    path = await screens.path_of(asking.session, body.region_id)
    asking.principal.find(Action.MANAGE_WALLS, path, "region")
    screen = WallScreen(
        **body.model_dump(),
        by_id=asking.principal.user_id,
        by_name=asking.principal.name,
        made_at=asking.now,
        address="",
    )
    asking.session.add(screen)
    return await _with_code(asking, screen, "wall_added")


@router.patch("/walls/{wall_id}")
async def change_wall(wall_id: int, body: WallChanges, asking: Asking) -> WallScreenView:
    """What it shows holds with its next look."""
    screen = await screens.one(asking.session, asking.principal, wall_id)
    for field, value in body.model_dump(exclude_none=True).items():
        setattr(screen, field, value)
    await asking.session.flush()
    await asking.note("wall_changed", screen)
    return WallScreenView.model_validate(screen)


@router.post("/walls/{wall_id}/code")
async def give_wall_code(wall_id: int, asking: Asking) -> NewCode:
    """For another browser: until it is entered the one before goes on."""
    screen = await screens.one(asking.session, asking.principal, wall_id)
    return await _with_code(asking, screen, "wall_code_given")


@router.delete("/walls/{wall_id}", status_code=204)
async def revoke_wall(wall_id: int, asking: Asking) -> None:
    """Its next look is refused."""
    screen = await screens.one(asking.session, asking.principal, wall_id)
    screens.revoke(screen, asking.now)
    await asking.note("wall_revoked", screen)


@router.post("/wall/pair", status_code=204)
async def pair_wall(
    body: PairBody,
    session: DatabaseSession,
    context: CurrentContext,
    request: Request,
    response: Response,
) -> None:
    """This browser is the screen whose code it knows: sets the cookie `callcenter_wall`. 403 `code_refused`."""
    check_origin(request)
    now, address = context.clock.now(), client_address(request)
    screen, token = await screens.pair(session, body.code, address, now, context.site.screen)
    await _note(session, now, None, address, "wall_paired", screen)
    _set_cookie(response, context, token)


async def _with_code(asking: _Asking, screen: WallScreen, action: str) -> NewCode:
    code = screens.give_code(screen, asking.now)
    await asking.session.flush()
    await asking.note(action, screen)
    return NewCode(screen=WallScreenView.model_validate(screen), code=code)


def _set_cookie(response: Response, context: Context, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(context.site.screen.total_seconds()),
        path=COOKIE_PATH,
        domain=context.cookie_domain,
        secure=context.secure_cookies,
        httponly=True,
        samesite="strict",
    )


async def _note(
    session: AsyncSession,
    now: datetime,
    user_id: int | None,
    address: str,
    action: str,
    screen: WallScreen,
) -> None:
    await record(
        session,
        at=now,
        principal_id=user_id,
        action=action,
        subject=f"wall:{screen.id}",
        region_ids=await screens.path_of(session, screen.region_id),
        address=address,
        detail={"shows": screen.shows},
    )
