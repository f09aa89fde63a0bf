"""Who has something to write down of their last call, and is asked for no other meanwhile. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from callcenter.hotline.call import Call


@dataclass(frozen=True, slots=True)
class _WrapUp:
    call: Call
    until: datetime


class WrapUps:
    """One a user; whoever takes another call has wrapped up."""

    def __init__(self, lasts: timedelta) -> None:
        self._lasts = lasts
        self._of_user: dict[int, _WrapUp] = {}

    def __contains__(self, user_id: int) -> bool:
        return user_id in self._of_user

    def begin(self, user_id: int, call: Call, now: datetime) -> None:
        """They have just left this call."""
        self._of_user[user_id] = _WrapUp(call, now + self._lasts)

    def end(self, user_id: int, call_id: UUID, now: datetime) -> Call | None:
        """They say that they are ready; the call as it is then. None: they wrap up no such call."""
        found = self._of_user.get(user_id)
        if found is None or found.call.id != call_id:
            return None
        return self.leave(user_id, now)

    def leave(self, user_id: int, now: datetime) -> Call | None:
        """They do something else. None: there was nothing to write down."""
        found = self._of_user.pop(user_id, None)
        return None if found is None else _wrapped(found.call, now)

    def over(self, now: datetime) -> Sequence[Call]:
        """Those whose time is over, also after the clock was put back."""
        over = [
            user
            for user, each in self._of_user.items()
            if not timedelta() < each.until - now <= self._lasts
        ]
        return [_wrapped(self._of_user.pop(user).call, now) for user in over]


def _wrapped(call: Call, now: datetime) -> Call:
    return call.but(wrapped_up_at=now)
