"""Log-in sessions: made at log-in, looked up by the SHA-256 of the cookie, ended by log-out, expiry or a dead account.

Looking up is cached for at most `CACHE_S` seconds, so that a changed grant or a log-out holds everywhere within two
seconds even when the hint (`grants` on core/changes) was lost (design 6b.16).
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

import asyncpg
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.models import Session
from callcenter.auth.permissions import (
    Action,
    HeldGrant,
    Role,
    actions_of,
    allowed,
    allowed_in_emergency,
    visible_regions,
)
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Forbidden, NotFound, Unavailable

LIFETIME = timedelta(hours=12)  # an eight-hour shift with its hand-over, and never a second one
BROWSER_LENGTH = 200
CACHE_S = 1.5
_CACHE_SIZE = 10_000
STRANGERS_AT_ONCE = 2
"""Cookies that nobody here has seen, looked up at the same time: whoever invents them leaves the others' connections free."""
STRANGERS_WAIT_S = 5.0
KNOWN_WAIT_S = 1.0
"""Whoever works an alarm does not wait longer for a database that says nothing."""

_LIVE = """
SELECT s.token_hash, s.csrf_token, s.expires_at, coalesce(s.confirmed_at, s.created_at) AS confirmed_at, u.id, u.login, u.name, u.name_en, u.language,
       array(SELECT g.role FROM role_grant g WHERE g.user_id = u.id AND (g.until_at IS NULL OR g.until_at > $2) ORDER BY g.id) AS roles,
       array(SELECT g.region_id FROM role_grant g WHERE g.user_id = u.id AND (g.until_at IS NULL OR g.until_at > $2) ORDER BY g.id) AS regions,
       array(SELECT subject FROM emergency_access WHERE user_id = u.id AND ended_at IS NULL AND ends_at > $2) AS opened
FROM login_session s JOIN app_user u ON u.id = s.user_id
WHERE s.token_hash = ANY($1::bytea[]) AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.active
"""


EVERY_LIVE = """
SELECT s.token_hash, s.csrf_token, s.expires_at, coalesce(s.confirmed_at, s.created_at) AS confirmed_at, u.id, u.login, u.name, u.name_en, u.language,
       array(SELECT g.role FROM role_grant g WHERE g.user_id = u.id AND (g.until_at IS NULL OR g.until_at > now()) ORDER BY g.id) AS roles,
       array(SELECT g.region_id FROM role_grant g WHERE g.user_id = u.id AND (g.until_at IS NULL OR g.until_at > now()) ORDER BY g.id) AS regions,
       '{}'::text[] AS opened, now() AS seen_at
FROM login_session s JOIN app_user u ON u.id = s.user_id
WHERE s.revoked_at IS NULL AND s.expires_at > now() AND u.active
"""
"""As _LIVE, of everybody. What they have opened with a reason is over by its own time, and not among it."""


class RawConnection(Protocol):
    """The part of an asyncpg connection that a look-up needs."""

    async def fetch(self, query: str, *args: object) -> Sequence[Mapping[str, Any]]:
        """All rows of a query."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, and what they may do where."""

    user_id: int
    login: str
    name: str
    name_en: str
    language: str
    grants: tuple[HeldGrant, ...]
    session_hash: bytes = field(repr=False)
    csrf_token: str = field(repr=False)
    expires_at: datetime
    confirmed_at: datetime | None = None
    """When the password was given last."""
    opened: frozenset[str] = frozenset()
    """Subjects outside their regions that they have opened with a reason, for a while."""

    def may(self, action: Action, region_path: Sequence[int], subjects: Sequence[str] = ()) -> bool:
        """Whether the action is granted for a row with this region path, or for now for one of the subjects that it is about."""
        return allowed(self.grants, action, region_path) or allowed_in_emergency(
            self.opened, action, subjects
        )

    def regions(self, action: Action) -> frozenset[int]:
        """Regions (with all below them) in which the action is granted."""
        return visible_regions(self.grants, action)

    def demand(self, action: Action, region_path: Sequence[int]) -> None:
        """Refuse a change outside the granted regions."""
        if not self.may(action, region_path):
            raise Forbidden(f"{action} is not granted in this region", action=action.value)

    def find(
        self, action: Action, region_path: Sequence[int], what: str, subjects: Sequence[str] = ()
    ) -> None:
        """Refuse to show a row outside the granted regions as not found, so that ids tell nothing."""
        if not self.may(action, region_path, subjects):
            raise NotFound(f"no such {what}", what=what)

    @property
    def actions(self) -> frozenset[Action]:
        """Everything granted anywhere."""
        return actions_of(self.grants)


