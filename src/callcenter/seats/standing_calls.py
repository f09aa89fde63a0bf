"""Calls at the seats: all that stand when a console connects, then what has changed, gathered for a moment.

Only seats whose user answers calls in the region of a line see its calls. They come from memory: also while the database is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import structlog

from callcenter.auth.permissions import Action
from callcenter.hotline.call import Call
from callcenter.hotline.shown import CallShown
from callcenter.seats.board import Scope, frame, visible
from callcenter.seats.hub import Hub
from callcenter.seats.seat import Seat

log = structlog.get_logger(__name__)

GATHER_S: Final = 0.01
"""An order and what follows from it at once go out together."""


class StandingCalls:
    """`standing`: all calls that have not ended; `is_connected`: whether the exchange answers. `run` is the pushing task."""

    def __init__(
        self,
        hub: Hub,
        standing: Callable[[], Iterable[Call]],
        shown: Callable[[Call], CallShown],
        path_of: Callable[[int], Sequence[int]],
        is_connected: Callable[[], bool],
    ) -> None:
        self._hub = hub
        self._standing = standing
        self._shown = shown
        self._path_of = path_of
        self._is_connected = is_connected
        self._changed: dict[UUID, Call] = {}
        self._due = asyncio.Event()

    def whole(self, seat: Seat) -> bytes | None:
        """For a console that has just connected; None for one whose user answers no calls."""
        scope = seat.scope_for(Action.ANSWER_CALLS)
        if not scope or seat.watches:
            return None
        return frame(self._message(self._standing(), scope) | {"whole": True})

    def told(self, calls: Sequence[Call]) -> None:
        """These have changed; none: the exchange has come or gone."""
        self._changed.update((each.id, each) for each in calls)
        self._due.set()

    async def run(self) -> None:
        """For ever. What cannot be shown of one round ends no other."""
        while True:
            await self._due.wait()
            await asyncio.sleep(GATHER_S)
            self._due.clear()
            changed, self._changed = self._changed, {}
            try:
                self._push(list(changed.values()))
            except Exception:  # see above; a console gets the whole when it connects anew
                log.exception("calls_not_shown", calls=[str(each) for each in changed])

    def _push(self, calls: Sequence[Call]) -> None:
        def message(scope: Scope) -> dict[str, Any] | None:
            made = self._message(calls, scope)
            return made if made["calls"] or not calls else None

        self._hub.tell_granted(Action.ANSWER_CALLS, message)

    def _message(self, calls: Iterable[Call], scope: Scope) -> dict[str, Any]:
        seen = [each for each in calls if visible(scope, self._path_of(each.region_id))]
        return {
            "type": "calls",
            "calls": [self._shown(each) for each in seen],
            "exchange": self._is_connected(),
        }
