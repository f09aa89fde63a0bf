"""Lets those in who may sit at a seat while the database is away, and lets them out: by what was kept, with the same patience, one
password at a time. What comes of it is on the disk before it is answered, and in the database afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from callcenter.auth.login import comer_of
from callcenter.auth.outage.keeping import KeptLogIns
from callcenter.auth.outage.records import Begun, Ended, Failed, print_of
from callcenter.auth.outage.seated import Seated, SeatedPeople
from callcenter.auth.outage.tries import Tries
from callcenter.auth.passwords import Passwords
from callcenter.auth.sessions import (
    BROWSER_LENGTH,
    NewSession,
    Principal,
    Sessions,
    hash_of,
)
from callcenter.auth.waiting_line import Comer
from callcenter.core.clock import Clock
from callcenter.core.errors import TooManyAttempts, Unauthenticated, Unavailable
from callcenter.core.ids import new_id


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """From where somebody comes. `browser` is the id of one that the log-in was used with before, `agent` what it calls itself."""

    address: str
    browser: str | None = None
    agent: str = ""


class SeatDoor:
    """Port of the API. `is_away` tells whether the database is known not to answer."""

    def __init__(
        self,
        sessions: Sessions,
        passwords: Passwords,
        kept: KeptLogIns,
        clock: Clock,
        is_away: Callable[[], bool],
    ) -> None:
        self.is_away = is_away
        self.kept = kept
        self.people = SeatedPeople()
        self.tries = Tries()
        self._sessions = sessions
        self._passwords = passwords
        self._clock = clock
        self._entered_again = False

    def enter_again(self) -> None:
        """Who logged in or out before this process began, and is not written yet; once."""
        if self._entered_again:
            return
        self._entered_again = True
        for record in self.kept.waiting:
            if isinstance(record, Ended):
                self._sessions.end_without_database(record.session_hash)
            elif isinstance(record, Begun):
                self._go_on(record)

    def _go_on(self, record: Begun) -> None:
        now = self._clock.now()
        person = self.people.by_id(record.user_id)
        if person is None or print_of(person.password_hash) != record.password:
            return
        if record.expires_at > now and person.held(now):
            principal = _principal(
                person, record.session_hash, record.csrf_token, record.expires_at, record.at
            )
            self._sessions.begin_without_database(principal)

    async def log_in(
        self, login: str, password: str, at: AtTheDoor, lasts: timedelta
    ) -> tuple[NewSession, Principal]:
        """A session until the first of: `lasts` from now, a shift after the database was seen, the end of a grant. Raises Unavailable
        `log_ins_too_old`, TooManyAttempts or Unauthenticated; none tells whether the log-in exists.
        """
        until = self._until()
        comer = comer_of(login, at.address, at.browser)
        self._demand_patience(comer)
        async with self._passwords.turn(comer):
            self._demand_patience(comer)
            self.tries.note(comer, self._clock.now())
            person = self._at_a_seat(comer.login)
            stored = person.password_hash if person is not None else None
            right = await self._passwords.matches(password, stored)
            self._passwords.note(comer, failed=not right)
        if person is None or not right:
            self._note_failure(self.people.find(comer.login), at.address)
            raise Unauthenticated("unknown log-in or wrong password", code="login_failed")
        self.tries.forgive(comer)
        return await self._begin(person, at, min(until, self._clock.now() + lasts))

    def _until(self) -> datetime:
        until = self.people.until
        if until is None or until <= self._clock.now():
            raise Unavailable(
                "The database is away, and who may log in was seen longer ago than a shift.",
                code="log_ins_too_old",
            )
        return until

    def _demand_patience(self, comer: Comer) -> None:
        wait_s = self.tries.seconds_to_wait(comer, self._clock.now())
        if wait_s > 0:
            raise TooManyAttempts("too many failed log-ins", retry_after_s=wait_s)

    def _at_a_seat(self, login: str) -> Seated | None:
        person = self.people.find(login)
        return person if person is not None and person.held(self._clock.now()) else None

    def _note_failure(self, person: Seated | None, address: str) -> None:
        """People type passwords into log-in fields: of an unknown log-in nothing is written down but the try."""
        now = self._clock.now()
        untold = 0 if person is not None else self._passwords.invented.one_more(now)
        if untold is not None:
            user_id = person.user_id if person is not None else None
            self.kept.note(Failed(new_id(), now, address, user_id, untold))

    async def _begin(
        self, person: Seated, at: AtTheDoor, until: datetime
    ) -> tuple[NewSession, Principal]:
        now = self._clock.now()
        expires_at = person.shortest(now, until)
        fresh = NewSession(secrets.token_urlsafe(32), secrets.token_urlsafe(24), expires_at)
        session_hash = hash_of(fresh.token)
        await self.kept.keep(
            Begun(
                id=new_id(),
                at=now,
                address=at.address,
                user_id=person.user_id,
                session_hash=session_hash,
                csrf_token=fresh.csrf_token,
                expires_at=expires_at,
                browser=at.agent[:BROWSER_LENGTH],
                password=print_of(person.password_hash),
            )
        )
        principal = _principal(person, session_hash, fresh.csrf_token, expires_at, now)
        self._sessions.begin_without_database(principal)
        return fresh, principal

    def lets_out(self, session_hash: bytes) -> bool:
        """Whether it is here that this session is ended."""
        return self.is_away() or self._sessions.is_unwritten(session_hash)

    async def log_out(self, principal: Principal, address: str) -> None:
        """It opens nothing from here on, also after a crash."""
        self._sessions.end_without_database(principal.session_hash)
        now = self._clock.now()
        await self.kept.keep(
            Ended(new_id(), now, address, principal.user_id, principal.session_hash)
        )


def _principal(
    person: Seated, session_hash: bytes, csrf_token: str, expires_at: datetime, at: datetime
) -> Principal:
    return Principal(
        user_id=person.user_id,
        login=person.login,
        name=person.name,
        name_en=person.name_en,
        language=person.language,
        grants=person.held(at),
        session_hash=session_hash,
        csrf_token=csrf_token,
        expires_at=expires_at,
        confirmed_at=at,
    )
