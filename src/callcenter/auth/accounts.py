"""Logging in, and the accounts themselves; used by the API and by the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth import delays, granting, sessions, slips
from callcenter.auth.acting import Acting, region_ids_of
from callcenter.auth.login import comer_of, normal_login
from callcenter.auth.models import User
from callcenter.auth.passwords import Passwords
from callcenter.auth.permissions import HeldGrant
from callcenter.auth.strength import check_strength
from callcenter.auth.waiting_line import Comer
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Conflict, NotFound, Unauthenticated


@dataclass(frozen=True, slots=True)
class Door:
    """Lets people in. Each try waits for its turn, and is written down as a failure before the password is looked at, so
    that a hundred tries at the same moment count as a hundred; who gets no turn has failed nothing.
    """

    database: Database
    clock: Clock
    passwords: Passwords
    lasts: timedelta = sessions.LIFETIME
    """How long a session is that begins now."""
    agent: str = ""
    """What the browser at the door calls itself."""

    async def log_in(
        self, login: str, password: str, address: str, browser: str | None = None
    ) -> sessions.NewSession:
        """A new session. Raises TooManyAttempts or Unauthenticated; neither tells whether the log-in exists."""
        user = await self.check_password(login, password, address, browser)
        now = self.clock.now()
        async with self.database.transaction() as session:
            await _record_log_in(session, "logged_in", user, address, now)
            return self._begin(session, user, address, now)

    async def log_in_by_slip(
        self, login: str, code: str, password: str, address: str, browser: str | None = None
    ) -> sessions.NewSession:
        """A new session for whoever has the slip of this user, who has `password` from here on. Raises Invalid for a weak one, which
        costs no try, TooManyAttempts, or Unauthenticated as `slips.check_slip` does.
        """
        check_strength(password, normal_login(login))
        comer = comer_of(login, address, browser)
        user = await self._with_slip(comer, code, address)
        hashed = await self.passwords.hash(password)
        now = self.clock.now()
        async with self.database.transaction() as session:
            user = await find_account(session, user.id, to_change=True)
            if not user.active or not await slips.use_slip(session, user.id, code, now):
                raise Unauthenticated("this slip was used already", code="slip_used")
            await set_password(session, user, hashed, now)
            await delays.forget_try(session, comer)
            await _record_log_in(session, "slip_used", user, address, now)
            return self._begin(session, user, address, now)

    def _begin(
        self, session: AsyncSession, user: User, address: str, now: datetime
    ) -> sessions.NewSession:
        return sessions.begin(
            session,
            user_id=user.id,
            address=address,
            now=now,
            lasts=self.lasts,
            browser=self.agent,
        )

    async def _with_slip(self, comer: Comer, code: str, address: str) -> User:
        """Whose slip it is; a wrong one counts as a wrong password does."""
        await self._refuse_early(comer)
        async with self.passwords.turn(comer):
            user = await self._note_try(comer)
            try:
                async with self.database.transaction() as session:
                    return await slips.check_slip(session, user, code, self.clock.now())
            except Unauthenticated:
                self.passwords.note(comer, failed=True)
                async with self.database.transaction() as session:
                    await self._record_failure(session, user, address)
                raise

    async def check_password(
        self, login: str, password: str, address: str, browser: str | None = None
    ) -> User:
        """The user whose password this is; `browser` is the id of one that this user has logged in with before. Raises
        TooManyAttempts or Unauthenticated.
        """
        comer = comer_of(login, address, browser)
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
                await delays.forget_try(session, comer)
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
            await delays.refuse_early(session, comer, self.clock.now())

    async def _note_try(self, comer: Comer) -> User | None:
        async with self.database.transaction() as session:
            await delays.note_try(session, comer, self.clock.now())
            return await session.scalar(select(User).where(User.login == comer.login))


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


async def open_account(
    session: AsyncSession,
    acting: Acting,
    *,
    grants: Iterable[tuple[HeldGrant, datetime | None]] = (),
    **person: Any,
) -> User:
    """Add a user with these grants, each until a time or without an end; `person` as `create_account` takes it."""
    user = await create_account(session, now=acting.now, **person)
    for held, until in grants:
        await granting.give(session, acting, user.id, held, until)
    after = {name: getattr(user, name) for name in ("login", "name", "name_en", "language")}
    await acting.record(session, "user_created", user.id, {"before": {}, "after": after})
    return user


async def create_account(
    session: AsyncSession,
    *,
    login: str,
    name: str,
    password_hash: str | None,
    now: datetime,
    name_en: str = "",
    language: str = "zh-CN",
) -> User:
    """Add a user without any grant; without a password they need a slip. Raises Conflict `login_taken`."""
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
    """Replace the password and end the sessions begun with the old one, except `but`, the one that asks. A slip is needed no more."""
    user.password_hash = password_hash
    await slips.withdraw_slip(session, user.id)
    await sessions.end_all(session, user.id, now, but=but)


async def change_account(
    session: AsyncSession,
    acting: Acting,
    user: User,
    changes: Mapping[str, Any],
    password_hash: str | None = None,
) -> None:
    """Change what is given. A blocked account loses its sessions and its slip; the row stays, since the timeline and the audit trail
    name it. Raises Conflict `last_administrator`.
    """
    before = {name: getattr(user, name) for name in changes if getattr(user, name) != changes[name]}
    if before.get("active"):
        held = [grant.id for grant in await granting.grants_of(session, [user.id])]
        await granting.keep_an_administrator(session, held, acting.now)
        await sessions.end_all(session, user.id, acting.now)
        await slips.withdraw_slip(session, user.id)
    for name in before:
        setattr(user, name, changes[name])
    after: dict[str, object] = {name: changes[name] for name in before}
    if password_hash is not None:
        await set_password(session, user, password_hash, acting.now)
        after |= {"password": "replaced"}
    if after:
        await acting.record(session, "user_changed", user.id, {"before": before, "after": after})
