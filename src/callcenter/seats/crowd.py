"""How many consoles one log-in and one account have open: many, since a shift leaves tabs behind, but not any number. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from callcenter.auth.sessions import Principal
from callcenter.core.errors import Unavailable
from callcenter.seats.seat import SILENT_S, Seat


@dataclass(frozen=True, slots=True)
class Limits:
    """Consoles at this process."""

    per_session: int = 600
    per_account: int = 1000


class Crowd:
    """Who asks to come in. Raises Unavailable `too_many_seats`: the console tries again, later each time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._waiting: Counter[bytes] = Counter()

    @contextmanager
    def waiting(self, principal: Principal) -> Iterator[None]:
        """Until the hello is here, for as many as may be open."""
        session = principal.session_hash
        if self._waiting[session] >= self._limits.per_session:
            raise _too_many()
        self._waiting[session] += 1
        try:
            yield
        finally:
            self._waiting -= Counter({session: 1})

    def in_the_way(
        self, principal: Principal, seats: Collection[Seat], monotonic: float
    ) -> set[Seat]:
        """Which seats give way to one more: those longest unheard, whose network is gone while their sockets still stand."""
        same_session = [s for s in seats if s.principal.session_hash == principal.session_hash]
        same_account = [s for s in seats if s.user_id == principal.user_id]
        return {
            _longest_unheard(group, monotonic)
            for group, most in (
                (same_session, self._limits.per_session),
                (same_account, self._limits.per_account),
            )
            if len(group) >= most
        }


def _longest_unheard(seats: Collection[Seat], monotonic: float) -> Seat:
    found = min(seats, key=lambda seat: seat.pulsed_at)
    if monotonic - found.pulsed_at < SILENT_S:
        raise _too_many()
    return found


def _too_many() -> Unavailable:
    return Unavailable("too many consoles are open with this log-in", code="too_many_seats")
