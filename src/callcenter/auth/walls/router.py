"""Screens across the room, as supervisors and administrators manage them, and the code by which a browser becomes one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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
from callcenter.auth.walls.screens import Screen, find_screen
from callcenter.core.errors import Unauthenticated
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
    async with context.sessions.in_turn():
        return await find_screen(context.database, token, context.clock.now())


CurrentScreen = Annotated[Screen, Depends(current_screen)]

Managing = Annotated[Principal, require(Action.MANAGE_WALLS)]
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
async def list_walls(principal: Managing, session: DatabaseSession) -> list[WallScreenView]:
    """Of one's regions."""
    found = await screens.listed(session, principal)
    return [WallScreenView.model_validate(screen) for screen in found]


@router.post("/walls", status_code=201)
async def add_wall(
    body: WallBody,
    principal: Managing,
    session: DatabaseSession,
    clock: CurrentClock,
    request: Request,
) -> NewCode:
    """A new screen, with the code that makes a browser one."""
    path = await screens.path_of(session, body.region_id)
    principal.find(Action.MANAGE_WALLS, path, "region")
    screen = WallScreen(
        **body.model_dump(),
        by_id=principal.user_id,
        by_name=principal.name,
        made_at=clock.now(),
        address="",
    )
    code = screens.give_code(screen, clock.now())
    session.add(screen)
    await session.flush()
    await _note(session, clock.now(), principal, request, "wall_added", screen)
    return NewCode(screen=WallScreenView.model_validate(screen), code=code)


@router.patch("/walls/{wall_id}")
async def change_wall(
    wall_id: int,
    body: WallChanges,
    principal: Managing,
    session: DatabaseSession,
    clock: CurrentClock,
    request: Request,
) -> WallScreenView:
    """What it shows holds with its next look."""
    screen = await screens.one(session, principal, wall_id)
    for field, value in body.model_dump(exclude_none=True).items():
        setattr(screen, field, value)
    await session.flush()
    await _note(session, clock.now(), principal, request, "wall_changed", screen)
    return WallScreenView.model_validate(screen)


@router.post("/walls/{wall_id}/code")
async def give_wall_code(
    wall_id: int,
    principal: Managing,
    session: DatabaseSession,
    clock: CurrentClock,
    request: Request,
) -> NewCode:
    """For another browser: until it is entered the one before goes on."""
    screen = await screens.one(session, principal, wall_id)
    code = screens.give_code(screen, clock.now())
    await session.flush()
    await _note(session, clock.now(), principal, request, "wall_code_given", screen)
    return NewCode(screen=WallScreenView.model_validate(screen), code=code)


@router.delete("/walls/{wall_id}", status_code=204)
async def revoke_wall(
    wall_id: int,
    principal: Managing,
    session: DatabaseSession,
    clock: CurrentClock,
    request: Request,
) -> None:
    """Its next look is refused."""
    screen = await screens.one(session, principal, wall_id)
    screens.revoke(screen, clock.now())
    await _note(session, clock.now(), principal, request, "wall_revoked", screen)


@router.post("/wall/pair", status_code=204)
async def pair_wall(
    body: PairBody,
    session: DatabaseSession,
    clock: CurrentClock,
    context: CurrentContext,
    request: Request,
    response: Response,
) -> None:
    """This browser is the screen whose code it knows: sets the cookie `callcenter_wall`. 403 `code_refused`."""
    check_origin(request)
    screen, token = await screens.pair(session, body.code, client_address(request), clock.now())
    await _note(session, clock.now(), None, request, "wall_paired", screen)
    _set_cookie(response, context, token)


def _set_cookie(response: Response, context: Context, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(screens.LASTS.total_seconds()),
        path=COOKIE_PATH,
        secure=context.secure_cookies,
        httponly=True,
        samesite="strict",
    )


async def _note(
    session: DatabaseSession,
    now: datetime,
    principal: Principal | None,
    request: Request,
    action: str,
    screen: WallScreen,
) -> None:
    await record(
        session,
        at=now,
        principal_id=None if principal is None else principal.user_id,
        action=action,
        subject=f"wall:{screen.id}",
        region_ids=await screens.path_of(session, screen.region_id),
        address=client_address(request),
        detail={"shows": screen.shows},
    )
