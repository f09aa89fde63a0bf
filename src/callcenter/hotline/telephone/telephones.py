"""Which telephone belongs to whom: the one in a page lives as long as its log-in, the one on the desk is chosen by name.

The password of a page is that of its log-in, and no other: worked out from the log-in and the keys of this server, so that a server that was
started again knows it too. An exchange that was started again has forgotten it: it is told anew when it is back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

import structlog

from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal, Sessions, public_id, still_valid_sessions
from callcenter.core.database import Database
from callcenter.core.errors import Conflict, NotFound, Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.sealed import Seal
from callcenter.telephony.pbx import Pbx, PbxAway, PbxRefused, SeatKey

log = structlog.get_logger(__name__)

SEAT: Final = "seat-"
TELEPHONES: Final = "telephones"
"""Its name as a processor: woken when log-ins have ended."""


MOST_WAYS: Final = 4
"""Tabs of one log-in; the exchange rings the one that registered last."""


class WhyClosed(StrEnum):
    """A way is closed."""

    LOGGED_OUT = "logged_out"
    TOO_MANY = "too_many"
    STOPPING = "stopping"


Close = Callable[[WhyClosed], None]


class TelephoneKind(StrEnum):
    """Where somebody speaks."""

    PAGE = "page"
    DESK = "desk"
    NONE = "none"
    SIMULATED = "simulated"
    """Of an exchange in which nothing is heard: it answers by itself (`Pbx.is_simulated`)."""


@dataclass(slots=True)
class Telephone:
    """Of one log-in. `ways`: what closes each way of its page to the exchange."""

    principal: Principal
    key: SeatKey
    kind: TelephoneKind = TelephoneKind.NONE
    desk: str = ""
    ways: list[Close] = field(default_factory=list)

    @property
    def seat(self) -> str | None:
        """By which the exchange rings it; none where nobody would hear it."""
        if self.kind is TelephoneKind.DESK:
            return self.desk
        if self.kind is TelephoneKind.SIMULATED:
            return self.key.name
        return self.key.name if self.kind is TelephoneKind.PAGE and self.ways else None

    def speaks_in_page(self) -> None:
        """Unless a telephone on the desk was chosen."""
        if self.kind is TelephoneKind.NONE:
            self.kind = TelephoneKind.PAGE


def key_of(principal: Principal, seal: Seal) -> SeatKey:
    """By a name that is that of the log-in, with a password that nobody finds out without the keys of this server."""
    password = seal.blind_index(principal.session_hash, context="telephone.password").hex()
    return SeatKey(f"{SEAT}{public_id(principal.session_hash)}", password)


def _nobody(_user_id: int) -> Sequence[Principal]:
    return ()


class Telephones:
    """A processor, too: telephones of log-ins that have ended are dismissed."""

    name = TELEPHONES
    interval_s = 2.0

    def __init__(
        self,
        pbx: Pbx,
        desk_phones: Sequence[str],
        database: Database,
        sessions: Sessions,
        seal: Seal,
        on_duty: Callable[[int], Sequence[Principal]] = _nobody,
    ) -> None:
        """`on_duty`: log-ins of this user whose console is on duty, which have the telephones of a simulated exchange."""
        self._on_duty = on_duty
        self.desk_phones = desk_phones
        self._seal = seal
        self._pbx = pbx
        self._sessions = sessions
        self._of_session: dict[bytes, Telephone] = {}
        """The one that was chosen last stands last."""
        self.connections = HeldConnections(database, self.name, 1)

    # ---- what operators choose

    def of(self, principal: Principal) -> Telephone:
        """That of this log-in. A simulated one is there without a page that registers."""
        found = self._of_session.get(principal.session_hash)
        if found is None:
            key = key_of(principal, self._seal)
            found = self._of_session[principal.session_hash] = Telephone(principal, key)
            if self._pbx.is_simulated:
                found.kind = TelephoneKind.SIMULATED
        found.principal = principal
        return found

    async def admit(self, principal: Principal) -> Telephone:
        """Its page may register. An exchange that is away is told when it is back."""
        telephone = self.of(principal)
        telephone.speaks_in_page()
        await self._told(telephone.key)
        return telephone

    def choose(self, principal: Principal, kind: TelephoneKind, desk: str) -> Telephone:
        """A desk telephone is of whoever chose it last. Raises NotFound for one that is not set up, and where another kind is simulated."""
        if (kind is TelephoneKind.SIMULATED) is not self._pbx.is_simulated:
            raise NotFound(f"There is no telephone here that is {kind}.", what="telephone")
        if kind is TelephoneKind.DESK and desk not in self.desk_phones:
            raise NotFound(f"There is no desk telephone {desk!r}.", what="desk_phone")
        for other in self._of_session.values():
            if kind is TelephoneKind.DESK and other.desk == desk:
                other.kind, other.desk = TelephoneKind.PAGE, ""
        telephone = self.of(principal)
        telephone.kind, telephone.desk = kind, desk if kind is TelephoneKind.DESK else ""
        self._of_session[principal.session_hash] = self._of_session.pop(principal.session_hash)
        return telephone

    def seat_of(self, principal: Principal) -> str:
        """Where to ring whoever asks. Raises Conflict `no_telephone`."""
        own = self.of(principal).seat
        if own:
            return own
        found = next((each.seat for each in self._chosen(principal.user_id) if each.seat), None)
        if found is None:
            raise Conflict(
                "You have no telephone: neither a page that is connected nor one on the desk.",
                code="no_telephone",
            )
        return found

    def seat_of_colleague(self, user_id: int, path: Sequence[int]) -> str:
        """Of somebody who answers calls there. Raises NotFound `no_telephone`, also where there is no such user."""
        for telephone in self._chosen(user_id):
            if telephone.seat and telephone.principal.may(Action.ANSWER_CALLS, path):
                return telephone.seat
        raise NotFound(
            f"No colleague {user_id} has a telephone: neither a page that is connected nor one on the desk.",
            code="no_telephone",
            user_id=user_id,
        )

    def _chosen(self, user_id: int) -> Iterator[Telephone]:
        """Those that would ring, the one chosen last first."""
        if self._pbx.is_simulated:
            return map(self.of, self._on_duty(user_id))
        listed = reversed(self._of_session.values())
        return (each for each in listed if each.principal.user_id == user_id and each.seat)

    def has_one(self, user_id: int) -> bool:
        """Whether a call could be put through to this user."""
        return any(self._chosen(user_id))

    # ---- ways of pages to the exchange

    def open_way(self, principal: Principal, close: Close) -> None:
        """A page speaks with the exchange, also one that was admitted by a server that has been killed; of too many tabs the oldest gives way."""
        telephone = self.of(principal)
        telephone.speaks_in_page()
        if len(telephone.ways) >= MOST_WAYS:
            telephone.ways.pop(0)(WhyClosed.TOO_MANY)
        telephone.ways.append(close)

    def close_ways(self) -> None:
        """This server ends; pages find it again, or another."""
        for telephone in self._of_session.values():
            for close in list(telephone.ways):
                close(WhyClosed.STOPPING)

    def close_way(self, principal: Principal, close: Close) -> None:
        telephone = self._of_session.get(principal.session_hash)
        if telephone is not None and close in telephone.ways:
            telephone.ways.remove(close)

    # ---- what becomes of them

    async def admit_all(self) -> None:
        """The exchange is back, and may have forgotten everybody."""
        for telephone in list(self._of_session.values()):
            await self._told(telephone.key)

    async def run_once(self, now: datetime) -> int:
        """Dismiss those whose log-in is over."""
        held = list(self._of_session)
        if held:
            await self._dismiss(await self._over(held, now))
        return 0

    async def _over(self, held: Sequence[bytes], now: datetime) -> Iterable[bytes]:
        unwritten = {each for each in held if self._sessions.unwritten(each) is not None}
        try:
            async with self.connections.use() as connection:
                valid = await still_valid_sessions(connection, held, now)
        except Unavailable:
            return [
                each for each in held if self._sessions.is_over(self._of_session[each].principal)
            ]
        return set(held) - unwritten - valid.keys()

    async def _dismiss(self, over: Iterable[bytes]) -> None:
        for session in over:
            telephone = self._of_session.pop(session, None)
            if telephone is None:
                continue
            for close in list(telephone.ways):
                close(WhyClosed.LOGGED_OUT)
            await self._forgotten(telephone.key.name)

    async def _told(self, key: SeatKey) -> None:
        try:
            await self._pbx.admit(key)
        except PbxAway:
            return  # told when it is back
        except PbxRefused as error:
            log.warning("telephone_not_admitted", seat=key.name, reason=error.message)

    async def _forgotten(self, name: str) -> None:
        try:
            await self._pbx.dismiss(name)
        except PbxAway:
            return  # its memory ends with it, and this password is known to a page without a way
        except PbxRefused as error:
            log.warning("telephone_not_dismissed", seat=name, reason=error.message)
