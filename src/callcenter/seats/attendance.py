"""The sessions of those who sit at this process, as they come, work, pause and go. No I/O; times are arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from callcenter.seats.session import PauseReason, SeatEvent, SeatState, Session


class Attendance:
    """`works` tells whether a user has a taken incident."""

    def __init__(self, works: Callable[[int], bool], wrap_up: timedelta) -> None:
        self._works = works
        self._wrap_up = wrap_up
        self._sessions: dict[int, Session] = {}

    def of(self, user_id: int, now: datetime) -> Session:
        """How this user sits here."""
        return self._sessions.get(user_id) or Session(SeatState.OFF, now)

    def settle(
        self, manned: Mapping[int, PauseReason | None], now: datetime
    ) -> Mapping[int, Session]:
        """These sit at manned consoles, some of which say that they pause; all others are off. How each of them sits there."""
        sessions, works = self._sessions, self._works
        for user in sessions.keys() - manned.keys():
            del sessions[user]
        for user, pause in manned.items():
            held = sessions.get(user)
            if held is not None and held.state is SeatState.READY and not works(user):
                continue
            if held is None:
                held = self.of(user, now).after(SeatEvent.ON, now)
                held = held.after(SeatEvent.PAUSE, now, pause) if pause else held
            sessions[user] = self._as_it_works(user, held, now)
        return sessions

    def wish(self, user_id: int, pause: PauseReason | None, now: datetime) -> None:
        """A console says that its user pauses, or is ready."""
        held = self._sessions.get(user_id)
        if held is not None:
            event = SeatEvent.PAUSE if pause else SeatEvent.RESUME
            self._sessions[user_id] = held.after(event, now, pause)

    def _as_it_works(self, user: int, held: Session, now: datetime) -> Session:
        if self._works(user):
            return held.after(SeatEvent.TAKE, now)
        if held.state is SeatState.READY:
            return held
        held = held.after(SeatEvent.FREE, now)
        if held.is_wrapped_up(self._wrap_up, now):
            return held.after(SeatEvent.WRAPPED, now)
        return held