def hash_of(token: str) -> bytes:
    """What is kept of a cookie. A plain SHA-256 is enough: the token has 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


async def still_valid_sessions(
    connection: RawConnection, hashes: Sequence[bytes], now: datetime
) -> dict[bytes, Principal]:
    """The sessions of `hashes` that are neither ended nor expired, with the grants of this moment."""
    rows = await connection.fetch(_LIVE, list(hashes), now)
    return {row["token_hash"]: _principal(row) for row in rows}


async def still_valid(
    connection: RawConnection, session_hash: bytes, now: datetime
) -> Principal | None:
    """One session, or None if it has ended, expired, or its user was deactivated."""
    return (await still_valid_sessions(connection, [session_hash], now)).get(session_hash)


def _principal(row: Mapping[str, Any]) -> Principal:
    held = zip(row["roles"], row["regions"], strict=True)
    return Principal(
        user_id=row["id"],
        login=row["login"],
        name=row["name"],
        name_en=row["name_en"],
        language=row["language"],
        grants=tuple(HeldGrant(Role(role), region_id) for role, region_id in held),
        session_hash=row["token_hash"],
        csrf_token=row["csrf_token"],
        expires_at=row["expires_at"],
        confirmed_at=row["confirmed_at"],
        opened=frozenset(row["opened"]),
    )


@dataclass(frozen=True, slots=True)
class NewSession:
    """The secrets of a fresh session; they exist in clear only in the answer to the log-in."""

    token: str = field(repr=False)
    csrf_token: str = field(repr=False)
    expires_at: datetime


def begin(
    session: AsyncSession,
    *,
    user_id: int,
    address: str,
    now: datetime,
    lasts: timedelta = LIFETIME,
    browser: str = "",
) -> NewSession:
    """Add a session row for a user whose password was right; `browser` is what it calls itself."""
    fresh = NewSession(secrets.token_urlsafe(32), secrets.token_urlsafe(24), now + lasts)
    session.add(
        Session(
            token_hash=hash_of(fresh.token),
            user_id=user_id,
            csrf_token=fresh.csrf_token,
            created_at=now,
            expires_at=fresh.expires_at,
            address=address,
            browser=browser[:BROWSER_LENGTH],
        )
    )
    return fresh


async def confirm(session: AsyncSession, session_hash: bytes, now: datetime) -> None:
    """The password was given again."""
    await session.execute(
        update(Session).where(Session.token_hash == session_hash).values(confirmed_at=now)
    )


async def end(session: AsyncSession, session_hash: bytes, now: datetime) -> None:
    """Log out."""
    await session.execute(
        update(Session)
        .where(Session.token_hash == session_hash, Session.revoked_at.is_(None))
        .values(revoked_at=now)
    )


async def end_all(
    session: AsyncSession, user_id: int, now: datetime, *, but: bytes | None = None
) -> None:
    """End every session of a user, except the one that asks (a changed password, a deactivated
    account).
    """
    ended = update(Session).where(Session.user_id == user_id, Session.revoked_at.is_(None))
    if but is not None:
        ended = ended.where(Session.token_hash != but)
    await session.execute(ended.values(revoked_at=now))


def public_id(session_hash: bytes) -> str:
    """What a session is called where others read it."""
    return hashlib.sha256(session_hash).hexdigest()[:16]


async def live_of(session: AsyncSession, user_id: int, now: datetime) -> Sequence[Session]:
    """The sessions of a user that are neither ended nor expired, the latest first."""
    live = select(Session).where(
        Session.user_id == user_id, Session.revoked_at.is_(None), Session.expires_at > now
    )
    return (await session.scalars(live.order_by(Session.created_at.desc()))).all()


async def end_of(
    session: AsyncSession,
    user_id: int,
    now: datetime,
    only: str | None = None,
    *,
    but: bytes | None = None,
) -> int:
    """End a user's sessions, or `only` the one of this public id; never `but`. Returns how many."""
    ended = [
        one
        for one in await live_of(session, user_id, now)
        if one.token_hash != but and (only is None or public_id(one.token_hash) == only)
    ]
    for one in ended:
        one.revoked_at = now
    await session.flush()
    return len(ended)


