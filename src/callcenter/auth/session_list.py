"""Where somebody is logged in: the same list for themselves and for whoever administers them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth import sessions
from callcenter.auth.sessions import Principal


class SessionView(BaseModel):
    """A browser that is logged in. `id` names it to end it, and opens nothing."""

    id: str
    created_at: datetime
    expires_at: datetime
    address: str
    browser: str
    """What it calls itself; empty where nobody noted it."""
    used_at: datetime | None
    """When it was used last, to the minute; null: not since the log-in."""
    own: bool
    """It is the one that asks."""


async def sessions_of(
    session: AsyncSession, user_id: int, asker: Principal, now: datetime
) -> list[SessionView]:
    """Those that are neither ended nor expired, the latest first."""
    return [
        SessionView(
            id=sessions.public_id(one.token_hash),
            created_at=one.created_at,
            expires_at=one.expires_at,
            address=one.address,
            browser=one.browser,
            used_at=one.used_at,
            own=one.token_hash == asker.session_hash,
        )
        for one in await sessions.live_of(session, user_id, now)
    ]
