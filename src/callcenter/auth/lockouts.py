"""Who has to wait before the next log-in because of wrong tries, seen and lifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.acting import Acting
from callcenter.auth.login import ALL_STRANGERS, KNOWN
from callcenter.auth.models import LoginDelay, User

Place = Literal["network", "known_browser", "all_strangers"]


@dataclass(frozen=True, slots=True)
class LockOut:
    """Wrong tries of one log-in from one place. `address` is the network; empty for a browser and for all strangers together."""

    place: Place
    address: str
    failures: int
    last_failure_at: datetime
    locked_until: datetime | None


async def lockouts_of(session: AsyncSession, login: str) -> list[LockOut]:
    """Everything that is counted against a log-in, the latest first."""
    rows = await session.scalars(
        select(LoginDelay)
        .where(LoginDelay.login == login, LoginDelay.failures > 0)
        .order_by(LoginDelay.last_failure_at.desc(), LoginDelay.address)
    )
    return [_lock_out(row) for row in rows]


def _lock_out(row: LoginDelay) -> LockOut:
    place = place_of(row.address)
    address = row.address if place == "network" else ""
    return LockOut(place, address, row.failures, row.last_failure_at, row.locked_until)


def place_of(address: str) -> Place:
    """What stands in the place of an address where tries are counted."""
    if address == ALL_STRANGERS:
        return "all_strangers"
    return "known_browser" if address.startswith(KNOWN) else "network"


async def locked_until(
    session: AsyncSession, logins: Sequence[str], now: datetime
) -> dict[str, datetime]:
    """Of those who have to wait somewhere: until when at the longest."""
    rows = await session.execute(
        select(LoginDelay.login, func.max(LoginDelay.locked_until).label("until"))
        .where(LoginDelay.login.in_(logins), LoginDelay.locked_until > now)
        .group_by(LoginDelay.login)
    )
    return {row.login: row.until for row in rows}


async def lift_lockouts(session: AsyncSession, acting: Acting, user: User) -> int:
    """Forget all wrong tries of a log-in, wherever they came from. Returns how many places were waiting or counted."""
    lifted = await session.scalars(
        delete(LoginDelay).where(LoginDelay.login == user.login).returning(LoginDelay.address)
    )
    places = sorted(map(place_of, lifted))
    await acting.record(session, "lockouts_lifted", user.id, {"places": places})
    return len(places)
