"""The page of whoever is sent, opened from the demo's page: a link as the office makes one, for somebody whose phone has no screen here."""

from __future__ import annotations

import secrets
from datetime import timedelta, tzinfo
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header
from sqlalchemy import select

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import NotFound, Unauthenticated
from callcenter.core.phone import parse_phone
from callcenter.dispatch.phone.letting_in import make_link
from callcenter.records.models import Staff

OPENED_WITHIN: Final = timedelta(hours=1)
NOBODY: Final = 0
"""Of the office: nobody there has made this link."""


def phone_pages_router(database: Database, zone: tzinfo, token: str, clock: Clock) -> APIRouter:
    """`POST /api/demo/phones/{number}/page`, for the device process alone: the address lets one phone in, once."""

    async def known_caller(x_demo_token: Annotated[str, Header()] = "") -> None:
        if not secrets.compare_digest(x_demo_token.encode(), token.encode()):
            raise Unauthenticated("The demo token is missing or wrong.")

    router = APIRouter(dependencies=[Depends(known_caller)], include_in_schema=False)

    @router.post("/api/demo/phones/{number}/page")
    async def open_page(number: str) -> dict[str, str]:
        """`path`, below the address of the console. Raises NotFound for a number of nobody who is sent."""
        e164, now = parse_phone(number).e164, clock.now()
        async with database.transaction() as session:
            found = select(Staff.id).where(Staff.phone == e164).order_by(Staff.id).limit(1)
            staff_id = await session.scalar(found)
            if staff_id is None:
                raise NotFound(f"Nobody of the staff has the number {e164}.", what="staff")
            hours = OPENED_WITHIN // timedelta(hours=1)
            link = await make_link(session, staff_id, NOBODY, now, zone, hours)
        return {"path": f"/m.html#in={link.code}"}

    return router