class Sessions:
    """Look-up by cookie with a cache of `CACHE_S` seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[bytes, tuple[float, Principal]] = {}
        self._strangers = asyncio.Semaphore(STRANGERS_AT_ONCE)
        self.database_is_away: Callable[[], bool] = lambda: False
        """Whoever knows better than by asking puts it here."""
        self._used: set[bytes] = set()
        self._unwritten: dict[bytes, Principal] = {}
        """Begun while the database was away; it does not have them yet."""
        self._ended: set[bytes] = set()
        """And ended."""

    async def find(self, token: str) -> Principal | None:
        """The principal of a cookie, or None. Raises Unavailable."""
        session_hash = hash_of(token)
        principal = await self._find(session_hash)
        if principal is not None:
            self._used.add(session_hash)
        return principal

    async def _find(self, session_hash: bytes) -> Principal | None:
        if session_hash in self._ended:
            return None
        if session_hash in self._unwritten:
            return self.unwritten(session_hash)
        known = self._known.get(session_hash)
        if known is None:
            return await self._look_up_in_turn(session_hash)
        return (
            known[1] if self._is_fresh(known) else await self._or_as_known(session_hash, known[1])
        )

    async def _or_as_known(self, session_hash: bytes, known: Principal) -> Principal | None:
        """While the database does not answer, whoever was logged in stays so, to the end of their session (G5)."""
        lasts = known.expires_at > self._clock.now()
        if lasts and self.database_is_away():
            return known
        try:
            async with asyncio.timeout(KNOWN_WAIT_S):
                return await self._look_up(session_hash)
        except (Unavailable, TimeoutError) as error:
            if not lasts:
                raise Unavailable(
                    "The database does not answer.", code="database_unavailable"
                ) from error
            return known

    async def recall(self, connection: RawConnection) -> None:
        """Who is logged in, at a start: asked anew when they come, and known while the database is away, never longer than a shift
        after they were seen to be.
        """
        for row in (await connection.fetch(EVERY_LIVE))[:_CACHE_SIZE]:
            principal = _principal(row)
            until = min(principal.expires_at, row["seen_at"] + LIFETIME)
            self._known[principal.session_hash] = (-math.inf, replace(principal, expires_at=until))

    def begin_without_database(self, principal: Principal) -> None:
        """It holds until its end, or until the database is back and does not want it."""
        self._unwritten[principal.session_hash] = principal

    def end_without_database(self, session_hash: bytes) -> None:
        """It opens nothing from here on."""
        self._ended.add(session_hash)
        self._unwritten.pop(session_hash, None)
        self._known.pop(session_hash, None)

    def written(self, session_hash: bytes, *, goes_on: bool) -> None:
        """The database has it, and says itself from now on what it is."""
        principal = self._unwritten.pop(session_hash, None)
        if goes_on and principal is not None:
            self._known[session_hash] = (-math.inf, principal)
        if not goes_on:
            self._known.pop(session_hash, None)
            self._ended.discard(session_hash)

    def unwritten(self, session_hash: bytes) -> Principal | None:
        """Whose it is, where it was begun without the database and is not written yet."""
        principal = self._unwritten.get(session_hash)
        return principal if principal and principal.expires_at > self._clock.now() else None

    def is_unwritten(self, session_hash: bytes) -> bool:
        """Whether the database does not have it yet."""
        return session_hash in self._unwritten

    def has_unwritten(self) -> bool:
        """Whether there is any such."""
        return bool(self._unwritten)

    def is_over(self, principal: Principal) -> bool:
        """By what is known without the database."""
        return principal.session_hash in self._ended or principal.expires_at <= self._clock.now()

    def take_used(self) -> set[bytes]:
        """Sessions that have asked for something since this was asked last."""
        used, self._used = self._used, set()
        return used

    async def _look_up_in_turn(self, session_hash: bytes) -> Principal | None:
        async with self.in_turn():
            return await self._look_up(session_hash)

    @asynccontextmanager
    async def in_turn(self) -> AsyncIterator[None]:
        """For whatever anybody may have looked up: a few at a time, so that others' connections stay free. Raises Unavailable."""
        try:
            async with asyncio.timeout(STRANGERS_WAIT_S):
                await self._strangers.acquire()
        except TimeoutError:
            raise Unavailable("too many ask who they are: try again", code="busy") from None
        try:
            yield
        finally:
            self._strangers.release()

    def _is_fresh(self, known: tuple[float, Principal]) -> bool:
        fetched_at, principal = known
        recent = self._clock.monotonic() - fetched_at < CACHE_S
        return recent and principal.expires_at > self._clock.now()

    async def _look_up(self, session_hash: bytes) -> Principal | None:
        asked_at = self._clock.monotonic()  # before the query: the answer may be as old as this
        try:
            async with self._database.engine.connect() as connection:
                raw = (await connection.get_raw_connection()).driver_connection
                principal = await still_valid(
                    cast("RawConnection", raw), session_hash, self._clock.now()
                )
        except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise Unavailable(
                "log-ins cannot be checked now", code="database_unavailable"
            ) from error
        self._known.pop(session_hash, None)
        if principal is not None:
            if len(self._known) >= _CACHE_SIZE:
                self._known.clear()
            self._known[session_hash] = (asked_at, principal)
        return principal

    def forget(self, session_hash: bytes | None = None) -> None:
        """Ask anew for one session, or for all: on log-out here and on the hint `grants` from elsewhere."""
        if session_hash is None:
            self._known = {each: (-math.inf, known[1]) for each, known in self._known.items()}
        else:
            self._known.pop(session_hash, None)
