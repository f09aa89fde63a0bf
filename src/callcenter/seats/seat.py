"""Who is connected: a console of this process, or of another one by its presence row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from callcenter.auth.permissions import Action, Role
from callcenter.auth.sessions import Principal
from callcenter.devices.watch_device import WATCH_PATH
from callcenter.seats.allowance import Allowance
from callcenter.seats.board import NOTHING_OPENED, Opened, Scope
from callcenter.seats.link import Link
from callcenter.seats.session import PauseReason, SeatState, Session
from callcenter.seats.talk import Talk

SILENT_S: Final = 6.0
"""A seat that has not pulsed for this long is unmanned (design 6b.8)."""
UNKNOWN: Final = Session(SeatState.READY, datetime.fromtimestamp(0, UTC))
"""Of an older server's seat, which says no more than that it is armed."""


WATCH_SCOPE: Final[Scope] = frozenset(WATCH_PATH)


def scope_of(principal: Principal) -> Scope:
    """Where this user sees incidents; the watchdog sees its own, which lie in no region."""
    found = principal.regions(Action.SEE_INCIDENTS)
    return WATCH_SCOPE if not found and Action.WATCH in principal.actions else found


@dataclass(slots=True, eq=False)
class Seat:
    """One connected console."""

    seat_id: UUID
    principal: Principal
    scope: Scope
    """Where its user sees incidents."""
    link: Link
    connected_at: datetime
    pulsed_at: float
    armed: bool = False
    sounds: bool = True
    """Its console can be heard, as its pulse says."""
    pause: PauseReason | None = None
    """As its console says; `attendance` says what holds."""
    close: Callable[[int], None] = field(default=lambda _code: None)
    claims: Allowance = field(default_factory=Talk().claims)
    user_id: int = field(init=False)
    """As the principal has it: asked for at every count of who is there."""
    opened: Opened = NOTHING_OPENED
    """What its user has opened with a reason and this seat has been shown."""

    def __post_init__(self) -> None:
        self.user_id = self.principal.user_id

    @property
    def supervised(self) -> Scope:
        """Where its user is a supervisor."""
        grants = self.principal.grants
        return frozenset(each.region_id for each in grants if each.role is Role.SUPERVISOR)

    @property
    def watches(self) -> bool:
        """Whether the watchdog sits there: it is nobody's colleague, and never manned."""
        return self.scope == WATCH_SCOPE

    def scope_for(self, audience: Action) -> Scope:
        """Where its user is granted this."""
        if audience is Action.SEE_INCIDENTS:
            return self.scope
        return self.principal.regions(audience)

    def is_manned(self, monotonic: float) -> bool:
        """Whether somebody sits there: on duty, and its console has pulsed lately and can sound."""
        return self.armed and self.sounds and monotonic - self.pulsed_at < SILENT_S

    def view(self, armed: bool, session: Session) -> dict[str, Any]:
        """A row of the message `seats`."""
        who = self.principal
        return colleague(self.user_id, who.name, who.name_en, self.scope, armed, session)


@dataclass(frozen=True, slots=True)
class RemoteSeat:
    """A seat of another process, from its presence row."""

    user_id: int
    name: str
    name_en: str
    scope: Scope
    armed: bool
    supervised: Scope = frozenset()
    session: Session = UNKNOWN

    @property
    def view(self) -> dict[str, Any]:
        return colleague(
            self.user_id, self.name, self.name_en, self.scope, self.armed, self.session
        )


def colleague(
    user_id: int, name: str, name_en: str, scope: Scope, armed: bool, session: Session
) -> dict[str, Any]:
    """A row of the message `seats`."""
    return {
        "user_id": user_id,
        "name": name,
        "name_en": name_en,
        "armed": armed,
        "region_ids": sorted(scope),
        "state": (session.state if armed else SeatState.OFF).value,
        "pause": session.reason if armed else None,
        "since": session.since if armed else None,
    }
