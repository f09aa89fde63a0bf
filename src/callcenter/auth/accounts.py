"""Logging in, and the accounts themselves; used by the API and by the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth import sessions
from callcenter.auth.login import (
    ALL_STRANGERS,
    FORGOTTEN_AFTER,
    KNOWN,
    Failures,
    after_failure,
    network_of,
    patience_with,
    seconds_to_wait,
)
from callcenter.auth.models import Grant, LoginDelay, User
from callcenter.auth.passwords import Passwords
from callcenter.auth.permissions import HeldGrant
from callcenter.auth.waiting_line import Comer
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Conflict, NotFound, TooManyAttempts, Unauthenticated
from callcenter.core.visible import visible
from callcenter.regions.models import Region


def normal_login(login: str) -> str:
    """Log-ins are compared without regard to case, outer spaces and what cannot be seen."""
    return visible(login).strip().casefold()


@dataclass(frozen=True, slots=True)
class Door:
    """Lets people in. Each try waits for its turn, and is written down as a failure before the password is looked at, so
    that a hundred tries at the same moment count as a hundred; who gets no turn has failed nothing.
    """

    database: Database
    clock: Clock
    passwords: Passwords

    async def log_in(
        self, login: str, password: str, address: str, browser: str | None = None
    ) -> sessions.NewSession:
        """A new session. Raises TooManyAttempts or Unauthenticated; neither tells whether the log-in exists."""
        user = await self.check_password(login, password, address, browser)
        now = self.clock.now()
        async with self.database.transaction() as session:
            await sessions.forget_old(session, now)
            await _record_log_in(session, "logged_in", user, address, now)
            return sessions.begin(session, user_id=user.id, address=address, now=now)

    async def check_password(
        self, login: str, password: str, address: str, browser: str | None = None
    ) -> User:
        """The user whose password this is; `browser` is the id of one that this user has logged in with before. Raises
        TooManyAttempts or Unauthenticated.
        """
        comer = _comer(login, address, browser)
        await self._refuse_early(comer)
        async with self.passwords.turn(comer):
            user = await self._note_try(comer)
            stored = user.password_hash if user is not None and user.active else None
            right = await self.passwords.matches(password, stored)
            self.passwords.note(comer, failed=not right)
            return await self._settle(comer, address, user, right=right)

    async def _settle(self, comer: Comer, address: str, user: User | None, *, right: bool) -> User:
        async with self.database.transaction() as session:
            if right and user is not None:
                await _forget_try(session, comer)
                return user
            await self._record_failure(session, user, address)
        raise Unauthenticated("unknown log-in or wrong password", code="login_failed")

    async def _record_failure(self, session: AsyncSession, user: User | None, address: str) -> None:
        now = self.clock.now()
        untold = 0 if user is not None else self.passwords.invented.one_more(now)
        if untold is not None:
            detail = {"untold": untold} if untold else {}
            await _record_log_in(session, "login_failed", user, address, now, detail)

    async def _refuse_early(self, comer: Comer) -> None:
        """Who would be refused in their turn takes no place in the line."""
        async with self.database.transaction() as session:
            rows = await session.scalars(
                select(LoginDelay).where(
                    LoginDelay.login == comer.login, LoginDelay.address.in_(_counted_under(comer))
                )
            )
            for row in rows:
                _demand_patience(row, self.clock.now())

    async def _note_try(self, comer: Comer) -> User | None:
        now = self.clock.now()
        async with self.database.transaction() as session:
            await session.execute(
                delete(LoginDelay).where(LoginDelay.last_failure_at < now - FORGOTTEN_AFTER)
            )
            for place in _counted_under(comer):
                row = await _locked_delay(session, comer.login, place, now)
                before = _demand_patience(row, now)
                after = after_failure(before, now, patience_with(place))
                row.failures = after.count
                row.last_failure_at = after.last_at
                row.locked_until = after.locked_until
            return await session.scalar(select(User).where(User.login == comer.login))


def _comer(login: str, address: str, browser: str | None) -> Comer:
    login = normal_login(login)
    if browser is None:
        return Comer(network_of(address), login)
    return Comer(f"{KNOWN}{browser}", login, is_known=True)


def _counted_under(comer: Comer) -> tuple[str, ...]:
    """Where a failure counts, always in this order: rows are locked in it."""
    return (comer.place,) if comer.is_known else (comer.place, ALL_STRANGERS)


async def _forget_try(session: AsyncSession, comer: Comer) -> None:
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


async def _record_log_in(
    session: AsyncSession,
    action: str,
    user: User | None,
    address: str,
    now: datetime,
    detail: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """People type passwords into log-in fields: of an unknown log-in nothing is written down but the try."""
    await record(
        session,
        at=now,
        principal_id=user.id if user else None,
        action=action,
        subject=f"user:{user.id}" if user else "user:unknown",
        region_ids=await region_ids_of(session, user.id) if user else (),
        address=address,
        detail=detail,
    )


async def region_ids_of(session: AsyncSession, user_id: int) -> list[int]:
    """All regions on the paths of the user's grants: where an auditor may read what concerns this user."""
    paths = await session.scalars(
        select(Region.path)
        .join(Grant, Grant.region_id == Region.id)
        .where(Grant.user_id == user_id)
    )
    return sorted({region_id for path in paths for region_id in path})


async def create_account(
    session: AsyncSession,
    *,
    login: str,
    name: str,
    password_hash: str,
    now: datetime,
    name_en: str = "",
    language: str = "zh-CN",
) -> User:
    """Add a user without any grant. Raises Conflict `login_taken`."""
    user_id = await session.scalar(
        insert(User)
        .values(
            login=normal_login(login),
            name=name,
            name_en=name_en,
            language=language,
            password_hash=password_hash,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[User.login])
        .returning(User.id)
    )
    if user_id is None:
        raise Conflict("this log-in is taken", code="login_taken", login=normal_login(login))
    return await find_account(session, user_id)


async def find_account(session: AsyncSession, user_id: int, *, to_change: bool = False) -> User:
    """One user, locked when it is about to be changed. Raises NotFound."""
    user = await session.get(User, user_id, with_for_update=to_change or None)
    if user is None:
        raise NotFound("no such user", what="user")
    return user


async def set_password(
    session: AsyncSession,
    user: User,
    password_hash: str,
    now: datetime,
    *,
    but: bytes | None = None,
) -> None:
    """Replace the password and end the sessions begun with the old one, except `but`, the one that asks."""
    user.password_hash = password_hash
    await sessions.end_all(session, user.id, now, but=but)


async def deactivate(session: AsyncSession, user: User, now: datetime) -> None:
    """Close the account: the row stays, since the timeline and the audit trail name it."""
    user.active = False
    await sessions.end_all(session, user.id, now)


async def add_grant(session: AsyncSession, user_id: int, held: HeldGrant) -> int:
    """Give a role in a region; giving it twice changes nothing. Returns the id of the grant."""
    grant_id: int | None = await session.scalar(
        insert(Grant)
        .values(user_id=user_id, role=held.role, region_id=held.region_id)
        .on_conflict_do_update(
            index_elements=[Grant.user_id, Grant.role, Grant.region_id],
            set_={"role": held.role},
        )
        .returning(Grant.id)
    )
    assert grant_id is not None  # noqa: S101 - RETURNING of an upsert always gives the row
    return grant_id


async def grants_of(session: AsyncSession, user_ids: Sequence[int]) -> Sequence[Grant]:
    """The grants of some users, in the order they were given."""
    found = await session.scalars(
        select(Grant).where(Grant.user_id.in_(user_ids)).order_by(Grant.id)
    )
    return found.all()
