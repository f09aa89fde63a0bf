"""What the alarm process serves beside signals. Nothing of the office is loaded for it: a start waits for what it loads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import Scope

from callcenter.alerts.by_hand.router import router as by_hand_router
from callcenter.alerts.emergency.router import router as emergency_router
from callcenter.alerts.foreseeing.router import router as foreseeing_router
from callcenter.alerts.forwarding.router import router as forwarding_router
from callcenter.alerts.handling.router import router as incidents_router
from callcenter.alerts.live.router import router as live_router
from callcenter.alerts.storms.router import router as storms_router
from callcenter.api import alive, health, jobs
from callcenter.api.assembly import assemble
from callcenter.api.body_bounds import USUAL, BodyBounds
from callcenter.api.paths import Owner, owner_of
from callcenter.auth.guards import Context
from callcenter.auth.outage.router import door_router, router as outage_router
from callcenter.auth.own_session import router as session_router
from callcenter.hotline.telephone.router import router as telephone_router
from callcenter.hotline.telephone.voice import router as voice_router
from callcenter.liveness.router import router as watch_router
from callcenter.seats.announcements.router import router as announcements_router
from callcenter.seats.router import router as shifts_router
from callcenter.seats.socket import router as seats_router
from callcenter.seats.wall.router import router as wall_router

ALARM_ROUTERS = (
    seats_router,
    incidents_router,
    foreseeing_router,
    forwarding_router,
    shifts_router,
    by_hand_router,
    live_router,
    storms_router,
    session_router,
    outage_router,
    health.router,
    announcements_router,
    emergency_router,
    wall_router,
    jobs.router,
    watch_router,
    alive.router,
    telephone_router,
    voice_router,
)
"""What the alarm process answers itself: nothing here computes or waits for anything but the database."""


def alarm_api(
    context: Context,
    framed_by: Sequence[str] = (),
    bounds: BodyBounds = USUAL,
    servers: Sequence[str] = (),
    more: Sequence[APIRouter] = (),
) -> FastAPI:
    """Its routers, those that only this server has (`more`), and the console's files; `servers` are those that a console may go on at."""
    routers = (*ALARM_ROUTERS, *more, door_router)  # that one only while the office cannot
    app = assemble(routers, framed_by, bounds, with_console=True, servers=servers)
    app.state.context = context
    return app


def is_the_alarms(scope: Scope) -> bool:
    """Whether the alarm process answers this HTTP request itself: its routes, and every page and file of the console."""
    path, method = scope["path"], scope["method"]
    if any(method in methods and where.match(path) for where, methods in _own_routes()):
        return True
    return owner_of(path) is not Owner.OFFICE


def with_more(more: Sequence[APIRouter]) -> Callable[[Scope], bool]:
    """The same where the alarm process has `more` routers than usual."""
    if not more:
        return is_the_alarms
    paths = [
        route.path_regex for each in more for route in each.routes if isinstance(route, APIRoute)
    ]

    def is_its_own(scope: Scope) -> bool:
        return any(path.match(scope["path"]) for path in paths) or is_the_alarms(scope)

    return is_its_own


@cache
def _own_routes() -> Sequence[tuple[re.Pattern[str], Set[str]]]:
    routes = [route for router in ALARM_ROUTERS for route in router.routes]
    return [(r.path_regex, r.methods or set()) for r in routes if isinstance(r, APIRoute)]
