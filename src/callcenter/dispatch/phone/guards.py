"""Whose phone asks: what every route of a phone gets from the request. A log-in of the centre opens none of them, and the cookie of a
phone opens nothing else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from callcenter.auth.guards import SAFE_METHODS, check_origin, context_of, site_zone
from callcenter.core.errors import Unauthenticated
from callcenter.dispatch.phone.sessions import COOKIE, Phone, find_phone


async def current_phone(request: Request) -> Phone:
    """Raises Unauthenticated `no_phone`, Forbidden for a page of another origin, Unavailable."""
    context = context_of(request)
    if request.method not in SAFE_METHODS:
        check_origin(request)
    token = request.cookies.get(COOKIE, "")
    now = context.clock.now()
    day = now.astimezone(site_zone(request)).date()
    phone = None
    if token:
        async with context.sessions.in_turn():
            phone = await find_phone(context.database, token, now, day)
    if phone is None:
        raise Unauthenticated("this phone is not logged in", code="no_phone")
    return phone


async def current_time(request: Request) -> datetime:
    """Of this server."""
    return context_of(request).clock.now()


CurrentPhone = Annotated[Phone, Depends(current_phone)]
"""For every route below /api/v1/phone."""
Now = Annotated[datetime, Depends(current_time)]
