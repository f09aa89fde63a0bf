"""Wrong tries are counted in rows, before what was tried is looked at, so that a hundred at the same moment count as a hundred."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.login import (
    ALL_STRANGERS,
    FORGOTTEN_AFTER,
    Failures,
    Patience,
    after_failure,
    counted_under,
    patience_with,
    seconds_to_wait,
)
from callcenter.auth.models import LoginDelay
from callcenter.auth.waiting_line import Comer
from callcenter.core.errors import TooManyAttempts


async def refuse_early(session: AsyncSession, comer: Comer, now: datetime) -> None:
    """Raises TooManyAttempts for who has to wait; it counts as no try."""
    rows = await session.scalars(
        select(LoginDelay).where(
            LoginDelay.login == comer.login, LoginDelay.address.in_(counted_under(comer))
        )
    )
    for row in rows:
        _demand_patience(row, now)


async def note_try(
    session: AsyncSession,
    comer: Comer,
    now: datetime,
    patience: Callable[[str], Patience] = patience_with,
) -> None:
    """One try more, which counts as a failure until it is forgotten. Raises TooManyAttempts."""
    await session.execute(
        delete(LoginDelay).where(LoginDelay.last_failure_at < now - FORGOTTEN_AFTER)
    )
    for place in counted_under(comer):
        row = await _locked_delay(session, comer.login, place, now)
        after = after_failure(_demand_patience(row, now), now, patience(place))
        row.failures = after.count
        row.last_failure_at = after.last_at
        row.locked_until = after.locked_until


async def forget_try(session: AsyncSession, comer: Comer) -> None:
    """The right password ends the wait; what other strangers have failed with this log-in stays counted."""
    this_login = LoginDelay.login == comer.login
    await session.execute(delete(LoginDelay).where(this_login, LoginDelay.address == comer.place))
    if not comer.is_known:
        await session.execute(
            update(LoginDelay)
            .where(this_login, LoginDelay.address == ALL_STRANGERS)
            .values(failures=LoginDelay.failures - 1, locked_until=None)
        )


def _demand_patience(row: LoginDelay, now: datetime) -> Failures:
    failures = Failures(row.failures, row.last_failure_at, row.locked_until)
    wait_s = seconds_to_wait(failures, now)
    if wait_s > 0:
        raise TooManyAttempts("too many failed log-ins", retry_after_s=wait_s)
    return failures


async def _locked_delay(session: AsyncSession, login: str, place: str, now: datetime) -> LoginDelay:
    fresh = insert(LoginDelay).values(login=login, address=place, failures=0, last_failure_at=now)
    row: LoginDelay | None = await session.scalar(
        fresh.on_conflict_do_update(  # of nothing: to lock the row that is there
            index_elements=[LoginDelay.login, LoginDelay.address],
            set_={"failures": LoginDelay.failures},
        ).returning(LoginDelay),
        execution_options={"populate_existing": True},
    )
    assert row is not None  # noqa: S101 - RETURNING of an upsert always gives the row
    return row
