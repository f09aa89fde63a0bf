"""How many consoles one log-in and one account have open: many, since a shift leaves tabs behind, but not any number."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from callcenter.auth.sessions import Principal
from callcenter.core.errors import Unavailable
from callcenter.core.fullness import Fullness
from callcenter.seats.seat import SILENT_S, Seat
from callcenter.seats.talk import Talk


@dataclass(frozen=True, slots=True)
class Limits:
    """Consoles at this process."""

    per_session: int = 600
    per_account: int = 1000


class Crowd:
    """Who asks to come in. Raises Unavailable `too_many_seats`: the console tries again, later each time."""

    def __init__(self, limits: Limits, talk: Talk | None = None) -> None:
        self.talk = talk or Talk()
        """How much each of them may say."""
        self._of_session = _Bound("seats.per_session", limits.per_session)
        self._of_account = _Bound("seats.per_account", limits.per_account)
        self._waiting: Counter[bytes] = Counter()

    @contextmanager
    def waiting(self, principal: Principal) -> Iterator[None]:
        """Until the hello is here, for as many as may be open."""
        session = principal.session_hash
        if self._waiting[session] >= self._of_session.most:
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
            for group, bound in (
                (same_session, self._of_session),
                (same_account, self._of_account),
            )
            if bound.is_reached(len(group))
        }


class _Bound:
    def __init__(self, limit: str, most: int) -> None:
        self.most = most
        self._fullness = Fullness(limit, most, time.monotonic)

    def is_reached(self, count: int) -> bool:
        self._fullness.note(count)
        return count >= self.most


def _longest_unheard(seats: Collection[Seat], monotonic: float) -> Seat:
    found = min(seats, key=lambda seat: seat.pulsed_at)
    if monotonic - found.pulsed_at < SILENT_S:
        raise _too_many()
    return found


def _too_many() -> Unavailable:
    return Unavailable("too many consoles are open with this log-in", code="too_many_seats")
