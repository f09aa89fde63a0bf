"""The door of seats over HTTP, at the address of every log-in: served by the process that has the alarms, while the database is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict

from callcenter.auth import known_browsers
from callcenter.auth.guards import (
    COOKIE,
    Context,
    CurrentContext,
    check_origin,
    client_address,
    port,
)
from callcenter.auth.login import normal_login
from callcenter.auth.outage.door import AtTheDoor, SeatDoor
from callcenter.auth.own_session import LoginBody, MeView, me_view, remember_browser

PATH = "/api/v1/login"
router = APIRouter(prefix=PATH, tags=["accounts"])
door_router = APIRouter(include_in_schema=False)
"""`POST /login` as the office has it, for the time without a database."""

Door = Annotated[SeatDoor, port(SeatDoor)]


@dataclass(frozen=True, slots=True)
class SeatDoorView:
    """`away`: the database is. Then operators and supervisors log in by what was known of them, until `until`; null: nobody does."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        json_schema_serialization_defaults_required=True
    )

    away: bool
    until: datetime | None


@router.get("/door")
async def show_door(door: Door, context: CurrentContext) -> SeatDoorView:
    """Who can log in now: everybody, or seats alone because the database is away. Anybody may ask."""
    until = door.people.until if door.is_away() else None
    return SeatDoorView(door.is_away(), until if until and until > context.clock.now() else None)


@door_router.post(PATH)
async def log_in_at_a_seat(
    body: LoginBody, request: Request, response: Response, context: CurrentContext, door: Door
) -> MeView:
    """Begin a session without the database. 503 `log_ins_too_old` when that is away for longer than a shift."""
    check_origin(request)
    login = normal_login(body.login)
    carried = request.cookies.get(known_browsers.COOKIE, "")
    browser = context.known_browsers.recognise(carried, login, context.clock.now().date())
    agent = request.headers.get("user-agent", "")
    at = AtTheDoor(client_address(request), browser, agent)
    fresh, principal = await door.log_in(login, body.password, at, context.site.session)
    await _end_the_one_before(request, context, door)
    remember_browser(request, response, context, login, fresh)
    return me_view(principal, context)


async def _end_the_one_before(request: Request, context: Context, door: SeatDoor) -> None:
    """The browser's earlier session, perhaps somebody else's: its cookie is replaced, and a copy of it must open nothing."""
    earlier = request.cookies.get(COOKIE)
    before = await context.sessions.find(earlier) if earlier else None
    if before is not None:
        await door.log_out(before, client_address(request))
        await context.tell_grants_changed()
